/** What each kind of event does to the tables, told in our own words: no channel's. */
import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { change, rowsOf } from '../../test/support/people.ts'
import { HOUR, losingAnswers, MINUTE, NOON, type TestApp, testApp } from '../../test/support/workerd/app.ts'
import {
  aDeletion,
  aFile,
  aMessage,
  aNote,
  anEcho,
  anEdit,
  anIdentity,
  aReaction,
  aStatus,
  aWatermark,
  person,
} from '../../test/support/workerd/events.ts'
import { brokenRules } from '../../test/support/workerd/state.ts'
import { type Inbox, newEmptyWorkspace, rowOf } from '../../test/support/workerd/workspace.ts'
import type { InboundEvent } from '../channels/events.ts'
import type { Happened } from './app.ts'
import { type ReceivingInbox, receive } from './receive.ts'

let app: TestApp
let inbox: Inbox

beforeEach(async () => {
  ;[inbox] = (await newEmptyWorkspace(1)) as [Inbox]
  app = testApp()
})

const hear = (...events: InboundEvent[]) => hearAs({}, ...events)

/** Each by itself: what is told after the batch is told before the next comes. */
async function hearAs(settings: Partial<ReceivingInbox>, ...events: InboundEvent[]) {
  const outcomes = []
  for (const event of events)
    outcomes.push(...(await receive(app, { ...inbox, ...settings }, [{ event, receivedAt: NOON }])))
  return outcomes
}

type Row = Record<string, unknown>
const messages = () =>
  rowsOf<Row>(
    sql`SELECT * FROM messages WHERE workspace_id = ${inbox.workspaceId} AND superseded_by_id IS NULL ORDER BY occurred_at, ingest_ord`,
  )
const message = (externalId: string) =>
  rowOf<Row>(sql`SELECT * FROM messages WHERE inbox_id = ${inbox.id} AND external_id = ${externalId}`)
const conversations = () =>
  rowsOf<Row>(sql`SELECT * FROM conversations WHERE workspace_id = ${inbox.workspaceId} ORDER BY opened_at, id`)
const attachments = () =>
  rowsOf<Row>(sql`SELECT * FROM attachments WHERE workspace_id = ${inbox.workspaceId} ORDER BY message_id, ord`)
const reactions = () =>
  rowsOf<Row>(
    sql`SELECT side, emoji, reacted_at FROM reactions WHERE workspace_id = ${inbox.workspaceId} ORDER BY side`,
  )
const contacts = () =>
  rowsOf<Row>(
    sql`SELECT * FROM contacts WHERE workspace_id = ${inbox.workspaceId} AND merged_into_id IS NULL ORDER BY created_at, id`,
  )
const attempt = (id: string) =>
  rowOf<Row>(sql`SELECT * FROM send_attempts WHERE workspace_id = ${inbox.workspaceId} AND id = ${id}`)
const told = () =>
  app.published.filter((one): one is Happened & { type: 'thread.changed' } => one.type === 'thread.changed')

/** An answer in the person's open conversation, at the point where the story needs it. */
async function anAnswer({
  externalId = null as string | null,
  state = 'sent',
  sentAt = null as number | null,
  at = NOON,
} = {}): Promise<string> {
  const {
    id: conversationId,
    seq,
    out_ord,
  } = await rowOf<{ id: string; seq: number; out_ord: number }>(
    sql`SELECT * FROM conversations WHERE inbox_id = ${inbox.id} AND status <> 'closed'`,
  )
  const [messageId, attemptId] = [app.newId(), app.newId()]
  const rank = { sending: 10, unknown: 20, sent: 30 }[state] ?? 0
  await change(
    sql`UPDATE conversations SET seq = seq + 1, out_ord = out_ord + 1 WHERE id = ${conversationId} AND workspace_id = ${inbox.workspaceId}`,
    sql`INSERT INTO messages (workspace_id, id, conversation_id, inbox_id, direction, body, occurred_at, ingest_ord, seq, created_at)
      VALUES (${inbox.workspaceId}, ${messageId}, ${conversationId}, ${inbox.id}, 'outgoing', 'Olá', ${at}, ${seq + 1}, ${seq + 1}, ${at})`,
    sql`INSERT INTO send_attempts (workspace_id, id, message_id, conversation_id, inbox_id, no, ord, state, rank, external_id, sent_at, lease_id, created_at)
      VALUES (${inbox.workspaceId}, ${attemptId}, ${messageId}, ${conversationId}, ${inbox.id}, 1, ${out_ord + 1}, ${state}, ${rank}, ${externalId},
        ${sentAt}, 'lease', ${at})`,
  )
  return attemptId
}

describe('what a message says besides its words', () => {
  it('is stored clean: texts without tricks, links of the web alone', async () => {
    await hear(
      aMessage({
        id: 'a',
        text: 'a\u0000b',
        content: {
          location: { latitude: -23.5, longitude: -46.6, name: 'Pra\u202eça', address: '' },
          referral: { source: 'ad', title: ' Bolo \n de rolo ', url: 'javascript:alert(1)', body: 'um\u0000' },
          share: { kind: 'link', url: 'https://prosa.test/a b' },
          contacts: [{ name: '\u200b', phones: [{ number: '+55 11', label: 'casa' }] }],
        },
      }),
    )
    const { body, content } = await message('a')
    expect(body).toBe('ab')
    expect(JSON.parse(String(content))).toEqual({
      location: { latitude: -23.5, longitude: -46.6, name: 'Praça' },
      referral: { source: 'ad', title: 'Bolo de rolo', body: 'um' },
      share: { kind: 'link', url: 'https://prosa.test/a%20b' },
      contacts: [{ name: '', phones: [{ number: '+55 11', label: 'casa' }] }],
    })
    expect(await conversations()).toMatchObject([{ last_ad_at: NOON, last_incoming_at: NOON }])
    expect(told().at(-1)?.messages).toMatchObject([{ content: { referral: { title: 'Bolo de rolo' } } }])
  })

  it('says how words look as long as they are the words that were meant', async () => {
    const styles = [{ kind: 'bold' as const, from: 1, length: 2, url: 'javascript:alert(1)' }]
    await hear(
      aMessage({ id: 'a', text: 'abc', content: { styles, sender: ' Rui \u202e', album: '13' } }),
      aMessage({ id: 'b', text: 'a\u0000bc', content: { styles, quote: { text: 'dito', elsewhere: true } } }),
    )
    const kept = { styles: [{ kind: 'bold', from: 1, length: 2 }], sender: 'Rui', album: '13' }
    expect(JSON.parse(String((await message('a')).content))).toEqual(kept)
    expect(JSON.parse(String((await message('b')).content))).toEqual({ quote: { text: 'dito', elsewhere: true } })
  })

  it('is nothing where there is nothing', async () => {
    await hear(aMessage({ id: 'a' }))
    expect(await message('a')).toMatchObject({ content: null, raw: null })
    expect(await conversations()).toMatchObject([{ last_ad_at: null }])
  })
})

describe('files', () => {
  it('wait to be fetched, each once; a link of the provider’s is never stored', async () => {
    const media = [
      aFile({ mimeType: 'Image/JPEG', fileName: '\u202eexe.jpg' }),
      aFile({ kind: 'video', handle: { url: 'https://cdn.test/secret' }, mimeType: 'nonsense', bytes: -1 }),
      aFile({ kind: 'document', handle: null, trouble: '131052' }),
    ]
    const event = aMessage({ id: 'a', type: 'image', media })
    await hear(event, event)
    expect(await attachments()).toMatchObject([
      {
        ord: 0,
        state: 'pending',
        provider_media_id: 'media-1',
        mime_type: 'image/jpeg',
        file_name: 'exe.jpg',
        inbox_id: inbox.id,
      },
      { ord: 1, state: 'pending', provider_media_id: null, mime_type: null, size: null },
      { ord: 2, state: 'failed', provider_media_id: null, error_code: '131052' },
    ])
    expect(JSON.stringify(await attachments())).not.toContain('cdn.test')
    expect(told()[0]?.messages).toMatchObject([
      { attachments: [{ state: 'pending' }, { kind: 'video' }, { state: 'failed' }] },
    ])
  })

  it.each(['story_mention', 'share'])('of a %s are never copied', async (type) => {
    await hear(aMessage({ type, media: [aFile()] }))
    expect(await attachments()).toEqual([])
  })
})

describe('what is done to a message', () => {
  it('a reaction shows on its message, the latest of each side, and moves nothing', async () => {
    await hear(aMessage({ id: 'a', at: NOON - HOUR }), anEcho({ id: 'b', at: NOON - HOUR + 1 }))
    const [before] = await conversations()
    expect(
      await hear(
        aReaction('a', '❤️', NOON, { direction: 'outgoing' }),
        aReaction('b', '👍', NOON),
        aReaction('b', '😮', NOON + 1),
        aReaction('b', '😢', NOON - 1),
      ),
    ).toEqual(Array(4).fill('applied'))
    expect(await reactions()).toEqual([
      { side: 'customer', emoji: '😮', reacted_at: NOON + 1 },
      { side: 'team', emoji: '❤️', reacted_at: NOON },
    ])
    expect(await conversations()).toMatchObject([
      { seq: 5, last_at: before?.last_at, unread: 1, last_incoming_at: before?.last_incoming_at },
    ])
    expect(told()).toHaveLength(5)
    expect(told().at(-1)?.messages).toMatchObject([
      { id: (await message('b')).id, seq: 5, reactions: [{ emoji: '😮' }] },
    ])
  })

  it('one that was taken back stays taken back', async () => {
    await hear(aMessage({ id: 'a', at: NOON }), aReaction('a', null, NOON + 2), aReaction('a', '👍', NOON + 1))
    expect(await reactions()).toEqual([{ side: 'customer', emoji: null, reacted_at: NOON + 2 }])
    expect(told().at(-1)?.messages).toMatchObject([{ reactions: [] }])
  })

  it('one to an answer of ours finds it by its attempt', async () => {
    await hear(aMessage({ at: NOON }))
    await anAnswer({ externalId: 'ours' })
    expect(await hear(aReaction('ours', '👍', NOON))).toEqual(['applied'])
    expect(told().at(-1)?.messages).toMatchObject([{ body: 'Olá', reactions: [{ side: 'customer', emoji: '👍' }] }])
  })

  it('does not open what is closed', async () => {
    await hear(aMessage({ id: 'a', at: NOON }))
    await change(
      sql`UPDATE conversations SET status = 'closed', closed_at = ${NOON}, unread = 0 WHERE inbox_id = ${inbox.id}`,
    )
    await hear(aReaction('a', '👍', NOON))
    expect(await conversations()).toMatchObject([{ status: 'closed', seq: 2, unread: 0 }])
  })

  it('the edit of the greatest rank counts, in whatever order', async () => {
    await hear(aMessage({ id: 'a', text: 'Ola', at: NOON }))
    await hear(anEdit('a', 'Olá!!', 2, NOON + 2), anEdit('a', 'Olá', 1, NOON + 1), anEdit('a', 'Olá!', 2, NOON + 3))
    expect(await message('a')).toMatchObject({ body: 'Olá!!', edit_rank: 2, edited_at: NOON + 2 })
    expect(told()).toHaveLength(2)
    expect(told().at(-1)?.messages).toMatchObject([{ body: 'Olá!!', editedAt: NOON + 2 }])
  })

  it('an edit that tells what stands beside the words puts it in place of the old; one that does not leaves it', async () => {
    const at = (longitude: number) => ({ content: { location: { latitude: 1, longitude, live: true } } })
    await hear(aMessage({ id: 'a', text: null, type: 'location', at: NOON, ...at(1) }))
    await hear({ ...anEdit('a', null, 3, NOON + 3), ...at(3) }, { ...anEdit('a', null, 2, NOON + 2), ...at(2) })
    expect(JSON.parse(String((await message('a')).content))).toEqual(at(3).content)
    expect(told().at(-1)?.messages).toMatchObject([at(3)])
    await hear(anEdit('a', 'aqui', 4, NOON + 4))
    expect(await message('a')).toMatchObject({ body: 'aqui', content: expect.stringContaining('"longitude":3') })
  })

  it('what was taken back says nothing any more, and an edit does not bring it back', async () => {
    await hear(
      aMessage({
        ...{
          id: 'a',
          at: NOON,
          type: 'image',
          text: 'segredo',
          replyTo: 'x',
          raw: { secret: 1 },
          media: [aFile({ fileName: 'rg.jpg' })],
        },
        content: { forwarded: 'once' },
      }),
      aReaction('a', '👍', NOON),
    )
    await change(
      sql`UPDATE attachments SET state = 'stored', object_key = 'ws/1' WHERE workspace_id = ${inbox.workspaceId}`,
    )
    await hear(
      anEdit('a', 'outra', 1, NOON),
      aDeletion('a', NOON + 5),
      anEdit('a', 'de volta', 9, NOON + 9),
      aReaction('a', '😮', NOON + 9),
    )
    expect(await hear(aDeletion('a', NOON + 4))).toEqual(['applied'])

    expect(await message('a')).toMatchObject({
      ...{ body: null, content: null, raw: null, reply_to_external_id: null, edited_at: null, edit_rank: null },
      deleted_at: NOON + 4,
    })
    expect(await attachments()).toMatchObject([
      { state: 'deleted', object_key: 'ws/1', file_name: null, provider_media_id: null },
    ])
    expect(await reactions()).toEqual([])
    expect(told().at(-1)).toMatchObject({
      messages: [{ deletedAt: NOON + 4, body: null, content: {} }],
      conversation: { last: { body: null } },
    })
    expect(await brokenRules(inbox.workspaceId)).toEqual([])
  })

  it('what is said of a message that nobody has heard of waits for it', async () => {
    const early = [aReaction('a', '👍', NOON), anEdit('a', 'Olá', 1, NOON), aDeletion('b', NOON)]
    expect(await hear(...early)).toEqual(['waiting', 'waiting', 'waiting'])
    await hear(aMessage({ id: 'a', at: NOON }), aMessage({ id: 'b', at: NOON + 1 }))
    expect(await hear(...early)).toEqual(['applied', 'applied', 'applied'])
    expect(await messages()).toMatchObject([{ body: 'Olá' }, { body: null, deleted_at: NOON }])
  })

  it('waits where an echo may turn out to be what is being sent, and is found on the answer then', async () => {
    await hear(aMessage({ at: NOON }))
    const attemptId = await anAnswer({ state: 'sending' })
    await hear(anEcho({ id: 'e', at: NOON }))
    expect(await hear(aReaction('e', '👍', NOON))).toEqual(['waiting'])
    await hear(aStatus('e', 'delivered', { attemptId }))
    expect(await hear(aReaction('e', '👍', NOON))).toEqual(['applied'])
    expect(told().at(-1)?.messages).toMatchObject([{ body: 'Olá', reactions: [{ emoji: '👍' }] }])
  })

  it('what was done to an echo goes with it into the answer that it turns out to be', async () => {
    await hear(aMessage({ at: NOON }))
    const attemptId = await anAnswer({ state: 'unknown' })
    await hear(anEcho({ id: 'e', at: NOON, text: 'Olá' }), aReaction('e', '👍', NOON), anEdit('e', 'Olá!', 1, NOON + 1))
    await hear(aStatus('e', 'delivered', { attemptId }))
    expect(told().at(-1)?.messages).toMatchObject([
      { supersededById: expect.any(String) },
      { state: 'delivered', body: 'Olá!', editedAt: NOON + 1, reactions: [{ emoji: '👍' }] },
    ])
    expect(await brokenRules(inbox.workspaceId)).toEqual([])
  })
})

describe('an echo that turns out to be an answer of ours', () => {
  const echoed = () =>
    hear(anEcho({ id: 'e', at: NOON, type: 'image', text: 'segredo', raw: { secret: 1 }, media: [aFile()] }))
  const hidden = () =>
    rowOf<Row>(
      sql`SELECT * FROM messages WHERE inbox_id = ${inbox.id} AND external_id = 'e' AND superseded_by_id IS NOT NULL`,
    )

  it('keeps nothing of its own: what is taken back is gone from both', async () => {
    await hear(aMessage({ at: NOON }))
    const attemptId = await anAnswer({ state: 'unknown' })
    await echoed()
    await change(
      sql`UPDATE attachments SET state = 'stored', object_key = 'ws/e' WHERE workspace_id = ${inbox.workspaceId}`,
    )
    await hear(aReaction('e', '👍', NOON), aStatus('e', 'sent', { attemptId }))
    expect(await hidden()).toMatchObject({ body: null, content: null, raw: null })
    expect(await attachments()).toMatchObject([{ state: 'deleted', object_key: 'ws/e' }])
    expect(await reactions()).toHaveLength(1)
    await hear(aDeletion('e', NOON + 1))
    expect(await reactions()).toEqual([])
    expect((await messages()).at(-1)).toMatchObject({ body: null, deleted_at: NOON + 1 })
  })

  it.each([
    ['before its proof', ['echo', 'proof']],
    ['after its proof', ['proof', 'echo']],
  ] as const)('says when the conversation was alive last, also where it comes %s', async (_, order) => {
    await hear(aMessage({ at: NOON }))
    const attemptId = await anAnswer({ state: 'unknown' })
    const fact = { echo: anEcho({ id: 'e', at: NOON + 5 }), proof: aStatus('e', 'sent', { attemptId }) }
    await hear(...order.map((which) => fact[which]), fact.echo)
    expect(await conversations()).toMatchObject([{ last_at: NOON + 5 }])
    expect(await attempt(attemptId)).toMatchObject({ state: 'sent' })
    expect(await messages()).toHaveLength(2)
    expect(await brokenRules(inbox.workspaceId)).toEqual([])
  })

  it('that was taken back takes the answer’s own file along', async () => {
    await hear(aMessage({ at: NOON }))
    const attemptId = await anAnswer({ state: 'unknown' })
    const { message_id } = await attempt(attemptId)
    await change(
      sql`INSERT INTO attachments (workspace_id, id, message_id, inbox_id, ord, kind, state, object_key, file_name, created_at)
        VALUES (${inbox.workspaceId}, ${app.newId()}, ${message_id}, ${inbox.id}, 0, 'image', 'stored', 'ws/o', 'rg.jpg', 0)`,
    )
    await echoed()
    await hear(aDeletion('e', NOON + 1), aStatus('e', 'sent', { attemptId }))
    expect((await messages()).at(-1)).toMatchObject({ id: message_id, body: null, deleted_at: NOON + 1 })
    expect(await attachments()).toMatchObject([
      { state: 'deleted', file_name: null },
      { state: 'deleted', file_name: null },
    ])
  })
})

describe('the past', () => {
  const past = { history: true } as const

  it('goes to one closed conversation that holds what came before all others, and disturbs nobody', async () => {
    await hear(
      aMessage({ ...past, id: 'a', text: 'há meses', at: NOON - 100 * 24 * HOUR }),
      anEcho({ ...past, id: 'b', text: 'resposta', at: NOON - 99 * 24 * HOUR }),
      aMessage({ ...past, id: 'c', text: 'antes disso', at: NOON - 101 * 24 * HOUR }),
    )
    expect(await conversations()).toMatchObject([
      {
        ...{ imported: 1, status: 'closed', unread: 0, waiting_since: null, seq: 3 },
        ...{ opened_at: NOON - 101 * 24 * HOUR, closed_at: NOON - 99 * 24 * HOUR, last_at: NOON - 99 * 24 * HOUR },
        last_incoming_at: NOON - 100 * 24 * HOUR,
      },
    ])
    expect((await messages()).map(({ body }) => body)).toEqual(['antes disso', 'há meses', 'resposta'])
    expect(told()).toMatchObject([{ quiet: true }, { quiet: true }, { quiet: true }])
    expect(await brokenRules(inbox.workspaceId)).toEqual([])
  })

  it('goes to the conversation that was open then, unread by nobody, and moves the window by its own time', async () => {
    app.clock.now = NOON - 2 * HOUR
    await hear(aMessage({ id: 'a', at: NOON - 2 * HOUR }))
    await hear(aMessage({ ...past, id: 'b', at: NOON - HOUR }), aMessage({ ...past, id: 'c', at: NOON - 3 * HOUR }))
    expect(await conversations()).toMatchObject([
      { imported: 1, last_incoming_at: NOON - 3 * HOUR },
      { imported: 0, unread: 1, waiting_since: NOON - 2 * HOUR, last_incoming_at: NOON - HOUR, last_at: NOON - HOUR },
    ])
  })

  it('is told again with its file, which is then in its place, once', async () => {
    const again = aMessage({ ...past, id: 'a', type: 'image', text: 'Suculenta', at: NOON, media: [aFile()] })
    await hear(aMessage({ ...past, id: 'a', type: 'media_placeholder', text: null, at: NOON }), again, again)
    expect(await messages()).toMatchObject([{ type: 'image', body: 'Suculenta' }])
    expect(await attachments()).toMatchObject([{ state: 'pending', provider_media_id: 'media-1' }])
    expect(told()).toHaveLength(2)
    expect(told().at(-1)?.messages).toMatchObject([{ type: 'image', attachments: [{ state: 'pending' }] }])
    await hear(aMessage({ ...past, id: 'a', type: 'media_placeholder', text: null, at: NOON }))
    expect(await messages()).toMatchObject([{ type: 'image', body: 'Suculenta' }])
  })

  it('that turns out to be news is news: unread, waiting, in the open conversation', async () => {
    await hear(aMessage({ ...past, id: 'a', at: NOON - MINUTE, media: [aFile()], type: 'image' }))
    app.published.length = 0
    const live = aMessage({ id: 'a', at: NOON - MINUTE, media: [aFile()], type: 'image' })
    await hear(live, live)
    expect(await conversations()).toMatchObject([
      { imported: 0, status: 'open', unread: 1, waiting_since: NOON - MINUTE, seq: 1 },
    ])
    expect(await messages()).toMatchObject([{ external_id: 'a', seq: 1 }])
    expect(await attachments()).toHaveLength(1)
    expect(told()).toMatchObject([{ conversation: { unread: 1 }, messages: [{ seq: 1 }] }])
    expect(told()[0]?.quiet).toBeUndefined()
  })
})

describe('who waits', () => {
  it.each([
    ['as it was', [0, 1, 2]],
    ['backwards', [2, 1, 0]],
    ['the answer first', [1, 0, 2]],
  ])('nobody whom the team has answered on the phone: %s', async (_, order) => {
    const events = [aMessage({ at: NOON - 3 }), anEcho({ at: NOON - 2 }), aMessage({ at: NOON - 1 })]
    for (const at of order) await hear(events[at] as InboundEvent)
    expect(await conversations()).toMatchObject([{ waiting_since: NOON - 1, unread: 2 }])
    await hear(anEcho({ at: NOON }))
    expect(await conversations()).toMatchObject([{ waiting_since: null }])
  })
})

describe('echoes of our own app', () => {
  it('are never a bubble: they wait for their attempt', async () => {
    await hear(aMessage({ at: NOON }))
    const event = anEcho({ id: 'e', at: NOON, appId: 'ours' })
    expect(await hearAs({ appId: 'ours' }, event)).toEqual(['waiting'])
    expect(await messages()).toHaveLength(1)
    const attemptId = await anAnswer({ state: 'sending' })
    await hear(aStatus('e', 'sent', { attemptId }))
    expect(await hearAs({ appId: 'ours' }, event)).toEqual(['applied'])
    expect(await messages()).toHaveLength(2)
  })

  it('prove the attempt that they name, and tell when it was sent', async () => {
    await hear(aMessage({ at: NOON }))
    const attemptId = await anAnswer({ state: 'unknown' })
    await hearAs({ appId: 'ours' }, anEcho({ id: 'e', at: NOON - 5, attemptId, appId: 'ours' }))
    expect(await attempt(attemptId)).toMatchObject({ state: 'sent', external_id: 'e', sent_at: NOON - 5 })
    expect(told().at(-1)?.messages).toMatchObject([{ state: 'sent', body: 'Olá' }])
  })

  it('those of another app are somebody’s elsewhere', async () => {
    expect(await hearAs({ appId: 'ours' }, anEcho({ appId: 'another' }))).toEqual(['applied'])
    expect(await messages()).toHaveLength(1)
  })

  it('one that names an attempt which has another id is no bubble either', async () => {
    await hear(aMessage({ at: NOON }))
    const attemptId = await anAnswer({ externalId: 'first' })
    await hear(anEcho({ id: 'second', attemptId, at: NOON }))
    expect(await messages()).toHaveLength(2)
  })
})

describe('watermarks', () => {
  it('raise what was sent until then, and no more', async () => {
    await hear(aMessage({ from: 'p', at: NOON - HOUR }))
    const ids = []
    for (const at of [1, 2, 3]) ids.push(await anAnswer({ externalId: `s${at}`, sentAt: NOON + at, at: NOON + at }))
    app.published.length = 0
    await hear(aWatermark('p', 'delivered', NOON + 2))
    expect(await Promise.all(ids.map(attempt))).toMatchObject([
      { state: 'delivered' },
      { state: 'delivered' },
      { state: 'sent' },
    ])
    expect(told()).toMatchObject([{ conversation: { seq: 6 }, messages: [{ state: 'delivered', seq: 5 }, { seq: 6 }] }])
    await hear(
      aWatermark('p', 'read', NOON + 1),
      aWatermark('p', 'delivered', NOON + 1),
      aWatermark('p', 'read', NOON + 1),
    )
    expect(await Promise.all(ids.map(attempt))).toMatchObject([
      { state: 'read' },
      { state: 'delivered' },
      { state: 'sent' },
    ])
    expect(told()).toHaveLength(2)
    expect(await brokenRules(inbox.workspaceId)).toEqual([])
  })

  it('told before the attempt is known to be sent, they raise it then', async () => {
    await hear(aMessage({ from: 'p', at: NOON - HOUR }))
    const attemptId = await anAnswer({ state: 'unknown' })
    await hear(aWatermark('p', 'read', NOON + 1), aStatus('e', 'sent', { attemptId }))
    expect(await attempt(attemptId)).toMatchObject({ state: 'read', rank: 50 })
    expect(told().at(-1)?.messages).toMatchObject([{ state: 'read' }])
  })

  it('the time that an echo tells counts, whichever of the two comes first', async () => {
    for (const first of ['echo', 'mark'] as const) {
      const from = `p-${first}`
      await change(sql`UPDATE conversations SET status = 'closed', closed_at = 0 WHERE inbox_id = ${inbox.id}`)
      await hear(aMessage({ from, at: NOON - HOUR }))
      const attemptId = await anAnswer({ externalId: `s-${first}`, sentAt: NOON + 9 })
      const events = [anEcho({ id: `s-${first}`, from, at: NOON + 5 }), aWatermark(from, 'read', NOON + 5)]
      await hear(...(first === 'echo' ? events : events.toReversed()))
      expect(await attempt(attemptId)).toMatchObject({ state: 'read', sent_at: NOON + 5 })
      expect(told().at(-1)?.messages).toMatchObject([{ state: 'read' }])
    }
  })

  it('an answer that is read was read with all before it', async () => {
    await hear(aMessage({ from: 'p', at: NOON - HOUR }))
    const ids = []
    for (const at of [1, 2, 3]) ids.push(await anAnswer({ externalId: `s${at}`, sentAt: NOON + at, at: NOON + at }))
    expect(await hear(aStatus('s2', 'read', { andBefore: true }))).toEqual(['applied'])
    expect(await Promise.all(ids.map(attempt))).toMatchObject([{ state: 'read' }, { state: 'read' }, { state: 'sent' }])
    expect(told().flatMap(({ messages }) => messages.filter(({ state }) => state === 'read'))).toHaveLength(2)
    expect(await hear(aStatus('nobody', 'read', { andBefore: true }))).toEqual(['waiting'])
    expect(await brokenRules(inbox.workspaceId)).toEqual([])
  })

  it('of somebody unknown say nothing', async () => {
    expect(await hear(aWatermark('nobody', 'read', NOON))).toEqual(['applied'])
  })
})

describe('lines of the thread', () => {
  it('are written once, where there is a conversation; a call opens the window', async () => {
    expect(await hear(aNote('p', 'call', NOON))).toEqual(['applied'])
    await hear(aMessage({ from: 'p', at: NOON - HOUR }))
    const call = aNote('p', 'call', NOON + 1)
    await hear(
      call,
      call,
      aNote('p', 'referral', NOON + 2, { content: { referral: { source: 'link', ref: 'promo' } } }),
    )
    expect(await messages()).toMatchObject([
      { kind: 'message' },
      { kind: 'activity', type: 'call', occurred_at: NOON + 1 },
      { kind: 'activity', type: 'referral', content: '{"referral":{"source":"link","ref":"promo"}}' },
    ])
    expect(await conversations()).toMatchObject([
      { unread: 1, last_incoming_at: NOON + 1, last_at: NOON - HOUR, seq: 3 },
    ])
    expect(told()).toHaveLength(3)
  })

  it('an answer that was lost after the commit leaves no second line', async () => {
    app = testApp({ db: losingAnswers() })
    await hear(aMessage({ from: 'p', at: NOON }), aNote('p', 'security_code_changed', NOON))
    expect(await messages()).toHaveLength(2)
    expect(await conversations()).toMatchObject([{ seq: 2 }])
  })
})

describe('who is who', () => {
  const phoned = (externalId: string, name: string | null = null) => ({
    ...{ externalIds: [externalId], phone: `+${externalId}`, profileName: name },
  })

  it('a new number is the same person, with one thread and a line that says so', async () => {
    await hear(aMessage({ from: phoned('5511999990001', 'Bia'), at: NOON }))
    await hear(anIdentity(['5511999990001'], ['5511999990002'], { phone: '+5511999990002', note: 'number_changed' }))
    await hear(aMessage({ from: phoned('5511999990002'), at: NOON + 1 }))
    expect(await conversations()).toMatchObject([{ seq: 3, unread: 2 }])
    expect(await contacts()).toMatchObject([{ phone: '+5511999990002', profile_name: 'Bia' }])
    expect((await messages())[1]).toMatchObject({
      kind: 'activity',
      type: 'number_changed',
      raw: '{"phone":"+5511999990002"}',
    })
  })

  it('told after they wrote from it, both become one: one open thread, nothing unread is lost', async () => {
    const renumbered = anIdentity(['5511999990001'], ['5511999990002'], {
      phone: '+5511999990002',
      note: 'number_changed',
    })
    expect(await hear(renumbered)).toEqual(['waiting'])
    await hear(aMessage({ id: 'a', from: phoned('5511999990001', 'Bia'), at: NOON }))
    await hear(aMessage({ id: 'b', from: phoned('5511999990002', 'Beatriz'), at: NOON + 1 }))
    expect(await hear(renumbered, renumbered)).toEqual(['applied', 'applied'])

    const [quiet, lively] = await conversations()
    expect(quiet).toMatchObject({
      status: 'closed',
      unread: 0,
      waiting_since: null,
      close_reason: null,
      closed_by_id: null,
    })
    expect(lively).toMatchObject({ status: 'open', unread: 2, waiting_since: NOON, identity_id: quiet?.identity_id })
    expect(await contacts()).toMatchObject([
      { id: lively?.contact_id, phone: '+5511999990002', profile_name: 'Beatriz' },
    ])
    expect(await messages()).toMatchObject([
      { external_id: 'a' },
      { type: 'number_changed' },
      { type: 'closed', kind: 'activity' },
      { external_id: 'b' },
    ])
    expect(told().some(({ conversation, aboutContact }) => aboutContact && conversation.id === lively?.id)).toBe(true)
    expect(await brokenRules(inbox.workspaceId)).toEqual([])
  })

  it('two addresses that stand together in one message are one person', async () => {
    await hear(aMessage({ from: person('BR.1'), at: NOON }), aMessage({ from: phoned('5511999990001'), at: NOON + 1 }))
    expect(await contacts()).toHaveLength(2)
    await hear(
      aMessage({
        from: { externalIds: ['BR.1', '5511999990001'], phone: '+5511999990001', profileName: null },
        at: NOON + 2,
      }),
    )
    expect(await contacts()).toMatchObject([{ phone: '+5511999990001' }])
    expect(await rowsOf(sql`SELECT DISTINCT principal_id FROM identities WHERE inbox_id = ${inbox.id}`)).toHaveLength(1)
    expect((await conversations()).filter(({ status }) => status === 'open')).toMatchObject([{ unread: 3 }])
    expect(await brokenRules(inbox.workspaceId)).toEqual([])
  })

  it('of people whom nobody has heard of nothing is kept', async () => {
    await hear(anIdentity(['1'], ['2']))
    expect(await rowsOf(sql`SELECT 1 FROM identities WHERE inbox_id = ${inbox.id}`)).toEqual([])
  })

  it('a username is learnt', async () => {
    await hear(aMessage({ from: { ...person('p'), username: 'bia.doces' } }))
    expect(await rowsOf(sql`SELECT username FROM identities WHERE inbox_id = ${inbox.id}`)).toEqual([
      { username: 'bia.doces' },
    ])
  })

  it('the address book names who has no name of the team’s, without a conversation', async () => {
    const entry = (externalId: string, name: string | null, removed = false): InboundEvent => ({
      ...{ kind: 'address_book', dedupeKey: `ab:${externalId}:${name}`, accountId: '1', occurredAt: NOON },
      ...{ peer: phoned(externalId), name, removed },
    })
    await hear(aMessage({ from: phoned('5511999990001', 'Bia'), at: NOON }))
    await hear(
      entry('5511999990001', 'Beatriz Souza'),
      entry('5511999990002', 'Padaria'),
      entry('5511999990001', 'Outra'),
    )
    await hear(entry('5511999990002', null, true), entry('5511999990003', 'Ninguém', true))
    expect(await contacts()).toMatchObject([
      { phone: '+5511999990001', name: 'Beatriz Souza', profile_name: 'Bia', version: 2 },
      { phone: '+5511999990002', name: 'Padaria', name_key: 'padaria' },
    ])
    expect(await conversations()).toHaveLength(1)
  })
})

describe('templates and the account', () => {
  const decided = (status: string, at: number): InboundEvent => ({
    ...{ kind: 'template', dedupeKey: `tp:${status}:${at}`, accountId: '1', occurredAt: at, externalId: '77' },
    ...{ name: 'pedido_pronto', language: 'pt_BR', status, reason: null },
  })

  it('the newest word on a template counts', async () => {
    await hear(decided('PENDING', NOON), decided('PAUSED', NOON + 2), decided('APPROVED', NOON + 1))
    expect(
      await rowsOf(sql`SELECT name, language, status, external_id FROM templates WHERE inbox_id = ${inbox.id}`),
    ).toEqual([{ name: 'pedido_pronto', language: 'pt_BR', status: 'PAUSED', external_id: '77' }])
  })

  it('an account that is cut off stops its inbox, once; the rest is kept to be seen', async () => {
    const news = (what: 'disconnected' | 'warning', key: string): InboundEvent => ({
      ...{
        kind: 'account',
        dedupeKey: key,
        accountId: '1',
        occurredAt: NOON,
        what,
        code: 'PARTNER_REMOVED',
        detail: null,
      },
    })
    await hear(news('warning', 'w'))
    expect(await rowOf(sql`SELECT status FROM inboxes WHERE id = ${inbox.id}`)).toEqual({ status: 'active' })
    await hear(news('disconnected', 'd'))
    expect(await rowOf(sql`SELECT status, status_reason, version FROM inboxes WHERE id = ${inbox.id}`)).toEqual({
      ...{ status: 'needs_reauth', status_reason: 'PARTNER_REMOVED', version: 2 },
    })
    await change(sql`UPDATE inboxes SET status = 'active' WHERE id = ${inbox.id}`)
    await hear(news('disconnected', 'd'))
    expect(await rowOf(sql`SELECT status FROM inboxes WHERE id = ${inbox.id}`)).toEqual({ status: 'active' })
    expect(await rowsOf(sql`SELECT kind FROM kept_events WHERE inbox_id = ${inbox.id}`)).toEqual([
      { kind: 'account' },
      { kind: 'account' },
    ])
  })
})
