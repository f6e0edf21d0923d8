/** Stories → rows: contacts, their addresses, conversations and everything in them. */
import type { conversations } from '../../src/db/schema/index.ts'
import { agentId, departmentId } from './cast.ts'
import { annotate, label, meet } from './customers.ts'
import { timesOf, type Written, write } from './dialogue.ts'
import type { Story } from './story.ts'
import type { Place, Threads } from './thread-rows.ts'

export function threads(stories: readonly Story[], now: number): Threads {
  const rows: Threads = {
    contacts: new Map(),
    identities: new Map(),
    conversations: [],
    messages: [],
    attempts: [],
    attachments: [],
    reactions: [],
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
  rows.attachments.push(...written.attachments)
  rows.reactions.push(...written.reactions)
  rows.conversations.push(conversationRow(story, place, written))
  label(rows, story, place, openedAt)
  annotate(rows, story, place, times.at(-1) ?? now)
}

function conversationRow(
  story: Story,
  place: Place,
  { messages, attempts }: Written,
): typeof conversations.$inferInsert {
  const last = messages.at(-1)
  const said = messages.filter((message) => message.kind === 'message' && !message.supersededById)
  const incoming = said.filter((message) => message.direction === 'incoming')
  const lastOutgoing = said.findLastIndex((message) => message.direction === 'outgoing')
  const unanswered = said[lastOutgoing + 1]
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
