/** A webhook of Messenger or Instagram in, our events out: each row by itself, so that a bad one never voids its neighbours. */
import type { InboundEvent } from '../events.ts'
import { eachOnce, type Found } from '../found.ts'
import { readJson, sha256 } from '../json.ts'
import type { Dialect } from './messaging-dialect.ts'
import { isRow, keep, type Place, type Row } from './messaging-row.ts'
import { readRow } from './messaging-rows.ts'
import { Id } from './meta.ts'

export async function parseMessaging(
  dialect: Dialect,
  rawBody: Uint8Array,
  accountId: string,
): Promise<InboundEvent[]> {
  const body = readJson(rawBody)
  if (body.readable) return eachOnce(readBody(body.value, { dialect, accountId, time: null, standby: false }))
  const dedupeKey = `ev:${await sha256(rawBody)}`
  return [{ kind: 'kept', what: 'unknown', dedupeKey, accountId, occurredAt: null, raw: body.text }]
}

function* readBody(body: unknown, place: Place): Generator<Found> {
  if (!isRow(body) || body.object !== place.dialect.object || !Array.isArray(body.entry)) {
    yield keep(place, 'unknown', body)
    return
  }
  for (const entry of body.entry) {
    if (isRow(entry)) yield* readEntry(entry, placeOf(entry, place))
    else yield keep(place, 'unknown', entry)
  }
}

const placeOf = ({ id, time }: Row, place: Place): Place => ({
  ...place,
  accountId: Id.safeParse(id).data ?? place.accountId,
  time,
})

type ReadItem = (item: unknown, place: Place) => Iterable<Found>

const LISTS: Record<string, ReadItem> = {
  messaging: readRow,
  /** Another app of the account owns the thread for now. */
  standby: (item, place) => readRow(item, { ...place, standby: true }),
  changes: readChange,
}

/** Several lists may stand side by side; an entry that holds none is kept whole, or is itself the one change it tells of. */
function* readEntry(entry: Row, place: Place): Generator<Found> {
  const present = Object.keys(LISTS).filter((name) => entry[name] !== undefined && entry[name] !== null)
  if (present.length === 0) yield* 'field' in entry ? readChange(entry, place) : [keep(place, 'unknown', entry)]
  for (const name of present) {
    const [list, read] = [entry[name], LISTS[name]]
    if (!Array.isArray(list) || !read) yield keep(place, 'unknown', { [name]: list })
    else for (const item of list) yield* read(item, place)
  }
}

/** Fields whose value is a row as in `messaging`: what the dashboard's test button sends, and some set-ups always. */
const OF_CONVERSATIONS =
  /^(?:messages|message_(?:deliveries|reads|reactions?|echoes|edits?)|messaging_(?:postbacks|referrals?|seen|optins|handovers?|policy_enforcement)|standby)$/

/** What people do to posts and pages: no conversation. */
const OF_POSTS = new Set([
  ...['feed', 'mention', 'mentions', 'comments', 'live_comments', 'ratings', 'conversations', 'leadgen'],
  ...['videos', 'live_videos', 'story_insights', 'product_review'],
])

function* readChange(change: unknown, place: Place): Generator<Found> {
  const field = isRow(change) && typeof change.field === 'string' ? change.field : ''
  if (isRow(change) && OF_CONVERSATIONS.test(field)) {
    yield* readRow(change.value, { ...place, standby: field === 'standby' })
  } else if (!OF_POSTS.has(field)) {
    yield keep(place, 'unknown', change)
  }
}
