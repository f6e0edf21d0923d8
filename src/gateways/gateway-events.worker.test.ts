/** Every kind of event on its way through the journal: what waits is woken, and holds nobody up. */
import { runInDurableObject } from 'cloudflare:test'
import { sql } from 'drizzle-orm'
import { beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { change, rowsOf } from '../../test/support/people.ts'
import { HOUR } from '../../test/support/workerd/app.ts'
import {
  aDeletion,
  aFile,
  aMessage,
  anEcho,
  anEdit,
  anIdentity,
  aReaction,
  person,
} from '../../test/support/workerd/events.ts'
import { connect, type Inbox, newEmptyWorkspace, rowOf } from '../../test/support/workerd/workspace.ts'
import { fakeWorld } from '../../test/support/workerd/world.ts'
import type { InboundEvent } from '../channels/events.ts'
import { entryOf } from './entries.ts'
import type { Gateway } from './gateway.ts'

let inbox: Inbox
let gateway: DurableObjectStub<Gateway>

beforeAll(() => {
  fakeWorld()
  vi.spyOn(console, 'warn').mockImplementation(() => undefined)
})

beforeEach(async () => {
  ;[inbox] = (await newEmptyWorkspace(1)) as [Inbox]
  gateway = await connect(inbox, { inboxSettings: { appId: 'ours' } })
})

const tell = (...events: InboundEvent[]) => gateway.accept(events.map((event) => entryOf(event, Date.now())))

const waiting = () =>
  runInDurableObject(gateway, (_, { storage }) =>
    storage.sql.exec("SELECT dedupe_key FROM journal WHERE state = 'waiting' ORDER BY id").toArray(),
  )

const messages = () =>
  rowsOf<{ external_id: string; body: string | null; deleted_at: number | null }>(
    sql`SELECT external_id, body, deleted_at FROM messages WHERE workspace_id = ${inbox.workspaceId} ORDER BY external_id`,
  )

it('what is done to a message before it comes waits, holds nobody up, and is woken by it', async () => {
  const now = Date.now()
  await tell(anEdit('a', 'Olá', 1, now), aReaction('a', '👍', now), aDeletion('b', now), aMessage({ id: 'c', at: now }))
  await expect.poll(async () => (await waiting()).length).toBe(3)
  expect(await messages()).toMatchObject([{ external_id: 'c' }])
  await tell(aMessage({ id: 'a', at: now }), aMessage({ id: 'b', at: now }))
  await expect.poll(waiting).toEqual([])
  await expect.poll(messages).toMatchObject([{ body: 'Olá' }, { body: null, deleted_at: now }, { external_id: 'c' }])
  expect(await rowsOf(sql`SELECT emoji FROM reactions WHERE workspace_id = ${inbox.workspaceId}`)).toEqual([
    { emoji: '👍' },
  ])
})

it('of what was taken back the journal keeps that it was there, and not what it said', async () => {
  const now = Date.now()
  await tell(
    aMessage({
      id: 'a',
      at: now,
      text: `segredo ${'x'.repeat(600_000)}`,
      raw: { caption: 'segredo' },
      media: [aFile()],
    }),
    aMessage({ id: 'a', at: now, text: 'segredo', history: true }),
    { ...anEdit('a', 'outro segredo', 1, now), dedupeKey: 'ed:a:1' },
    aMessage({ id: 'b', at: now, text: 'sem segredo' }),
    aDeletion('a', now),
  )
  const kept = () =>
    runInDurableObject(gateway, (_, { storage }) => [
      ...storage.sql.exec("SELECT dedupe_key AS of, state FROM journal WHERE payload LIKE '%segredo%'").toArray(),
      ...storage.sql.exec("SELECT 'parts' AS of FROM journal_parts").toArray(),
    ])
  await expect.poll(kept).toEqual([{ of: 'msg:b', state: 'applied' }])
  expect(await messages()).toMatchObject([{ body: null, deleted_at: now }, { body: 'sem segredo' }])
})

it('a link between addresses waits for the person', async () => {
  await tell(anIdentity(['p'], ['q']))
  await expect.poll(async () => (await waiting()).length).toBe(1)
  await tell(aMessage({ from: person('p'), at: Date.now() }))
  await expect.poll(waiting).toEqual([])
  const addresses = sql`SELECT external_id FROM identities WHERE inbox_id = ${inbox.id} ORDER BY 1`
  await expect.poll(() => rowsOf(addresses)).toEqual([{ external_id: 'p' }, { external_id: 'q' }])
})

it('an echo of our own app waits for its attempt, by the settings of the inbox', async () => {
  await tell(anEcho({ id: 'e', appId: 'ours', at: Date.now() }), anEcho({ id: 'f', appId: 'another', at: Date.now() }))
  await expect.poll(async () => (await waiting()).length).toBe(1)
  expect(await messages()).toMatchObject([{ external_id: 'f' }])
})

it('what was told as part of the past is news when it is told as news', async () => {
  const at = Date.now() - HOUR
  await tell(aMessage({ id: 'a', at, history: true }))
  const conversations = sql`SELECT status, unread, imported FROM conversations WHERE workspace_id = ${inbox.workspaceId}`
  await expect.poll(() => rowsOf(conversations)).toEqual([{ status: 'closed', unread: 0, imported: 1 }])
  await tell(aMessage({ id: 'a', at }), aMessage({ id: 'a', at, history: true }))
  await expect.poll(() => rowsOf(conversations)).toEqual([{ status: 'open', unread: 1, imported: 0 }])
  expect(await messages()).toHaveLength(1)
})

it('an account that is cut off sends nothing more until it is connected again', async () => {
  await tell({
    ...{ kind: 'account', dedupeKey: 'cut', accountId: inbox.accountId, occurredAt: Date.now() },
    ...{ what: 'disconnected', code: 'PARTNER_REMOVED', detail: null },
  })
  await expect.poll(async () => (await gateway.health()).refused).toBe(true)
  expect(await rowOf(sql`SELECT status, status_reason FROM inboxes WHERE id = ${inbox.id}`)).toEqual({
    ...{ status: 'needs_reauth', status_reason: 'PARTNER_REMOVED' },
  })
  await connect(inbox, { version: 3 })
  expect((await gateway.health()).refused).toBe(false)
})

it('that another account of the app is cut off stops this one by nothing', async () => {
  await change(sql`UPDATE inboxes SET settings = '{"businessAccountId":"ours"}' WHERE id = ${inbox.id}`)
  gateway = await connect(inbox, { version: 2, inboxSettings: { businessAccountId: 'ours' } })
  await tell(
    {
      ...{ kind: 'account', dedupeKey: 'cut', accountId: inbox.accountId, occurredAt: Date.now() },
      ...{ what: 'disconnected', code: 'PARTNER_REMOVED', detail: null, businessAccountId: 'theirs' },
    },
    aMessage({ id: 'a', at: Date.now() }),
  )
  await expect.poll(messages).toMatchObject([{ external_id: 'a' }])
  await gateway.lookAgain()
  expect((await gateway.health()).refused).toBe(false)
  expect(await rowOf(sql`SELECT status FROM inboxes WHERE id = ${inbox.id}`)).toEqual({ status: 'active' })
})

it('a message that an earlier version journaled is understood', async () => {
  const { media: _, content: __, appId: ___, history: ____, ...before } = aMessage({ id: 'a', at: Date.now() })
  await gateway.accept([{ ...entryOf(aMessage({ id: 'a' }), Date.now()), payload: JSON.stringify(before) }])
  await expect.poll(messages).toMatchObject([{ external_id: 'a' }])
})
