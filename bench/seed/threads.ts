/** The rows of one bulk conversation. */
import { STORIES } from '../../scripts/seed/stories.ts'
import { foldedKey } from '../../src/domain/text.ts'
import {
  BENCH_WORKSPACE,
  type BulkPlan,
  benchAgent,
  benchConversation,
  benchDepartment,
  benchInbox,
  benchPeer,
  benchTag,
  hasTag,
  LONG_THREAD,
  lengthOf,
} from './plan.ts'
import type { Row } from './rows.ts'
import { nameOf } from './workspace.ts'

export type Table = 'contacts' | 'contact_tags' | 'identities' | 'conversations' | 'messages' | 'send_attempts'
export type Rows = Record<Table, Row<string>[]>

/** What people write, taken from the demo, so that it weighs what words weigh. */
const SAID = STORIES.flatMap(({ lines }) => lines.map(({ text }) => text)).filter((text) => text !== null)

const MINUTE = 60_000
const DAY = 86_400_000

export const noRows = (): Rows => ({
  contacts: [],
  contact_tags: [],
  identities: [],
  conversations: [],
  messages: [],
  send_attempts: [],
})

interface Thread {
  n: number
  id: string
  inbox: string
  contact: string
  identity: string
  agent: string
  phone: string
  /** When each message was written. */
  times: number[]
  lastAt: number
  openedAt: number
}

/** Conversation `n`, counted from the newest: the list is in their order. */
export function addThread(rows: Rows, plan: BulkPlan, n: number, now: number): void {
  const thread = threadOf(plan, n, now)
  rows.contacts.push(contactRow(thread))
  rows.contact_tags.push(...tagRows(plan, n, thread.contact, now))
  rows.identities.push(identityRow(thread))
  rows.conversations.push(conversationRow(thread, plan))
  for (const [at, time] of thread.times.entries()) {
    const message = messageRow(thread, at, time)
    rows.messages.push(message)
    if (isOurs(thread, at)) rows.send_attempts.push(attemptRow(thread, at, message))
  }
}

/** Contact `n` who has no conversation. */
export function addStranger(rows: Rows, plan: BulkPlan, n: number, now: number): void {
  const contact = idAt(now, 1, n)
  const openedAt = now - 300 * DAY
  rows.contacts.push(contactRow({ n, contact, phone: `+${benchPeer(n)}`, lastAt: openedAt, openedAt }))
  rows.contact_tags.push(...tagRows(plan, n, contact, now))
}

function tagRows(plan: BulkPlan, n: number, contact: string, now: number): Row<string>[] {
  const tags = Array.from({ length: plan.tags }, (_, tag) => tag).filter((tag) => hasTag(n, tag))
  return tags.map((tag) => ({
    workspace_id: BENCH_WORKSPACE,
    contact_id: contact,
    tag_id: benchTag(tag),
    created_at: now,
  }))
}

function threadOf(plan: BulkPlan, n: number, now: number): Thread {
  const length = lengthOf(plan, n)
  const lastAt = now - (n + 1) * MINUTE
  const times = Array.from({ length }, (_, at) => lastAt - (length - 1 - at) * 2 * MINUTE)
  return {
    n,
    id: benchConversation(n),
    inbox: benchInbox(n % plan.inboxes).id,
    contact: idAt(now, 1, n),
    identity: idAt(now, 2, n),
    agent: benchAgent(n % plan.agents).id,
    phone: `+${benchPeer(n)}`,
    times,
    lastAt,
    openedAt: times[0] ?? lastAt,
  }
}

/** By turns; half of the conversations end with the customer's words, half with ours. */
const isOurs = ({ n, times }: Thread, at: number) => (times.length - at + n) % 2 === 1

type Person = Pick<Thread, 'n' | 'contact' | 'phone' | 'lastAt' | 'openedAt'>

const contactRow = ({ n, contact, phone, lastAt, openedAt }: Person): Row<string> => ({
  workspace_id: BENCH_WORKSPACE,
  id: contact,
  profile_name: nameOf(n),
  profile_name_at: lastAt,
  name_key: foldedKey(nameOf(n)),
  phone,
  created_at: openedAt,
})

const identityRow = ({ n, inbox, contact, identity, phone, openedAt }: Thread): Row<string> => ({
  workspace_id: BENCH_WORKSPACE,
  id: identity,
  contact_id: contact,
  inbox_id: inbox,
  principal_id: identity,
  external_id: benchPeer(n),
  phone,
  created_at: openedAt,
})

function conversationRow(thread: Thread, plan: BulkPlan): Row<string> {
  const { n, times, lastAt } = thread
  const isOpen = n % 25 === LONG_THREAD || n % 5 < 2
  const isAnswered = isOurs(thread, times.length - 1)
  return {
    workspace_id: BENCH_WORKSPACE,
    id: thread.id,
    inbox_id: thread.inbox,
    identity_id: thread.identity,
    contact_id: thread.contact,
    department_id: n % 4 === 3 ? null : benchDepartment(n % plan.departments),
    assignee_id: n % 3 === 0 ? null : thread.agent,
    status: isOpen ? 'open' : 'closed',
    seq: times.length,
    out_ord: times.filter((_, at) => isOurs(thread, at)).length,
    last_at: lastAt,
    last_incoming_at: isAnswered ? (times.at(-2) ?? null) : lastAt,
    unread: isOpen && n % 4 === 1 ? 1 : 0,
    waiting_since: isOpen && !isAnswered ? lastAt : null,
    opened_at: thread.openedAt,
    closed_at: isOpen ? null : lastAt,
  }
}

function messageRow(thread: Thread, at: number, time: number): Row<string> {
  const { n } = thread
  const ours = isOurs(thread, at)
  return {
    workspace_id: BENCH_WORKSPACE,
    id: idAt(time, 3, n * 1_000 + at),
    conversation_id: thread.id,
    inbox_id: thread.inbox,
    direction: ours ? 'outgoing' : 'incoming',
    body: SAID[(n * 31 + at) % SAID.length] ?? '',
    external_id: ours ? null : `wamid.bench-${n}-${at}`,
    occurred_at: time,
    ingest_ord: at + 1,
    author_id: ours ? thread.agent : null,
    client_key: ours ? idAt(time, 4, n * 1_000 + at) : null,
    body_hash: ours ? 'bench' : null,
    seq: at + 1,
    created_at: time,
  }
}

/** One in fifty was refused for good. */
function attemptRow({ n, id, inbox }: Thread, at: number, message: Row<string>): Row<string> {
  const failed = (n + at) % 50 === 1
  return {
    workspace_id: BENCH_WORKSPACE,
    id: idAt(Number(message['created_at']), 5, n * 1_000 + at),
    message_id: message['id'] ?? null,
    conversation_id: id,
    inbox_id: inbox,
    no: 1,
    ord: Math.floor(at / 2) + 1,
    state: failed ? 'failed' : 'read',
    rank: failed ? 35 : 50,
    tries: 1,
    external_id: `wamid.bench-out-${n}-${at}`,
    error_class: failed ? 'permanent' : null,
    error_code: failed ? '131026' : null,
    created_at: message['created_at'] ?? null,
  }
}

/** A UUIDv7 of that time: `kind` and `n` keep it apart from all others. */
function idAt(at: number, kind: number, n: number): string {
  const time = at.toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${kind.toString(16).padStart(3, '0')}-8000-${n.toString(16).padStart(12, '0')}`
}
