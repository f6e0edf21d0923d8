/** A conversation that the team begins. */
import { builtChannels, channelNamed } from '../channels/index.ts'
import { contactOf } from '../db/queries/contacts.ts'
import { type StoredHead, toHead } from '../db/queries/conversations.ts'
import {
  departmentsToStartIn,
  inboxesToSendFrom,
  openedOf,
  type SendingInbox,
  seesOpened,
  storeStart,
} from '../db/queries/new-conversation.ts'
import { readAs } from '../db/read-as.ts'
import type { Viewer } from '../db/records.ts'
import type { App } from './app.ts'
import { AppError } from './errors.ts'

/** Where a company may be the first to speak. Everywhere else the customer writes first. */
const WE_MAY_BEGIN = builtChannels.filter((name) => channelNamed(name)?.limits.begins)

export interface Starting {
  contact: { id: string; name: string | null; phone: string | null; blocked: boolean }
  inboxes: SendingInbox[]
  departments: { id: string; name: string }[]
}

/** What a conversation with this person could be begun with. */
export async function startingWith(app: App, viewer: Viewer, contactId: string): Promise<Starting> {
  const [contacts, inboxes, departments] = await readAs(
    app.db,
    viewer,
    contactOf(viewer, contactId),
    inboxesToSendFrom(viewer, contactId, WE_MAY_BEGIN),
    departmentsToStartIn(viewer),
  )
  const contact = contacts[0]
  if (!contact || contact.merged_into_id) throw new AppError('not_found')
  return {
    contact: {
      id: contact.id,
      name: contact.name ?? contact.profile_name,
      phone: contact.phone,
      blocked: contact.blocked_at !== null,
    },
    inboxes,
    departments,
  }
}

export const canSendFrom = ({ channel, status, reachable }: SendingInbox) =>
  status === 'active' && reachable === 1 && channelNamed(channel) !== null

export interface StartForm {
  contactId: string
  inboxId: string
  /** Null: where the number puts new conversations. */
  departmentId: string | null
}

/**
 * Begins a conversation with a person from one of our numbers, or answers with the one that is open there. Twice the same
 * click, or two agents at once, make one.
 */
export async function startConversation(
  app: App,
  viewer: Viewer,
  { contactId, inboxId, departmentId }: StartForm,
): Promise<string> {
  const { contact, inboxes, departments } = await startingWith(app, viewer, contactId)
  if (contact.blocked) throw new AppError('blocked')
  const inbox = inboxes.find(({ id }) => id === inboxId)
  if (!inbox || !canSendFrom(inbox)) {
    throw new AppError('invalid', { field: 'inboxId', reason: 'inbox' })
  }
  const department = departmentId ?? inbox.department_id
  if (department && !departments.some(({ id }) => id === department)) {
    throw new AppError('invalid', { field: 'departmentId', reason: 'department' })
  }

  const conversationId = app.newId()
  const start = {
    contactId,
    inboxId,
    departmentId: department,
    conversationId,
    identityId: app.newId(),
    now: app.now(),
  }
  const written = await app.db.write(
    ...storeStart(viewer, start),
    openedOf(viewer, start).sql,
    seesOpened(viewer, start).sql,
  )
  const [opened, seen] = written.slice(-2).map(({ rows }) => rows[0])
  if (!opened) throw new AppError('conflict')
  if (!seen) throw new AppError('already_taken', { reason: 'busy' })
  const conversation = toHead(opened as unknown as StoredHead)
  if (conversation.id === conversationId) {
    app.publish({ type: 'thread.changed', workspaceId: viewer.workspaceId, conversation, messages: [] })
  }
  return conversation.id
}
