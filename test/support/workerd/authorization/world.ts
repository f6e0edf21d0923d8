/** Two workspaces in which everything stands once in each place, and everyone who might ask for it. */
import { env, exports } from 'cloudflare:workers'
import { type SQL, sql } from 'drizzle-orm'
import { serializeSigned } from 'hono/utils/cookie'
import { uuidv7 } from 'uuidv7'
import { cookieName } from '../../../../src/auth/origins.ts'
import { openDb, query } from '../../../../src/db/client.ts'
import { seal } from '../../../../src/db/credentials.ts'
import type { Role } from '../../../../src/db/records.ts'
import { change, newSession, ORIGIN, rowsOf } from '../../people.ts'

export const OBJECTS = ['own', 'otherDepartment', 'otherWorkspace', 'missing'] as const
/** Where a thing stands: in Suporte, in Financeiro, in another company's workspace, or nowhere. */
export type Place = (typeof OBJECTS)[number]

export const PRINCIPALS = [
  'anonymous',
  'assigned',
  'sameDepartment',
  'otherDepartment',
  'supervisorOwn',
  'supervisorOther',
  'admin',
  'owner',
  'otherWorkspace',
  'deactivated',
  'revoked',
] as const
export type Principal = (typeof PRINCIPALS)[number]

/** What a path may name, by the name of its parameter. */
export const NOUNS = [
  'conversation',
  'message',
  'attachment',
  /** What the customer wrote. */
  'incoming',
  'template',
  'upload',
  'contact',
  'department',
  'inbox',
  'agent',
  'tag',
  'group',
  'comment',
  'reason',
  'identity',
  'import',
  'field',
  'merge',
  'quickReply',
  /** Of the same place: whoever they could be one with. */
  'namesake',
] as const
export type Noun = (typeof NOUNS)[number]

export interface World {
  workspaceIds: [string, string]
  ids: Record<Place, Record<Noun, string>>
  agentIds: Partial<Record<Principal, string>>
  ask(who: Principal, method: string, path: string, as?: As): Promise<Response>
}

interface As {
  fields?: Record<string, string> | undefined
  /** Instead of fields: a body as no form of ours sends it, of that type. */
  raw?: { body: string; type: string } | undefined
  /** As htmx asks for a part of a page. */
  part?: boolean | undefined
}

const ROLES: Partial<Record<Principal, { role: Role; departments: Place[] }>> = {
  assigned: { role: 'agent', departments: ['own'] },
  sameDepartment: { role: 'agent', departments: ['own'] },
  otherDepartment: { role: 'agent', departments: ['otherDepartment'] },
  supervisorOwn: { role: 'supervisor', departments: ['own'] },
  supervisorOther: { role: 'supervisor', departments: ['otherDepartment'] },
  admin: { role: 'admin', departments: [] },
  owner: { role: 'owner', departments: [] },
  otherWorkspace: { role: 'owner', departments: [] },
  deactivated: { role: 'agent', departments: ['own'] },
  revoked: { role: 'agent', departments: ['own'] },
}

const STANDING = ['own', 'otherDepartment', 'otherWorkspace'] as const
type StandingPlace = (typeof STANDING)[number]

export async function newWorld(): Promise<World> {
  const world = await worldWith(Object.keys(ROLES) as Principal[], STANDING)
  for (const place of OBJECTS) await env.MEDIA.put(world.ids[place].attachment, 'file')
  return world
}

/** With no more in it than this one person needs to change something in these places: no file, which is only read. */
export function newWorldOf(who: Principal, places: readonly Place[]): Promise<World> {
  const standing = STANDING.filter((place) => places.includes(place) || ROLES[who]?.departments.includes(place))
  const people = new Set(ROLES[who] ? [who] : [])
  // Who has the conversation tells others apart from them.
  if (standing.includes('own')) people.add('assigned')
  return worldWith([...people], standing)
}

async function worldWith(people: Principal[], places: readonly StandingPlace[]): Promise<World> {
  const workspaceIds: World['workspaceIds'] = [uuidv7(), uuidv7()]
  const [ours, theirs] = workspaceIds
  const now = Date.now()
  const ids = Object.fromEntries(OBJECTS.map((place) => [place, newIds()])) as World['ids']
  // The agents that paths name are people of their own, so that nobody is asked to change themselves.
  const agentIds: World['agentIds'] = Object.fromEntries(people.map((who) => [who, uuidv7()]))
  const workspaceOf = (of: Place | Principal) => (of === 'otherWorkspace' ? theirs : ours)

  const statements: SQL[] = workspaceIds.map(
    (id) => sql`INSERT INTO workspaces (id, name, created_at) VALUES (${id}, 'Padaria', 0)`,
  )
  for (const place of places) {
    statements.push(
      ...thingsIn(workspaceOf(place), place, ids[place], now),
      await credentialsIn(workspaceOf(place), ids[place].inbox),
    )
  }
  const tokens = new Map<Principal, string>()
  for (const who of people) {
    const { role, departments } = ROLES[who] ?? { role: 'agent', departments: [] }
    const [workspaceId, agentId] = [workspaceOf(who), agentIds[who] ?? '']
    tokens.set(who, `token-${agentId}`)
    statements.push(
      ...personRows(workspaceId, agentId, role),
      ...departments.map((place) => memberRow(workspaceId, agentId, ids[place].department)),
      ...places
        .filter((place) => workspaceOf(place) === workspaceId)
        .map((place) => grantRow(workspaceId, agentId, ids[place].inbox)),
      ...(who === 'revoked' ? [] : [newSession(`u-${agentId}`, `token-${agentId}`)]),
    )
  }
  statements.push(
    sql`UPDATE agents SET deactivated_at = ${now} WHERE id = ${agentIds.deactivated ?? ''}`,
    sql`UPDATE conversations SET assignee_id = ${agentIds.assigned ?? null} WHERE id = ${ids.own.conversation}`,
  )
  await change(...statements)
  return { workspaceIds, ids, agentIds, ask: asker(tokens) }
}

/** As they were saved, so that pages about a connection can be drawn. */
async function credentialsIn(workspaceId: string, inboxId: string): Promise<SQL> {
  const secret = { accessToken: 'token', appSecret: 'secret', verifyToken: `verify-${inboxId}` }
  const sealed = await seal(env.CREDENTIALS_KEY, { workspaceId, inboxId }, secret)
  return sql`UPDATE inboxes SET credentials = ${sealed} WHERE workspace_id = ${workspaceId} AND id = ${inboxId}`
}

const newIds = () => Object.fromEntries(NOUNS.map((noun) => [noun, uuidv7()])) as Record<Noun, string>

/** One of each: an inbox of a department, a person who wrote there, and what agents keep about them. */
function thingsIn(workspaceId: string, place: Place, id: Record<Noun, string>, now: number): SQL[] {
  const at = now - 60_000
  return [
    ...personRows(workspaceId, id.agent, 'agent'),
    sql`INSERT INTO departments (workspace_id, id, name, name_key, created_at) VALUES (${workspaceId}, ${id.department}, ${place}, ${place}, 0)`,
    memberRow(workspaceId, id.agent, id.department),
    sql`INSERT INTO inboxes (workspace_id, id, channel, name, external_account_id, address, webhook_key, department_id, credentials, created_at)
      VALUES (${workspaceId}, ${id.inbox}, 'whatsapp', 'Número', ${id.inbox}, '+55 11 90000-0001', ${`key-${id.inbox}`}, ${id.department}, '', 0)`,
    grantRow(workspaceId, id.agent, id.inbox),
    sql`INSERT INTO contacts (workspace_id, id, name, name_key, picture_key, picture_at, created_at)
      VALUES (${workspaceId}, ${id.contact}, ${`Maria ${place}`}, ${place}, ${id.attachment}, 1, 0)`,
    sql`INSERT INTO identities (workspace_id, id, contact_id, inbox_id, principal_id, external_id, created_at)
      VALUES (${workspaceId}, ${id.identity}, ${id.contact}, ${id.inbox}, ${id.identity}, '5511999990001', 0)`,
    sql`INSERT INTO conversations (workspace_id, id, inbox_id, identity_id, contact_id, department_id, seq, out_ord, unread, last_at, last_incoming_at, opened_at)
      VALUES (${workspaceId}, ${id.conversation}, ${id.inbox}, ${id.identity}, ${id.contact}, ${id.department}, 2, 1, 1, ${at}, ${at}, ${at})`,
    sql`INSERT INTO messages (workspace_id, id, conversation_id, inbox_id, direction, body, external_id, occurred_at, ingest_ord, seq, created_at)
      VALUES (${workspaceId}, ${id.incoming}, ${id.conversation}, ${id.inbox}, 'incoming', ${`Oi de ${place}`}, ${`in-${id.message}`}, ${at}, 1, 1, ${at})`,
    sql`INSERT INTO messages (workspace_id, id, conversation_id, inbox_id, direction, body, author_id, client_key, body_hash, occurred_at, ingest_ord, seq, created_at)
      VALUES (${workspaceId}, ${id.message}, ${id.conversation}, ${id.inbox}, 'outgoing', 'Olá', ${id.agent}, ${id.message}, '', ${at + 1}, 2, 2, ${at})`,
    sql`INSERT INTO send_attempts (workspace_id, id, message_id, conversation_id, inbox_id, no, ord, state, rank, created_at)
      VALUES (${workspaceId}, ${uuidv7()}, ${id.message}, ${id.conversation}, ${id.inbox}, 1, 1, 'unknown', 20, ${at})`,
    sql`INSERT INTO attachments (workspace_id, id, message_id, inbox_id, kind, mime_type, size, state, object_key, created_at)
      VALUES (${workspaceId}, ${id.attachment}, ${id.message}, ${id.inbox}, 'image', 'image/png', 4, 'stored', ${id.attachment}, ${at})`,
    sql`INSERT INTO templates (workspace_id, id, inbox_id, name, language, category, status, parameter_format, components, synced_at)
      VALUES (${workspaceId}, ${id.template}, ${id.inbox}, 'aviso', 'pt_BR', 'UTILITY', 'APPROVED', 'positional',
        ${JSON.stringify([{ type: 'body', text: 'Olá, {{1}}!' }])}, ${at})`,
    sql`INSERT INTO tags (workspace_id, id, name, name_key, created_at) VALUES (${workspaceId}, ${id.tag}, ${place}, ${place}, 0)`,
    sql`INSERT INTO groups (workspace_id, id, name, name_key, created_at) VALUES (${workspaceId}, ${id.group}, ${place}, ${place}, 0)`,
    sql`INSERT INTO close_reasons (workspace_id, id, name, name_key, created_at) VALUES (${workspaceId}, ${id.reason}, ${place}, ${place}, 0)`,
    sql`INSERT INTO contact_groups (workspace_id, contact_id, group_id, created_at) VALUES (${workspaceId}, ${id.contact}, ${id.group}, 0)`,
    sql`INSERT INTO comments (workspace_id, id, contact_id, author_id, client_key, body, created_at)
      VALUES (${workspaceId}, ${id.comment}, ${id.contact}, ${id.agent}, ${id.comment}, 'Cliente antigo', ${at})`,
    sql`INSERT INTO custom_fields (workspace_id, id, name, name_key, kind, position, created_at)
      VALUES (${workspaceId}, ${id.field}, ${place}, ${place}, 'text', 1, 0)`,
    sql`INSERT INTO contact_imports (workspace_id, id, author_id, object_key, delimiter, country, created_at, updated_at)
      VALUES (${workspaceId}, ${id.import}, ${id.agent}, ${id.attachment}, ';', 'BR', ${at}, ${at})`,
    sql`INSERT INTO quick_replies (workspace_id, id, scope, owner_id, shortcut, shortcut_key, body, terms, created_at)
      VALUES (${workspaceId}, ${id.quickReply}, 'department', ${id.department}, 'oi', 'oi', 'Olá', 'oi ola', 0)`,
    ...namesakeRows(workspaceId, id, at),
  ]
}

function namesakeRows(workspaceId: string, { namesake, inbox, department }: Record<Noun, string>, at: number): SQL[] {
  return [
    sql`INSERT INTO contacts (workspace_id, id, name, name_key, created_at) VALUES (${workspaceId}, ${namesake}, 'Maria', 'maria', 0)`,
    sql`INSERT INTO identities (workspace_id, id, contact_id, inbox_id, principal_id, external_id, created_at)
      VALUES (${workspaceId}, ${`i-${namesake}`}, ${namesake}, ${inbox}, ${`i-${namesake}`}, '5511999990002', 0)`,
    sql`INSERT INTO conversations (workspace_id, id, inbox_id, identity_id, contact_id, department_id, seq, last_at, opened_at)
      VALUES (${workspaceId}, ${`c-${namesake}`}, ${inbox}, ${`i-${namesake}`}, ${namesake}, ${department}, 0, ${at}, ${at})`,
  ]
}

function personRows(workspaceId: string, agentId: string, role: Role): SQL[] {
  const email = `${agentId}@prosa.test`
  return [
    sql`INSERT INTO user (id, name, email, email_verified) VALUES (${`u-${agentId}`}, 'Alguém', ${email}, 1)`,
    sql`INSERT INTO agents (workspace_id, id, user_id, name, email, role, created_at)
      VALUES (${workspaceId}, ${agentId}, ${`u-${agentId}`}, 'Alguém', ${email}, ${role}, 0)`,
  ]
}

const memberRow = (workspaceId: string, agentId: string, departmentId: string) =>
  sql`INSERT INTO department_members (workspace_id, agent_id, department_id, created_at) VALUES (${workspaceId}, ${agentId}, ${departmentId}, 0)`

const grantRow = (workspaceId: string, agentId: string, inboxId: string) =>
  sql`INSERT INTO inbox_agents (workspace_id, agent_id, inbox_id, created_at) VALUES (${workspaceId}, ${agentId}, ${inboxId}, 0)`

const FORM = 'application/x-www-form-urlencoded'

/** Asks as a browser of that person does, whatever became of them since they signed in; keeps no other cookie. */
function asker(tokens: Map<Principal, string>): World['ask'] {
  return async (who, method, path, { fields = {}, raw, part = false } = {}) => {
    const token = tokens.get(who)
    const cookie = token ? await serializeSigned(cookieName(env, 'session_token'), token, env.AUTH_SECRET) : ''
    const socket = path.startsWith('/rooms/')
    return exports.default.fetch(
      new Request(`${ORIGIN}${path}`, {
        method,
        redirect: 'manual',
        headers: {
          cookie,
          origin: ORIGIN,
          'accept-language': 'en',
          'sec-fetch-site': 'same-origin',
          'cf-connecting-ip': `10.0.0.${(PRINCIPALS.indexOf(who) % 200) + 1}`,
          ...(socket ? { upgrade: 'websocket' } : {}),
          ...(part ? { 'HX-Request': 'true', 'HX-Request-Type': 'partial' } : {}),
          ...(method === 'GET' ? {} : { 'content-type': raw?.type ?? FORM }),
        },
        ...(method === 'GET' ? {} : { body: raw?.body ?? new URLSearchParams(fields).toString() }),
      }),
    )
  }
}

let tables: Promise<string[]> | undefined

/** What both workspaces hold, as text, and how often each person was refused there. */
export interface Account {
  rows: string
  denials: Record<Principal, number>
}

export async function accountOf({ workspaceIds: [ours, theirs], agentIds }: World): Promise<Account> {
  tables ??= tablesOfWorkspaces()
  const names = await tables
  const [denied = [], ...rows] = await openDb(env).read(
    query<Record<string, unknown>>(sql`SELECT actor_id, count(*) AS n FROM audit_log
      WHERE workspace_id IN (${ours}, ${theirs}) AND action = 'access.denied' GROUP BY actor_id`),
    ...names.map((name) =>
      query<
        Record<string, unknown>
      >(sql`SELECT * FROM ${sql.raw(`"${name}"`)} WHERE workspace_id IN (${ours}, ${theirs})
        ${name === 'audit_log' ? sql`AND action <> 'access.denied'` : sql``}`),
    ),
    query<Record<string, unknown>>(sql`SELECT * FROM session WHERE user_id IN (
      SELECT user_id FROM agents WHERE workspace_id IN (${ours}, ${theirs}))`),
    query<Record<string, unknown>>(sql`SELECT * FROM workspaces WHERE id IN (${ours}, ${theirs})`),
  )
  const times = (who: Principal) => Number(denied.find((row) => row['actor_id'] === agentIds[who])?.['n'] ?? 0)
  return {
    rows: JSON.stringify(rows.map((ofTable, at) => [names[at], ofTable.map((row) => JSON.stringify(row)).sort()])),
    denials: Object.fromEntries(PRINCIPALS.map((who) => [who, times(who)])) as Record<Principal, number>,
  }
}

const tablesOfWorkspaces = async () =>
  (
    await rowsOf<{ name: string }>(sql`SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
      WHERE m.type = 'table' AND c.name = 'workspace_id' ORDER BY m.name`)
  ).map(({ name }) => name)
