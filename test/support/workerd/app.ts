/** What verbs are handed in a test: the real database, a clock and dice of the test's own, and an ear for what is told. */
import { env } from 'cloudflare:workers'
import { uuidv7 } from 'uuidv7'
import { whatsapp } from '../../../src/channels/whatsapp.ts'
import { type Db, openDb } from '../../../src/db/client.ts'
import type { App, Happened } from '../../../src/domain/app.ts'

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
  errors: unknown[]
}

export function testApp({ now = NOON, db = openDb(env) }: { now?: number; db?: Db } = {}): TestApp {
  const app: TestApp = {
    db,
    clock: { now },
    dice: { next: 0.5 },
    published: [],
    hinted: [],
    read: [],
    errors: [],
    channel: () => whatsapp,
    gateway: (webhookKey) => ({
      lookAtOutbox: async () => void app.hinted.push(webhookKey),
      markRead: async (externalId) => void app.read.push(externalId),
    }),
    publish: (happened) => void app.published.push(happened),
    later: (promise) => void promise.catch((error) => app.errors.push(error)),
    now: () => app.clock.now,
    newId: uuidv7,
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

/** The last told state of each message, as a page that heard everything shows it. */
export function toldOf(published: Happened[]): Map<string, { state: string; seq: number }> {
  const shown = new Map<string, { state: string; seq: number }>()
  for (const happened of published) {
    if (happened.type !== 'thread.changed') continue
    for (const { id, state, seq } of happened.messages) {
      if (seq > (shown.get(id)?.seq ?? 0)) shown.set(id, { state, seq })
    }
  }
  return shown
}
