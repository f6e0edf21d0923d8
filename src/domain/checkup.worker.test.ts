import { sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { change, rowsOf } from '../../test/support/people.ts'
import { HOUR, NOON, type TestApp, testApp } from '../../test/support/workerd/app.ts'
import { fakeGraph, reachOf } from '../../test/support/workerd/whatsapp.ts'
import { type Inbox, newEmptyWorkspace } from '../../test/support/workerd/workspace.ts'
import { type Channel, ChannelError, type Checkup } from '../channels/channel.ts'
import type { MessageEvent } from '../channels/events.ts'
import { whatsapp } from '../channels/whatsapp/whatsapp.ts'
import { careForDue, checkUp } from './checkup.ts'
import { readBack } from './history.ts'

const checks = (subscribed: boolean): Checkup => ({
  ...{ name: 'Loja', address: '+55 11 90000-0001', quality: 'GREEN' },
  checks: [
    { what: 'token', ok: true, detail: null },
    { what: 'subscription', ok: subscribed, detail: null },
  ],
})

async function stage(channel: Partial<Channel>) {
  const [inbox] = await newEmptyWorkspace(1)
  if (!inbox) throw new Error('no inbox')
  const app = testApp()
  const reach = reachOf(inbox.accountId, fakeGraph(), app.now)
  const connected = {
    ...{ inbox, channel: { ...whatsapp, accessEnds: async () => null, ...channel }, reach },
    ...{ sealedCredentials: '', webhookUrl: 'https://prosa.test/webhooks/x' },
  }
  return { app, connected, inbox }
}

it('an account that stopped telling us is subscribed again, and looked at once more', async () => {
  let subscribed = false
  const { app, connected, inbox } = await stage({
    check: async () => checks(subscribed),
    subscribe: async (_reach, webhookUrl) => {
      expect(webhookUrl).toBe('https://prosa.test/webhooks/x')
      subscribed = true
    },
  })
  const found = await checkUp(app, connected)
  expect(found).toMatchObject({ resubscribed: true, checks: [{ what: 'token' }, { what: 'subscription', ok: true }] })
  const [row] = await rowsOf<{ checkup: string; address: string }>(
    sql`SELECT checkup, address FROM inboxes WHERE id = ${inbox.id}`,
  )
  expect(JSON.parse(row?.checkup ?? '')).toMatchObject(found)
  expect(row?.address).toBe('+55 11 90000-0001')
})

it('what a provider did not tell since it was last seen to tell us is an outage, where it keeps a past', async () => {
  const outages = async (keepsPast: boolean) => {
    const history = async () => ({ events: [], next: null })
    const { app, connected, inbox } = await stage({ subscribe: async () => undefined, ...(keepsPast && { history }) })
    const look = async (hours: number, check: Channel['check'] & object) => {
      app.clock.now = NOON + hours * HOUR
      return checkUp(app, { ...connected, channel: { ...connected.channel, check } })
    }
    const unreachable = () =>
      Promise.reject(new ChannelError({ class: 'ambiguous', code: 'network', detail: 'No way there.' }))
    // Before it was ever seen to tell us there is nothing that it kept from us.
    await look(0, async () => checks(false))
    await look(1, async () => checks(true))
    await look(2, unreachable)
    expect((await look(3, async () => checks(false))).owesPast).toBe(true)
    const rows = await rowsOf<{ payload: string }>(
      sql`SELECT payload FROM kept_events WHERE inbox_id = ${inbox.id} AND kind = 'outage'`,
    )
    return rows.map(({ payload }) => JSON.parse(payload))
  }
  expect(await outages(true)).toEqual([{ from: NOON + HOUR, to: NOON + 3 * HOUR }])
  expect(await outages(false)).toEqual([])
})

it('where all is well, or our token is refused, nothing is changed at the provider', async () => {
  const never = async () => {
    throw new Error('subscribed')
  }
  const well = await stage({ check: async () => checks(true), subscribe: never })
  expect((await checkUp(well.app, well.connected)).resubscribed).toBe(false)
  const refused = { ...checks(false), checks: [{ what: 'token', ok: false, detail: 'expired' } as const] }
  const out = await stage({ check: async () => refused, subscribe: never })
  expect((await checkUp(out.app, out.connected)).checks).toEqual(refused.checks)
})

it('a provider that cannot be reached is a finding, not a failure', async () => {
  const { app, connected } = await stage({
    check: () => Promise.reject(new ChannelError({ class: 'ambiguous', code: 'network', detail: 'No way there.' })),
  })
  expect((await checkUp(app, connected)).checks).toEqual([{ what: 'account', ok: false, detail: 'No way there.' }])
})

const FAR_AHEAD = 9_000_000_000_000

const unwell = (app: TestApp) => ({
  ...testApp({ db: app.db }).gateway(''),
  checkUp: () => Promise.reject(new Error('Its credentials cannot be opened.')),
})

/** An hourly look at this workspace's numbers, until this one has had its turn. Those of other tests rest meanwhile. */
async function lookedAfter(app: TestApp, { id, workspaceId }: { id: string; workspaceId: string }): Promise<void> {
  for (let round = 0; round < 10; round += 1) {
    await change(sql`UPDATE inboxes SET checked_at = ${FAR_AHEAD} WHERE workspace_id <> ${workspaceId}`)
    await careForDue(app)
    const [row] = await rowsOf<{ checked_at: number | null }>(sql`SELECT checked_at FROM inboxes WHERE id = ${id}`)
    if (row?.checked_at === app.now()) return
  }
  throw new Error('It never had its turn.')
}

it('a number that cannot be looked at takes no other’s turn', async () => {
  const { app } = await stage({})
  // More than are looked at in one go; the last of them has its turn all the same.
  const inbox = (await newEmptyWorkspace(12)).toSorted((a, b) => (a.id < b.id ? 1 : -1))[0] as Inbox
  app.gateway = () => unwell(app)
  await lookedAfter(app, inbox)
})

it('what was said while the provider had forgotten us is asked for until it is had', async () => {
  const { app, connected, inbox } = await stage({ check: async () => checks(true), subscribe: async () => undefined })
  const gateway = app.gateway(inbox.webhookKey)
  const asked: (string | null)[] = []
  let answers = false
  app.gateway = (webhookKey) =>
    webhookKey === inbox.webhookKey
      ? {
          ...gateway,
          checkUp: () => checkUp(app, connected),
          async readBack() {
            asked.push(webhookKey)
            if (!answers) throw new ChannelError({ class: 'throttled', code: '4', detail: '' })
            return null
          },
        }
      : unwell(app)
  await checkUp(app, { ...connected, channel: { ...connected.channel, check: async () => checks(false) } })
  for (let hour = 1; hour <= 4; hour += 1) {
    answers = hour >= 2
    app.clock.now = NOON + hour * HOUR + hour
    await lookedAfter(app, inbox)
  }
  expect(asked).toHaveLength(2)
})

const said = (externalId: string, occurredAt = 1) =>
  ({
    ...{
      kind: 'message',
      dedupeKey: `msg:${externalId}`,
      accountId: 'a',
      occurredAt,
      direction: 'incoming',
      externalId,
    },
    ...{
      peer: { externalIds: ['p'], phone: null, profileName: null },
      type: 'text',
      text: 'Oi',
      media: [],
      content: {},
    },
    ...{ replyTo: null, attemptId: null, group: false, history: true, raw: null },
  }) as unknown as MessageEvent

it('reading back goes from page to page until a page holds nothing new', async () => {
  const pages: Record<string, string[]> = { '': ['m3', 'm2'], b: ['m1', 'm0'], c: ['m00'] }
  const next: Record<string, string | null> = { '': 'b', b: 'c', c: null }
  const asked: string[] = []
  const history: NonNullable<Channel['history']> = async (_reach, { page }) => {
    asked.push(page ?? '')
    return { events: (pages[page ?? ''] ?? []).map(said), next: next[page ?? ''] ?? null }
  }
  const { app, connected } = await stage({ history })
  const all = await readBack(app, connected, { peer: null, since: null })
  expect(all?.map(({ externalId }) => externalId)).toEqual(['m3', 'm2', 'm1', 'm0', 'm00'])
  expect(asked).toEqual(['', 'b', 'c'])
})

it('what was said since an outage began is news, in the order in which it was said', async () => {
  const events = [said('m4', 40), said('m3', 30), said('m2', 20)]
  const { app, connected } = await stage({ history: async () => ({ events, next: null }) })
  const missed = await readBack(app, connected, { peer: null, since: 30 })
  expect(missed?.map(({ externalId, history }) => [externalId, history])).toEqual([
    ['m2', true],
    ['m3', false],
    ['m4', false],
  ])
})

it('a channel that keeps no past says so', async () => {
  const { app, connected } = await stage({})
  expect(await readBack(app, connected, { peer: null, since: null })).toBeNull()
})
