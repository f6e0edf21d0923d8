/** What somebody had who is shut out goes on, once, to whoever may have it. */
import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { uuidv7 } from 'uuidv7'
import { beforeEach, expect, it } from 'vitest'
import { browserOf, change, newBrowser, type Person, rowsOf, workspaceWith } from '../../test/support/people.ts'
import { losingAnswers, NOON, testApp } from '../../test/support/workerd/app.ts'
import { brokenRules } from '../../test/support/workerd/state.ts'
import { viewerOf } from '../../test/support/workerd/viewers.ts'
import {
  department,
  mayUse,
  member,
  newInbox,
  newShop,
  rowOf,
  type Shop,
} from '../../test/support/workerd/workspace.ts'
import { openDb } from '../db/client.ts'
import { changeRole, deactivate, reactivate } from './agents.ts'
import { handOverWhatIsLeft } from './hand-over.ts'
import { setMembership } from './memberships.ts'

const PART = { 'HX-Request': 'true', 'HX-Request-Type': 'partial' }

let shop: Shop

beforeEach(async () => {
  shop = await newShop()
})

/** An open conversation of somebody new. */
async function given(to: Person, { inboxId = shop.inbox.id, departmentId = shop.suporte as string | null } = {}) {
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

const assigneeOf = async (id: string) =>
  (await rowOf<{ a: string | null }>(sql`SELECT assignee_id AS a FROM conversations WHERE id = ${id}`)).a

const saidIn = async (id: string) =>
  (
    await rowsOf<{ type: string; author_id: string | null; raw: string }>(
      sql`SELECT type, author_id, raw FROM messages WHERE conversation_id = ${id} ORDER BY seq`,
    )
  ).map(({ type, author_id, raw }) => [type, author_id, JSON.parse(raw)])

const path = (person: Person) => `/settings/agents/${person.agentId}/deactivation`

it('the dialog says how much it is, and who could take how much of it', async () => {
  const { Ana, Bruno, Carla, Diego } = shop.people
  const other = await newInbox(shop.workspaceId)
  await given(Bruno)
  await given(Bruno, { departmentId: null })
  await given(Bruno, { inboxId: other.id, departmentId: null })
  const html = await (await (await browserOf(Ana)).get(path(Bruno))).text()
  expect(html).toContain('They have 3 open conversations.')
  const options = Array.from(html.matchAll(/<option value="([^"]*)"[^>]*>([^<]*)</g), ([, id, text]) => [id, text])
  expect(options).toEqual([
    ['', 'Back to the queue'],
    [Ana.agentId, 'Ana (0 open)'],
    // In no department of theirs, but on a number that she may use.
    [Carla.agentId, 'Carla (0 open) · can receive 1 of 3'],
    [Diego.agentId, 'Diego (0 open) · can receive 2 of 3'],
  ])
})

it('each goes to the colleague where they may answer it, the others back to their queue, and everyone is told', async () => {
  const { Ana, Bruno, Diego } = shop.people
  const [his, everyones, financial] = [
    await given(Bruno),
    await given(Bruno, { departmentId: null }),
    await given(Bruno, { departmentId: shop.financeiro }),
  ]
  const [closed, others] = [await given(Bruno), await given(Diego)]
  await change(sql`UPDATE conversations SET status = 'closed', closed_at = 1 WHERE id = ${closed}`)
  const app = testApp({ db: losingAnswers() })
  const to = { id: Bruno.agentId, successorId: Diego.agentId }
  expect(await deactivate(app, await viewerOf(Ana), to)).toEqual({ handed: 2, queued: 1, left: false })

  expect([await assigneeOf(his), await assigneeOf(everyones), await assigneeOf(financial)]).toEqual([
    Diego.agentId,
    Diego.agentId,
    null,
  ])
  expect([await assigneeOf(closed), await assigneeOf(others)]).toEqual([Bruno.agentId, Diego.agentId])
  expect(await saidIn(his)).toEqual([['handed_over', Ana.agentId, { from: 'Bruno', agent: 'Diego' }]])
  expect(await saidIn(financial)).toEqual([['handed_over', Ana.agentId, { from: 'Bruno', agent: null }]])
  expect(await rowOf(sql`SELECT seq, version FROM conversations WHERE id = ${his}`)).toEqual({ seq: 4, version: 2 })
  expect(await brokenRules(shop.workspaceId)).toEqual([])

  const told = app.published.filter(({ type }) => type === 'thread.changed')
  expect(told).toHaveLength(3)
  expect(app.published.filter(({ type }) => type === 'conversation.handed')).toEqual([
    expect.objectContaining({ toAgentId: Diego.agentId, byName: 'Ana', count: 2 }),
  ])
  expect(app.published).toContainEqual({
    type: 'agent.changed',
    workspaceId: shop.workspaceId,
    agentId: Bruno.agentId,
  })
  expect(
    await rowsOf(sql`SELECT actor_id, target_id, detail FROM audit_log WHERE workspace_id = ${shop.workspaceId}`),
  ).toEqual([{ actor_id: Ana.agentId, target_id: Bruno.agentId, detail: JSON.stringify({ to: Diego.agentId }) }])
})

it('what is more than one batch moves in several, and none is left', async () => {
  const { Ana, Bruno } = shop.people
  const ids: string[] = []
  for (let n = 0; n < 61; n += 1) ids.push(await given(Bruno))
  const app = testApp()
  const answer = await deactivate(app, await viewerOf(Ana), { id: Bruno.agentId, successorId: null })
  expect(answer).toEqual({ handed: 0, queued: 61, left: false })
  expect(await brokenRules(shop.workspaceId)).toEqual([])
})

it('a hand-over that broke off goes on with the next sweep, for as long as they are gone', async () => {
  const { Ana, Bruno, Carla, Diego } = shop.people
  const [first, second] = [await given(Bruno), await given(Carla, { departmentId: shop.financeiro })]
  // Stopped right after the batch that shuts them out.
  await change(
    sql`UPDATE agents SET deactivated_at = 1, deactivated_by_id = ${Ana.agentId}, successor_id = ${Diego.agentId} WHERE id = ${Bruno.agentId}`,
  )
  const app = testApp()
  await handOverWhatIsLeft(app)
  await handOverWhatIsLeft(app)
  expect([await assigneeOf(first), await assigneeOf(second)]).toEqual([Diego.agentId, Carla.agentId])
  expect(await saidIn(first)).toHaveLength(1)

  await reactivate(app, await viewerOf(Ana), Bruno.agentId)
  const third = await given(Bruno)
  await handOverWhatIsLeft(app)
  expect(await assigneeOf(third)).toBe(Bruno.agentId)
})

it('a colleague who is gone, of elsewhere, or the same one, is refused in the dialog, and nothing happens', async () => {
  const { Ana, Bruno, Carla } = shop.people
  const { Eva } = await workspaceWith({ Eva: 'owner' })
  await change(sql`UPDATE agents SET deactivated_at = 1 WHERE id = ${Carla.agentId}`)
  const id = await given(Bruno)
  const ana = await browserOf(Ana)
  for (const to of [Carla.agentId, Eva.agentId, Bruno.agentId, crypto.randomUUID()]) {
    const answer = await ana.send('PUT', path(Bruno), { to }, PART)
    expect(answer.status).toBe(422)
    expect(await answer.text()).toContain('aria-invalid="true"')
  }
  for (const to of ['x', "' OR 1=1 --", '\u0000']) {
    expect((await ana.send('PUT', path(Bruno), { to }, PART)).status).toBe(422)
  }
  expect((await ana.send('PUT', path(Bruno), { to: '', role: 'owner' }, PART)).status).toBe(422)
  expect(await assigneeOf(id)).toBe(Bruno.agentId)
  expect(await rowOf(sql`SELECT deactivated_at AS at FROM agents WHERE id = ${Bruno.agentId}`)).toEqual({ at: null })
})

it('it is said to who did it, in place and without script', async () => {
  const { Ana, Bruno, Carla, Diego } = shop.people
  await given(Bruno)
  await given(Bruno, { departmentId: shop.financeiro })
  const ana = await browserOf(Ana)
  const answer = await ana.send('POST', path(Bruno), { _method: 'PUT', to: Diego.agentId }, PART)
  const html = await answer.text()
  expect([answer.status, answer.headers.get('hx-trigger')]).toEqual([200, 'prosa:done'])
  expect(html).toContain('id="agents"')
  expect(html).toContain('Bruno was deactivated. 1 conversation changed hands. 1 went back to the queue.')
  const plain = await ana.send('POST', path(Carla), { _method: 'PUT', to: '' })
  expect([plain.status, plain.headers.get('location')]).toEqual([303, '/settings/agents'])
  expect((await newBrowser().signIn(Carla)).status).toBe(401)
})

it('who may answer on the number but left its department receives nothing of it', async () => {
  const { Ana, Bruno } = shop.people
  const { workspaceId } = shop
  const vendas = uuidv7()
  const inbox = await newInbox(workspaceId)
  await change(department(workspaceId, vendas, 'Vendas'), member(shop.people.Diego, vendas), mayUse(Ana, inbox.id))
  const id = await given(Bruno, { inboxId: inbox.id, departmentId: vendas })
  const app = testApp({ db: openDb(env) })
  const to = { id: Bruno.agentId, successorId: shop.people.Diego.agentId }
  expect(await deactivate(app, await viewerOf(Ana), to)).toMatchObject({ handed: 0, queued: 1 })
  expect(await assigneeOf(id)).toBeNull()
})

const mine = async (person: Person) =>
  (
    await rowsOf<{ open: number }>(
      sql`SELECT open FROM assignee_counts WHERE workspace_id = ${shop.workspaceId} AND assignee_id = ${person.agentId}`,
    )
  ).map(({ open }) => open)

it.each([
  ['department', () => shop.suporte],
  ['inbox', () => shop.inbox.id],
] as const)('who is taken out of a %s has nothing there any more, and all that is elsewhere', async (kind, place) => {
  const { Ana, Bruno, Diego } = shop.people
  const other = await newInbox(shop.workspaceId)
  await change(mayUse(Bruno, other.id), member(Bruno, shop.financeiro))
  const elsewhere = await given(Bruno, { inboxId: other.id, departmentId: shop.financeiro })
  const [there, others] = [await given(Bruno), await given(Diego)]
  const app = testApp({ db: losingAnswers() })
  const out = { kind, placeId: place(), agentId: Bruno.agentId }
  for (let time = 0; time < 2; time += 1) await setMembership(app, await viewerOf(Ana), out, false, {})

  expect([await assigneeOf(there), await assigneeOf(elsewhere), await assigneeOf(others)]).toEqual([
    null,
    Bruno.agentId,
    Diego.agentId,
  ])
  expect(await saidIn(there)).toEqual([['handed_over', Ana.agentId, { from: 'Bruno', agent: null }]])
  expect(await mine(Bruno)).toEqual([1])
  expect(await brokenRules(shop.workspaceId)).toEqual([])
  expect(app.published.filter(({ type }) => type === 'thread.changed')).toHaveLength(1)
})

it('who administrates keeps what they have, until they do not', async () => {
  const { Ana, Bruno } = shop.people
  await change(sql`UPDATE agents SET role = 'admin' WHERE id = ${Bruno.agentId}`)
  const [his, financial] = [await given(Bruno), await given(Bruno, { departmentId: shop.financeiro })]
  const out = { kind: 'department' as const, placeId: shop.suporte, agentId: Bruno.agentId }
  await setMembership(testApp(), await viewerOf(Ana), out, false, {})
  expect(await mine(Bruno)).toEqual([2])
  await change(member(Bruno, shop.suporte))
  await changeRole(testApp(), await viewerOf(Ana), { id: Bruno.agentId, role: 'agent', was: 'admin' }, {})
  expect([await assigneeOf(his), await assigneeOf(financial)]).toEqual([Bruno.agentId, null])
  expect(await mine(Bruno)).toEqual([1])
})

it('what somebody kept whose new role was stored before anything else broke off goes back when it is asked for again', async () => {
  const { Ana, Bruno } = shop.people
  const [his, financial] = [await given(Bruno), await given(Bruno, { departmentId: shop.financeiro })]
  await changeRole(testApp(), await viewerOf(Ana), { id: Bruno.agentId, role: 'agent', was: 'admin' }, {})
  expect([await assigneeOf(his), await assigneeOf(financial)]).toEqual([Bruno.agentId, null])
})
