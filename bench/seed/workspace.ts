/** The people and the numbers that the bulk conversations belong to. */
import type { InStatement } from '@libsql/client/web'
import { hashPassword } from 'better-auth/crypto'
import { seal } from '../../src/db/credentials.ts'
import {
  BENCH_PASSWORD,
  BENCH_SECRETS,
  BENCH_WORKSPACE,
  type BulkPlan,
  benchAgent,
  benchDepartment,
  benchInbox,
  benchTag,
} from './plan.ts'
import { insertRows } from './rows.ts'

export async function workspaceStatements(plan: BulkPlan, credentialsKey: string, at: number): Promise<InStatement[]> {
  const of = { workspace_id: BENCH_WORKSPACE }
  const password = await hashPassword(BENCH_PASSWORD)
  const people = numbers(plan.agents).map((n) => ({ n, ...benchAgent(n) }))
  const departments = numbers(plan.departments)
  const inboxes = numbers(plan.inboxes).map(benchInbox)
  const times = { created_at: at, updated_at: at }
  return [
    ...insertRows('workspaces', [{ id: BENCH_WORKSPACE, name: 'Bench', created_at: at }]),
    ...insertRows(
      'user',
      people.map(({ userId, n, email }) => ({ id: userId, name: nameOf(n), email, email_verified: 1, ...times })),
    ),
    ...insertRows(
      'account',
      people.map(({ userId }) => ({
        id: userId,
        account_id: userId,
        provider_id: 'credential',
        user_id: userId,
        password,
        ...times,
      })),
    ),
    ...insertRows(
      'agents',
      people.map(({ n, id, userId, email }) => ({
        ...of,
        id,
        user_id: userId,
        name: nameOf(n),
        email,
        role: n === 0 ? 'owner' : 'agent',
        created_at: at,
      })),
    ),
    ...insertRows(
      'departments',
      departments.map((n) => ({
        ...of,
        id: benchDepartment(n),
        name: `Equipe ${n + 1}`,
        name_key: `equipe ${n + 1}`,
        created_at: at,
      })),
    ),
    ...insertRows(
      'tags',
      numbers(plan.tags).map((n) => ({
        ...of,
        id: benchTag(n),
        name: `Etiqueta ${n + 1}`,
        name_key: `etiqueta ${n + 1}`,
        created_at: at,
      })),
    ),
    ...insertRows(
      'department_members',
      people.flatMap(({ n, id }) =>
        (n === 0 ? [] : [n, n + 1, n + 3]).map((department) => ({
          ...of,
          agent_id: id,
          department_id: benchDepartment(department % plan.departments),
          created_at: at,
        })),
      ),
    ),
    ...insertRows(
      'inboxes',
      await Promise.all(
        inboxes.map(async ({ id, name, webhookKey, accountId, address }) => ({
          ...of,
          id,
          channel: 'whatsapp',
          name,
          external_account_id: accountId,
          address,
          provider_app_id: 'prosa-bench-app',
          webhook_key: webhookKey,
          credentials: await seal(credentialsKey, { workspaceId: BENCH_WORKSPACE, inboxId: id }, BENCH_SECRETS),
          created_at: at,
        })),
      ),
    ),
    ...insertRows(
      'inbox_agents',
      people.flatMap(({ id }) => inboxes.map((inbox) => ({ ...of, agent_id: id, inbox_id: inbox.id, created_at: at }))),
    ),
  ]
}

const FIRST = [
  'Alice',
  'Bernardo',
  'Clara',
  'Davi',
  'Estela',
  'Fábio',
  'Giovana',
  'Heitor',
  'Íris',
  'Jonas',
  'Kátia',
  'Lucas',
]
const LAST = [
  'Araújo',
  'Borges',
  'Cunha',
  'Duarte',
  'Esteves',
  'Falcão',
  'Galvão',
  'Hora',
  'Ilha',
  'Jardim',
  'Leal',
  'Moraes',
  'Neri',
]

export const nameOf = (n: number) => `${FIRST[n % FIRST.length]} ${LAST[(n * 7) % LAST.length]}`

const numbers = (count: number) => Array.from({ length: count }, (_, n) => n)
