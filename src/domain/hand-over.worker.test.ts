/** What somebody had who is shut out goes on, once, to whoever may have it. */
import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { uuidv7 } from 'uuidv7'
import { beforeEach, expect, it } from 'vitest'
import { browserOf, change, newBrowser, type Person, rowsOf, workspaceWith } from '../../test/support/people.ts'
import { losingAnswers, testApp } from '../../test/support/workerd/app.ts'
import { assigneeOf, given, givenMany, saidIn } from '../../test/support/workerd/held.ts'
import { brokenRules } from '../../test/support/workerd/state.ts'
import { viewerOf } from '../../test/support/workerd/viewers.ts'
import { department, member, newInbox, newShop, rowOf, type Shop } from '../../test/support/workerd/workspace.ts'
import { openDb } from '../db/client.ts'
import { deactivate, reactivate } from './agents.ts'
import { handOverWhatIsLeft } from './hand-over.ts'

const PART = { 'HX-Request': 'true', 'HX-Request-Type': 'partial' }

let shop: Shop

beforeEach(async () => {
  shop = await newShop()
})

const path = (person: Person) => `/settings/agents/${person.agentId}/deactivation`

it('the dialog says how much it is, and who could take how much of it', async () => {
  const { Ana, Bruno, Carla, Diego } = shop.people
  const other = await newInbox(shop.workspaceId)
  await given(shop, Bruno)
  await given(shop, Bruno, { departmentId: null })
  await given(shop, Bruno, { inboxId: other.id, departmentId: null })
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
    await given(shop, Bruno),
    await given(shop, Bruno, { departmentId: null }),
    await given(shop, Bruno, { departmentId: shop.financeiro }),
  ]
  const [closed, others] = [await given(shop, Bruno), await given(shop, Diego)]
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
  await givenMany(shop, Bruno, 61)
  const app = testApp()
  const answer = await deactivate(app, await viewerOf(Ana), { id: Bruno.agentId, successorId: null })
  expect(answer).toEqual({ handed: 0, queued: 61, left: false })
  expect(await brokenRules(shop.workspaceId)).toEqual([])
})

it('a hand-over that broke off goes on with the next sweep, for as long as they are gone', async () => {
  const { Ana, Bruno, Carla, Diego } = shop.people
  const [first, second] = [await given(shop, Bruno), await given(shop, Carla, { departmentId: shop.financeiro })]
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
  const third = await given(shop, Bruno)
  await handOverWhatIsLeft(app)
  expect(await assigneeOf(third)).toBe(Bruno.agentId)
})

it('a colleague who is gone, of elsewhere, or the same one, is refused in the dialog, and nothing happens', async () => {
  const { Ana, Bruno, Carla } = shop.people
  const { Eva } = await workspaceWith({ Eva: 'owner' })
  await change(sql`UPDATE agents SET deactivated_at = 1 WHERE id = ${Carla.agentId}`)
  const id = await given(shop, Bruno)
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
  await given(shop, Bruno)
  await given(shop, Bruno, { departmentId: shop.financeiro })
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

it('who is of the department but may not answer on the number receives nothing of it, unless they supervise it', async () => {
  const { Ana, Bruno } = shop.people
  const { workspaceId } = shop
  const vendas = uuidv7()
  const inbox = await newInbox(workspaceId)
  const { Carla, Diego } = shop.people
  await change(department(workspaceId, vendas, 'Vendas'), member(Carla, vendas), member(Diego, vendas))
  const app = testApp({ db: openDb(env) })
  for (const [successor, receives] of [
    [Carla, false],
    [Diego, true],
  ] as const) {
    const id = await given(shop, Bruno, { inboxId: inbox.id, departmentId: vendas })
    await deactivate(app, await viewerOf(Ana), { id: Bruno.agentId, successorId: successor.agentId })
    expect(await assigneeOf(id)).toBe(receives ? Diego.agentId : null)
    await reactivate(app, await viewerOf(Ana), Bruno.agentId)
  }
})
