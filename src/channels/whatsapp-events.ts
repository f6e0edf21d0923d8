/** A webhook of the Cloud API in, our events out: each item by itself, so that a bad one never voids its neighbours. */
import * as z from 'zod'
import type { InboundEvent, KeptEvent, MessageEvent, Peer, StatusEvent } from './channel.ts'
import { canonicalJson, readJson, sha256 } from './json.ts'
import { detailOf, Id, MetaError, maybe } from './meta.ts'
import { isPhone, phoneOf } from './phone.ts'
import { contentOf } from './whatsapp-content.ts'

/** What has no id of its own is known by what it says. */
type Unnamed = Omit<KeptEvent, 'dedupeKey'> & { dedupeKey: null; says: unknown }
type Found = InboundEvent | Unnamed

/** Where an item stands: what it belongs to, and what its neighbours say about the people in it. */
interface Place {
  field: string
  accountId: string
  time: unknown
  contacts: Contact[]
}

type Row = Record<string, unknown>
const isRow = (value: unknown): value is Row => typeof value === 'object' && value !== null && !Array.isArray(value)

export async function parseWhatsApp(rawBody: Uint8Array, accountId: string): Promise<InboundEvent[]> {
  const body = readJson(rawBody)
  if (!body.readable) {
    const dedupeKey = `ev:${await sha256(rawBody)}`
    return [{ kind: 'kept', what: 'unknown', dedupeKey, accountId, occurredAt: null, raw: body.text }]
  }
  const events = new Map<string, InboundEvent>()
  for (const found of readBody(body.value, accountId)) {
    const event = found.dedupeKey === null ? await named(found) : found
    const once = `${event.accountId} ${event.dedupeKey}`
    if (!events.has(once)) events.set(once, event)
  }
  return [...events.values()]
}

async function named({ says, ...kept }: Unnamed): Promise<KeptEvent> {
  return { ...kept, dedupeKey: `ev:${await sha256(canonicalJson(says))}` }
}

function* readBody(body: unknown, accountId: string): Generator<Found> {
  const outside: Place = { field: '', accountId, time: null, contacts: [] }
  if (!isRow(body) || body.object !== 'whatsapp_business_account' || !Array.isArray(body.entry)) {
    yield keep(outside, 'unknown', body)
    return
  }
  for (const entry of body.entry) {
    if (!isRow(entry) || !Array.isArray(entry.changes)) {
      yield keep(outside, 'unknown', entry)
      continue
    }
    for (const change of entry.changes) {
      if (isRow(change) && typeof change.field === 'string' && isRow(change.value)) {
        yield* readChange(placeOf(change.field, change.value, entry.time, accountId), change.value)
      } else {
        yield keep({ ...outside, time: entry.time }, 'unknown', change)
      }
    }
  }
}

const Metadata = z.object({ phone_number_id: Id })

function placeOf(field: string, value: Row, time: unknown, accountId: string): Place {
  const metadata = Metadata.safeParse(value.metadata)
  return {
    field,
    accountId: metadata.data?.phone_number_id ?? accountId,
    time,
    contacts: Array.isArray(value.contacts) ? value.contacts.flatMap((row) => Contact.safeParse(row).data ?? []) : [],
  }
}

/** Told about things that Prosa does not have, or takes no notice of. */
const IGNORED = new Set([
  'account_alerts',
  'account_review_update',
  'automatic_events',
  'business_capability_update',
  'business_username_update',
  'business_username_updates',
  'calls',
  'flows',
  'message_template_components_update',
  'message_template_quality_update',
  'phone_number_name_update',
  'phone_number_quality_update',
  'security',
  'template_category_update',
])

function* readChange(place: Place, value: Row): Generator<Found> {
  switch (place.field) {
    case 'messages':
      yield* readLists(place, value, {
        messages: readMessage,
        statuses: readStatus,
        errors: errorReader(value),
        user_actions: nothing,
      })
      break
    case 'smb_message_echoes':
      yield* readLists(place, value, { message_echoes: readEcho })
      break
    case 'history':
      yield* readLists(place, value, { history: readHistory, messages: keptAs('history_media') })
      break
    case 'smb_app_state_sync':
      yield* readLists(place, value, { state_sync: keptAs('contact') })
      break
    case 'user_preferences':
      yield* readLists(place, value, { user_preferences: keptAs('preference') })
      break
    case 'user_id_update':
      yield keep(place, 'identity_change', value)
      break
    case 'message_template_status_update':
      yield keep(place, 'template', value)
      break
    case 'account_update':
      yield keep(place, 'account', value)
      break
    default:
      if (!IGNORED.has(place.field) && !place.field.startsWith('group_')) yield keep(place, 'unknown', value)
  }
}

type ReadItem = (place: Place, item: unknown) => Found | null

/** Several lists may stand side by side; a change that holds none of those its field is known for is kept whole. */
function* readLists(place: Place, value: Row, readers: Record<string, ReadItem>): Generator<Found> {
  const present = Object.keys(readers).filter((name) => value[name] !== undefined && value[name] !== null)
  if (present.length === 0) yield keep(place, 'unknown', value)
  for (const name of present) {
    const list = value[name]
    const read = readers[name]
    if (Array.isArray(list) && read) {
      for (const item of list) {
        const found = read(place, item)
        if (found) yield found
      }
    } else {
      yield keep(place, 'unknown', { [name]: list })
    }
  }
}

const nothing: ReadItem = () => null

const keptAs =
  (what: string): ReadItem =>
  (place, item) =>
    keep(place, isRow(item) ? what : 'unknown', item)

/** Beside messages an error says why one of them cannot be shown; by itself it is the account's. */
const errorReader = ({ messages }: Row): ReadItem =>
  Array.isArray(messages) && messages.length > 0 ? nothing : keptAs('error')

const HISTORY_DECLINED = '2593109'

const readHistory: ReadItem = (place, item) => {
  if (!isRow(item) || !Array.isArray(item.errors)) return keptAs('history')(place, item)
  const declined = item.errors.some((error) => MetaError.safeParse(error).data?.code === HISTORY_DECLINED)
  return keep(place, declined ? 'history_declined' : 'error', item)
}

const Message = z.object({
  id: Id,
  type: maybe(z.string()),
  from: maybe(Id),
  from_user_id: maybe(Id),
  from_parent_user_id: maybe(Id),
  to: maybe(Id),
  to_user_id: maybe(Id),
  to_parent_user_id: maybe(Id),
  group_id: maybe(Id),
  timestamp: z.unknown().optional(),
  context: maybe(z.object({ id: maybe(Id) })),
  biz_opaque_callback_data: maybe(z.string()),
})
type Message = z.infer<typeof Message>

const readMessage: ReadItem = (place, item) => readBubble(place, item, 'incoming')
/** Written on the business's own phone: the customer is whom it went to. */
const readEcho: ReadItem = (place, item) => readBubble(place, item, 'outgoing')

function readBubble(place: Place, item: unknown, direction: MessageEvent['direction']): Found {
  const message = Message.safeParse(item).data
  if (!message || !isRow(item)) return keep(place, 'unknown', item)

  const dedupeKey = `msg:${message.id}`
  const occurredAt = milliseconds(message.timestamp)
  if (message.type === 'system') {
    const what = changesIdentity(item.system) ? 'identity_change' : 'system'
    return { kind: 'kept', what, dedupeKey, accountId: place.accountId, occurredAt, raw: item }
  }

  const content = contentOf(message.type, item)
  const peer = peerOf(message, content.ownPhone, direction, place.contacts)
  if (!peer) return keep(place, 'unknown', item)
  return {
    kind: 'message',
    dedupeKey,
    accountId: place.accountId,
    occurredAt,
    direction,
    externalId: message.id,
    peer,
    type: content.type,
    text: content.text,
    media: [],
    content: {},
    replyTo: content.target ?? message.context?.id ?? null,
    attemptId: message.biz_opaque_callback_data ?? null,
    appId: null,
    group: message.group_id !== undefined,
    history: false,
    raw: saysItAll(content.type, item) ? null : item,
  }
}

const IDENTITY_CHANGES = new Set<unknown>(['user_changed_number', 'user_changed_user_id', 'customer_identity_changed'])
const changesIdentity = (system: unknown) => isRow(system) && IDENTITY_CHANGES.has(system.type)

const PLAIN = new Set(['id', 'type', 'timestamp', 'text', 'from', 'from_user_id', 'from_parent_user_id', 'context'])
const PLAIN_CONTEXT = new Set(['id', 'from', 'from_user_id', 'from_parent_user_id'])

/** A text that carries neither an ad, a product, a forward nor a group is told in full by the event. */
function saysItAll(type: string, item: Row): boolean {
  const context = isRow(item.context) ? Object.keys(item.context) : []
  return (
    type === 'text' &&
    Object.keys(item).every((key) => PLAIN.has(key)) &&
    context.every((key) => PLAIN_CONTEXT.has(key))
  )
}

const Contact = z.object({
  wa_id: maybe(Id),
  user_id: maybe(Id),
  parent_user_id: maybe(Id),
  profile: maybe(z.object({ name: maybe(z.string()), username: maybe(z.string()) })),
})
type Contact = z.infer<typeof Contact>

/** Null: the payload names nobody. */
function peerOf(
  message: Message,
  ownPhone: string | null,
  direction: MessageEvent['direction'],
  contacts: Contact[],
): Peer | null {
  if (message.group_id !== undefined)
    return { externalIds: [`group:${message.group_id}`], phone: null, profileName: null }

  const written =
    direction === 'incoming'
      ? [message.from_user_id, message.from_parent_user_id, message.from, ownPhone]
      : [message.to_user_id, message.to_parent_user_id, message.to]
  const said = addressesIn(written)
  const contact = contactOf(said, contacts)
  const externalIds = addressesIn([...said, contact?.user_id, contact?.parent_user_id, contact?.wa_id])
  if (externalIds.length === 0) return null
  return { externalIds, phone: phoneOf(externalIds.find(isPhone) ?? ''), profileName: nameOf(contact) }
}

/** Contacts stand in no order; the same person may be written with and without the ninth digit. */
function contactOf(addresses: string[], contacts: Contact[]): Contact | undefined {
  if (addresses.length === 0) return contacts.length === 1 ? contacts[0] : undefined
  const keys = new Set(addresses.map(matchKey))
  return contacts.find((contact) =>
    addressesIn([contact.user_id, contact.parent_user_id, contact.wa_id]).some((address) =>
      keys.has(matchKey(address)),
    ),
  )
}

const matchKey = (address: string) => phoneOf(address) ?? address

function nameOf(contact: Contact | undefined): string | null {
  return contact?.profile?.name?.trim() || contact?.profile?.username?.trim().replace(/^@/, '') || null
}

const BUSINESS_SCOPED = /^[A-Z]{2}\.[A-Za-z0-9]{1,128}$/
const PARENT_SCOPED = /^[A-Z]{2}\.ENT\.[A-Za-z0-9]{1,128}$/

/** A person's id within our business portfolio: all that is known of somebody who hides the phone. */
export const isBusinessScopedId = (address: string) => BUSINESS_SCOPED.test(address)

/** Each once, by what it is and not by the key that it stood under: ids were seen where numbers belong. */
function addressesIn(values: (string | null | undefined)[]): string[] {
  const known = values.flatMap((value) => (value ? [value.replace(/^\+/, '')] : []))
  return [...new Set(known)].sort((a, b) => rank(a) - rank(b))
}

function rank(address: string): number {
  if (isBusinessScopedId(address)) return 0
  if (PARENT_SCOPED.test(address)) return 1
  return isPhone(address) ? 2 : 3
}

const Status = z.object({
  id: Id,
  status: z.string(),
  timestamp: z.unknown().optional(),
  recipient_type: maybe(z.string()),
  recipient_participant_id: maybe(Id),
  recipient_participant_user_id: maybe(Id),
  biz_opaque_callback_data: maybe(z.string()),
  errors: maybe(z.array(z.unknown())),
})

const STATUSES: readonly string[] = ['sent', 'delivered', 'read', 'played', 'failed'] satisfies StatusEvent['status'][]
const isStatus = (value: string): value is StatusEvent['status'] => STATUSES.includes(value)

const readStatus: ReadItem = (place, item) => {
  const status = Status.safeParse(item).data
  if (!status) return keep(place, 'unknown', item)
  if (!isStatus(status.status)) return null // `deleted`, `warning`, …: nothing that a bubble shows

  const participant = status.recipient_participant_user_id ?? status.recipient_participant_id
  const inGroup = status.recipient_type === 'group' && participant !== undefined
  const error = status.errors?.flatMap((row) => MetaError.safeParse(row).data ?? [])[0]
  return {
    kind: 'status',
    dedupeKey: `st:${status.id}:${status.status}${inGroup ? `:${participant}` : ''}`,
    accountId: place.accountId,
    occurredAt: milliseconds(status.timestamp),
    target: status.id,
    status: status.status,
    andBefore: false,
    attemptId: status.biz_opaque_callback_data ?? null,
    error: error ? { code: error.code, detail: detailOf(error) } : null,
  }
}

/** The entry's time is part of what is said: a template that is approved a second time is news. */
function keep(place: Place, what: string, raw: unknown): Unnamed {
  const timestamp = isRow(raw)
    ? (raw.timestamp ?? (isRow(raw.metadata) ? raw.metadata.timestamp : undefined))
    : undefined
  return {
    kind: 'kept',
    what,
    dedupeKey: null,
    says: { field: place.field, time: place.time, raw },
    accountId: place.accountId,
    occurredAt: milliseconds(timestamp ?? place.time),
    raw,
  }
}

const SECONDS = /^\d{1,11}$/

/** Seconds as a string, in some fields as a number. */
function milliseconds(seconds: unknown): number | null {
  return (typeof seconds === 'string' || typeof seconds === 'number') && SECONDS.test(String(seconds))
    ? Number(seconds) * 1000
    : null
}
