/** Any filters together show what each alone lets through, and cost what the narrowest of them costs. */
import { env } from 'cloudflare:workers'
import { type SQL, sql } from 'drizzle-orm'
import { SQLiteSyncDialect } from 'drizzle-orm/sqlite-core'
import * as fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import * as z from 'zod'
import { change } from '../../../test/support/people.ts'
import { department, newInbox, newShop, type Shop, scopeOf } from '../../../test/support/workerd/workspace.ts'
import { openDb } from '../client.ts'
import type { Scope } from '../records.ts'
import { EVERYTHING, LIST_PAGE, type ListFilter, listPage, rowsIn } from './conversation-list.ts'

const ALL = 600
const TAGGED_EVERY = [1, 3, 20, 150]
const GROUPED_EVERY = [2, 90]
const db = openDb(env)
const dialect = new SQLiteSyncDialect()

let shop: Shop
let scopes: Record<'Ana' | 'Bruno' | 'Diego', Scope>
let inboxes: string[]
let departments: string[]
let agents: string[]
const tags = Array.from({ length: 4 }, () => crypto.randomUUID())
const groups = Array.from({ length: 2 }, () => crypto.randomUUID())
let placed: Placed[]

interface Placed {
  id: string
  inboxId: string
  departmentId: string | null
  assigneeId: string | null
  closed: boolean
  tagIds: string[]
  groupIds: string[]
}

/** Common and rare of everything: the first number has nearly all, the last tag nearly none. */
function placedAt(at: number): Placed {
  return {
    id: `01a00000-0000-7000-8000-${shop.workspaceId.slice(0, 8)}${String(at).padStart(4, '0')}`,
    inboxId: inboxes[at % 40 === 7 ? 1 : 0] ?? '',
    departmentId:
      [departments[0], departments[1], departments[2], null][
        at % 50 === 3 ? 2 : at % 3 === 0 ? 1 : at % 7 === 0 ? 3 : 0
      ] ?? null,
    assigneeId: at % 2 === 0 ? (agents[at % 100 === 8 ? 1 : 0] ?? null) : null,
    closed: at % 9 === 4,
    tagIds: tags.filter((_, n) => at % (TAGGED_EVERY[n] ?? 1) === 0),
    groupIds: groups.filter((_, n) => at % (GROUPED_EVERY[n] ?? 1) === 1),
  }
}

beforeAll(async () => {
  shop = await newShop()
  const vendas = crypto.randomUUID()
  const { workspaceId, people } = shop
  const seldom = await newInbox(workspaceId)
  await change(
    department(workspaceId, vendas, 'Vendas'),
    sql`INSERT INTO inbox_agents (workspace_id, agent_id, inbox_id, created_at)
    SELECT workspace_id, id, ${seldom.id}, 0 FROM agents WHERE workspace_id = ${workspaceId}`,
  )
  inboxes = [shop.inbox.id, seldom.id]
  departments = [shop.suporte, shop.financeiro, vendas]
  agents = [people.Bruno.agentId, people.Carla.agentId]
  scopes = { Ana: await scopeOf(people.Ana), Bruno: await scopeOf(people.Bruno), Diego: await scopeOf(people.Diego) }
  placed = Array.from({ length: ALL }, (_, at) => placedAt(at))
  await store(workspaceId)
})

async function store(workspaceId: string) {
  const each = (rows: unknown[]) => sql`json_each(${JSON.stringify(rows)})`
  const conversations = placed.map((one, at) => ({ ...one, at, closedAt: one.closed ? at : null }))
  await change(
    sql`INSERT INTO tags (workspace_id, id, name, name_key, created_at)
      SELECT ${workspaceId}, value, value, value, 0 FROM ${each(tags)}`,
    sql`INSERT INTO groups (workspace_id, id, name, name_key, created_at)
      SELECT ${workspaceId}, value, value, value, 0 FROM ${each(groups)}`,
    sql`INSERT INTO contacts (workspace_id, id, created_at) SELECT ${workspaceId}, value ->> 'id', 0 FROM ${each(conversations)}`,
    sql`INSERT INTO identities (workspace_id, id, contact_id, inbox_id, principal_id, external_id, created_at)
      SELECT ${workspaceId}, value ->> 'id', value ->> 'id', value ->> 'inboxId', value ->> 'id', value ->> 'id', 0 FROM ${each(conversations)}`,
    sql`INSERT INTO conversations (workspace_id, id, inbox_id, identity_id, contact_id, department_id, assignee_id, status, last_at, opened_at, closed_at)
      SELECT ${workspaceId}, value ->> 'id', value ->> 'inboxId', value ->> 'id', value ->> 'id', value ->> 'departmentId', value ->> 'assigneeId',
        iif(value ->> 'closed', 'closed', 'open'), value ->> 'at', 0, value ->> 'closedAt' FROM ${each(conversations)}`,
    sql`INSERT INTO contact_tags (workspace_id, contact_id, tag_id, created_at)
      SELECT ${workspaceId}, value ->> 0, value ->> 1, 0
      FROM ${each(placed.flatMap(({ id, tagIds }) => tagIds.map((tag) => [id, tag])))}`,
    sql`INSERT INTO contact_groups (workspace_id, contact_id, group_id, created_at)
      SELECT ${workspaceId}, value ->> 0, value ->> 1, 0
      FROM ${each(placed.flatMap(({ id, groupIds }) => groupIds.map((group) => [id, group])))}`,
  )
}

function passes(filter: ListFilter, scope: Scope) {
  const agentId = filter.view === 'mine' ? scope.agentId : filter.agentId
  const sees = ({ departmentId }: Placed) =>
    scope.role === 'owner' || departmentId === null || scope.departmentIds.includes(departmentId)
  const [needed, tagged] = [filter.tagIds, (one: Placed) => (id: string) => one.tagIds.includes(id)]
  return (one: Placed) =>
    sees(one) &&
    one.closed === (filter.view === 'closed') &&
    (agentId === null || one.assigneeId === agentId) &&
    (filter.inboxId === null || one.inboxId === filter.inboxId) &&
    (filter.departmentId === null || one.departmentId === filter.departmentId) &&
    (filter.groupId === null || one.groupIds.includes(filter.groupId)) &&
    ((filter.view !== 'queue' && filter.status !== 'waiting') || one.assigneeId === null) &&
    (filter.status !== 'assigned' || one.assigneeId !== null) &&
    (needed.length === 0 || (filter.tagMatch === 'all' ? needed.every(tagged(one)) : needed.some(tagged(one))))
}

/** Page after page, as somebody scrolls. */
async function listed(scope: Scope, filter: ListFilter): Promise<string[]> {
  const ids: string[] = []
  for (let from: { at: number; tie: string } | undefined; ; ) {
    const [page] = await db.read(listPage(scope, filter, from ? { from } : {}))
    const sorted = rowsIn(page)
    ids.push(...sorted.map(({ id }) => id))
    const last = sorted.at(-1)
    if (!last || sorted.length < LIST_PAGE) return ids
    from = { at: last.closed_at ?? last.last_at, tie: last.id }
  }
}

it('shows whatever passes every filter, newest first, whoever looks', { timeout: 60_000 }, async () => {
  const Filter = fc.record({
    view: fc.constantFrom('mine', 'queue', 'all', 'all', 'closed') as fc.Arbitrary<ListFilter['view']>,
    inbox: fc.option(fc.constantFrom(0, 1)),
    department: fc.option(fc.constantFrom(0, 1, 2)),
    agent: fc.option(fc.constantFrom(0, 1)),
    group: fc.option(fc.constantFrom(0, 1)),
    status: fc.option(fc.constantFrom('waiting', 'assigned')) as fc.Arbitrary<ListFilter['status']>,
    tags: fc.subarray([0, 1, 2, 3]),
    tagMatch: fc.constantFrom('any', 'all') as fc.Arbitrary<ListFilter['tagMatch']>,
    who: fc.constantFrom('Ana', 'Bruno', 'Diego') as fc.Arbitrary<keyof typeof scopes>,
  })
  const runs = fc.asyncProperty(Filter, async ({ who, view, status, tagMatch, ...at }) => {
    const nth = (ids: string[], n: number | null) => (n === null ? null : (ids[n] ?? null))
    const filter: ListFilter = {
      ...{ view, status, tagMatch },
      inboxId: nth(inboxes, at.inbox),
      departmentId: nth(departments, at.department),
      agentId: nth(agents, at.agent),
      groupId: nth(groups, at.group),
      tagIds: at.tags.map((n) => tags[n] ?? ''),
    }
    const expected = placed.filter(passes(filter, scopes[who])).map(({ id }) => id)
    expect(await listed(scopes[who], filter)).toEqual(expected.toReversed())
  })
  await fc.assert(runs, { numRuns: 150, endOnFailure: true })
})

/** One page's own rows: of its index and tables, of the people that it shows, and of the kept counts. */
const OF_A_PAGE = 150
/** What is read of one match: its own row, those of the index that led to it, and of the other filters that ask about it. */
const OF_A_MATCH = 5

it.each<[string, () => Partial<ListFilter>]>([
  ['a rare tag on a number that has nearly all', () => ({ inboxId: inboxes[0] ?? null, tagIds: [tags[3] ?? ''] })],
  ['a tag that all have on a number that has few', () => ({ inboxId: inboxes[1] ?? null, tagIds: [tags[0] ?? ''] })],
  ['every one of a common and a rare tag', () => ({ tagIds: [tags[0] ?? '', tags[3] ?? ''], tagMatch: 'all' })],
  [
    'an agent who has few, waiting for nobody',
    () => ({ agentId: agents[1] ?? null, status: 'assigned', tagIds: [tags[0] ?? ''] }),
  ],
  [
    'a small department on the big number',
    () => ({ departmentId: departments[2] ?? null, inboxId: inboxes[0] ?? null }),
  ],
  [
    'a small group, a common tag and the big number',
    () => ({ groupId: groups[1] ?? null, tagIds: [tags[0] ?? ''], inboxId: inboxes[0] ?? null }),
  ],
  ['a big group and a number that has few', () => ({ groupId: groups[0] ?? null, inboxId: inboxes[1] ?? null })],
  [
    'a big group and a common tag that nobody has together with a rare agent',
    () => ({ groupId: groups[0] ?? null, tagIds: [tags[0] ?? ''], agentId: agents[1] ?? null }),
  ],
])('%s costs what the narrowest does', async (_, some) => {
  const filter: ListFilter = { ...EVERYTHING, ...some() }
  const alone = [
    ...(filter.inboxId ? [{ inboxId: filter.inboxId }] : []),
    ...(filter.departmentId ? [{ departmentId: filter.departmentId }] : []),
    ...(filter.agentId ? [{ agentId: filter.agentId }] : []),
    ...(filter.groupId ? [{ groupId: filter.groupId }] : []),
    ...filter.tagIds.map((id) => ({ tagIds: [id] })),
  ]
  const rarest = Math.min(...alone.map((one) => placed.filter(passes({ ...EVERYTHING, ...one }, scopes.Ana)).length))
  expect(await rowsRead(listPage(scopes.Ana, filter).sql)).toBeLessThanOrEqual(OF_A_PAGE + OF_A_MATCH * rarest)
})

const Answer = z.object({
  results: z.array(z.object({ response: z.object({ result: z.object({ rows_read: z.number() }).optional() }) })),
})

/** As the server counts them, which its client does not tell. */
async function rowsRead(statement: SQL): Promise<number> {
  const { sql: text, params } = dialect.sqlToQuery(statement)
  const args = params.map((value) =>
    typeof value === 'number' ? { type: 'integer', value: String(value) } : { type: 'text', value: String(value) },
  )
  const answer = await fetch(`${env.DATABASE_URL}/v2/pipeline`, {
    method: 'POST',
    body: JSON.stringify({
      requests: [{ type: 'execute', stmt: { sql: text, args, want_rows: true } }, { type: 'close' }],
    }),
  })
  return Answer.parse(await answer.json()).results[0]?.response.result?.rows_read ?? Number.NaN
}
