import { env } from 'cloudflare:workers'
import { type SQL, sql } from 'drizzle-orm'
import { uuidv7 } from 'uuidv7'
import { beforeEach, describe, expect, it } from 'vitest'
import { change, rowsOf } from '../../test/support/people.ts'
import {
  HOUR,
  heardOf,
  losingAnswers,
  MINUTE,
  NOON,
  type TestApp,
  testApp,
  threadOf,
} from '../../test/support/workerd/app.ts'
import { aMessage, anIdentity, person } from '../../test/support/workerd/events.ts'
import { brokenRules } from '../../test/support/workerd/state.ts'
import { viewerOf } from '../../test/support/workerd/viewers.ts'
import { echo, eventsOf, fakeGraph, reachOf, refused, type Said, said } from '../../test/support/workerd/whatsapp.ts'
import { type Inbox, mayUse, newInbox, newShop, rowOf, type Shop } from '../../test/support/workerd/workspace.ts'
import type { InboundEvent } from '../channels/events.ts'
import { openDb } from '../db/client.ts'
import { conversationToEmpty } from '../db/queries/retention.ts'
import type { Viewer } from '../db/records.ts'
import { block, unblock } from './contact-blocks.ts'
import { merge, unmerge } from './contacts.ts'
import { reopen } from './conversations.ts'
import { erase } from './erasures.ts'
import type { AppError } from './errors.ts'
import { changeGreeting } from './hours.ts'
import { reply, tryAgain } from './messages.ts'
import { startConversation } from './new-conversation.ts'
import { dispatch } from './outbox.ts'
import { react } from './reactions.ts'
import { receive } from './receive.ts'

let shop: Shop
let app: TestApp
let ana: Viewer
let bruno: Viewer
let carla: Viewer
let maria: { id: string; conversationId: string }

beforeEach(async () => {
  shop = await newShop()
  app = testApp({ now: NOON + MINUTE })
  const { Ana, Bruno, Carla } = shop.people
  ;[ana, bruno, carla] = await Promise.all([viewerOf(Ana), viewerOf(Bruno), viewerOf(Carla)])
  await writes({ text: 'Oi!', at: NOON })
  const row = await rowOf<{ id: string; contact_id: string }>(
    sql`SELECT id, contact_id FROM conversations WHERE inbox_id = ${shop.inbox.id}`,
  )
  maria = { id: row.contact_id, conversationId: row.id }
  app.published.length = 0
})

const hear = (events: InboundEvent[], at: Inbox = shop.inbox, by = app) =>
  receive(
    by,
    at,
    events.map((event) => ({ event, receivedAt: by.now() })),
  )

const writes = async (of: Said, at: Inbox = shop.inbox, by = app) =>
  hear(await eventsOf(at.accountId, said(of)), at, by)

const conversations = () =>
  rowsOf<{ id: string; status: string; unread: number; waiting_since: number | null; seq: number }>(
    sql`SELECT id, status, unread, waiting_since, seq FROM conversations WHERE workspace_id = ${shop.workspaceId} ORDER BY opened_at, id`,
  )

const lines = async (conversationId = maria.conversationId) =>
  (await threadOf(ana, conversationId)).map(({ kind, type, body }) => (kind === 'message' ? body : type))

const codeOf = (attempted: Promise<unknown>) =>
  attempted.then(
    () => 'done',
    (error: AppError) => error.code ?? String(error),
  )

const answer = (text: string) =>
  reply(app, bruno, { conversationId: maria.conversationId, text, clientKey: uuidv7(), replyToId: null })

/** A page that was open all the time shows what a fresh one shows. */
async function pagesAreTrue(conversationId = maria.conversationId) {
  const heard = heardOf(app.published, conversationId)
  const fresh = await threadOf(ana, conversationId)
  expect(fresh.filter(({ id }) => heard.some((one) => one.id === id))).toEqual(heard)
  expect(await brokenRules(shop.workspaceId)).toEqual([])
}

describe('blocking', () => {
  it('closes what is open with a line that says so, and tells everyone', async () => {
    await block(app, bruno, maria.id, {})
    expect(await conversations()).toMatchObject([{ status: 'closed', unread: 0, waiting_since: null, seq: 2 }])
    expect(await lines()).toEqual(['Oi!', 'contact_blocked'])
    expect(app.published).toMatchObject([
      {
        type: 'thread.changed',
        aboutContact: true,
        conversation: { id: maria.conversationId, status: 'closed', blocked: true },
        messages: [{ type: 'contact_blocked', authorName: 'Bruno', detail: { was: 'open' } }],
      },
    ])
    await pagesAreTrue()
  })

  it('is one blocking however often it is asked for, written down once', async () => {
    const losing = testApp({ now: app.now(), db: losingAnswers() })
    await block(losing, bruno, maria.id, {})
    await block(app, ana, maria.id, {})
    await unblock(losing, ana, maria.id, {})
    await unblock(app, bruno, maria.id, {})
    expect(
      await rowsOf(
        sql`SELECT actor_id, action, target_id FROM audit_log WHERE workspace_id = ${shop.workspaceId} ORDER BY created_at, id`,
      ),
    ).toEqual([
      { actor_id: bruno.agentId, action: 'contact.blocked', target_id: maria.id },
      { actor_id: ana.agentId, action: 'contact.unblocked', target_id: maria.id },
    ])
    expect(await lines()).toEqual(['Oi!', 'contact_blocked', 'contact_unblocked'])
    await pagesAreTrue()
  })

  it('cancels what waits to leave, and leaves what is done to what they have', async () => {
    const { message } = await answer('Bom dia!')
    await block(app, bruno, maria.id, {})
    expect(await rowsOf(sql`SELECT state, error_code FROM send_attempts WHERE message_id = ${message.id}`)).toEqual([
      { state: 'canceled', error_code: 'contact_blocked' },
    ])
    const shown = app.published.flatMap((told) => (told.type === 'thread.changed' ? told.messages : []))
    expect(shown.find(({ id, attempt }) => id === message.id && attempt?.state === 'canceled')).toBeTruthy()
    await pagesAreTrue()
  })

  it('lets what a provider has in its hands end there: it is not tried again', async () => {
    const graph = fakeGraph()
    const { message } = await answer('Bom dia!')
    graph.answers.push(async (call) => {
      await block(app, ana, maria.id, {})
      return refused(429, 130429)(call)
    })
    await dispatch(app, {
      inbox: shop.inbox,
      reach: reachOf(shop.inbox.accountId, graph, app.now),
      admit: () => app.now(),
    })
    expect(await rowsOf(sql`SELECT state, error_code FROM send_attempts WHERE message_id = ${message.id}`)).toEqual([
      { state: 'canceled', error_code: 'contact_blocked' },
    ])
    await pagesAreTrue()
  })

  it('is for whoever sees the person, but ends nothing that another department has open', async () => {
    await change(sql`UPDATE conversations SET department_id = ${shop.suporte} WHERE workspace_id = ${shop.workspaceId}`)
    expect(await codeOf(block(app, carla, maria.id, {}))).toBe('not_found')
    const finance = await newInbox(shop.workspaceId, { departmentId: shop.financeiro })
    await change(mayUse(shop.people.Carla, finance.id))
    await writes({ text: 'Boleto?', at: NOON }, finance)
    expect(await codeOf(block(app, carla, maria.id, {}))).toBe('already_taken')
    expect(await conversations()).toMatchObject([{ status: 'open' }, { status: 'open' }])
    expect(await codeOf(block(app, ana, maria.id, {}))).toBe('done')
    expect(await conversations()).toMatchObject([{ status: 'closed' }, { status: 'closed' }])
    expect(await codeOf(unblock(app, carla, maria.id, {}))).toBe('done')
    expect(await brokenRules(shop.workspaceId)).toEqual([])
  })

  it('refuses whatever would be sent or begun, with its own sentence', async () => {
    await change(sql`UPDATE contacts SET phone = '+5511999990001' WHERE id = ${maria.id}`)
    const { message } = await answer('Bom dia!')
    await block(app, ana, maria.id, {})
    const of = { conversationId: maria.conversationId, messageId: message.id }
    const [first] = await threadOf(ana, maria.conversationId)
    const start = { contactId: maria.id, inboxId: shop.inbox.id, departmentId: null }
    expect(await codeOf(answer('Oi'))).toBe('blocked')
    expect(await codeOf(tryAgain(app, bruno, { ...of, no: 1 }))).toBe('blocked')
    expect(await codeOf(react(app, bruno, { ...of, messageId: first?.id ?? '', emoji: '👍' }))).toBe('blocked')
    expect(await codeOf(reopen(app, bruno, maria.conversationId, {}))).toBe('blocked')
    expect(await codeOf(startConversation(app, bruno, start))).toBe('blocked')
    await unblock(app, ana, maria.id, {})
    expect(await codeOf(startConversation(app, bruno, start))).toBe('done')
  })
})

describe('what somebody who is blocked writes', () => {
  beforeEach(() => block(app, bruno, maria.id, {}))

  it('is kept below what was said before, and is news to no list', async () => {
    app.published.length = 0
    await writes({ id: 'wamid.1', text: 'Alô?', at: NOON + HOUR })
    await writes({ id: 'wamid.1', text: 'Alô?', at: NOON + HOUR })
    await hear(await eventsOf(shop.inbox.accountId, echo({ text: 'Do celular', at: NOON + 2 * HOUR })))
    expect(await lines()).toEqual(['Oi!', 'contact_blocked', 'Alô?', 'Do celular'])
    expect(await conversations()).toMatchObject([{ status: 'closed', unread: 0, waiting_since: null }])
    expect(app.published.map((told) => told.type === 'thread.changed' && told.quiet)).toEqual([true, true])
    await pagesAreTrue()
  })

  it('is answered by nothing that answers by itself', async () => {
    await changeGreeting(app, ana, { inboxId: shop.inbox.id, body: 'Olá!', once: 'conversation', version: 0 }, {})
    await writes({ text: 'Alô?', at: NOON + HOUR })
    expect(
      await rowsOf(
        sql`SELECT id FROM messages WHERE inbox_id = ${shop.inbox.id} AND direction = 'outgoing' AND kind = 'message'`,
      ),
    ).toEqual([])
  })

  it('begins a closed conversation of its own on a number where there was none', async () => {
    const other = await newInbox(shop.workspaceId)
    await writes({ text: 'Por aqui?', at: NOON + HOUR }, other)
    await writes({ text: 'Ei!', at: NOON + HOUR + MINUTE }, other)
    const [, second, ...more] = await conversations()
    expect(more).toEqual([])
    expect(second).toMatchObject({ status: 'closed', unread: 0, waiting_since: null })
    expect(await lines(second?.id)).toEqual(['Por aqui?', 'Ei!'])
    expect(await rowsOf(sql`SELECT id FROM contacts WHERE workspace_id = ${shop.workspaceId}`)).toHaveLength(1)
    expect(await brokenRules(shop.workspaceId)).toEqual([])
  })

  it('stays what it was once they are heard again: the next message opens a conversation as always', async () => {
    await writes({ id: 'wamid.1', text: 'Alô?', at: NOON + HOUR })
    await unblock(app, ana, maria.id, {})
    app.clock.now = NOON + 2 * HOUR
    await writes({ id: 'wamid.1', text: 'Alô?', at: NOON + HOUR })
    expect(await conversations()).toMatchObject([{ status: 'closed', unread: 0 }])
    await writes({ text: 'Desculpe', at: NOON + 2 * HOUR })
    expect(await conversations()).toMatchObject([
      { id: maria.conversationId, status: 'closed', unread: 0 },
      { status: 'open', unread: 1, waiting_since: NOON + 2 * HOUR },
    ])
    await pagesAreTrue()
  })

  it('is kept for as long as what is said now, not as what was closed long ago', async () => {
    const day = 24 * HOUR
    await change(
      sql`UPDATE workspaces SET retention_days = 90 WHERE id = ${shop.workspaceId}`,
      sql`UPDATE conversations SET closed_at = ${NOON - 100 * day}, last_at = ${NOON - 100 * day} WHERE id = ${maria.conversationId}`,
    )
    const over = async (now: number) => (await app.db.read(conversationToEmpty(shop.workspaceId, now)))[0]
    expect(await over(NOON)).toHaveLength(1)
    await writes({ text: 'Alô?', at: NOON })
    expect(await over(NOON + MINUTE)).toEqual([])
    expect(await over(NOON + 91 * day)).toHaveLength(1)
    await change(sql`UPDATE conversations SET emptied_at = 1 WHERE id = ${maria.conversationId}`)
    await writes({ text: 'Ainda?', at: NOON + 2 * MINUTE })
    expect(await lines((await conversations())[1]?.id)).toEqual(['Ainda?'])
  })

  it('is stored once it is told again, where the batch after the first never came', async () => {
    const db = openDb(env)
    let batches = 0
    const gone = new Error('The database is gone.')
    const failing = {
      ...db,
      async write(...statements: SQL[]) {
        batches += 1
        if (batches === 2) throw gone
        return db.write(...statements)
      },
      get orm() {
        return db.orm
      },
      get roundTrips() {
        return db.roundTrips
      },
    }
    const of = { id: 'wamid.1', text: 'Alô?', at: NOON + HOUR }
    await expect(writes(of, shop.inbox, testApp({ now: app.now(), db: failing }))).rejects.toBe(gone)
    expect(await lines()).toEqual(['Oi!', 'contact_blocked'])
    await writes(of)
    await writes(of)
    expect(await lines()).toEqual(['Oi!', 'contact_blocked', 'Alô?'])
    expect(await brokenRules(shop.workspaceId)).toEqual([])
  })

  it('is stored though the answer of every batch is lost', async () => {
    const losing = testApp({ now: app.now(), db: losingAnswers() })
    await writes({ text: 'Alô?', at: NOON + HOUR }, shop.inbox, losing)
    expect(await lines()).toEqual(['Oi!', 'contact_blocked', 'Alô?'])
    expect(await brokenRules(shop.workspaceId)).toEqual([])
  })
})

it('whatever is written while somebody blocks and unblocks is there once, and nobody blocked has anything open', async () => {
  const ids = Array.from({ length: 12 }, (_, n) => `wamid.race-${n}`)
  const acts = [block, unblock, block, unblock, block].map(async (act, n) => {
    await new Promise((resolve) => setTimeout(resolve, n))
    await codeOf(act(testApp({ now: app.now() + n }), n % 2 ? ana : bruno, maria.id, {}))
  })
  await Promise.all([
    ...ids.map((id, n) =>
      writes({ id, text: id, at: NOON + HOUR + n * 1000 }, shop.inbox, testApp({ now: app.now() + n })),
    ),
    ...acts,
  ])
  const stored = await rowsOf<{ external_id: string }>(
    sql`SELECT external_id FROM messages WHERE inbox_id = ${shop.inbox.id} AND external_id LIKE 'wamid.race-%'`,
  )
  expect(stored.map(({ external_id }) => external_id).toSorted()).toEqual(ids.toSorted())
  expect(await brokenRules(shop.workspaceId)).toEqual([])
})

it('whoever is erased is blocked no more, by name or by whom', async () => {
  await block(app, bruno, maria.id, {})
  await erase(app, ana, { contactId: maria.id, typed: 'x', shown: 'x' }, {})
  expect(await rowsOf(sql`SELECT blocked_at, blocked_by_id FROM contacts WHERE id = ${maria.id}`)).toEqual([
    { blocked_at: null, blocked_by_id: null },
  ])
})

describe('two who are one', () => {
  async function other(from: string, name: string): Promise<string> {
    await writes({ from, name, at: NOON })
    const { contact_id } = await rowOf<{ contact_id: string }>(
      sql`SELECT contact_id FROM identities WHERE inbox_id = ${shop.inbox.id} AND external_id = ${from}`,
    )
    return contact_id
  }

  it('are merged by an agent only where both are blocked, or neither', async () => {
    const twin = await other('5511988880002', 'Maria 2')
    await block(app, ana, twin, {})
    const pair = { id: uuidv7(), keptId: maria.id, mergedId: twin }
    expect(await codeOf(merge(app, ana, pair, {}))).toBe('one_blocked')
    await block(app, ana, maria.id, {})
    expect(await codeOf(merge(app, ana, pair, {}))).toBe('done')
    await unblock(app, ana, maria.id, {})
    await unmerge(app, ana, { keptId: maria.id, mergeId: pair.id }, {})
    expect(
      await rowsOf(
        sql`SELECT blocked_at FROM contacts WHERE workspace_id = ${shop.workspaceId} AND blocked_at IS NOT NULL`,
      ),
    ).toEqual([])
    expect(await brokenRules(shop.workspaceId)).toEqual([])
  })

  it('on the provider’s word are both blocked where one was, and what is open is closed', async () => {
    const hidden = aMessage({ id: 'hidden', from: person('BR.1'), text: 'Sou eu', at: NOON })
    await hear([hidden])
    await block(app, ana, maria.id, {})
    await hear([anIdentity(['5511999990001'], ['BR.1'])])
    await hear([aMessage({ id: 'again', from: person('BR.1'), text: 'E agora?', at: NOON + HOUR })])
    expect(await conversations()).toMatchObject([{ status: 'closed' }, { status: 'closed' }])
    expect(
      await rowsOf(sql`SELECT id FROM contacts WHERE workspace_id = ${shop.workspaceId} AND merged_into_id IS NULL`),
    ).toHaveLength(1)
    expect(await brokenRules(shop.workspaceId)).toEqual([])
  })
})
