/** Templates that the provider has approved for an inbox, as it was last asked or told. */
import { type SQL, sql } from 'drizzle-orm'
import type { ProviderTemplate } from '../../channels/channel.ts'
import { query } from '../client.ts'
import type { ChannelName, Scope } from '../records.ts'
import type { InboxRef } from './inbound.ts'
import { visibleConversation } from './visibility.ts'

export interface StoredTemplate {
  id: string
  channel: ChannelName
  name: string
  language: string
  category: string
  /** JSON: channels/channel.ts, TemplateComponent[]. */
  components: string
}

export const TEMPLATES_SHOWN = 50

/** Of the inbox of a conversation that the agent sees: those that may be sent. Of some we were told no more than the status. */
const approved = (scope: Scope, conversationId: string) => sql`FROM conversations c
  JOIN templates t ON t.workspace_id = c.workspace_id AND t.inbox_id = c.inbox_id AND t.status = 'APPROVED' AND t.components <> '[]'
  WHERE c.id = ${conversationId} AND ${visibleConversation(scope)}`

const COLUMNS = sql`t.id, (SELECT i.channel FROM inboxes i WHERE i.workspace_id = t.workspace_id AND i.id = t.inbox_id) AS channel, t.name, t.language, t.category, t.components`

export interface TemplateFilter {
  /** What its name or its text holds, in whatever case; empty: anything. */
  sought: string
  language: string | null
  category: string | null
}

/** By name and language, and one more than is shown where there are more. */
export const templatesFor = (scope: Scope, conversationId: string, { sought, language, category }: TemplateFilter) =>
  query<StoredTemplate>(sql`SELECT ${COLUMNS} ${approved(scope, conversationId)}
      AND (${sought} = '' OR instr(lower(replace(t.name, '_', ' ')), lower(${sought})) > 0 OR instr(t.name, lower(${sought})) > 0
        OR EXISTS (SELECT 1 FROM json_each(t.components) e WHERE instr(lower(e.value ->> 'text'), lower(${sought})) > 0))
      AND (${language} IS NULL OR t.language = ${language}) AND (${category} IS NULL OR t.category = ${category})
    ORDER BY t.name, t.language LIMIT ${TEMPLATES_SHOWN + 1}`)

/** What the whole set can be narrowed by, and when it was last asked for; no row: never. */
export const templateChoices = (scope: Scope, conversationId: string) =>
  query<{ languages: string; categories: string; synced_at: number | null }>(sql`SELECT
      json_group_array(DISTINCT t.language) AS languages, json_group_array(DISTINCT t.category) AS categories, max(t.synced_at) AS synced_at
    ${approved(scope, conversationId)}`)

export const templateFor = (scope: Scope, conversationId: string, id: string) =>
  query<StoredTemplate>(sql`SELECT ${COLUMNS} ${approved(scope, conversationId)} AND t.id = ${id}`)

/** Takes the whole set as the provider has it now: what vanished there is removed. An older answer that comes late changes nothing. */
export function storeTemplates(
  { workspaceId, id: inboxId }: InboxRef,
  templates: (ProviderTemplate & { id: string })[],
  now: number,
): SQL[] {
  const rows = JSON.stringify(templates.map((one) => ({ ...one, components: JSON.stringify(one.components) })))
  return [
    sql`INSERT INTO templates (workspace_id, id, inbox_id, external_id, name, language, category, status, parameter_format, components, synced_at)
      SELECT ${workspaceId}, j.value ->> 'id', ${inboxId}, j.value ->> 'externalId', j.value ->> 'name', j.value ->> 'language',
        j.value ->> 'category', j.value ->> 'status', j.value ->> 'parameterFormat', j.value ->> 'components', ${now}
      FROM json_each(${rows}) j WHERE true
      ON CONFLICT (inbox_id, name, language) DO UPDATE SET external_id = excluded.external_id, category = excluded.category,
        status = excluded.status, status_reason = iif(status = excluded.status, status_reason, NULL), parameter_format = excluded.parameter_format,
        components = excluded.components, synced_at = excluded.synced_at WHERE synced_at <= excluded.synced_at`,
    sql`DELETE FROM templates WHERE workspace_id = ${workspaceId} AND inbox_id = ${inboxId} AND synced_at < ${now}`,
  ]
}
