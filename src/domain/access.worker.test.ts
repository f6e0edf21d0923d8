import { sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { change, rowsOf } from '../../test/support/people.ts'
import { HOUR, NOON, testApp } from '../../test/support/workerd/app.ts'
import { fakeGraph, reachOf } from '../../test/support/workerd/whatsapp.ts'
import { newEmptyWorkspace } from '../../test/support/workerd/workspace.ts'
import { type Channel, ChannelError, type Credentials } from '../channels/channel.ts'
import { whatsapp } from '../channels/whatsapp/whatsapp.ts'
import { withLongAccess } from './access.ts'
import { checkUp } from './checkup.ts'

const DAY = 24 * HOUR
const SIXTY_DAYS = 60 * DAY
const CHECKUP = { name: null, address: null, quality: null, checks: [] }

/** A number whose access ends, and a provider that prolongs it as it is told to. */
async function stage(of: { accessEndsAt?: number; prolongs?: () => Promise<{ accessToken: string; endsAt: number }> }) {
  const [inbox] = await newEmptyWorkspace(1)
  if (!inbox) throw new Error('no inbox')
  const app = testApp()
  const reach = reachOf(inbox.accountId, fakeGraph(), app.now)
  const { accessEndsAt } = of
  const credentials = { ...reach.credentials, ...(accessEndsAt === undefined ? {} : { accessEndsAt }) }
  const [before] = await rowsOf<{ credentials: string; version: number }>(
    sql`SELECT credentials, version FROM inboxes WHERE id = ${inbox.id}`,
  )
  let asked = 0
  const channel: Channel = {
    ...whatsapp,
    check: async () => CHECKUP,
    accessEnds: async ({ credentials }) => credentials.accessEndsAt ?? null,
    prolongAccess: async () => {
      asked += 1
      return of.prolongs ? of.prolongs() : { accessToken: 'the next', endsAt: app.now() + SIXTY_DAYS }
    },
  }
  const sealedCredentials = before?.credentials ?? ''
  return {
    ...{ app, inbox, before, asked: () => asked },
    connected: { inbox, channel, reach: { ...reach, credentials }, sealedCredentials },
    async stored() {
      const [row] = await rowsOf<{ credentials: string; version: number; checkup: string | null }>(
        sql`SELECT credentials, version, checkup FROM inboxes WHERE id = ${inbox.id}`,
      )
      const of = { workspaceId: inbox.workspaceId, inboxId: inbox.id }
      const opened = row?.credentials === sealedCredentials ? null : await app.unseal(of, row?.credentials ?? '')
      return { version: row?.version, credentials: opened as Credentials | null, checkup: row?.checkup ?? null }
    },
  }
}

it('an access that ends is prolonged long before, sealed, and handed to the gateway by the version', async () => {
  const { connected, app, stored, before } = await stage({})
  const reach = await withLongAccess(app, connected)
  expect(reach.credentials).toMatchObject({ accessToken: 'the next', accessEndsAt: NOON + SIXTY_DAYS })
  const { credentials, version } = await stored()
  expect(credentials).toEqual(reach.credentials)
  expect(version).toBe((before?.version ?? 0) + 1)
})

it('is left alone for a week, then prolonged again', async () => {
  const { connected, app, asked, stored } = await stage({ accessEndsAt: NOON + SIXTY_DAYS })
  await withLongAccess(app, connected)
  app.clock.now = NOON + 6 * DAY
  await withLongAccess(app, connected)
  expect([asked(), (await stored()).credentials]).toEqual([0, null])
  app.clock.now = NOON + 8 * DAY
  await withLongAccess(app, connected)
  expect(asked()).toBe(1)
})

it('a refusal changes nothing, and the look goes on', async () => {
  const refuses = async () => {
    throw new ChannelError({ class: 'auth', code: '190', detail: 'Younger than a day.' })
  }
  const { connected, app, stored, before } = await stage({ accessEndsAt: NOON + 3 * DAY, prolongs: refuses })
  const found = await checkUp(app, { ...connected, webhookUrl: 'https://prosa.test/webhooks/x' })
  expect(found).toMatchObject({ accessEndsAt: NOON + 3 * DAY })
  expect(await stored()).toMatchObject({ version: before?.version, credentials: null })
})

it('what an administrator saved meanwhile stays', async () => {
  const { connected, app, inbox, stored } = await stage({})
  const of = { workspaceId: inbox.workspaceId, inboxId: inbox.id }
  const saved = await app.seal(of, { ...connected.reach.credentials, accessToken: 'typed by Ana' })
  await change(sql`UPDATE inboxes SET credentials = ${saved}, version = version + 1 WHERE id = ${inbox.id}`)
  await withLongAccess(app, connected)
  expect((await stored()).credentials?.accessToken).toBe('typed by Ana')
})

it('the look keeps until when it holds', async () => {
  const { connected, app, stored } = await stage({})
  await checkUp(app, { ...connected, webhookUrl: 'https://prosa.test/webhooks/x' })
  expect(JSON.parse((await stored()).checkup ?? '{}')).toMatchObject({ accessEndsAt: NOON + SIXTY_DAYS })
})
