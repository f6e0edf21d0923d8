/** Who writes, and what the team keeps about them. */
import type { TagColor } from '../../src/db/records.ts'
import { foldedKey } from '../../src/domain/text.ts'
import { agentId, inboxId, inboxOf, workspaceId } from './cast.ts'
import { demoId, demoPhone, peerAddress } from './identifiers.ts'
import type { Story } from './story.ts'
import type { Place, Threads } from './thread-rows.ts'

/** The contact and the address; both may be known from another story. */
export function meet(rows: Threads, story: Story, number: number, at: number): Place {
  const { workspace: workspaceKey, channel } = inboxOf(story.inbox)
  const workspace = workspaceId(workspaceKey)
  const phone = demoPhone(number)
  const hasPhone = channel === 'whatsapp' || channel === 'evolution'
  const contact = demoId('contact', workspaceKey, story.customer)
  const identity = demoId('identity', story.inbox, story.customer)
  const peer = peerAddress(channel, phone, number)
  const known = rows.contacts.get(contact)
  const isNoted = Boolean(story.tags ?? story.groups ?? story.comments)

  const name = known?.name ?? (isNoted ? story.customer : null)
  const profileName = story.nameless ? null : story.customer
  const shownPhone = known?.phone ?? (hasPhone ? phone : null)

  rows.contacts.set(contact, {
    workspaceId: workspace,
    id: contact,
    name,
    profileName,
    nameKey: foldedKey(name ?? profileName ?? '') || (shownPhone ?? ''),
    profileNameAt: Math.max(known?.profileNameAt ?? 0, at),
    phone: shownPhone,
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

const COLORS: Record<string, TagColor> = {
  VIP: 'amber',
  Urgente: 'clay',
  Reclamação: 'rose',
  Orçamento: 'sky',
  'Novo cliente': 'leaf',
  Boleto: 'plum',
}

export function label(rows: Threads, story: Story, place: Place, at: number): void {
  const of = {
    workspaceId: place.workspace,
    contactId: place.contact,
    authorId: story.assignee ? agentId(story.assignee) : null,
    createdAt: at,
  }
  for (const name of story.tags ?? []) {
    const tag = named('tag', place.workspace, name, at)
    rows.tags.set(tag.id, { ...tag, color: COLORS[name] ?? 'sea' })
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
  nameKey: foldedKey(name),
  createdAt,
})

/** A comment for one conversation alone stands in its thread: a row under the comment's own id. */
function placeInThread(rows: Threads, place: Place, id: string, authorId: string, at: number): void {
  const conversation = rows.conversations.find((one) => one.id === place.conversation)
  if (!conversation) return
  const seq = (conversation.seq ?? 0) + 1
  conversation.seq = seq
  rows.messages.push({
    workspaceId: place.workspace,
    id,
    conversationId: place.conversation,
    inboxId: place.inbox,
    kind: 'comment',
    direction: 'outgoing',
    type: 'comment',
    occurredAt: at,
    ingestOrd: seq,
    seq,
    authorId,
    createdAt: at,
  })
}

export function annotate(rows: Threads, story: Story, place: Place, lastAt: number): void {
  for (const [i, comment] of (story.comments ?? []).entries()) {
    const createdAt = comment.here ? lastAt : lastAt - (i + 1) * 300_000
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
    if (comment.here)
      placeInThread(rows, place, demoId('comment', place.conversation, i), agentId(comment.by), createdAt)
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
