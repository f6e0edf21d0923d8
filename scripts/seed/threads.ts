/** Stories → rows: contacts, their addresses, conversations and everything in them. */
import { createHash } from 'node:crypto'
import type {
  comments,
  contactGroups,
  contacts,
  contactTags,
  conversations,
  drafts,
  groups,
  identities,
  messages,
  sendAttempts,
  tags,
} from '../../src/db/schema.ts'
import { agentId, departmentId, inboxId, inboxOf, workspaceId } from './cast.ts'
import { demoId, demoPhone, peerAddress, providerMessageId } from './identifiers.ts'
import { providerItem } from './provider-items.ts'
import { type Line, milliseconds, type Outcome, type Story } from './story.ts'

type ContactRow = typeof contacts.$inferInsert
type MessageRow = typeof messages.$inferInsert
type AttemptRow = typeof sendAttempts.$inferInsert

interface Threads {
  contacts: Map<string, ContactRow>
  identities: Map<string, typeof identities.$inferInsert>
  conversations: (typeof conversations.$inferInsert)[]
  messages: MessageRow[]
  attempts: AttemptRow[]
  comments: (typeof comments.$inferInsert)[]
  drafts: (typeof drafts.$inferInsert)[]
  tags: Map<string, typeof tags.$inferInsert>
  contactTags: Map<string, typeof contactTags.$inferInsert>
  groups: Map<string, typeof groups.$inferInsert>
  contactGroups: Map<string, typeof contactGroups.$inferInsert>
}

/** Where a story's rows hang. */
interface Place {
  workspace: string
  inbox: string
  channel: ReturnType<typeof inboxOf>['channel']
  contact: string
  identity: string
  peer: string
  conversation: string
}

export function threads(stories: readonly Story[], now: number): Threads {
  const rows: Threads = {
    contacts: new Map(),
    identities: new Map(),
    conversations: [],
    messages: [],
    attempts: [],
    comments: [],
    drafts: [],
    tags: new Map(),
    contactTags: new Map(),
    groups: new Map(),
    contactGroups: new Map(),
  }
  const numbers = new Map<string, number>()
  for (const story of stories) {
    if (!numbers.has(story.customer)) numbers.set(story.customer, numbers.size + 1)
    tell(rows, story, numbers.get(story.customer) ?? 0, now)
  }
  return rows
}

function tell(rows: Threads, story: Story, number: number, now: number): void {
  const times = timesOf(story, now)
  const openedAt = times[0] ?? now
  const place = meet(rows, story, number, openedAt)
  const written = write(story, place, times)
  rows.messages.push(...written.messages)
  rows.attempts.push(...written.attempts)
  rows.conversations.push(conversationRow(story, place, written))
  label(rows, story, place, openedAt)
  annotate(rows, story, place, times.at(-1) ?? now)
}

/** The contact and the address; both may be known from another story. */
function meet(rows: Threads, story: Story, number: number, at: number): Place {
  const { workspace: workspaceKey, channel } = inboxOf(story.inbox)
  const workspace = workspaceId(workspaceKey)
  const phone = demoPhone(number)
  const hasPhone = channel === 'whatsapp' || channel === 'evolution'
  const contact = demoId('contact', workspaceKey, story.customer)
  const identity = demoId('identity', story.inbox, story.customer)
  const peer = peerAddress(channel, phone, number)
  const known = rows.contacts.get(contact)
  const isNoted = Boolean(story.tags ?? story.groups ?? story.comments)

  rows.contacts.set(contact, {
    workspaceId: workspace,
    id: contact,
    name: known?.name ?? (isNoted ? story.customer : null),
    profileName: story.nameless ? null : story.customer,
    profileNameAt: Math.max(known?.profileNameAt ?? 0, at),
    phone: known?.phone ?? (hasPhone ? phone : null),
    createdAt: Math.min(known?.createdAt ?? at, at),
  })
  rows.identities.set(identity, {
    workspaceId: workspace,
    id: identity,
    contactId: contact,
    inboxId: inboxId(story.inbox),
    principalId: identity,
    externalId: peer,
    phone: hasPhone ? phone : null,
    createdAt: Math.min(rows.identities.get(identity)?.createdAt ?? at, at),
  })
  const conversation = demoId(
    'conversation',
    story.inbox,
    story.customer,
    story.closed ? `closed ${story.ago} ago` : 'open',
  )
  return { workspace, inbox: inboxId(story.inbox), channel, contact, identity, peer, conversation }
}

/** The last line is `ago`; the others stand before it at the pace that people write. */
function timesOf({ ago, lines }: Story, now: number): number[] {
  const times = [wholeSeconds(now - milliseconds(ago))]
  for (let i = lines.length - 1; i > 0; i -= 1) times.unshift(wholeSeconds((times[0] ?? now) - pause(lines, i)))
  return times
}

function pause(lines: Line[], i: number): number {
  const [line, before] = [lines[i], lines[i - 1]]
  if (line?.after) return milliseconds(line.after)
  return line?.from === before?.from ? 18_000 + ((i * 13) % 50) * 1_000 : 55_000 + ((i * 37) % 240) * 1_000
}

const wholeSeconds = (at: number) => Math.floor(at / 1_000) * 1_000

interface Written {
  messages: MessageRow[]
  attempts: AttemptRow[]
}

function write(story: Story, place: Place, times: number[]): Written {
  const written: Written = { messages: [], attempts: [] }
  for (const [i, line] of story.lines.entries()) {
    const message = messageRow(story, place, line, i, times[i] ?? 0)
    written.messages.push(message)
    for (const [n, outcome] of line.outcomes.entries()) {
      const ord = written.attempts.length + 1
      written.attempts.push(attemptRow(place, message, { outcome, no: n + 1, ord }))
    }
  }
  return written
}

function messageRow(story: Story, place: Place, line: Line, i: number, at: number): MessageRow {
  const externalId = providerMessageId(place.channel, place.peer, place.conversation, i)
  const quoted = line.quotes === undefined ? undefined : story.lines[line.quotes]
  const author = line.from === 'agent' ? (line.by ?? story.assignee) : undefined
  return {
    workspaceId: place.workspace,
    id: demoId('message', place.conversation, i),
    conversationId: place.conversation,
    inboxId: place.inbox,
    direction: line.from === 'customer' ? 'incoming' : 'outgoing',
    type: line.type,
    body: line.text,
    externalId: line.from === 'agent' ? null : externalId,
    replyToExternalId: quoted ? quotedId(place, quoted, line.quotes ?? 0) : null,
    occurredAt: at,
    providerAt: line.from === 'agent' ? null : at,
    ingestOrd: i + 1,
    seq: i + 1,
    authorId: author ? agentId(author) : null,
    clientKey: author ? demoId('client key', place.conversation, i) : null,
    bodyHash: author
      ? createHash('sha256')
          .update(line.text ?? '')
          .digest('hex')
      : null,
    raw:
      line.content === undefined
        ? null
        : JSON.stringify(
            providerItem({
              ...place,
              externalId,
              type: line.type,
              text: line.text,
              content: line.content,
              occurredAt: at,
            }),
          ),
    createdAt: at,
  }
}

/** Our own answers are known to the provider by their newest attempt. */
const quotedId = (place: Place, line: Line, i: number) =>
  line.from === 'agent'
    ? providerMessageId(place.channel, place.peer, place.conversation, i, line.outcomes.length)
    : providerMessageId(place.channel, place.peer, place.conversation, i)

/** Facts of each outcome; the rank is that of `domain/send-states.ts`, where a canceled one stands beside a failed one. */
const OUTCOMES: Record<
  Outcome,
  Pick<AttemptRow, 'state' | 'rank' | 'errorClass' | 'errorCode' | 'errorDetail'> & { accepted: boolean }
> = {
  sent: { state: 'sent', rank: 30, accepted: true },
  delivered: { state: 'delivered', rank: 40, accepted: true },
  read: { state: 'read', rank: 50, accepted: true },
  unknown: { state: 'unknown', rank: 20, errorClass: 'ambiguous', errorCode: 'timeout', accepted: false },
  canceled: { state: 'canceled', rank: 35, errorCode: 'closed', accepted: false },
  window_closed: {
    state: 'failed',
    rank: 35,
    errorClass: 'permanent',
    errorCode: '131047',
    errorDetail:
      'Message failed to send because more than 24 hours have passed since the customer last replied to this number.',
    accepted: true,
  },
  unreachable: {
    state: 'failed',
    rank: 35,
    errorClass: 'permanent',
    errorCode: '131026',
    errorDetail: 'Message undeliverable',
    accepted: true,
  },
}

function attemptRow(
  place: Place,
  message: MessageRow,
  { outcome, no, ord }: { outcome: Outcome; no: number; ord: number },
): AttemptRow {
  const { accepted, ...facts } = OUTCOMES[outcome]
  return {
    workspaceId: place.workspace,
    id: demoId('attempt', message.id, no),
    messageId: message.id,
    conversationId: place.conversation,
    inboxId: place.inbox,
    no,
    ord,
    tries: outcome === 'canceled' ? 0 : 1,
    externalId: accepted
      ? providerMessageId(place.channel, place.peer, place.conversation, message.ingestOrd - 1, no)
      : null,
    ...facts,
    createdAt: message.createdAt,
  }
}

function conversationRow(
  story: Story,
  place: Place,
  { messages, attempts }: Written,
): typeof conversations.$inferInsert {
  const last = messages.at(-1)
  const incoming = messages.filter((message) => message.direction === 'incoming')
  const lastOutgoing = messages.findLastIndex((message) => message.direction === 'outgoing')
  const unanswered = messages[lastOutgoing + 1]
  const lastAt = last?.occurredAt ?? 0
  return {
    workspaceId: place.workspace,
    id: place.conversation,
    inboxId: place.inbox,
    identityId: place.identity,
    contactId: place.contact,
    departmentId: story.department ? departmentId(story.department) : null,
    assigneeId: story.assignee ? agentId(story.assignee) : null,
    status: story.closed ? 'closed' : 'open',
    seq: last?.seq ?? 0,
    outOrd: attempts.length,
    lastAt,
    lastIncomingAt: incoming.at(-1)?.occurredAt ?? null,
    unread: story.unread ?? 0,
    waitingSince: story.closed ? null : (unanswered?.occurredAt ?? null),
    openedAt: messages[0]?.occurredAt ?? lastAt,
    closedAt: story.closed ? lastAt + 240_000 : null,
    closedById: story.closed ? agentId(story.closed.by) : null,
    closeReason: story.closed?.reason ?? null,
  }
}

function label(rows: Threads, story: Story, place: Place, at: number): void {
  const of = {
    workspaceId: place.workspace,
    contactId: place.contact,
    authorId: story.assignee ? agentId(story.assignee) : null,
    createdAt: at,
  }
  for (const name of story.tags ?? []) {
    const tag = named('tag', place.workspace, name, at)
    rows.tags.set(tag.id, tag)
    rows.contactTags.set(`${place.contact} ${tag.id}`, { ...of, tagId: tag.id })
  }
  for (const name of story.groups ?? []) {
    const group = named('group', place.workspace, name, at)
    rows.groups.set(group.id, group)
    rows.contactGroups.set(`${place.contact} ${group.id}`, { ...of, groupId: group.id })
  }
}

const named = (what: 'tag' | 'group', workspace: string, name: string, createdAt: number) => ({
  workspaceId: workspace,
  id: demoId(what, workspace, name),
  name,
  nameKey: name.toLocaleLowerCase('pt-BR'),
  createdAt,
})

function annotate(rows: Threads, story: Story, place: Place, lastAt: number): void {
  for (const [i, comment] of (story.comments ?? []).entries()) {
    const createdAt = lastAt - (i + 1) * 300_000
    rows.comments.push({
      workspaceId: place.workspace,
      id: demoId('comment', place.conversation, i),
      contactId: place.contact,
      conversationId: comment.here ? place.conversation : null,
      authorId: agentId(comment.by),
      clientKey: demoId('client key', 'comment', place.conversation, i),
      body: comment.text,
      pinnedAt: comment.pinned ? createdAt : null,
      pinnedById: comment.pinned ? agentId(comment.by) : null,
      createdAt,
    })
  }
  if (story.draft) {
    rows.drafts.push({
      workspaceId: place.workspace,
      agentId: agentId(story.draft.by),
      conversationId: place.conversation,
      kind: 'reply',
      body: story.draft.text,
      updatedAt: lastAt + 60_000,
    })
  }
}
