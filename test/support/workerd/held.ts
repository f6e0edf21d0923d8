/** Open conversations that somebody has, and what became of them. */
import { sql } from 'drizzle-orm'
import { uuidv7 } from 'uuidv7'
import { change, type Person, rowsOf } from '../people.ts'
import { NOON } from './app.ts'
import { rowOf, type Shop } from './workspace.ts'

/** So many open conversations with one department, of somebody new each. */
export async function givenMany(shop: Shop, { agentId }: Person, count: number): Promise<void> {
  const { workspaceId } = shop
  await change(
    sql`WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ${count})
      INSERT INTO contacts (workspace_id, id, name, created_at) SELECT ${workspaceId}, ${workspaceId} || '-k' || n, 'M', 0 FROM n`,
    sql`INSERT INTO identities (workspace_id, id, contact_id, inbox_id, principal_id, external_id, created_at)
      SELECT workspace_id, 'i-' || id, id, ${shop.inbox.id}, 'i-' || id, id, 0 FROM contacts WHERE workspace_id = ${workspaceId}`,
    sql`INSERT INTO conversations (workspace_id, id, inbox_id, identity_id, contact_id, department_id, assignee_id, last_at, opened_at)
      SELECT workspace_id, 'c-' || id, ${shop.inbox.id}, 'i-' || id, id, ${shop.suporte}, ${agentId}, 0, 0
      FROM contacts WHERE workspace_id = ${workspaceId}`,
  )
}

/** An open conversation of somebody new. */
export async function given(
  shop: Shop,
  to: Person,
  { inboxId = shop.inbox.id, departmentId = shop.suporte as string | null } = {},
): Promise<string> {
  const { workspaceId } = shop
  const [id, contact, identity] = [uuidv7(), uuidv7(), uuidv7()]
  await change(
    sql`INSERT INTO contacts (workspace_id, id, name, name_key, created_at) VALUES (${workspaceId}, ${contact}, 'Maria', 'maria', 0)`,
    sql`INSERT INTO identities (workspace_id, id, contact_id, inbox_id, principal_id, external_id, created_at)
      VALUES (${workspaceId}, ${identity}, ${contact}, ${inboxId}, ${identity}, ${identity}, 0)`,
    sql`INSERT INTO conversations (workspace_id, id, inbox_id, identity_id, contact_id, department_id, assignee_id, seq, last_at, opened_at)
      VALUES (${workspaceId}, ${id}, ${inboxId}, ${identity}, ${contact}, ${departmentId}, ${to.agentId}, 3, ${NOON}, ${NOON})`,
  )
  return id
}

export const assigneeOf = async (id: string) =>
  (await rowOf<{ a: string | null }>(sql`SELECT assignee_id AS a FROM conversations WHERE id = ${id}`)).a

export const saidIn = async (id: string) =>
  (
    await rowsOf<{ type: string; author_id: string | null; raw: string }>(
      sql`SELECT type, author_id, raw FROM messages WHERE conversation_id = ${id} ORDER BY seq`,
    )
  ).map(({ type, author_id, raw }) => [type, author_id, JSON.parse(raw)])

/** What is kept of how many open ones somebody has. */
export const openOf = async ({ workspaceId }: Shop, person: Person) =>
  (
    await rowsOf<{ open: number }>(
      sql`SELECT open FROM assignee_counts WHERE workspace_id = ${workspaceId} AND assignee_id = ${person.agentId}`,
    )
  ).map(({ open }) => open)
