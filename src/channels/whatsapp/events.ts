/** A webhook of the Cloud API in, our events out: each item by itself, so that a bad one never voids its neighbours. */
import type { InboundEvent } from '../events.ts'
import { eachOnce, type Found } from '../found.ts'
import { readJson, sha256 } from '../json.ts'
import { Id } from '../meta/meta.ts'
import { readAccount, readError, readTemplate } from './account.ts'
import { readEcho, readMessage, readPast, readPastFile } from './messages.ts'
import { isRow, keep, keptAs, type Place, placeOf, type ReadItem, type Row } from './place.ts'
import { readStatus } from './status.ts'
import { readAddressBook, readCall, readIdUpdate } from './system.ts'

export async function parseWhatsApp(rawBody: Uint8Array, accountId: string): Promise<InboundEvent[]> {
  const body = readJson(rawBody)
  if (!body.readable) {
    const dedupeKey = `ev:${await sha256(rawBody)}`
    return [{ kind: 'kept', what: 'unknown', dedupeKey, accountId, occurredAt: null, raw: body.text }]
  }
  return await eachOnce(readBody(body.value, accountId))
}

function* readBody(body: unknown, accountId: string): Generator<Found> {
  const outside = placeOf('', {}, {}, accountId)
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
        yield* readChange(placeOf(change.field, change.value, entry, accountId), change.value)
      } else {
        yield keep({ ...outside, time: entry.time }, 'unknown', change)
      }
    }
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
  'flows',
  'message_template_components_update',
  'message_template_quality_update',
  'phone_number_name_update',
  'phone_number_quality_update',
  'security',
  'template_category_update',
])

const nothing: ReadItem = () => []

/** The lists that a field is known for, and what reads their items. */
const LISTS: Record<string, Record<string, ReadItem>> = {
  messages: { messages: readMessage, statuses: readStatus, user_actions: nothing },
  smb_message_echoes: { message_echoes: readEcho },
  history: { history: readHistory, messages: readPastFile },
  smb_app_state_sync: { state_sync: readAddressBook },
  user_preferences: { user_preferences: keptAs('preference') },
  calls: { calls: readCall, statuses: nothing },
}

/** Fields that are about one thing, which is the value itself. */
const WHOLE: Record<string, ReadItem> = {
  user_id_update: readIdUpdates,
  message_template_status_update: readTemplate,
  account_update: readAccount,
}

function* readChange(place: Place, value: Row): Generator<Found> {
  const lists = Object.hasOwn(LISTS, place.field) ? LISTS[place.field] : undefined
  const whole = Object.hasOwn(WHOLE, place.field) ? WHOLE[place.field] : undefined
  if (lists) yield* readLists(place, value, lists)
  else if (whole) yield* whole(place, value)
  else if (!IGNORED.has(place.field) && !place.field.startsWith('group_')) yield keep(place, 'unknown', value)
}

/** Several lists may stand side by side; a change that holds none of those its field is known for is kept whole. */
function* readLists(place: Place, value: Row, readers: Record<string, ReadItem>): Generator<Found> {
  const present = Object.keys(readers).filter((name) => value[name] !== undefined && value[name] !== null)
  let explained = false
  for (const name of present) {
    for (const found of readList(place, name, value[name], readers[name] ?? nothing)) {
      explained ||= 'kind' in found && found.kind === 'message' && found.type === 'unsupported'
      yield found
    }
  }
  const hasErrors = value.errors !== undefined && value.errors !== null
  // Beside messages an error says why one of them cannot be shown, and stands in it; else it is the account's.
  if (hasErrors && !explained) yield* readList(place, 'errors', value.errors, readError)
  if (present.length === 0 && !hasErrors) yield keep(place, 'unknown', value)
}

function* readList(place: Place, name: string, list: unknown, read: ReadItem): Generator<Found> {
  if (Array.isArray(list)) for (const item of list) yield* read(place, item)
  else yield keep(place, 'unknown', { [name]: list })
}

/** A piece of the past: threads of messages, or why there is none. */
function* readHistory(place: Place, item: unknown): Generator<Found> {
  if (!isRow(item) || (!Array.isArray(item.threads) && !Array.isArray(item.errors))) {
    yield keep(place, isRow(item) ? 'history' : 'unknown', item)
    return
  }
  if (Array.isArray(item.errors)) yield* readList(place, 'errors', item.errors, readError)
  if (!Array.isArray(item.threads)) return
  for (const thread of item.threads) {
    if (isRow(thread) && Array.isArray(thread.messages)) {
      yield* readList(place, 'messages', thread.messages, readPast(addressesOf(thread)))
    } else {
      yield keep(place, 'unknown', thread)
    }
  }
}

const addressesOf = ({ id, user_id }: Row) => [user_id, id].flatMap((value) => Id.safeParse(value).data ?? [])

/** The field's own value, or a list of such under the field's name. */
function* readIdUpdates(place: Place, value: unknown): Generator<Found> {
  const list = isRow(value) ? value.user_id_update : undefined
  if (Array.isArray(list)) for (const item of list) yield* readIdUpdate(place, item)
  else yield* readIdUpdate(place, list ?? value)
}
