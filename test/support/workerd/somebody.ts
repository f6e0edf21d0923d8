/** Somebody who writes, and whom a test has erased. */
import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { expect } from 'vitest'
import type { InboundEvent } from '../../../src/channels/events.ts'
import { type Db, openDb } from '../../../src/db/client.ts'
import type { Viewer } from '../../../src/db/records.ts'
import { goOnErasing } from '../../../src/domain/erasing.ts'
import { erase } from '../../../src/domain/erasures.ts'
import { gatewayOf } from '../../../src/gateways/address.ts'
import { entryOf } from '../../../src/gateways/entries.ts'
import { rowsOf } from '../people.ts'
import { type TestApp, testApp } from './app.ts'
import { aFile, aMessage } from './events.ts'
import { tracesOf } from './traces.ts'
import { viewerOf } from './viewers.ts'
import { connect, type Inbox, newInbox, newShop, rowOf, type Shop } from './workspace.ts'

/** Somebody with a word of their own in everything that is kept of them. */
export interface Somebody {
  shop: Shop
  inboxes: Inbox[]
  app: TestApp
  ana: Viewer
  contactId: string
  conversationId: string
  word: string
  phone: string
  address: string
  events: InboundEvent[]
}

export const gatewaysApp = (db: Db = openDb(env)): TestApp => ({
  ...testApp({ now: Date.now(), db }),
  gateway: (webhookKey) => gatewayOf(env, webhookKey),
})

/** Who only wrote. */
export async function somebody({ db }: { db?: Db } = {}): Promise<Somebody> {
  const shop = await newShop()
  const inboxes = [shop.inbox, await newInbox(shop.workspaceId)]
  for (const inbox of inboxes) await connect(inbox)
  const word = `Zuleika${crypto.randomUUID().slice(0, 8)}`
  const phone = `+55119${String(10_000_000 + Math.floor(Math.random() * 80_000_000))}`
  const address = `${word}@lid`
  const from = { externalIds: [phone.slice(1), address], phone, profileName: `${word} Perfil` }
  const at = Date.now() - 60_000
  const events: InboundEvent[] = [
    aMessage({ id: `${word}.1`, from, at, text: `Meu segredo é ${word}`, raw: { said: word } }),
    aMessage({
      id: `${word}.2`,
      from,
      at: at + 1,
      type: 'image',
      text: `${word} na foto`,
      media: [aFile({ handle: { id: `${word}-media` } })],
    }),
  ]
  const somebody = {
    shop,
    inboxes,
    app: gatewaysApp(db),
    ana: await viewerOf(shop.people.Ana),
    word,
    phone,
    address,
    events,
  }
  await tell(shop.inbox, ...events)
  await expect.poll(() => contactsOf(shop)).toHaveLength(1)
  await expect.poll(() => rowsOf(sql`SELECT 1 FROM messages WHERE workspace_id = ${shop.workspaceId}`)).toHaveLength(2)
  const { id: contactId } = await rowOf<{ id: string }>(
    sql`SELECT id FROM contacts WHERE workspace_id = ${shop.workspaceId}`,
  )
  const { id: conversationId } = await rowOf<{ id: string }>(
    sql`SELECT id FROM conversations WHERE workspace_id = ${shop.workspaceId}`,
  )
  return { ...somebody, contactId, conversationId }
}

export const tell = (inbox: Inbox, ...events: InboundEvent[]) =>
  gatewayOf(env, inbox.webhookKey).accept(events.map((event) => entryOf(event, Date.now())))

export const contactsOf = ({ workspaceId }: Shop) =>
  rowsOf<{ id: string; erased_at: number | null }>(
    sql`SELECT id, erased_at FROM contacts WHERE workspace_id = ${workspaceId} ORDER BY id`,
  )

export const eraseThem = ({ app, ana, contactId, word }: Somebody) =>
  erase(app, ana, { contactId, typed: `${word} perfil`, shown: `${word} Perfil` }, {})

/** Until nothing is left to do. */
export async function finishErasing(app: TestApp, { workspaceId }: Shop): Promise<void> {
  for (let steps = 0; steps < 200; steps++) if ((await goOnErasing(app, workspaceId)) === null) return
  throw new Error('It never ends.')
}

export const traces = ({ word, phone, inboxes }: Somebody) =>
  tracesOf(inboxes[0]?.workspaceId ?? '', [word, phone.slice(1)], inboxes)

/** Every event of theirs has been looked at, and none stayed. */
export const journalIsEmpty = ({ shop }: Somebody) =>
  expect
    .poll(() =>
      runInDurableObject(gatewayOf(env, shop.inbox.webhookKey), (_, { storage }) =>
        storage.sql.exec('SELECT dedupe_key, state, last_error FROM journal').toArray(),
      ),
    )
    .toEqual([])
