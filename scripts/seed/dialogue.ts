/** What was said in a story, when, and what became of each answer. */
import { createHash } from 'node:crypto'
import type { MediaKind } from '../../src/channels/content.ts'
import { agentId } from './cast.ts'
import { demoId, providerMessageId } from './identifiers.ts'
import { bytesOf, type Sample, sampleOf } from './samples.ts'
import { type DemoFile, type Line, milliseconds, type Outcome, type Story } from './story.ts'
import type { AttachmentRow, AttemptRow, MessageRow, Place, ReactionRow } from './thread-rows.ts'

/** The last line is `ago`; the others stand before it at the pace that people write. */
export function timesOf({ ago, lines }: Story, now: number): number[] {
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

export interface Written {
  messages: MessageRow[]
  attempts: AttemptRow[]
  attachments: AttachmentRow[]
  reactions: ReactionRow[]
}

export function write(story: Story, place: Place, times: number[]): Written {
  const written: Written = { messages: [], attempts: [], attachments: [], reactions: [] }
  for (const [i, line] of story.lines.entries()) {
    const message = messageRow(story, place, line, i, times[i] ?? 0)
    written.messages.push(message)
    written.attachments.push(...(line.files ?? []).map((file, ord) => attachmentRow(message, line, file, ord)))
    for (const [n, outcome] of line.outcomes.entries()) {
      const ord = written.attempts.length + 1
      written.attempts.push(attemptRow(place, message, { outcome, no: n + 1, ord }))
    }
  }
  for (const [i, line] of story.lines.entries()) {
    const message = written.messages[i]
    if (message && line.reactions) react(written, place, message, line.reactions)
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
    ...saidIn(line, at),
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
    createdAt: at,
  }
}

function saidIn({ from, type, text, content, edited, deleted }: Line, at: number) {
  return {
    kind: from === 'channel' ? 'activity' : 'message',
    direction: from === 'customer' || from === 'channel' ? 'incoming' : 'outgoing',
    type,
    ...(deleted
      ? { body: null, deletedAt: at + 60_000 }
      : { body: text, content: content ? JSON.stringify(content) : null }),
    ...(edited ? { editedAt: at + 60_000, editRank: 1 } : {}),
  } satisfies Partial<MessageRow>
}

/** The provider keeps a file for days only, and these are older than that. */
function attachmentRow(message: MessageRow, line: Line, file: DemoFile, ord: number): AttachmentRow {
  const { waits, lost, ...facts } = file
  const id = demoId('attachment', message.id, ord)
  const row = {
    workspaceId: message.workspaceId,
    id,
    messageId: message.id,
    ord,
    ...facts,
    createdAt: message.createdAt,
  }
  if (line.deleted) return { ...row, state: 'deleted' }
  if (waits) return { ...row, state: 'pending' }
  if (lost) return { ...row, state: 'failed', errorCode: 'expired' }
  const { name: _, ...shape } = sampleFor(row)
  const size = bytesOf(sampleFor(row)).length
  return { ...row, ...shape, size, state: 'stored', objectKey: `ws/${message.workspaceId}/${id}` }
}

/** What such a file holds: two of one message differ. */
export const sampleFor = ({ kind, voice, ord }: Pick<AttachmentRow, 'kind' | 'voice' | 'ord'>): Sample =>
  sampleOf(kind as MediaKind, { voice: voice ?? false, n: ord ?? 0 })

/** Ours goes out as a row of its own, which is shown as part of the message that it is about. */
function react(written: Written, place: Place, message: MessageRow, { customer, team, lost }: Reacted): void {
  const of = { workspaceId: place.workspace, messageId: message.id, reactedAt: message.createdAt + 30_000 }
  if (customer) written.reactions.push({ ...of, side: 'customer', emoji: customer })
  if (!team) return
  const sent: MessageRow = {
    ...message,
    id: demoId('reaction', message.id),
    ...{ direction: 'outgoing', type: 'reaction', body: team, externalId: null, supersededById: message.id },
    ...{ content: null, bodyHash: null, clientKey: null },
    ingestOrd: written.messages.length + 1,
    seq: written.messages.length + 1,
    occurredAt: written.messages.at(-1)?.occurredAt ?? message.occurredAt,
  }
  written.messages.push(sent)
  written.attempts.push(
    attemptRow(place, sent, { outcome: lost ? 'unreachable' : 'sent', no: 1, ord: written.attempts.length + 1 }),
  )
  written.reactions.push({ ...of, side: 'team', emoji: team, sentById: sent.id })
}

type Reacted = NonNullable<Line['reactions']>

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
  over: {
    state: 'failed',
    rank: 35,
    errorClass: 'permanent',
    errorCode: 'window_closed',
    errorDetail: 'This message is sent outside of allowed window.',
    accepted: false,
  },
  blocked: {
    state: 'failed',
    rank: 35,
    errorClass: 'permanent',
    errorCode: '551',
    errorDetail: "This person isn't available right now.",
    accepted: false,
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
