import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { change, rowsOf } from '../../test/support/people.ts'
import { HOUR, losingAnswers, MINUTE, NOON, type TestApp, testApp } from '../../test/support/workerd/app.ts'
import { brokenRules, stateOf } from '../../test/support/workerd/state.ts'
import { echo, eventsIn, eventsOf, said, status, webhook } from '../../test/support/workerd/whatsapp.ts'
import { type Inbox, newEmptyWorkspace, rowOf } from '../../test/support/workerd/workspace.ts'
import type { InboundEvent } from '../channels/events.ts'
import { receive } from './receive.ts'

let app: TestApp
let inbox: Inbox
let other: Inbox
let hear: (...values: Record<string, unknown>[]) => ReturnType<typeof receive>

async function startOver(): Promise<void> {
  ;[inbox, other] = (await newEmptyWorkspace(2)) as [Inbox, Inbox]
  app = testApp()
  hear = (...values) => hearAt(inbox, ...values)
}

async function hearAt(at: Inbox, ...values: Record<string, unknown>[]) {
  const events = await eventsOf(at.accountId, ...values)
  return receiveAll(at, events)
}

const receiveAll = (at: Inbox, events: InboundEvent[]) =>
  receive(
    app,
    at,
    events.map((event) => ({ event, receivedAt: NOON })),
  )

const contacts = () =>
  rowsOf<{ phone: string | null; profile_name: string | null }>(
    sql`SELECT phone, profile_name FROM contacts WHERE workspace_id = ${inbox.workspaceId} ORDER BY created_at, phone`,
  )

const conversations = () =>
  rowsOf<{ id: string; status: string; seq: number; unread: number; last_at: number; inbox_id: string }>(
    sql`SELECT * FROM conversations WHERE workspace_id = ${inbox.workspaceId} ORDER BY id`,
  )

const bodies = async () =>
  (
    await rowsOf<{ body: string }>(
      sql`SELECT body FROM messages WHERE workspace_id = ${inbox.workspaceId} AND superseded_by_id IS NULL ORDER BY occurred_at, ingest_ord`,
    )
  ).map(({ body }) => body)

describe('who writes', () => {
  it('somebody new becomes a contact with a conversation, and everyone is told', async () => {
    await startOver()
    expect(await hear(said({ from: '5511999990001', name: 'Mariana', text: 'Bom dia', at: NOON }))).toEqual(['applied'])

    expect(await contacts()).toEqual([{ phone: '+5511999990001', profile_name: 'Mariana' }])
    expect(await conversations()).toMatchObject([{ status: 'open', seq: 1, unread: 1, last_at: NOON }])
    expect(app.published).toMatchObject([
      {
        type: 'thread.changed',
        workspaceId: inbox.workspaceId,
        conversation: { seq: 1, contactName: 'Mariana', unread: 1, waitingSince: NOON },
        messages: [{ seq: 1, body: 'Bom dia', direction: 'incoming', state: 'received' }],
      },
    ])
  })

  it('the same person with and without the ninth digit is one, and is answered where they wrote last', async () => {
    await startOver()
    await hear(said({ from: '551199990001', at: NOON }))
    await hear(said({ from: '5511999990001', at: NOON + 1_000 }))
    await hear(said({ from: '551199990001', at: NOON + 2_000 }))

    expect(await contacts()).toEqual([{ phone: '+5511999990001', profile_name: null }])
    expect(await conversations()).toMatchObject([{ seq: 3 }])
    const identities = await rowsOf<{ principal_id: string }>(
      sql`SELECT DISTINCT principal_id FROM identities WHERE workspace_id = ${inbox.workspaceId}`,
    )
    expect(identities).toHaveLength(1)
  })

  it('somebody who hides the number is known by the id, and by both once the number comes along', async () => {
    await startOver()
    await hear(said({ userId: 'BR.1349120865530274', name: 'Helena', at: NOON }))
    expect(await contacts()).toEqual([{ phone: null, profile_name: 'Helena' }])

    await hear(said({ userId: 'BR.1349120865530274', from: '5511999990002', at: NOON + 1_000 }))
    await hear(said({ from: '5511999990002', at: NOON + 2_000 }))
    expect(await contacts()).toEqual([{ phone: '+5511999990002', profile_name: 'Helena' }])
    expect(await conversations()).toMatchObject([{ seq: 3 }])
  })

  it('one phone at two numbers is one contact with two conversations', async () => {
    await startOver()
    await hear(said({ from: '5511999990003', name: 'Tiago', at: NOON }))
    await hearAt(other, said({ from: '551199990003', name: 'Tiago', at: NOON }))

    expect(await contacts()).toEqual([{ phone: '+5511999990003', profile_name: 'Tiago' }])
    expect((await conversations()).map(({ inbox_id }) => inbox_id).sort()).toEqual([inbox.id, other.id].sort())
  })

  it('a group is one conversation, whoever speaks', async () => {
    await startOver()
    await hear(
      said({ groupId: 'G1', from: '5511999990001', at: NOON }),
      said({ groupId: 'G1', from: '5511999990002', at: NOON }),
    )
    expect(await conversations()).toMatchObject([{ seq: 2 }])
    expect(await contacts()).toEqual([{ phone: null, profile_name: null }])
  })

  it.each([
    ['in order', [0, 1, 2, 3]],
    ['backwards', [3, 2, 1, 0]],
    ['the newest first', [2, 0, 1, 3]],
    ['the nameless first', [3, 1, 0, 2]],
  ])('the newest message says what the person is called: %s', async (_, order) => {
    await startOver()
    const names = ['Bia', 'Beatriz', 'Bia', undefined]
    for (const at of order) await hear(said({ ...(names[at] ? { name: names[at] } : {}), at: NOON + at * 1_000 }))
    expect(await contacts()).toMatchObject([{ profile_name: 'Bia' }])
  })

  it('a name of tricks becomes a plain one', async () => {
    await startOver()
    await hear(said({ name: '  \u202eEvil\u200b \u0000 name\u2066 ', text: 'a\u0000b\r\nc\ud800', at: NOON }))
    expect(await contacts()).toMatchObject([{ profile_name: 'Evil name' }])
    expect(await bodies()).toEqual(['ab\nc\ufffd'])
  })
})

describe('conversations', () => {
  it('whoever writes after the close opens a new one, and the closed one stays as it was', async () => {
    await startOver()
    await hear(said({ text: 'antes', at: NOON }))
    await change(
      sql`UPDATE conversations SET status = 'closed', closed_at = ${NOON} WHERE workspace_id = ${inbox.workspaceId}`,
    )
    await hear(said({ text: 'depois', at: NOON + MINUTE }))
    await hear(said({ text: 'e mais', at: NOON + 2 * MINUTE }))

    expect(await conversations()).toMatchObject([
      { status: 'closed', seq: 1 },
      { status: 'open', seq: 2, unread: 2 },
    ])
    expect(await brokenRules(inbox.workspaceId)).toEqual([])
  })

  it('fault 19: two images in one millisecond open one conversation', async () => {
    for (let time = 0; time < 5; time += 1) {
      await startOver()
      const events = await eventsOf(inbox.accountId, said({ at: NOON }), said({ at: NOON }))
      const apps = events.map(() => testApp())
      await Promise.all(events.map((event, at) => receive(apps[at] ?? app, inbox, [{ event, receivedAt: NOON }])))
      expect(await conversations()).toMatchObject([{ seq: 2, unread: 2 }])
      expect(await contacts()).toHaveLength(1)
    }
  })

  it('fault 35: a provider in 1970 or 2099 is brought back to what is believable, and its own word is kept', async () => {
    await startOver()
    await hear(
      said({ text: '1970', at: 0 }),
      said({ text: '2099', at: Date.UTC(2099, 0) }),
      said({ text: 'now', at: NOON }),
    )
    expect(await bodies()).toEqual(['1970', 'now', '2099'])
    const times = await rowsOf(
      sql`SELECT occurred_at - ${NOON} AS off, provider_at FROM messages WHERE workspace_id = ${inbox.workspaceId} ORDER BY occurred_at`,
    )
    expect(times).toEqual([
      { off: -30 * 24 * HOUR, provider_at: 0 },
      { off: 0, provider_at: NOON },
      { off: 5 * MINUTE, provider_at: Date.UTC(2099, 0) },
    ])
  })
})

describe('the same again', () => {
  it('changes nothing and is told to nobody', async () => {
    await startOver()
    const events = await eventsIn(
      webhook(
        { accountId: inbox.accountId, value: said({ id: 'wamid.A', text: 'uma vez', at: NOON }) },
        { accountId: inbox.accountId, value: { contacts: [] } },
      ),
    )
    await receiveAll(inbox, events)
    const before = await stateOf(inbox.workspaceId)
    const told = app.published.length
    for (let time = 0; time < 3; time += 1) await receiveAll(inbox, events)
    expect(await stateOf(inbox.workspaceId)).toEqual(before)
    expect(app.published).toHaveLength(told)
    expect(before.kept).toHaveLength(1)
  })

  it('fault 10: an answer that was lost after the commit leaves no second row and no gap', async () => {
    await startOver()
    app = testApp({ db: losingAnswers() })
    await hear(said({ text: 'um', at: NOON }), said({ text: 'dois', at: NOON + 1_000 }), echo({ at: NOON + 2_000 }))
    expect(await bodies()).toEqual(['um', 'dois', 'Do celular'])
    expect(await conversations()).toMatchObject([{ seq: 3, unread: 2 }])
    expect(app.published).toMatchObject([{ messages: [{ seq: 1 }, { seq: 2 }, { seq: 3 }] }])
  })

  it('fault 9: a batch that is refused leaves nothing behind', async () => {
    await startOver()
    const events = await eventsOf(inbox.accountId, said({ at: NOON }), said({ at: NOON }))
    const [first, second] = events as [InboundEvent, InboundEvent]
    const poison = { ...second, type: null } as unknown as InboundEvent
    await expect(receiveAll(inbox, [first, poison])).rejects.toThrow(/NOT NULL/)
    expect(await stateOf(inbox.workspaceId)).toMatchObject({ contacts: [], conversations: [], messages: [] })
  })
})

describe('echoes', () => {
  it('what was written on the phone is an outgoing bubble, and makes nothing unread', async () => {
    await startOver()
    await hear(echo({ to: '5511999990001', text: 'Já respondo', at: NOON }))
    expect(await conversations()).toMatchObject([{ seq: 1, unread: 0 }])
    expect(app.published).toMatchObject([
      { messages: [{ direction: 'outgoing', state: 'sent', body: 'Já respondo', attempt: null }] },
    ])
  })

  it('its statuses say nothing that a bubble shows, and wait for nothing', async () => {
    await startOver()
    await hear(echo({ id: 'wamid.E', at: NOON }))
    expect(await hear(status('wamid.E', 'delivered'))).toEqual(['applied'])
  })

  it('one that names an attempt of ours is that attempt', async () => {
    await startOver()
    const { attemptId } = await anAnswer('sending')
    await hear(echo({ id: 'wamid.E', attemptId, text: 'Olá', at: NOON }))
    expect(await bodies()).toEqual(['Oi!', 'Olá'])
    expect(await attempt(attemptId)).toMatchObject({ state: 'sent', external_id: 'wamid.E', rank: 30 })
    expect(app.published.at(-1)).toMatchObject({ messages: [{ state: 'sent', body: 'Olá' }] })
  })

  it('one that names somebody else’s attempt is a bubble of its own', async () => {
    await startOver()
    await hear(echo({ attemptId: 'of another tool', text: 'Olá', at: NOON }))
    expect(await bodies()).toEqual(['Olá'])
  })

  it('one that came before its status is taken into the attempt that the status names', async () => {
    await startOver()
    const { attemptId, messageId } = await anAnswer('sending')
    await hear(echo({ id: 'wamid.E', text: 'Olá', at: NOON }))
    expect(await bodies()).toEqual(['Oi!', 'Olá', 'Olá'])
    await hear(status('wamid.E', 'delivered', { attemptId }))

    expect(await bodies()).toEqual(['Oi!', 'Olá'])
    expect(await attempt(attemptId)).toMatchObject({ state: 'delivered', external_id: 'wamid.E' })
    expect(app.published.at(-1)).toMatchObject({
      messages: [{ supersededById: messageId }, { id: messageId, state: 'delivered' }],
    })
    expect(await brokenRules(inbox.workspaceId)).toEqual([])
  })

  it('while a call is under way, a status of an echo that may be its own waits', async () => {
    await startOver()
    await anAnswer('sending')
    await hear(echo({ id: 'wamid.E', text: 'Olá', at: NOON }))
    expect(await hear(status('wamid.E', 'delivered'))).toEqual(['waiting'])
  })
})

describe('fault 14: what we do not know yet', () => {
  it('is kept whole, once, and shown to no conversation', async () => {
    await startOver()
    const odd = { accountId: inbox.accountId, value: { something: 'new' } }
    await receiveAll(inbox, await eventsIn(webhook(odd)))
    await receiveAll(inbox, await eventsIn(webhook(odd)))
    const { kept, messages } = await stateOf(inbox.workspaceId)
    expect(kept).toMatchObject([{ kind: 'unknown', payload: expect.stringContaining('"something":"new"') }])
    expect(messages).toEqual([])
    expect(app.published).toEqual([])
  })
})

describe('statuses', () => {
  it('climb, are told once each, and wait where the message is not known', async () => {
    await startOver()
    const { attemptId, messageId } = await anAnswer('sending')
    expect(await hear(status('wamid.S', 'delivered'))).toEqual(['waiting'])
    expect(await hear(status('wamid.S', 'sent', { attemptId }))).toEqual(['applied'])
    expect(await hear(status('wamid.S', 'delivered'), status('wamid.S', 'read'))).toEqual(['applied', 'applied'])
    expect(await hear(status('wamid.S', 'delivered'), status('wamid.S', 'sent'), status('wamid.S', 'failed'))).toEqual(
      Array(3).fill('applied'),
    )
    expect(await attempt(attemptId)).toMatchObject({ state: 'read', rank: 50, error_code: null })
    const told = app.published.flatMap((one) => (one.type === 'thread.changed' ? one.messages : []))
    expect(told.filter(({ id }) => id === messageId).map(({ state }) => state)).toEqual(['sent', 'read'])
    expect(await brokenRules(inbox.workspaceId)).toEqual([])
  })

  it('a failure comes with its code, and proof of delivery takes it back', async () => {
    await startOver()
    const { attemptId } = await anAnswer('sending')
    await hear(status('wamid.S', 'failed', { attemptId, code: 131026 }))
    expect(await attempt(attemptId)).toMatchObject({ state: 'failed', error_class: 'permanent', error_code: '131026' })
    await hear(status('wamid.S', 'delivered'))
    expect(await attempt(attemptId)).toMatchObject({ state: 'delivered', error_class: null, error_code: null })
  })

  it('a proof never crosses to another number', async () => {
    await startOver()
    const { attemptId } = await anAnswer('unknown')
    expect(await hearAt(other, status('wamid.S', 'sent', { attemptId }))).toEqual(['waiting'])
    expect(await attempt(attemptId)).toMatchObject({ state: 'unknown', external_id: null })
  })
})

/** An answer on its way out, at the point where this story needs it. */
async function anAnswer(state: 'sending' | 'unknown'): Promise<{ attemptId: string; messageId: string }> {
  await hear(said({ at: NOON - MINUTE }))
  const conversation = await rowOf<{ id: string }>(sql`SELECT id FROM conversations WHERE inbox_id = ${inbox.id}`)
  const [messageId, attemptId] = [app.newId(), app.newId()]
  const rank = state === 'sending' ? 10 : 20
  await change(
    sql`UPDATE conversations SET seq = seq + 1 WHERE id = ${conversation.id}`,
    sql`INSERT INTO messages (workspace_id, id, conversation_id, inbox_id, direction, body, occurred_at, ingest_ord, seq, created_at)
      VALUES (${inbox.workspaceId}, ${messageId}, ${conversation.id}, ${inbox.id}, 'outgoing', 'Olá', ${NOON}, 2, 2, ${NOON})`,
    sql`INSERT INTO send_attempts (workspace_id, id, message_id, conversation_id, inbox_id, no, ord, state, rank, lease_id, lease_until, created_at)
      VALUES (${inbox.workspaceId}, ${attemptId}, ${messageId}, ${conversation.id}, ${inbox.id}, 1, 1, ${state}, ${rank}, 'lease', ${NOON + MINUTE}, ${NOON})`,
  )
  return { attemptId, messageId }
}

const attempt = (id: string) =>
  rowOf<Record<string, unknown>>(
    sql`SELECT * FROM send_attempts WHERE workspace_id = ${inbox.workspaceId} AND id = ${id}`,
  )
