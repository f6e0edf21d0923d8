/** What somebody may answer no more, who works here still, waits for colleagues again: once, and whatever broke off in between. */
import { sql } from 'drizzle-orm'
import { beforeEach, expect, it } from 'vitest'
import { change, type Person } from '../../test/support/people.ts'
import { losingAnswers, testApp } from '../../test/support/workerd/app.ts'
import { assigneeOf, given, givenMany, openOf, saidIn } from '../../test/support/workerd/held.ts'
import { brokenRules } from '../../test/support/workerd/state.ts'
import { viewerOf } from '../../test/support/workerd/viewers.ts'
import { mayUse, member, newInbox, newShop, rowOf, type Shop } from '../../test/support/workerd/workspace.ts'
import { changeRole, deactivate, reactivate } from './agents.ts'
import type { App } from './app.ts'
import { reopen } from './conversations.ts'
import { removeDepartment } from './departments.ts'
import { handOverWhatIsLeft } from './hand-over.ts'
import { setMembership } from './memberships.ts'

let shop: Shop

beforeEach(async () => {
  shop = await newShop()
})

it.each([
  ['department', () => shop.suporte],
  ['inbox', () => shop.inbox.id],
] as const)('who is taken out of a %s has nothing there any more, and all that is elsewhere', async (kind, place) => {
  const { Ana, Bruno, Diego } = shop.people
  const other = await newInbox(shop.workspaceId)
  await change(mayUse(Bruno, other.id), member(Bruno, shop.financeiro))
  const elsewhere = await given(shop, Bruno, { inboxId: other.id, departmentId: shop.financeiro })
  const [there, others] = [await given(shop, Bruno), await given(shop, Diego)]
  const app = testApp({ db: losingAnswers() })
  const out = { kind, placeId: place(), agentId: Bruno.agentId }
  for (let time = 0; time < 2; time += 1) await setMembership(app, await viewerOf(Ana), out, false, {})

  expect([await assigneeOf(there), await assigneeOf(elsewhere), await assigneeOf(others)]).toEqual([
    null,
    Bruno.agentId,
    Diego.agentId,
  ])
  expect(await saidIn(there)).toEqual([['handed_over', Ana.agentId, { from: 'Bruno', agent: null }]])
  expect(await openOf(shop, Bruno)).toEqual([1])
  expect(await brokenRules(shop.workspaceId)).toEqual([])
  expect(app.published.filter(({ type }) => type === 'thread.changed')).toHaveLength(1)
})

it('who administrates keeps what they have, until they do not', async () => {
  const { Ana, Bruno } = shop.people
  await change(sql`UPDATE agents SET role = 'admin' WHERE id = ${Bruno.agentId}`)
  const [his, financial] = [await given(shop, Bruno), await given(shop, Bruno, { departmentId: shop.financeiro })]
  const out = { kind: 'department' as const, placeId: shop.suporte, agentId: Bruno.agentId }
  await setMembership(testApp(), await viewerOf(Ana), out, false, {})
  expect(await openOf(shop, Bruno)).toEqual([2])
  await change(member(Bruno, shop.suporte))
  await changeRole(testApp(), await viewerOf(Ana), { id: Bruno.agentId, role: 'agent', was: 'admin' }, {})
  expect([await assigneeOf(his), await assigneeOf(financial)]).toEqual([Bruno.agentId, null])
  expect(await openOf(shop, Bruno)).toEqual([1])
})

it('who supervises a department keeps what is in it, on numbers that are not theirs too', async () => {
  const { Ana, Bruno } = shop.people
  await change(
    sql`UPDATE agents SET role = 'supervisor' WHERE id = ${Bruno.agentId}`,
    sql`DELETE FROM inbox_agents WHERE agent_id = ${Bruno.agentId}`,
  )
  const [his, nobodys] = [await given(shop, Bruno), await given(shop, Bruno, { departmentId: null })]
  const out = { kind: 'inbox' as const, placeId: (await newInbox(shop.workspaceId)).id, agentId: Bruno.agentId }
  await setMembership(testApp(), await viewerOf(Ana), out, true, {})
  await setMembership(testApp(), await viewerOf(Ana), out, false, {})
  expect([await assigneeOf(his), await assigneeOf(nobodys)]).toEqual([Bruno.agentId, null])
  await changeRole(testApp(), await viewerOf(Ana), { id: Bruno.agentId, role: 'agent', was: 'supervisor' }, {})
  expect(await assigneeOf(his)).toBeNull()
})

it('what somebody kept whose new role was stored before anything else broke off goes back when it is asked for again', async () => {
  const { Ana, Bruno } = shop.people
  const [his, financial] = [await given(shop, Bruno), await given(shop, Bruno, { departmentId: shop.financeiro })]
  await changeRole(testApp(), await viewerOf(Ana), { id: Bruno.agentId, role: 'agent', was: 'admin' }, {})
  expect([await assigneeOf(his), await assigneeOf(financial)]).toEqual([Bruno.agentId, null])
})

/** As it stands when the process ended right after the batch that stored the change. */
const brokenOff = (app: App): App => ({
  ...app,
  db: {
    ...app.db,
    async write(...statements) {
      await app.db.write(...statements)
      throw new Error('cut off')
    },
  },
})

const isPending = async ({ agentId }: Person) =>
  (await rowOf<{ since: number | null }>(sql`SELECT hand_back_since AS since FROM agents WHERE id = ${agentId}`))
    .since !== null

/** So many minutes as it takes; what other tests left is seen to in the same ones. */
async function sweepUntilDone(app: App, person: Person): Promise<void> {
  for (let minute = 0; minute < 20 && (await isPending(person)); minute += 1) await handOverWhatIsLeft(app)
  expect(await isPending(person)).toBe(false)
}

const CHANGES: [string, (app: App) => Promise<unknown>][] = [
  [
    'a department that they left',
    async (app) => {
      const out = { kind: 'department' as const, placeId: shop.suporte, agentId: shop.people.Bruno.agentId }
      await setMembership(app, await viewerOf(shop.people.Ana), out, false, {})
    },
  ],
  [
    'a number that they may use no more',
    async (app) => {
      const out = { kind: 'inbox' as const, placeId: shop.inbox.id, agentId: shop.people.Bruno.agentId }
      await setMembership(app, await viewerOf(shop.people.Ana), out, false, {})
    },
  ],
  [
    'a role that they have no more',
    async (app) => {
      const { Ana, Bruno } = shop.people
      await change(
        sql`UPDATE agents SET role = 'admin' WHERE id = ${Bruno.agentId}`,
        sql`DELETE FROM department_members WHERE agent_id = ${Bruno.agentId}`,
      )
      await changeRole(app, await viewerOf(Ana), { id: Bruno.agentId, role: 'agent', was: 'admin' }, {})
    },
  ],
]

it.each(CHANGES)('%s: what was cut off goes on with the next minute, once', async (_, take) => {
  const { Ana, Bruno, Diego } = shop.people
  const [his, others] = [await given(shop, Bruno), await given(shop, Diego)]
  await expect(take(brokenOff(testApp()))).rejects.toThrow('cut off')
  expect([await assigneeOf(his), await isPending(Bruno)]).toEqual([Bruno.agentId, true])

  const app = testApp({ db: losingAnswers() })
  await Promise.all([handOverWhatIsLeft(app), handOverWhatIsLeft(testApp({ db: losingAnswers() }))])
  await sweepUntilDone(app, Bruno)
  expect([await assigneeOf(his), await assigneeOf(others)]).toEqual([null, Diego.agentId])
  expect(await saidIn(his)).toEqual([['handed_over', Ana.agentId, { from: 'Bruno', agent: null }]])
  expect(await openOf(shop, Bruno)).toEqual([0])
  expect(await brokenRules(shop.workspaceId)).toEqual([])
})

it('more than one request may move is finished by the minutes that follow', async () => {
  const { Ana, Bruno } = shop.people
  await givenMany(shop, Bruno, 230)
  const out = { kind: 'department' as const, placeId: shop.suporte, agentId: Bruno.agentId }
  const app = testApp()
  await setMembership(app, await viewerOf(Ana), out, false, {})
  expect([await openOf(shop, Bruno), await isPending(Bruno)]).toEqual([[30], true])
  await sweepUntilDone(app, Bruno)
  expect(await openOf(shop, Bruno)).toEqual([0])
  expect(app.published.filter(({ type }) => type === 'thread.changed')).toHaveLength(230)
  expect(await brokenRules(shop.workspaceId)).toEqual([])
})

it('what cannot be moved of one keeps nobody else waiting', async () => {
  const { Ana, Bruno, Diego } = shop.people
  const [his, others] = [await given(shop, Bruno), await given(shop, Diego)]
  for (const { agentId } of [Bruno, Diego]) {
    const out = { kind: 'department' as const, placeId: shop.suporte, agentId }
    await expect(setMembership(brokenOff(testApp()), await viewerOf(Ana), out, false, {})).rejects.toThrow('cut off')
  }
  const failing = testApp()
  const { write } = failing.db
  failing.db.write = async (...statements) => {
    if (JSON.stringify(statements).includes(Bruno.agentId)) throw new Error('broken')
    return write(...statements)
  }
  await sweepUntilDone(failing, Diego)
  expect([await assigneeOf(his), await assigneeOf(others), await isPending(Bruno)]).toEqual([Bruno.agentId, null, true])
  expect(failing.errors.length).toBeGreaterThan(0)
  await sweepUntilDone(testApp(), Bruno)
  expect(await assigneeOf(his)).toBeNull()
})

it('what moves with a department that is removed does not stay with who is not where it went', async () => {
  const { Ana, Bruno } = shop.people
  const [his, everyones] = [await given(shop, Bruno), await given(shop, Bruno, { departmentId: null })]
  const app = testApp()
  await removeDepartment(app, await viewerOf(Ana), { id: shop.suporte, to: shop.financeiro }, {})
  await sweepUntilDone(app, Bruno)
  expect([await assigneeOf(his), await assigneeOf(everyones)]).toEqual([null, Bruno.agentId])
  expect(await saidIn(his)).toEqual([['handed_over', Ana.agentId, { from: 'Bruno', agent: null }]])
})

it('what is opened again of somebody who left its department does not stay with them', async () => {
  const { Ana, Bruno, Diego } = shop.people
  const [his, others] = [await given(shop, Bruno), await given(shop, Diego)]
  await change(sql`UPDATE conversations SET status = 'closed', closed_at = 1 WHERE id IN (${his}, ${others})`)
  const out = { kind: 'department' as const, placeId: shop.suporte, agentId: Bruno.agentId }
  await setMembership(testApp(), await viewerOf(Ana), out, false, {})
  expect(await isPending(Bruno)).toBe(false)

  const app = testApp({ db: losingAnswers() })
  for (const id of [his, others]) await reopen(app, await viewerOf(Ana), id, {})
  expect([await isPending(Bruno), await isPending(Diego)]).toEqual([true, false])
  await sweepUntilDone(app, Bruno)
  expect([await assigneeOf(his), await assigneeOf(others)]).toEqual([null, Diego.agentId])
  expect(await openOf(shop, Bruno)).toEqual([0])
})

it('who is taken out while they are gone has nothing there once they are back', async () => {
  const { Ana, Bruno } = shop.people
  await deactivate(testApp(), await viewerOf(Ana), { id: Bruno.agentId, successorId: null })
  const out = { kind: 'department' as const, placeId: shop.suporte, agentId: Bruno.agentId }
  await setMembership(testApp(), await viewerOf(Ana), out, false, {})
  const his = await given(shop, Bruno)
  await reactivate(testApp(), await viewerOf(Ana), Bruno.agentId)
  await sweepUntilDone(testApp(), Bruno)
  expect(await assigneeOf(his)).toBeNull()
})
