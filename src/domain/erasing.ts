/**
 * The erasing of a person, one bounded step at a time: what agents wrote, what was said, what each inbox's journal holds, a
 * look whether anything came late, the proof. Broken off anywhere, it goes on from where its row says.
 */
import { type AuditEntry, audited } from '../db/queries/audit.ts'
import { forgetEvents, storeErasedKeys } from '../db/queries/erased-keys.ts'
import {
  appliedOf,
  chosenFor,
  conversationBefore,
  eraseAbout,
  eraseSaid,
  finish,
  isStanding,
  keptAfter,
  leftOf,
  moveOn,
  moveThroughInboxes,
  rowsToErase,
  type Standing,
} from '../db/queries/erasure-steps.ts'
import { FIRST_STEP, inboxesOf, type StoredErasure, type Subject, unfinishedErasure } from '../db/queries/erasures.ts'
import type { InboxRef } from '../db/queries/inbound.ts'
import type { RowToErase, Said } from '../db/queries/silence.ts'
import type { App } from './app.ts'
import { publishAbout } from './contacts.ts'
import { idKey } from './erased.ts'
import { forgetImportsOf } from './erased-imports.ts'

const ROWS_AT_ONCE = 50
const EVENTS_AT_ONCE = 50
/** A send that is under way is over by then, or somebody looks again. */
const FOR_A_SEND_MS = 2_000

/** Does one step of what a workspace has to erase. Answers in how many milliseconds to come again; null: all is done. */
export async function goOnErasing(app: App, workspaceId: string): Promise<number | null> {
  const [[erasure]] = await app.db.read(unfinishedErasure(workspaceId))
  if (!erasure) return null
  const subject = JSON.parse(erasure.subject ?? '{}') as Subject
  const of: Standing = {
    ...{ workspaceId, id: erasure.id, contactId: erasure.contact_id, contactIds: subject.contactIds },
    ...{ step: erasure.step, cursor: erasure.cursor },
  }
  switch (erasure.step) {
    case FIRST_STEP:
      return about(app, of, subject, erasure)
    case 'said':
      return said(app, of)
    case 'inboxes':
      return throughInboxes(app, of, subject)
    default:
      return conclude(app, of, erasure)
  }
}

/** Before anything else it is known elsewhere too, so that it outlives the database. */
async function about(app: App, of: Standing, subject: Subject, erasure: StoredErasure): Promise<number> {
  await app
    .ledger(of.workspaceId)
    .remember({ erasure: asRemembered(erasure, subject.contactIds), keys: subject.keys ?? [] })
  await forgetImportsOf(app, of.workspaceId, subject)
  const [chosen] = await app.db.read(chosenFor(of))
  await app.store.delete([...subject.objects, ...chosen.map(({ object_key }) => object_key)])
  await app.db.write(...eraseAbout(of, { step: 'said' }, app.now()))
  return 0
}

const asRemembered = (erasure: StoredErasure, contactIds: string[], finishedAt: number | null = null) => ({
  ...{ id: erasure.id, contactId: erasure.contact_id, contactIds, counts: erasure.counts, finishedAt },
  ...{ requestedById: erasure.requested_by_id, requestedAt: erasure.requested_at },
})

interface SaidCursor {
  conversationId: string
  before: { at: number; ord: number } | null
}

/** Conversation by conversation, the newest words first: they are what somebody may have before their eyes. */
async function said(app: App, of: Standing): Promise<number> {
  const at = of.cursor === '' ? null : (JSON.parse(of.cursor) as SaidCursor)
  const [rows, [next]] = await app.db.read(
    rowsToErase(of, at?.conversationId ?? '', at?.before ?? null, ROWS_AT_ONCE),
    conversationBefore(of, at?.conversationId ?? null),
  )
  const last = rows.at(-1)
  if (at && last) {
    await eraseRows(app, of, at.conversationId, rows, last)
    if (at.before === null) await publishAbout(app, of.workspaceId, of.contactId)
  } else if (next) {
    await app.db.write(moveOn(of, { step: 'said', cursor: cursorAt({ conversationId: next.id, before: null }) }))
  } else {
    await app.db.write(moveOn(of, { step: 'inboxes' }))
    await publishAbout(app, of.workspaceId, of.contactId)
  }
  return 0
}

const cursorAt = (cursor: SaidCursor) => JSON.stringify(cursor)

async function eraseRows(
  app: App,
  of: Standing,
  conversationId: string,
  rows: RowToErase[],
  last: RowToErase,
): Promise<void> {
  const said = await withoutObjects(app, { workspaceId: of.workspaceId, conversationId }, rows)
  await remember(app, said.inbox, said.keys)
  const before = { at: last.occurred_at, ord: last.ingest_ord }
  const to = { step: 'said', cursor: cursorAt({ conversationId, before }) }
  await app.db.write(...eraseSaid(of, said, to, app.now()))
}

/** Hashes go to the ledger before the database has them: what is erased there is known here. */
export const remember = (app: App, { workspaceId, id: inboxId }: InboxRef, keys: string[]): Promise<void> =>
  keys.length === 0
    ? Promise.resolve()
    : app.ledger(workspaceId).remember({ keys: keys.map((key) => ({ inboxId, key, erasedAt: app.now() })) })

/** First the objects, then the word of them: broken off in between, both are done again. */
async function withoutObjects(app: App, of: OfConversation, rows: RowToErase[]): Promise<Said> {
  await app.store.delete(rows.flatMap(({ objects }) => JSON.parse(objects) as string[]))
  return saidIn(app, of, rows)
}

interface OfConversation {
  workspaceId: string
  conversationId: string
}

/** What these rows of a conversation were known by. */
export async function saidIn(
  app: App,
  { workspaceId, conversationId }: OfConversation,
  rows: RowToErase[],
): Promise<Said> {
  const inbox: InboxRef = { workspaceId, id: rows[0]?.inbox_id ?? '' }
  const known = rows.flatMap(({ external_id, attempts }) => [external_id, ...(JSON.parse(attempts).flat() as string[])])
  const keys = await keysFor(
    app,
    inbox,
    known.filter((id) => id !== null),
  )
  return { conversationId, inbox, rowIds: rows.map(({ id }) => id), keys }
}

const keysFor = (app: App, inbox: InboxRef, ids: string[]) =>
  Promise.all(ids.map((id) => app.erasedKey(inbox, idKey(id))))

interface InboxCursor {
  inboxId: string
  /** What the tables keep of its events, or what its gateway's journal does. */
  part: 'kept' | 'journal'
  after: string
}

/** Every inbox of the workspace: a number is told of in any of them. */
async function throughInboxes(app: App, of: Standing, { mentioned }: Subject): Promise<number> {
  const at = of.cursor === '' ? null : (JSON.parse(of.cursor) as InboxCursor)
  const [inboxes] = await app.db.read(inboxesOf(of.workspaceId))
  const place = at ?? { inboxId: inboxes[0]?.id ?? '', part: 'kept', after: '' }
  const inbox = inboxes.find(({ id }) => id >= place.inboxId)
  if (!inbox) {
    await app.db.write(moveOn(of, { step: 'conclusion' }))
    return 0
  }
  const here: InboxCursor = inbox.id === place.inboxId ? place : { inboxId: inbox.id, part: 'kept', after: '' }
  const following = inboxes.find(({ id }) => id > inbox.id)
  const onwards = following
    ? { step: 'inboxes', cursor: inboxCursor({ inboxId: following.id, part: 'kept', after: '' }) }
    : { step: 'conclusion' }
  if (here.part === 'kept') await forgetKept(app, of, here, mentioned)
  else await forgetJournal(app, of, { ...here, webhookKey: inbox.webhook_key }, { mentioned, onwards })
  return 0
}

const inboxCursor = (cursor: InboxCursor) => JSON.stringify(cursor)

async function forgetKept(app: App, of: Standing, at: InboxCursor, mentioned: string[]): Promise<void> {
  const inbox: InboxRef = { workspaceId: of.workspaceId, id: at.inboxId }
  const [events, applied] = await app.db.read(keptAfter(inbox, at.after, EVENTS_AT_ONCE), appliedOf(inbox, mentioned))
  const theirs = events.filter(({ dedupe_key, payload }) => mentions(`${dedupe_key} ${payload}`, mentioned))
  const gone = [...theirs, ...applied].map(({ dedupe_key }) => dedupe_key)
  const last = events.length === EVENTS_AT_ONCE ? events.at(-1) : undefined
  const next: InboxCursor = last
    ? { ...at, after: last.dedupe_key }
    : { inboxId: at.inboxId, part: 'journal', after: '0' }
  const keys = await keysFor(app, inbox, gone)
  await remember(app, inbox, keys)
  await app.db.write(
    storeErasedKeys(inbox, keys, app.now()),
    ...forgetEvents(inbox, gone),
    ...moveThroughInboxes(of, { keptEvents: gone.length }, { step: 'inboxes', cursor: inboxCursor(next) }),
  )
}

async function forgetJournal(
  app: App,
  of: Standing,
  at: InboxCursor & { webhookKey: string },
  { mentioned, onwards }: { mentioned: string[]; onwards: { step: string; cursor?: string } },
): Promise<void> {
  const { events, next } = await app.gateway(at.webhookKey).forgetErased({ after: Number(at.after), mentioned })
  const to =
    next === null
      ? onwards
      : { step: 'inboxes', cursor: inboxCursor({ inboxId: at.inboxId, part: 'journal', after: String(next) }) }
  await app.db.write(...moveThroughInboxes(of, { events }, to))
}

/** Whether a text names one of these ids: as a word of its own, for a short one may be part of anything. */
export function mentions(text: string, ids: string[]): boolean {
  return ids.some((id) => {
    for (let at = text.indexOf(id); at >= 0; at = text.indexOf(id, at + 1)) {
      if (!isLetter(text[at - 1]) && !isLetter(text[at + id.length])) return true
    }
    return false
  })
}

const isLetter = (char: string | undefined) => char !== undefined && /[\p{L}\p{N}]/u.test(char)

/** What came late goes round again; else it is done, and proved. */
async function conclude(app: App, of: Standing, erasure: StoredErasure): Promise<number> {
  const [[found]] = await app.db.read(leftOf(of))
  if (found?.left === 1) {
    await app.db.write(moveOn(of, { step: FIRST_STEP }))
    return FOR_A_SEND_MS
  }
  const entry: AuditEntry = {
    ...{ workspaceId: of.workspaceId, id: app.newId(), actorId: erasure.requested_by_id, at: app.now(), trail: {} },
    action: 'contact.erased',
    target: { type: 'contact', id: of.contactId },
    detail: { erasure: of.id, ...(JSON.parse(erasure.counts) as Record<string, number>) },
  }
  const subject = JSON.parse(erasure.subject ?? '{}') as Subject
  await app.ledger(of.workspaceId).remember({ erasure: asRemembered(erasure, subject.contactIds, app.now()) })
  await app.db.write(audited(entry, isStanding(of)), finish(of, app.now()))
  return 0
}
