/** A number on its phone: what its connection goes through, told in whatever order, and what was missed meanwhile. */
import { sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { change, rowsOf } from '../../test/support/people.ts'
import { MINUTE, NOON, testApp } from '../../test/support/workerd/app.ts'
import { type Inbox, newEmptyWorkspace } from '../../test/support/workerd/workspace.ts'
import { evolution } from '../channels/evolution/evolution.ts'
import { noticeAbsence } from './absence.ts'
import { noteLink, recover, standingOf } from './links.ts'
import { receive } from './receive.ts'

async function stage() {
  const [inbox] = (await newEmptyWorkspace(1)) as [Inbox]
  await change(sql`UPDATE inboxes SET channel = 'evolution' WHERE id = ${inbox.id}`)
  const app = testApp()
  const tell = async (at: number, event: string, data: object) => {
    const body = JSON.stringify({ event, instance: inbox.accountId, data, date_time: String(at) })
    const events = await evolution.parse(new TextEncoder().encode(body), inbox.accountId)
    await receive(
      app,
      { ...inbox, linked: true },
      events.map((one) => ({ event: one, receivedAt: at })),
    )
  }
  const state = (at: number, of: string, statusReason = 200) =>
    tell(at, 'connection.update', { state: of, statusReason })
  const row = async () =>
    (
      await rowsOf<{ status: string; status_reason: string | null; version: number }>(
        sql`SELECT status, status_reason, version FROM inboxes WHERE id = ${inbox.id}`,
      )
    )[0]
  const outages = async () =>
    (
      await rowsOf<{ payload: string }>(
        sql`SELECT payload FROM kept_events WHERE inbox_id = ${inbox.id} AND kind = 'outage' ORDER BY received_at`,
      )
    ).map(({ payload }) => JSON.parse(payload))
  return { app, inbox, tell, state, row, outages }
}

it('a number that was never linked waits for a code, and being linked ends no outage', async () => {
  const { app, inbox, tell, state, row, outages } = await stage()
  await state(NOON, 'connecting')
  await tell(NOON + 1, 'qrcode.updated', { qrcode: { code: '2@secret', base64: 'data:image/png;base64,iVBOR' } })
  expect((await standingOf(app, inbox)).link).toMatchObject({ state: 'waiting', since: NOON + 1, downSince: null })
  await tell(NOON + 2, 'qrcode.updated', { qrcode: { code: '2@secreter', base64: 'data:image/png;base64,iVBOR' } })
  expect((await standingOf(app, inbox)).link).toMatchObject({ state: 'waiting', since: NOON + 1 })
  await state(NOON + 3, 'open')
  expect(await standingOf(app, inbox)).toMatchObject({ link: { state: 'open', since: NOON + 3 }, owesPast: false })
  expect([await outages(), await row()]).toMatchObject([[], { status: 'active' }])
  const kept = await rowsOf<{ payload: string }>(sql`SELECT payload FROM kept_events WHERE inbox_id = ${inbox.id}`)
  expect(JSON.stringify(kept)).not.toMatch(/secret|iVBOR/)
})

it('an outage has its from and its to, and what was said in it is owed until it was had', async () => {
  const { app, inbox, state, row, outages } = await stage()
  await state(NOON, 'open')
  await state(NOON + MINUTE, 'close', 428)
  await state(NOON + 2 * MINUTE, 'connecting')
  await state(NOON + 3 * MINUTE, 'close', 401)
  expect(await row()).toMatchObject({ status: 'needs_reauth', status_reason: '401' })
  expect((await standingOf(app, inbox)).link).toMatchObject({ state: 'closed', code: '401', downSince: NOON + MINUTE })
  await state(NOON + 9 * MINUTE, 'open')
  await state(NOON + 9 * MINUTE, 'open')
  expect(await row()).toMatchObject({ status: 'active', status_reason: null })
  expect(await outages()).toEqual([{ from: NOON + MINUTE, to: NOON + 9 * MINUTE }])

  const asked: (number | null)[] = []
  const failing = recover(app, inbox, async () => Promise.reject(new Error('away')))
  await expect(failing).rejects.toThrow('away')
  expect((await standingOf(app, inbox)).owesPast).toBe(true)
  app.clock.now = NOON + 10 * MINUTE
  await recover(app, inbox, async (since) => {
    asked.push(since)
    // Meanwhile it is lost, and back, once more: that one is owed still.
    await state(NOON + 11 * MINUTE, 'close', 428)
    await state(NOON + 12 * MINUTE, 'open')
    return { messages: 3, since: NOON }
  })
  expect(asked).toEqual([NOON + MINUTE - 5 * MINUTE])
  const first = { from: NOON + MINUTE, to: NOON + 9 * MINUTE, messages: 3 }
  const second = { from: NOON + 11 * MINUTE, to: NOON + 12 * MINUTE }
  expect((await standingOf(app, inbox)).owesPast).toBe(true)
  expect(await outages()).toEqual([first, second])
  app.clock.now = NOON + 13 * MINUTE
  await recover(app, inbox, async () => ({ messages: 0, since: null }))
  expect((await standingOf(app, inbox)).owesPast).toBe(false)
  expect(await outages()).toEqual([first, { ...second, messages: 0 }])
})

it('what is written twice, or comes late, changes nothing', async () => {
  const { app, inbox, row, outages } = await stage()
  await noteLink(app, inbox, { state: 'open', code: null, at: NOON })
  await noteLink(app, inbox, { state: 'closed', code: '401', at: NOON + 1 })
  const once = [await standingOf(app, inbox), await row()]
  await noteLink(app, inbox, { state: 'closed', code: '401', at: NOON + 1 })
  await noteLink(app, inbox, { state: 'open', code: null, at: NOON - 1 })
  expect([await standingOf(app, inbox), await row()]).toEqual(once)
  expect(await outages()).toEqual([])
})

it('a number that somebody paused stays paused', async () => {
  const { app, inbox, row } = await stage()
  await change(sql`UPDATE inboxes SET status = 'paused' WHERE id = ${inbox.id}`)
  await noteLink(app, inbox, { state: 'closed', code: null, at: NOON })
  await noteLink(app, inbox, { state: 'open', code: null, at: NOON + 1 })
  expect(await row()).toMatchObject({ status: 'paused' })
})

it('a number on its phone is owed what nobody heard while Prosa was away, once, and one that came later is not', async () => {
  const { app, inbox, state, outages } = await stage()
  const away = async (from: number, to: number) => {
    await change(sql`DELETE FROM last_sweep`, sql`INSERT INTO last_sweep (id, at) VALUES (1, ${from})`)
    app.clock.now = to
    await noticeAbsence(app, inbox.workspaceId)
    await noticeAbsence(app, inbox.workspaceId)
  }
  await away(NOON, NOON + 60 * MINUTE)
  expect(await outages()).toEqual([])
  await state(NOON, 'open')
  await away(NOON, NOON + 10 * MINUTE)
  expect((await standingOf(app, inbox)).owesPast).toBe(false)

  await away(NOON, NOON + 11 * MINUTE)
  expect(await outages()).toEqual([{ from: NOON, to: NOON + 11 * MINUTE }])
  expect(await standingOf(app, inbox)).toMatchObject({ link: { state: 'open' }, stopped: false, owesPast: true })

  await change(sql`UPDATE inboxes SET created_at = ${NOON + 20 * MINUTE} WHERE id = ${inbox.id}`)
  await away(NOON + 12 * MINUTE, NOON + 60 * MINUTE)
  expect(await outages()).toHaveLength(1)
})
