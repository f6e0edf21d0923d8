/** The same facts, in whatever order, grouping and number they come, leave the same tables. On real SQL, by budget. */
import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { change, rowsOf } from '../../test/support/people.ts'
import { HOUR, MINUTE, NOON, testApp, threadOf } from '../../test/support/workerd/app.ts'
import {
  aDeletion,
  aFile,
  aMessage,
  aNote,
  anEdit,
  anIdentity,
  aReaction,
  aStatus,
  aWatermark,
  person,
} from '../../test/support/workerd/events.ts'
import { brokenRules, stateOf, stateOfPeople } from '../../test/support/workerd/state.ts'
import { viewerOf } from '../../test/support/workerd/viewers.ts'
import {
  accepted,
  broken,
  echo,
  eventsOf,
  fakeGraph,
  reachOf,
  refused,
  said,
  status,
} from '../../test/support/workerd/whatsapp.ts'
import { within } from '../../test/support/workerd/within.ts'
import {
  type Inbox,
  newEmptyWorkspace,
  newShop,
  rowOf,
  type Shop,
  scopeOf,
} from '../../test/support/workerd/workspace.ts'
import type { InboundEvent } from '../channels/events.ts'
import { openDb } from '../db/client.ts'
import { storeStatus, storeWatermark } from '../db/queries/inbound-status.ts'
import { messagesChangedSince, toMessage } from '../db/queries/messages.ts'
import { recordOutcome, recordSent } from '../db/queries/outbound.ts'
import type { Scope, ThreadMessage } from '../db/records.ts'
import { block, unblock } from './contact-blocks.ts'
import { reopen } from './conversations.ts'
import { AppError } from './errors.ts'
import { cancel, confirmSent, reply, see, tryAgain } from './messages.ts'
import { dispatch } from './outbox.ts'
import { receive } from './receive.ts'
import { RANK } from './send-states.ts'

/** What WhatsApp says, or an event of any channel's. */
type Spoken = { at: 0 | 1; value: Record<string, unknown> } | { at: 0 | 1; event: InboundEvent }

/**
 * A person is one to us where any of their addresses says so. Two who turn out to be one only later are merged by hand:
 * so whoever hides their number writes to one inbox here, and always by the same id.
 */
const Person = fc.record({
  kind: fc.constantFrom('phone', 'phone', 'hidden', 'both'),
  no: fc.integer({ min: 1, max: 19 }),
})

const addressOf = ({ kind, no }: { kind: string; no: number }, variant: boolean) => {
  const two = String(no).padStart(2, '0')
  const phone = variant ? `551188880${two}0` : `5511988880${two}0`
  const userId = `BR.${kind}${two}`
  if (kind === 'phone') return { from: phone }
  return kind === 'hidden' || variant ? { userId } : { userId, from: `55219${two}770000` }
}

const Text = fc
  .record({
    person: Person,
    at: fc.constantFrom(0 as const, 1 as const),
    variant: fc.boolean(),
    id: fc.integer({ min: 0, max: 200 }),
    name: fc.constantFrom('Bia', 'Beatriz', 'Zé', undefined),
    time: fc.nat(6),
    text: fc.constantFrom('Oi', 'Tudo bem?', 'Obrigado'),
  })
  .map(({ person, at, variant, id, name, time, text }): Spoken => {
    const where = person.kind === 'phone' ? at : 0
    // What carries one id is one message: all that it says hangs on the id.
    const value = said({
      ...addressOf(person, variant),
      id: `wamid.T${where}.${person.kind}${person.no}.${variant}.${name}.${time}.${text}.${id % 3}`,
      ...(name ? { name } : {}),
      text,
      at: NOON - (6 - time) * 1_000,
    })
    return { at: where, value }
  })

const Echo = fc
  .record({ no: fc.nat(2), person: Person.filter(({ kind }) => kind === 'phone') })
  .map(({ no, person }): Spoken => {
    const { from = '' } = addressOf(person, false)
    const at = [NOON - HOUR, NOON - 2_500, NOON - 500][no] ?? NOON
    return { at: 0, value: echo({ id: `wamid.E${no}.${person.no}`, to: from, at }) }
  })

/** Of an answer that is being sent: only the provider's word tells its id. */
const OwnEcho = fc.boolean().map(
  (named): Spoken => ({
    at: 0,
    value: echo({ id: 'wamid.B', to: '5511988880010', at: NOON - 8_000, attemptId: named ? 'attempt-b' : undefined }),
  }),
)

const Status = fc
  .record({
    of: fc.constantFrom('wamid.A', 'wamid.B', 'wamid.E0.1', 'wamid.nobody'),
    said: fc.constantFrom('sent', 'delivered', 'read', 'failed', 'played'),
    named: fc.boolean(),
  })
  .map(({ of, said: word, named }): Spoken => {
    const attemptId = of === 'wamid.B' ? 'attempt-b' : undefined
    return {
      at: 0,
      value: status(of, word, {
        ...(named && attemptId ? { attemptId } : {}),
        ...(word === 'failed' ? { code: 131026 } : {}),
      }),
    }
  })

const Kept = fc.nat(3).map((no): Spoken => ({ at: 0, value: { news: no } }))

/** Whom the answers under way go to. */
const CUSTOMER = { externalIds: ['5511988880010'], phone: '+5511988880010', profileName: null }
const ofAll = (event: InboundEvent): Spoken => ({ at: 0, event })

const WithFiles = fc.nat(3).map((no) =>
  ofAll(
    aMessage({
      ...{ id: `files.${no}`, from: CUSTOMER, type: no === 3 ? 'share' : 'image', at: NOON - 5_000 + no * 1_000 },
      content: no === 2 ? { referral: { source: 'ad', title: 'Bolo' } } : {},
      media: [aFile({ handle: { id: `media-${no}` } }), aFile({ handle: null, trouble: 'gone' })].slice(0, no + 1),
    }),
  ),
)

/** Told as part of a past, some of it as news too; a file at first without the file. */
const Past = fc
  .record({
    no: fc.nat(5),
    from: fc.constantFrom(CUSTOMER, person('past-1'), person('past-2')),
    as: fc.constantFrom('past', 'past', 'news', 'placeholder'),
  })
  .map(({ no, from, as }) => {
    const id = `past.${from.externalIds[0]}.${no}`
    const direction = no % 2 === 0 ? 'incoming' : 'outgoing'
    const at = NOON - (no + 1) * 24 * HOUR
    if (no < 4) return ofAll(aMessage({ id, from, direction, at, text: `${no}`, history: as !== 'news' || no !== 0 }))
    const withFile = { type: 'image', text: 'Veja', media: [aFile({ handle: { id } })] }
    const without = { type: 'media_placeholder', text: null }
    return ofAll(aMessage({ id, from, direction, at, history: true, ...(as === 'placeholder' ? without : withFile) }))
  })

const Target = fc.constantFrom(
  ...['wamid.A', 'wamid.B', 'wamid.E0.1', 'wamid.E1.1', 'files.1', 'past.past-1.0', 'past.past-1.4', 'nobody'],
)

const Change = fc
  .record({
    target: Target,
    what: fc.constantFrom('reaction', 'reaction', 'edit', 'delete'),
    side: fc.constantFrom('incoming' as const, 'outgoing' as const),
    emoji: fc.constantFrom('👍', '❤️', null),
    no: fc.nat(3),
  })
  .map(({ target, what, side: direction, emoji, no }) => {
    if (what === 'reaction') return ofAll(aReaction(target, emoji, NOON - 3_000 + no * 1_000, { direction }))
    if (what === 'edit') return ofAll(anEdit(target, emoji, no % 2, NOON - 3_000 + no * 1_000))
    return ofAll(aDeletion(target, NOON - no * 1_000))
  })

const Mark = fc
  .record({
    state: fc.constantFrom('delivered' as const, 'read' as const),
    until: fc.constantFrom(NOON - 9_500, NOON - 8_500, NOON - 7_000),
  })
  .map(({ state, until }) => ofAll(aWatermark('5511988880010', state, until)))

const ReadBefore = fc
  .constantFrom('wamid.A', 'wamid.B')
  .map((target) => ofAll(aStatus(target, 'read', { andBefore: true, dedupeKey: `rd:${target}` })))

const Line = fc
  .record({ what: fc.constantFrom('call' as const, 'security_code_changed' as const), no: fc.nat(2) })
  .map(({ what, no }) => ofAll(aNote('5511988880010', what, NOON - 1_500 * no)))

const News = fc
  .record({ no: fc.integer({ min: 1, max: 3 }), time: fc.nat(3), word: fc.constantFrom('APPROVED', 'PAUSED') })
  .chain(({ no, time, word }) => {
    const when = { accountId: '1', occurredAt: NOON + time }
    const [name, externalId] = [`Agenda ${no}`, `551198888${String(no).padStart(2, '0')}20`]
    const peer = { externalIds: [externalId], phone: `+55119${externalId.slice(4)}`, profileName: null }
    return fc.constantFrom<InboundEvent>(
      { kind: 'address_book', dedupeKey: `ab:${no}`, ...when, peer, name, removed: false },
      {
        ...{ kind: 'template', dedupeKey: `tp:${no}:${time}:${word}`, ...when, externalId: null },
        ...{ name: `modelo_${no}`, language: 'pt_BR', status: word, reason: null },
      },
      {
        kind: 'account',
        dedupeKey: `ac:${no}:${time}`,
        ...when,
        what: no === 1 ? 'disconnected' : 'warning',
        code: '1',
        detail: null,
      },
    )
  })
  .map(ofAll)

const Stream = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: Text },
    Echo,
    OwnEcho,
    { weight: 3, arbitrary: Status },
    Kept,
    { weight: 2, arbitrary: WithFiles },
    { weight: 4, arbitrary: Past },
    { weight: 8, arbitrary: Change },
    { weight: 2, arbitrary: Mark },
    ReadBefore,
    Line,
    { weight: 2, arbitrary: News },
  ),
  { minLength: 1, maxLength: 30 },
)

/** Whose number knows one answer by its id, and has another under way. */
async function workspaceInMidSentence(): Promise<Inbox[]> {
  const inboxes = await newEmptyWorkspace(2)
  const [{ workspaceId, id: inboxId }] = inboxes as [Inbox]
  const t = NOON - 10_000
  await change(
    sql`INSERT INTO contacts (workspace_id, id, phone, created_at) VALUES (${workspaceId}, 'k', '+5511988880010', 0)`,
    sql`INSERT INTO identities (workspace_id, id, contact_id, inbox_id, principal_id, external_id, phone, created_at)
      VALUES (${workspaceId}, 'i', 'k', ${inboxId}, 'i', '5511988880010', '+5511988880010', 0)`,
    sql`INSERT INTO conversations (workspace_id, id, inbox_id, identity_id, contact_id, seq, out_ord, last_at, opened_at)
      VALUES (${workspaceId}, 'c', ${inboxId}, 'i', 'k', 2, 2, ${t}, 0)`,
    ...(['a', 'b'] as const).flatMap((name, at) => [
      sql`INSERT INTO messages (workspace_id, id, conversation_id, inbox_id, direction, body, occurred_at, ingest_ord, seq, created_at)
        VALUES (${workspaceId}, ${`m-${name}`}, 'c', ${inboxId}, 'outgoing', ${name}, ${t}, ${at + 1}, ${at + 1}, 0)`,
      sql`INSERT INTO send_attempts (workspace_id, id, message_id, conversation_id, inbox_id, no, ord, state, rank, external_id, sent_at, created_at)
        VALUES (${workspaceId}, ${`attempt-${name}`}, ${`m-${name}`}, 'c', ${inboxId}, 1, ${at + 1},
          ${name === 'a' ? 'sent' : 'sending'}, ${name === 'a' ? 30 : 10}, ${name === 'a' ? 'wamid.A' : null}, ${name === 'a' ? NOON - 9_000 : null}, 0)`,
    ]),
  )
  return inboxes
}

type Event = { at: 0 | 1; event: InboundEvent }

/** Each group is one batch; what waits comes back until nothing comes of it, as the journal brings it. */
async function applied(inboxes: Inbox[], groups: Event[][]): Promise<string> {
  const app = testApp()
  let waiting: Event[] = []
  const feed = async (group: Event[]) => {
    for (const at of [0, 1] as const) {
      const own = group.filter((one) => one.at === at)
      const inbox = inboxes[at]
      if (own.length === 0 || !inbox) continue
      const outcomes = await receive(
        app,
        inbox,
        own.map(({ event }) => ({ event, receivedAt: NOON })),
      )
      waiting.push(...own.filter((_, index) => outcomes[index] === 'waiting'))
    }
  }
  for (const group of groups) await feed(group)
  for (let before = Number.POSITIVE_INFINITY; waiting.length > 0 && waiting.length < before; ) {
    const again = waiting
    before = again.length
    waiting = []
    await feed(again)
  }
  const workspaceId = inboxes[0]?.workspaceId ?? ''
  expect(await brokenRules(workspaceId)).toEqual([])
  return workspaceId
}

async function eventsIn(stream: Spoken[]): Promise<Event[]> {
  const all = await Promise.all(
    stream.map(async (one) => {
      if ('event' in one) return [{ at: one.at, event: one.event }]
      return (await eventsOf('1', one.value)).map((event) => ({ at: one.at, event }))
    }),
  )
  return all.flat()
}

const Dice = fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }))

/** Doubled, shuffled and put into batches anew. */
function stirred(events: Event[], dice: Iterator<number>): Event[][] {
  const roll = () => dice.next().value ?? 0
  const doubled = events.flatMap((event) => (roll() < 0.4 ? [event, event] : [event]))
  const shuffled = doubled.map((event) => ({ event, key: roll() })).toSorted((a, b) => a.key - b.key)
  const groups: Event[][] = []
  for (const { event } of shuffled) {
    const last = groups.at(-1)
    if (last && roll() < 0.6) last.push(event)
    else groups.push([event])
  }
  return groups
}

it('P1: shuffled, doubled and regrouped, a stream leaves the same tables', async () => {
  await within(
    'P1',
    fc.asyncProperty(Stream, Dice, async (stream, dice) => {
      const events = await eventsIn(stream)
      const stirredUp = await applied(await workspaceInMidSentence(), stirred(events, dice))
      const inOrder = await applied(
        await workspaceInMidSentence(),
        events.map((event) => [event]),
      )
      expect(await stateOf(stirredUp)).toEqual(await stateOf(inOrder))
    }),
  )
})

/** People of several addresses, which is told at some time: by the provider, or by a message that names two of them. */
const ofPeople = fc
  .record({
    no: fc.nat(2),
    address: fc.nat(2),
    what: fc.constantFrom('message', 'message', 'message', 'both', 'link', 'past', 'reaction'),
    name: fc.constantFrom('Bia', 'Beatriz', null),
    time: fc.nat(5),
  })
  .map(({ no, address, what, name, time }): InboundEvent => {
    const addresses = [0, 1, 2].map((variant) => `p${no}-${variant}`)
    const [first, next] = [addresses[address] ?? '', addresses[(address + 1) % 3] ?? '']
    const at = NOON - 6_000 + time * 1_000
    const id = `${what}.${first}.${time}.${name}`
    if (what === 'link') return anIdentity([first], [next])
    if (what === 'reaction') return aReaction(`message.${first}.${time}.${name}`, '👍', at)
    const from = { ...person(...(what === 'both' ? [first, next] : [first])), profileName: name }
    return aMessage({ id, from, at: what === 'past' ? at - 24 * HOUR : at, history: what === 'past' })
  })

it('P1: so it does where two turn out to be one', async () => {
  await within(
    'P1 of people',
    fc.asyncProperty(fc.array(ofPeople, { minLength: 1, maxLength: 20 }), Dice, async (stream, dice) => {
      const events = stream.map((event): Event => ({ at: 0, event }))
      const stirredUp = await applied(await newEmptyWorkspace(1), stirred(events, dice))
      const inOrder = await applied(
        await newEmptyWorkspace(1),
        events.map((event) => [event]),
      )
      expect(await stateOfPeople(stirredUp)).toEqual(await stateOfPeople(inOrder))
    }),
  )
})

it('P3: every order of up to six facts about an attempt gives one state', async () => {
  await everyOrderOf(['sent', 'delivered', 'read', 'failed', 'accepted', 'lost'])
})

it('P3: so do watermarks among them', async () => {
  await everyOrderOf(['sent', 'failed', 'accepted', 'delivered until', 'read until'])
})

type Fact = 'sent' | 'delivered' | 'read' | 'failed' | 'accepted' | 'lost' | 'delivered until' | 'read until'

/** Each order is the story of an answer in a conversation of its own; after each step all of them are looked at. */
async function everyOrderOf(facts: Fact[]): Promise<void> {
  const [inbox] = (await newEmptyWorkspace(1)) as [Inbox]
  const { workspaceId } = inbox
  const orders = permutations(facts)
  await change(
    sql`INSERT INTO contacts (workspace_id, id, created_at) VALUES (${workspaceId}, 'k', 0)`,
    ...orders.flatMap((_, at) => [
      sql`INSERT INTO identities (workspace_id, id, contact_id, inbox_id, principal_id, external_id, created_at)
        VALUES (${workspaceId}, ${`i${at}`}, 'k', ${inbox.id}, ${`i${at}`}, ${at}, 0)`,
      sql`INSERT INTO conversations (workspace_id, id, inbox_id, identity_id, contact_id, last_at, opened_at)
        VALUES (${workspaceId}, ${`c${at}`}, ${inbox.id}, ${`i${at}`}, 'k', 0, 0)`,
      sql`INSERT INTO messages (workspace_id, id, conversation_id, inbox_id, direction, occurred_at, ingest_ord, seq, created_at)
        VALUES (${workspaceId}, ${`m${at}`}, ${`c${at}`}, ${inbox.id}, 'outgoing', ${NOON}, 0, 0, 0)`,
      sql`INSERT INTO send_attempts (workspace_id, id, message_id, conversation_id, inbox_id, no, ord, state, rank, lease_id, created_at)
        VALUES (${workspaceId}, ${`a${at}`}, ${`m${at}`}, ${`c${at}`}, ${inbox.id}, 1, 1, 'sending', 10, 'lease', 0)`,
    ]),
  )
  const told = (fact: Fact, at: number) => {
    if (fact === 'accepted') return recordSent(inbox, `a${at}`, 'lease', `wamid.${at}`, NOON)
    if (fact === 'lost') {
      const unknown = { errorClass: 'ambiguous', errorCode: 'lease_expired', errorDetail: '', notBefore: 0 }
      return recordOutcome(workspaceId, `a${at}`, 'lease', { state: 'unknown', rank: RANK.unknown, ...unknown })
    }
    if (fact === 'delivered until' || fact === 'read until') {
      const state = fact === 'read until' ? 'read' : 'delivered'
      return storeWatermark(inbox, { identity: sql`${`i${at}`}`, state, rank: RANK[state], until: NOON })
    }
    const error = { errorCode: null, errorDetail: null, sentAt: NOON }
    return storeStatus(inbox, { target: `wamid.${at}`, attemptId: `a${at}`, state: fact, rank: RANK[fact], ...error })
  }

  for (let step = 0; step < facts.length; step += 1) {
    for (let from = 0; from < orders.length; from += 60) {
      const chunk = orders.slice(from, from + 60)
      await change(...chunk.flatMap((order, index) => told(order[step] as Fact, from + index)))
    }
    const rows = await rowsOf<{ message_id: string; state: string }>(
      sql`SELECT message_id, state FROM send_attempts WHERE workspace_id = ${workspaceId}`,
    )
    const states = new Map(rows.map(({ message_id, state }) => [message_id, state]))
    const wrong = orders.filter((order, at) => states.get(`m${at}`) !== stateAfter(order.slice(0, step + 1)))
    expect(wrong.map((order) => order.slice(0, step + 1).join(' '))).toEqual([])
  }
  expect(await brokenRules(workspaceId)).toEqual([])
}

/** What the provider said goes before what we know of the call; a watermark tells of what is known to have been sent. */
function stateAfter(facts: Fact[]): string {
  const said = (...some: Fact[]) => some.some((fact) => facts.includes(fact))
  const known = said('sent', 'delivered', 'read', 'failed', 'accepted')
  if (said('read') || (known && said('read until'))) return 'read'
  if (said('delivered') || (known && said('delivered until'))) return 'delivered'
  if (said('failed')) return 'failed'
  if (known) return 'sent'
  return said('lost') ? 'unknown' : 'sending'
}

function permutations<T>(of: T[]): T[][] {
  if (of.length <= 1) return [of]
  return of.flatMap((one, at) => permutations(of.toSpliced(at, 1)).map((rest) => [one, ...rest]))
}

const OPERATIONS = [
  'hear',
  'hear again',
  'echo',
  'reply',
  'send',
  'status',
  'proof',
  'again',
  'cancel',
  'confirm',
  'see',
  'react',
  'edit',
  'delete',
  'mark',
  'call',
  'block',
  'unblock',
] as const
type OperationName = (typeof OPERATIONS)[number]

/** One conversation of a shop, and all that may happen to its thread. */
async function newStory({ shop, bruno, no }: { shop: Shop; bruno: Scope; no: number }) {
  const app = testApp({ now: NOON + MINUTE })
  const viewer = await viewerOf(shop.people.Bruno)
  const graph = fakeGraph()
  const from = `55119${String(no).padStart(8, '0')}`
  const maybeEchoed = (pick: number) => `wamid.echo.${from}.${pick % 3}`
  const answers = (pick: number) =>
    [accepted(), refused(500, 131000), refused(400, 131026), broken(502, ''), accepted(maybeEchoed(pick))][pick % 5] ??
    null

  const hear = async (value: Record<string, unknown>) => {
    for (const event of await eventsOf(shop.inbox.accountId, value)) await take(event)
  }
  const take = (event: InboundEvent) => receive(app, shop.inbox, [{ event, receivedAt: app.now() }])
  await hear(said({ id: `wamid.${from}`, from, at: NOON }))
  const { id: conversationId, contact_id: contactId } = await rowOf<{ id: string; contact_id: string }>(
    sql`SELECT c.id, c.contact_id FROM conversations c JOIN identities i ON i.workspace_id = c.workspace_id AND i.id = c.identity_id
      WHERE c.inbox_id = ${shop.inbox.id} AND i.external_id = ${from}`,
  )
  const anAttempt = async (pick: number) => {
    const all = await rowsOf<{ id: string; message_id: string; no: number; external_id: string | null }>(
      sql`SELECT * FROM send_attempts WHERE inbox_id = ${shop.inbox.id} AND conversation_id = ${conversationId} ORDER BY id`,
    )
    return all[pick % Math.max(1, all.length)]
  }
  /** Of the customer's message, an echo, an answer of ours, or of nothing. */
  const anyId = async (pick: number) =>
    [`wamid.${from}`, maybeEchoed(pick), (await anAttempt(pick))?.external_id ?? 'wamid.nobody'][pick % 3] ?? ''
  const onAttempt = async (verb: typeof cancel, pick: number) => {
    const attempt = await anAttempt(pick)
    if (attempt) await verb(app, bruno, { conversationId, messageId: attempt.message_id, no: attempt.no })
  }

  const run: Record<OperationName, (pick: number, word: string) => Promise<unknown>> = {
    hear: () => hear(said({ from, at: NOON + 1_000 })),
    'hear again': () => hear(said({ id: `wamid.${from}`, from, at: NOON })),
    echo: (pick) => hear(echo({ id: maybeEchoed(pick), to: from, at: NOON })),
    reply: () => reply(app, bruno, { conversationId, text: 'Olá', clientKey: crypto.randomUUID(), replyToId: null }),
    async send(pick) {
      graph.always = answers(pick)
      app.clock.now += MINUTE
      const admit = () => app.now() + (pick % 7 === 0 ? 1 : 0)
      await dispatch(app, { inbox: shop.inbox, reach: reachOf(shop.inbox.accountId, graph, app.now), admit })
    },
    status: async (pick, word) => hear(status((await anAttempt(pick))?.external_id ?? 'wamid.nobody', word)),
    async proof(pick, word) {
      const attempt = await anAttempt(pick)
      if (attempt) await hear(status(attempt.external_id ?? maybeEchoed(pick), word, { attemptId: attempt.id }))
    },
    again: (pick) => onAttempt(tryAgain, pick),
    cancel: (pick) => onAttempt(cancel, pick),
    confirm: (pick) => onAttempt(confirmSent, pick),
    see: (pick) => see(app, bruno, conversationId, pick % 20),
    react: async (pick) => take(aReaction(await anyId(pick), pick % 3 === 0 ? null : '👍', NOON + (pick % 4))),
    edit: async (pick) => take(anEdit(await anyId(pick), `Melhor ${pick % 3}`, pick % 3, NOON)),
    delete: async (pick) => take(aDeletion(await anyId(pick), NOON + (pick % 2))),
    mark: (pick, word) =>
      take(aWatermark(from, word === 'read' ? 'read' : 'delivered', NOON + (pick % 8) * MINUTE - HOUR * (pick % 2))),
    call: (pick) => take(aNote(from, 'call', NOON + (pick % 2))),
    block: () => block(app, viewer, contactId, {}),
    async unblock() {
      await unblock(app, viewer, contactId, {})
      await reopen(app, viewer, conversationId, {})
    },
  }
  const changedSince = async (seq: number) => {
    const [rows] = await openDb(env).read(messagesChangedSince(bruno, conversationId, seq, null))
    return new Map(rows.map(toMessage).map((row) => [row.id, asDrawn(row)]))
  }
  return {
    /** What the verb refuses is no change. */
    async run(what: OperationName, pick: number, word: string) {
      await run[what](pick, word).catch((error) => {
        if (!(error instanceof AppError)) throw error
      })
    },
    changedSince,
    async snapshot(): Promise<Snapshot> {
      const { seq } = await rowOf<{ seq: number }>(
        sql`SELECT seq FROM conversations WHERE workspace_id = ${shop.workspaceId} AND id = ${conversationId}`,
      )
      return { seq, rows: await changedSince(0) }
    },
    fresh: () => threadOf(bruno, conversationId),
  }
}

/** When an answer was sent is known better with each fact, and drawn nowhere: the details and what may be done are asked for. */
const asDrawn = (row: ThreadMessage): ThreadMessage => ({ ...row, sentAt: null })

interface Snapshot {
  seq: number
  rows: Map<string, ThreadMessage>
}

/** Every number between the two is that of one row; where a row may change twice, none is older than the change. */
function expectCounted(before: Snapshot, after: Snapshot, what: OperationName): void {
  const numbers = [...after.rows.values()]
    .filter(({ id, seq }) => before.rows.get(id)?.seq !== seq)
    .map(({ seq }) => seq)
    .toSorted((a, b) => a - b)
  for (const seq of numbers) expect(seq).toBeGreaterThan(before.seq)
  if (what === 'send' || what === 'see') return
  expect(numbers).toEqual(Array.from({ length: after.seq - before.seq }, (_, at) => before.seq + 1 + at))
}

/** Asked for what changed since then, the thread answers with those rows and no others. */
function expectCaughtUp(then: Snapshot, caughtUp: Map<string, ThreadMessage>, now: Snapshot): void {
  for (const [id, row] of now.rows) {
    const old = then.rows.get(id)
    expect(caughtUp.has(id)).toBe(old?.seq !== row.seq)
    if (old?.seq === row.seq) expect(old).toEqual(row)
  }
}

it('P5: each change counts up by one, and a catch-up from anywhere is exactly what changed', async () => {
  const shop = await newShop()
  const bruno = await scopeOf(shop.people.Bruno)
  const Operation = fc.record({
    what: fc.constantFrom(...OPERATIONS),
    pick: fc.nat(1_000),
    word: fc.constantFrom('sent', 'delivered', 'read', 'failed'),
  })
  let no = 0

  await within(
    'P5',
    fc.asyncProperty(fc.array(Operation, { minLength: 1, maxLength: 14 }), async (operations) => {
      no += 1
      const story = await newStory({ shop, bruno, no })
      const snapshots = [await story.snapshot()]
      for (const { what, pick, word } of operations) {
        await story.run(what, pick, word)
        const [before, after] = [snapshots.at(-1) as Snapshot, await story.snapshot()]
        expectCounted(before, after, what)
        snapshots.push(after)
      }
      const now = snapshots.at(-1) as Snapshot
      for (const then of snapshots) expectCaughtUp(then, await story.changedSince(then.seq), now)
      const shown = [...now.rows.values()].filter(({ supersededById }) => supersededById === null)
      expect((await story.fresh()).map(({ id }) => id).toSorted()).toEqual(shown.map(({ id }) => id).toSorted())
    }),
  )
  expect(await brokenRules(shop.workspaceId)).toEqual([])
})
