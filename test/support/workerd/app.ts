/** What verbs are handed in a test: the real database, a clock and dice of the test's own, and an ear for what is told. */
import { env } from 'cloudflare:workers'
import { uuidv7 } from 'uuidv7'
import { caretakerOf } from '../../../src/caretakers/address.ts'
import type { Channel } from '../../../src/channels/channel.ts'
import { whatsapp } from '../../../src/channels/whatsapp/whatsapp.ts'
import { type Db, openDb } from '../../../src/db/client.ts'
import { erasedKey, seal, unseal } from '../../../src/db/credentials.ts'
import { messagesBefore, toMessage } from '../../../src/db/queries/messages.ts'
import type { Scope, ThreadMessage } from '../../../src/db/records.ts'
import type { App, Happened } from '../../../src/domain/app.ts'
import { storeOn } from '../../../src/store.ts'

/** When these stories play. */
export const NOON = Date.UTC(2026, 10, 20, 12)
export const MINUTE = 60_000
export const HOUR = 60 * MINUTE

export interface TestApp extends App {
  clock: { now: number }
  dice: { next: number }
  published: Happened[]
  /** Webhook keys of the gateways that were told to look at their outbox. */
  hinted: string[]
  read: string[]
  typed: string[]
  /** Webhook keys of the gateways that were asked for templates. */
  asked: string[]
  errors: unknown[]
}

export function testApp({
  now = NOON,
  db = openDb(env),
  channel = whatsapp,
}: {
  now?: number
  db?: Db
  channel?: Channel
} = {}): TestApp {
  const app: TestApp = {
    db,
    clock: { now },
    dice: { next: 0.5 },
    published: [],
    hinted: [],
    read: [],
    typed: [],
    asked: [],
    errors: [],
    channel: () => channel,
    gateway: (webhookKey) => ({
      lookAtOutbox: async () => void app.hinted.push(webhookKey),
      replaySince: async () => 0,
      lookAtMedia: async () => void app.hinted.push(webhookKey),
      lookAgain: async () => void app.hinted.push(webhookKey),
      checkUp: async () => ({
        name: null,
        address: null,
        quality: null,
        checks: [],
        resubscribed: false,
        owesPast: false,
        accessEndsAt: null,
      }),
      readBack: async () => null,
      markRead: async ({ externalId }) => void app.read.push(externalId),
      showTyping: async ({ externalId }) => void app.typed.push(externalId),
      forgetErased: async () => ({ events: 0, next: null }),
      syncTemplates: async () => app.asked.push(webhookKey) > 0,
    }),
    importer: (importId) => ({ work: async () => void app.hinted.push(importId) }),
    lookAfter: async () => undefined,
    ledger: (workspaceId) => caretakerOf(env, workspaceId),
    dumps: (workspaceId) => caretakerOf(env, workspaceId).dumps(),
    store: storeOn(env.MEDIA),
    publicUrl: async (_workspaceId, attachmentId) => `https://files.test/${attachmentId}`,
    publish: (happened) => void app.published.push(happened),
    later: (promise) => void promise.catch((error) => app.errors.push(error)),
    seal: (of, secret) => seal(env.CREDENTIALS_KEY, of, secret),
    unseal: (of, sealed) => unseal(env.CREDENTIALS_KEY, of, sealed),
    erasedKey: ({ workspaceId, id }, what) => erasedKey(env.CREDENTIALS_KEY, { workspaceId, inboxId: id }, what),
    configure: async (inbox) => inbox.version,
    webhookUrl: (channel, webhookKey) => `https://prosa.test/webhooks/${channel}/${webhookKey}`,
    now: () => app.clock.now,
    newId: uuidv7,
    secret: () => uuidv7().replaceAll('-', ''),
    random: () => app.dice.next,
    log: { info() {}, warn() {}, error: (_event, error) => void app.errors.push(error) },
  }
  return app
}

/** Every batch is committed, its answer lost, and the batch tried again, as after a connection that broke. */
export function losingAnswers(db = openDb(env)): Db {
  return {
    ...db,
    async write(...statements) {
      await db.write(...statements)
      return db.write(...statements)
    },
    get orm() {
      return db.orm
    },
    get roundTrips() {
      return db.roundTrips
    },
  }
}

/** The thread as a page that was drawn now shows it. */
export async function threadOf(scope: Scope, conversationId: string): Promise<ThreadMessage[]> {
  const [rows] = await openDb(env).read(messagesBefore(scope, conversationId, null, 1_000))
  return rows.map(toMessage).toReversed()
}

/** The thread as a page shows it that was empty and heard everything. */
export function heardOf(published: Happened[], conversationId: string): ThreadMessage[] {
  const shown = new Map<string, ThreadMessage>()
  for (const happened of published) {
    if (happened.type !== 'thread.changed' || happened.conversation.id !== conversationId) continue
    for (const message of happened.messages) {
      if (message.seq > (shown.get(message.id)?.seq ?? 0)) shown.set(message.id, message)
    }
  }
  return [...shown.values()]
    .filter(({ supersededById }) => supersededById === null)
    .toSorted((a, b) => a.occurredAt - b.occurredAt || a.ingestOrd - b.ingestOrd)
}
