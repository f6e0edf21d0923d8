import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { change } from '../../test/support/people.ts'
import { losingAnswers, MINUTE, NOON, testApp, threadOf } from '../../test/support/workerd/app.ts'
import {
  fileOf,
  fileRow,
  PNG,
  served,
  servingFiles,
  storedFileOf,
  type Written,
  writtenTo,
} from '../../test/support/workerd/files.ts'
import { fakeGraph, reachOf } from '../../test/support/workerd/whatsapp.ts'
import { connect, newShop, rowOf, type Shop, scopeOf } from '../../test/support/workerd/workspace.ts'
import { type Channel, ChannelError } from '../channels/channel.ts'
import type { InboundMedia } from '../channels/events.ts'
import { openDb } from '../db/client.ts'
import { inboxesToSweep } from '../db/queries/inboxes.ts'
import { fetchPending, removeDeleted, retryFile, retryFilesOf } from './media.ts'

type Media = NonNullable<Channel['media']>
type Handle = NonNullable<InboundMedia['handle']>

let shop: Shop
let written: Written

beforeEach(async () => {
  shop = await newShop()
  written = await writtenTo(shop.inbox)
})

const refusing =
  (of: ConstructorParameters<typeof ChannelError>[0]): Media =>
  async () => {
    throw new ChannelError(of)
  }

/** One pass with a provider that answers like this. */
async function pass(media: Media, { app = testApp(), addressOf = (): Handle | null => null } = {}) {
  app.channel = () => servingFiles(media)
  const reach = reachOf(shop.inbox.accountId, fakeGraph(), app.now)
  return { app, ...(await fetchPending(app, { inbox: shop.inbox, reach, addressOf })) }
}

const inStore = async (id: string) => (await env.MEDIA.get(`ws/${shop.workspaceId}/${id}`)) !== null
const seqNow = async () =>
  (await rowOf<{ seq: number }>(sql`SELECT seq FROM conversations WHERE id = ${written.conversationId}`)).seq

describe('a file that came with a message', () => {
  it('is fetched by its id, typed by its bytes, measured, kept, and told to everyone once', async () => {
    const id = await fileOf(shop.inbox, written, { mimeType: 'image/jpeg' })
    const before = await seqNow()
    const asked: Handle[] = []
    const { app, worked, nextAt } = await pass(async (_, handle) => {
      asked.push(handle)
      return served(PNG, 'image/jpeg')
    })
    expect([asked, worked, nextAt]).toEqual([[{ id: 'media-1' }], 1, null])
    expect(await fileRow(id)).toMatchObject({ state: 'stored', mime_type: 'image/png', size: 29, width: 1, height: 2 })
    expect(await inStore(id)).toBe(true)
    expect(await seqNow()).toBe(before + 1)
    expect(app.published).toHaveLength(1)
    const [message] = await threadOf(await scopeOf(shop.people.Ana), written.conversationId)
    expect(message).toMatchObject({ seq: before + 1, attachments: [{ id, state: 'stored', width: 1, height: 2 }] })
  })

  it('is found by the address that came with the message, where its provider gives no id', async () => {
    const id = await fileOf(shop.inbox, written, { mediaId: null, ord: 1 })
    const asked: unknown[] = []
    await pass(
      async (_, handle) => {
        asked.push(handle)
        return served(PNG)
      },
      { addressOf: (...of: unknown[]) => ({ url: `https://cdn.test/${of.join('/')}` }) },
    )
    expect(asked).toEqual([{ url: `https://cdn.test/${written.externalId}/1` }])
    expect((await fileRow(id)).state).toBe('stored')
  })

  it('is tried again, later each time, and given up after eight tries', async () => {
    const id = await fileOf(shop.inbox, written)
    const app = testApp()
    const gone = refusing({ class: 'retryable', code: '2', detail: '' })
    for (let tries = 1; tries < 8; tries += 1) {
      const { nextAt } = await pass(gone, { app })
      const row = await fileRow(id)
      expect(row).toMatchObject({ state: 'pending', tries, error_code: '2' })
      expect(row.not_before).toBe(app.now() + 2_000 * 2 ** (tries - 1) * 0.5)
      expect(nextAt).toBe(row.not_before)
      expect((await pass(gone, { app })).worked).toBe(0)
      app.clock.now = row.not_before
    }
    expect(app.published).toHaveLength(0)
    await pass(gone, { app })
    expect(await fileRow(id)).toMatchObject({ state: 'failed', tries: 8, error_code: '2' })
    expect(app.published).toHaveLength(1)
  })

  it.each([
    ['the provider says that it is gone', refusing({ class: 'permanent', code: '100', detail: '' }), '100'],
    ['nothing says where it is', null, 'no_handle'],
    ['it lies on a host that we do not call', egressRefused, 'host_refused'],
    ['it says itself that it is too large', async () => ({ ...served(PNG), bytes: 26 * 1024 * 1024 }), 'too_large'],
  ] as const)('cannot be had at once where %s', async (_, media, errorCode) => {
    const id = await fileOf(shop.inbox, written, media ? {} : { mediaId: null })
    const { app } = await pass(media ?? (async () => served(PNG)))
    expect(await fileRow(id)).toMatchObject({ state: 'failed', error_code: errorCode })
    expect(app.published).toHaveLength(1)
    expect(await inStore(id)).toBe(false)
  })

  it('waits for as long as the provider asks, and stays where the provider refuses us altogether', async () => {
    const id = await fileOf(shop.inbox, written)
    const { app } = await pass(refusing({ class: 'throttled', code: '4', detail: '', retryAfterMs: 7 * MINUTE }))
    expect(await fileRow(id)).toMatchObject({ state: 'pending', not_before: app.now() + 7 * MINUTE })
    const later = testApp({ now: NOON + 8 * MINUTE })
    const { refused } = await pass(refusing({ class: 'auth', code: '190', detail: '' }), { app: later })
    expect(refused?.code).toBe('190')
    expect((await fileRow(id)).state).toBe('pending')
  })

  it('is tried again where the line goes dead on the way, and the next try is whole', async () => {
    const id = await fileOf(shop.inbox, written)
    const broken = new ReadableStream<Uint8Array>({ pull: (into) => into.error(new Error('dead')) })
    const { app } = await pass(async () => ({ body: broken, mimeType: null, bytes: null }))
    expect(await fileRow(id)).toMatchObject({ state: 'pending', error_code: 'interrupted' })
    app.clock.now += 10 * MINUTE
    await pass(async () => served(PNG), { app })
    expect((await fileRow(id)).state).toBe('stored')
  })

  it('stays gone where its message was taken back while it was fetched', async () => {
    const id = await fileOf(shop.inbox, written)
    const { app } = await pass(async () => {
      await change(sql`UPDATE attachments SET state = 'deleted' WHERE id = ${id}`)
      return served(PNG)
    })
    expect(await fileRow(id)).toMatchObject({ state: 'deleted', object_key: null })
    expect(await inStore(id)).toBe(false)
    expect(app.published).toHaveLength(0)
  })

  it('is removed once its message was taken back', async () => {
    const id = await fileOf(shop.inbox, written)
    await pass(async () => served(PNG))
    await change(sql`UPDATE attachments SET state = 'deleted' WHERE id = ${id}`)
    await removeDeleted(testApp(), shop.inbox)
    expect(await fileRow(id)).toMatchObject({ state: 'deleted', object_key: null })
    expect(await inStore(id)).toBe(false)
  })

  it('is removed by the sweep where nobody else comes by, however many there are, and from a number that is paused', async () => {
    const ids: string[] = []
    for (let ord = 0; ord < 21; ord += 1) ids.push(await storedFileOf(shop.inbox, written, PNG, { ord }))
    await change(
      sql`UPDATE attachments SET state = 'deleted' WHERE message_id = ${written.messageId}`,
      sql`UPDATE inboxes SET status = 'paused' WHERE id = ${shop.inbox.id}`,
    )
    const [swept] = await openDb(env).read(inboxesToSweep(null))
    expect(swept.find(({ id }) => id === shop.inbox.id)?.fetching).toBe(1)
    const gateway = await connect(shop.inbox, { status: 'paused' })
    await gateway.lookAtMedia()
    await expect.poll(() => Promise.all(ids.map(inStore))).not.toContain(true)
    const toSweep = async () => (await openDb(env).read(inboxesToSweep(null)))[0].map(({ id }) => id)
    await expect.poll(toSweep).not.toContain(shop.inbox.id)
  })

  it('P2: is kept once where each answer of the database is lost', async () => {
    const id = await fileOf(shop.inbox, written)
    const before = await seqNow()
    await pass(async () => served(PNG), { app: testApp({ db: losingAnswers() }) })
    expect((await fileRow(id)).state).toBe('stored')
    expect(await inStore(id)).toBe(true)
    expect(await seqNow()).toBe(before + 1)
  })
})

describe('a file that could not be had', () => {
  it('is asked for once more with all of its thread, but for one that stays too large', async () => {
    const gone = await fileOf(shop.inbox, written)
    const large = await fileOf(shop.inbox, written, { ord: 1 })
    await change(
      sql`UPDATE attachments SET state = 'failed', error_code = iif(id = ${large}, 'too_large', '100') WHERE message_id = ${written.messageId}`,
    )
    await retryFilesOf(testApp(), await scopeOf(shop.people.Ana), written.conversationId)
    expect([(await fileRow(gone)).state, (await fileRow(large)).state]).toEqual(['pending', 'failed'])
  })

  it('is asked for again by whoever sees it, and by nobody else', async () => {
    const id = await fileOf(shop.inbox, written)
    await pass(refusing({ class: 'permanent', code: '100', detail: '' }))
    const of = { ...written, attachmentId: id }
    await change(sql`UPDATE conversations SET department_id = ${shop.financeiro} WHERE id = ${written.conversationId}`)
    const app = testApp()
    await expect(retryFile(app, await scopeOf(shop.people.Bruno), of)).rejects.toThrow('not_found')
    expect((await fileRow(id)).state).toBe('failed')

    const message = await retryFile(app, await scopeOf(shop.people.Carla), of)
    expect(message.attachments).toMatchObject([{ id, state: 'pending' }])
    expect(app.hinted).toEqual([shop.inbox.webhookKey])
    await pass(async () => served(PNG))
    expect((await fileRow(id)).state).toBe('stored')
    // A second click of somebody who saw the old page changes nothing.
    await retryFile(app, await scopeOf(shop.people.Carla), of)
    expect((await fileRow(id)).state).toBe('stored')
  })
})

async function egressRefused(): Promise<never> {
  throw Object.assign(new Error('Calls to evil.example are not allowed.'), { name: 'EgressRefused' })
}
