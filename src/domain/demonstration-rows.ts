/** The demonstration's stories as rows. Nothing of it is left to do: no gateway finds work in it. */
import { demonstrationId } from '../db/demonstration-ids.ts'
import type { DemonstrationRows } from '../db/queries/demonstration.ts'
import {
  type Colleague,
  type DemonstrationChannel,
  type DemonstrationWords,
  STORIES,
  type Story,
  TAG_COLORS_OF,
} from './demonstration-stories.ts'
import { RANK } from './send-states.ts'
import { foldedKey } from './text.ts'

const MINUTE = 60_000
/** Between two lines of a story. */
const PACE = 2 * MINUTE
const AGE = 30 * 24 * 60 * MINUTE

const ADDRESSES: Record<DemonstrationChannel, string> = {
  whatsapp: '+55 10 99999-0100',
  instagram: '@demo',
  telegram: '@demo_bot',
}

export interface Telling {
  words: DemonstrationWords
  /** Who loads it, and has some of the conversations. */
  agentId: string
  departmentIds: string[]
  /** What each number's gateway is called, and what it would sign with: known to nobody. */
  webhookKey: () => string
  sealed: (inboxId: string) => Promise<string>
  now: number
  newId: () => string
}

interface Cast {
  inboxes: Record<DemonstrationChannel, string>
  agents: Record<Colleague | 'me', string>
}

export async function demonstrationRows(of: Telling): Promise<DemonstrationRows> {
  const id = () => demonstrationId(of.newId())
  const cast: Cast = {
    inboxes: { whatsapp: id(), instagram: id(), telegram: id() },
    agents: { me: of.agentId, bruno: id(), carla: id() },
  }
  const rows: DemonstrationRows = {
    ...(await standing(of, cast, id)),
    ...{ contacts: [], identities: [], conversations: [], messages: [], attempts: [], comments: [] },
    ...{ contactTags: [], contactGroups: [] },
  }
  const known = new Map<string, Person>()
  for (const [at, story] of STORIES.entries()) {
    const person = known.get(story.name) ?? meet(rows, story, { of, cast, number: at + 1, id })
    known.set(story.name, person)
    tell(rows, story, person, { of, cast, number: at, id })
  }
  return rows
}

/** What is there before anybody writes. */
async function standing(of: Telling, { inboxes, agents }: Cast, id: () => string) {
  const { words, now, departmentIds } = of
  const created = { created_at: now - AGE }
  const colleagues = ['bruno', 'carla'] as const
  const marks = (names: Record<string, string>) =>
    Object.entries(names).map(([key, name]) => ({ key, name, name_key: foldedKey(name) }))
  return {
    agents: colleagues.map((key) => ({
      ...{ id: agents[key], name: words.colleagues[key], role: 'agent', ...created },
      // Nobody signs in as them: there is no such user.
      ...{ user_id: agents[key], email: `${key}@demo.invalid` },
    })),
    inboxes: await Promise.all(
      Object.entries(inboxes).map(async ([channel, inboxId]) => ({
        ...{ id: inboxId, channel, name: words.inboxes[channel as DemonstrationChannel], ...created },
        ...{ external_account_id: inboxId, address: ADDRESSES[channel as DemonstrationChannel] },
        ...{ webhook_key: of.webhookKey(), credentials: await of.sealed(inboxId) },
      })),
    ),
    departmentMembers: colleagues.flatMap((key) =>
      departmentIds.map((department) => ({ agent_id: agents[key], department_id: department, ...created })),
    ),
    inboxAgents: colleagues.flatMap((key) =>
      Object.values(inboxes).map((inbox) => ({ agent_id: agents[key], inbox_id: inbox, ...created })),
    ),
    tags: marks(words.tags).map(({ key, ...tag }) => ({
      ...{ id: id(), ...tag, color: TAG_COLORS_OF[key as keyof typeof TAG_COLORS_OF], ...created },
    })),
    groups: marks(words.groups).map(({ name, name_key }) => ({ id: id(), name, name_key, ...created })),
  }
}

interface Person {
  contactId: string
  identityId: string
}

interface Place {
  of: Telling
  cast: Cast
  /** Of the story: departments take turns, and phones differ. */
  number: number
  id: () => string
}

function meet(rows: DemonstrationRows, story: Story, { of, cast, number, id }: Place): Person {
  const person = { contactId: id(), identityId: id() }
  // Brazil has no area code 10: nobody has this number, and nothing that is sent to it from a real one arrives.
  const phone = story.channel === 'whatsapp' ? `+551099999${String(200 + number).padStart(4, '0')}` : null
  const created = { created_at: of.now - AGE }
  rows.contacts.push({
    ...{ id: person.contactId, profile_name: story.name, name_key: foldedKey(story.name), phone, ...created },
  })
  rows.identities.push({
    ...{ id: person.identityId, principal_id: person.identityId, contact_id: person.contactId, ...created },
    ...{ inbox_id: cast.inboxes[story.channel], external_id: person.identityId, phone },
  })
  const marked = { contact_id: person.contactId, author_id: of.agentId, ...created }
  for (const tag of story.tags ?? []) rows.contactTags.push({ ...marked, key: foldedKey(of.words.tags[tag]) })
  for (const group of story.groups ?? []) rows.contactGroups.push({ ...marked, key: foldedKey(of.words.groups[group]) })
  return person
}

function tell(rows: DemonstrationRows, story: Story, person: Person, place: Place): void {
  const { of, cast, number, id } = place
  const thread = {
    ...{ conversation_id: id(), inbox_id: cast.inboxes[story.channel] },
    assigneeId: story.assignee ? cast.agents[story.assignee] : null,
    reason: story.closed ? of.words.reasons[story.closed] : null,
    lastAt: of.now - story.ago * MINUTE,
  }
  const sent = say(rows, story, thread, place)
  const last = story.closed ? close(rows, story, thread, id) : { at: thread.lastAt, seq: story.lines.length }
  const closedAt = story.closed ? last.at : null
  rows.conversations.push({
    ...{ id: thread.conversation_id, inbox_id: thread.inbox_id },
    ...{ identity_id: person.identityId, contact_id: person.contactId, assignee_id: thread.assigneeId },
    department_id: of.departmentIds[number % of.departmentIds.length] ?? null,
    ...{ status: story.closed ? 'closed' : 'open', seq: last.seq, out_ord: sent, last_at: last.at },
    ...heardIn(story, thread.lastAt),
    ...{ unread: story.unread ?? 0, closed_at: closedAt, close_reason: thread.reason },
    closed_by_id: story.closed ? thread.assigneeId : null,
  })
  if (story.comment) annotate(rows, story.comment, { person, at: thread.lastAt, place })
}

interface Thread {
  conversation_id: string
  inbox_id: string
  assigneeId: string | null
  reason: string | null
  lastAt: number
}

const timeOf = ({ lines }: Story, line: number, lastAt: number) => lastAt - (lines.length - 1 - line) * PACE

/** Answers with how many of the lines are ours. */
function say(rows: DemonstrationRows, story: Story, thread: Thread, { of, id }: Place): number {
  const { assigneeId, lastAt, conversation_id, inbox_id } = thread
  const said = of.words.told[story.told] ?? []
  const lastOfOurs = story.lines.lastIndexOf('us')
  let sent = 0
  for (const [line, side] of story.lines.entries()) {
    const messageId = id()
    const place = { conversation_id, inbox_id, created_at: timeOf(story, line, lastAt) }
    rows.messages.push({
      ...{ id: messageId, ...place, kind: 'message', type: 'text', body: said[line] ?? '', raw: null },
      ...(side === 'us'
        ? { direction: 'outgoing', external_id: null, author_id: assigneeId, client_key: messageId }
        : { direction: 'incoming', external_id: messageId, author_id: null, client_key: null }),
      ...{ occurred_at: place.created_at, ingest_ord: line + 1, seq: line + 1 },
    })
    if (side === 'them') continue
    sent += 1
    const state = (line === lastOfOurs && story.last) || 'read'
    rows.attempts.push({
      ...{ id: id(), message_id: messageId, ...place, no: 1, ord: sent, tries: 1, external_id: messageId },
      ...{ state, rank: RANK[state], sent_at: place.created_at },
      ...(state === 'failed' ? UNREACHABLE : NO_ERROR),
    })
  }
  return sent
}

/** As WhatsApp says it of a number that cannot be written to. */
const UNREACHABLE = { error_class: 'permanent', error_code: '131026', error_detail: 'Message undeliverable' }
const NO_ERROR = { error_class: null, error_code: null, error_detail: null }

function close(rows: DemonstrationRows, { lines }: Story, thread: Thread, id: () => string) {
  const { assigneeId, reason, lastAt, conversation_id, inbox_id } = thread
  const [at, seq] = [lastAt + PACE, lines.length + 1]
  rows.messages.push({
    ...{ id: id(), conversation_id, inbox_id, kind: 'activity', type: 'closed', body: null },
    ...{ raw: JSON.stringify({ reason }), direction: 'outgoing', external_id: null },
    ...{ author_id: assigneeId, client_key: null, occurred_at: at, created_at: at, ingest_ord: seq, seq },
  })
  return { at, seq }
}

/** When it began, when the customer last wrote, and since when they wait. */
function heardIn(story: Story, lastAt: number) {
  const lastIncoming = story.lines.lastIndexOf('them')
  const unanswered = story.lines.findIndex((_, line) => story.lines.slice(line).every((side) => side === 'them'))
  return {
    opened_at: timeOf(story, 0, lastAt),
    last_incoming_at: timeOf(story, lastIncoming, lastAt),
    waiting_since: story.closed || unanswered < 0 ? null : timeOf(story, unanswered, lastAt),
  }
}

function annotate(
  rows: DemonstrationRows,
  { key, by, pinned }: NonNullable<Story['comment']>,
  { person, at, place: { of, cast, id } }: { person: Person; at: number; place: Place },
): void {
  const author = cast.agents[by]
  rows.comments.push({
    ...{ id: id(), contact_id: person.contactId, author_id: author, client_key: id(), body: of.words.comments[key] },
    ...{ pinned_at: pinned ? at : null, pinned_by_id: pinned ? author : null, created_at: at },
  })
}
