import { foreignKey, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { ChannelName } from '../../channels/index.ts'
import { id, workspaceId } from './columns.ts'
import { agents, departments } from './people.ts'

/** `paused`: nothing leaves, on purpose. `removed`: what was said stays to be read, and nothing comes or goes any more. */
export const INBOX_STATES = ['active', 'paused', 'needs_reauth', 'removed'] as const

/** One connected number, page or bot. `webhook_key` names its gateway and never changes. */
export const inboxes = sqliteTable(
  'inboxes',
  {
    workspaceId: workspaceId(),
    id: id(),
    channel: text('channel').$type<ChannelName>().notNull(),
    name: text('name').notNull(),
    /** The provider's id for the account: a phone_number_id, a page id, an instance. */
    externalAccountId: text('external_account_id').notNull(),
    /** What people call it: +55 11 90000-0001, @shop. */
    address: text('address').notNull(),
    providerAppId: text('provider_app_id'),
    webhookKey: text('webhook_key').notNull(),
    status: text('status', { enum: INBOX_STATES }).notNull().default('active'),
    statusReason: text('status_reason'),
    /** Where a new conversation goes; none: everyone who may use the inbox sees it. */
    departmentId: text('department_id'),
    /** AES-256-GCM of the credentials' JSON, bound to workspace and inbox. */
    credentials: text('credentials').notNull(),
    /** JSON: what an administrator set that is no secret (channels/channel.ts, InboxSettings). */
    settings: text('settings').notNull().default('{}'),
    /** JSON: what the last look at the provider found (Checkup), and when that was. */
    checkup: text('checkup'),
    checkedAt: integer('checked_at'),
    version: integer('version').notNull().default(1),
    /** The version that the gateway has confirmed to hold. */
    gatewayVersion: integer('gateway_version').notNull().default(0),
    /** Set where this database was restored from a backup of then: what its gateway applied since is applied again. */
    replaySince: integer('replay_since'),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    uniqueIndex('inboxes_account').on(t.channel, t.externalAccountId),
    uniqueIndex('inboxes_webhook_key').on(t.webhookKey),
    foreignKey({ columns: [t.workspaceId, t.departmentId], foreignColumns: [departments.workspaceId, departments.id] }),
  ],
)

/** Which agents may use an inbox. */
export const inboxAgents = sqliteTable(
  'inbox_agents',
  {
    workspaceId: workspaceId(),
    agentId: text('agent_id').notNull(),
    inboxId: text('inbox_id').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.agentId, t.inboxId] }),
    foreignKey({ columns: [t.workspaceId, t.agentId], foreignColumns: [agents.workspaceId, agents.id] }),
    foreignKey({ columns: [t.workspaceId, t.inboxId], foreignColumns: [inboxes.workspaceId, inboxes.id] }),
  ],
)

/** What the provider has approved for an inbox's account, as it was last asked or told. */
export const templates = sqliteTable(
  'templates',
  {
    workspaceId: workspaceId(),
    id: id(),
    inboxId: text('inbox_id').notNull(),
    externalId: text('external_id'),
    name: text('name').notNull(),
    language: text('language').notNull(),
    category: text('category').notNull(),
    status: text('status').notNull(),
    statusReason: text('status_reason'),
    parameterFormat: text('parameter_format', { enum: ['positional', 'named'] }).notNull(),
    /** JSON: channels/channel.ts, TemplateComponent[]. */
    components: text('components').notNull(),
    syncedAt: integer('synced_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    uniqueIndex('templates_name').on(t.inboxId, t.name, t.language), // the picker, and news of one
    foreignKey({ columns: [t.workspaceId, t.inboxId], foreignColumns: [inboxes.workspaceId, inboxes.id] }),
  ],
)
