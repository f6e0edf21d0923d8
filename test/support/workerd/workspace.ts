/** A shop with people, departments and numbers: the cast of the tests inside workerd. */
import { env } from 'cloudflare:workers'
import { type SQL, sql } from 'drizzle-orm'
import { uuidv7 } from 'uuidv7'
import type { Credentials } from '../../../src/channels/channel.ts'
import { seal } from '../../../src/db/credentials.ts'
import type { InboxRef } from '../../../src/db/queries/inbound.ts'
import type { Scope } from '../../../src/db/records.ts'
import { gatewayOf } from '../../../src/gateways/address.ts'
import type { GatewaySettings } from '../../../src/gateways/settings.ts'
import { change, type Person, rowsOf, workspaceWith } from '../people.ts'

export const CREDENTIALS: Credentials = {
  accessToken: 'the token of a shop in a test',
  appSecret: 'the secret of an app in a test',
  verifyToken: 'verify-me',
}

export interface Inbox extends InboxRef {
  departmentId: string | null
  channel: 'whatsapp'
  webhookKey: string
  accountId: string
}

export interface Shop {
  workspaceId: string
  /** Owner; agent of Suporte; agent of Financeiro; supervisor of Suporte. */
  people: Record<'Ana' | 'Bruno' | 'Carla' | 'Diego', Person>
  suporte: string
  financeiro: string
  /** Belongs to no department; everyone may use it. */
  inbox: Inbox
}

export async function newShop(): Promise<Shop> {
  const people = await workspaceWith({ Ana: 'owner', Bruno: 'agent', Carla: 'agent', Diego: 'supervisor' })
  const { workspaceId } = people.Ana
  const [suporte, financeiro] = [uuidv7(), uuidv7()]
  await change(
    department(workspaceId, suporte, 'Suporte'),
    department(workspaceId, financeiro, 'Financeiro'),
    member(people.Bruno, suporte),
    member(people.Carla, financeiro),
    member(people.Diego, suporte),
  )
  const inbox = await newInbox(workspaceId)
  await change(...Object.values(people).map((person) => mayUse(person, inbox.id)))
  return { workspaceId, people, suporte, financeiro, inbox }
}

/** A workspace of nobody, with so many numbers: enough for what comes in. */
export async function newEmptyWorkspace(numbers: number): Promise<Inbox[]> {
  const workspaceId = uuidv7()
  await change(sql`INSERT INTO workspaces (id, name, created_at) VALUES (${workspaceId}, 'Padaria', 0)`)
  return Promise.all(Array.from({ length: numbers }, () => newInbox(workspaceId)))
}

/** Its gateway is taken for told, so that a sweep has nothing to do with it. */
export async function newInbox(
  workspaceId: string,
  { departmentId = null, accountId = anyAccount() }: { departmentId?: string | null; accountId?: string } = {},
): Promise<Inbox> {
  const id = uuidv7()
  const webhookKey = `key-${id}`
  const credentials = await seal(env.CREDENTIALS_KEY, { workspaceId, inboxId: id }, CREDENTIALS)
  await change(
    sql`INSERT INTO inboxes (workspace_id, id, channel, name, external_account_id, address, provider_app_id, webhook_key, department_id, credentials, gateway_version, created_at)
      VALUES (${workspaceId}, ${id}, 'whatsapp', 'Número', ${accountId}, '+55 11 90000-0001', 'app', ${webhookKey}, ${departmentId}, ${credentials}, 1, 0)`,
  )
  return { workspaceId, id, departmentId, channel: 'whatsapp', webhookKey, accountId }
}

/** Hands the inbox to its gateway, as saving it does. */
export async function connect(inbox: Inbox, but: Partial<GatewaySettings> = {}) {
  const gateway = gatewayOf(env, inbox.webhookKey)
  await gateway.configure({
    version: 1,
    workspaceId: inbox.workspaceId,
    inboxId: inbox.id,
    channel: inbox.channel,
    accountId: inbox.accountId,
    inboxSettings: {},
    sealedCredentials: await seal(
      env.CREDENTIALS_KEY,
      { workspaceId: inbox.workspaceId, inboxId: inbox.id },
      CREDENTIALS,
    ),
    status: 'active',
    siblings: [{ accountId: inbox.accountId, webhookKey: inbox.webhookKey }],
    ...but,
  })
  return gateway
}

/** What this person may see, as it stands in the tables now. */
export async function scopeOf({ workspaceId, agentId }: Person): Promise<Scope> {
  const [row] = await rowsOf<{ role: Scope['role']; authz_version: number; departments: string }>(
    sql`SELECT role, authz_version, (SELECT json_group_array(department_id) FROM department_members m
        WHERE m.workspace_id = a.workspace_id AND m.agent_id = a.id) AS departments
      FROM agents a WHERE workspace_id = ${workspaceId} AND id = ${agentId}`,
  )
  if (!row) throw new Error('Nobody of that name works here.')
  const { role, authz_version: authzVersion, departments } = row
  return { workspaceId, agentId, role, authzVersion, departmentIds: JSON.parse(departments) }
}

export const department = (workspaceId: string, id: string, name: string) =>
  sql`INSERT INTO departments (workspace_id, id, name, name_key, created_at) VALUES (${workspaceId}, ${id}, ${name}, ${name}, 0)`

export const member = ({ workspaceId, agentId }: Person, departmentId: string) =>
  sql`INSERT INTO department_members (workspace_id, agent_id, department_id, created_at) VALUES (${workspaceId}, ${agentId}, ${departmentId}, 0)`

export const mayUse = ({ workspaceId, agentId }: Person, inboxId: string) =>
  sql`INSERT INTO inbox_agents (workspace_id, agent_id, inbox_id, created_at) VALUES (${workspaceId}, ${agentId}, ${inboxId}, 0)`

export async function rowOf<Row>(statement: SQL): Promise<Row> {
  const [row] = await rowsOf<Row>(statement)
  if (!row) throw new Error('There is no such row.')
  return row
}

/** Unique in the whole deployment, as a provider's accounts are. */
const anyAccount = () => String(100_000_000_000_000 + Math.floor(Math.random() * 899_999_999_999_999))
