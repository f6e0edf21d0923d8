/** What became of a message of ours: in words or in the numbers behind them, flat or as a change of a row. */
import * as z from 'zod'
import type { InboundEvent, StatusEvent } from '../events.ts'
import type { Found } from '../found.ts'
import { maybe } from '../maybe.ts'
import { Id, isRow, type Row, words } from './lenient.ts'
import { Key } from './message.ts'
import { protocolEvent } from './protocol.ts'

/** PENDING (1) is what we know already. */
const STATUSES: Record<string, StatusEvent['status']> = {
  ...{ ERROR: 'failed', SERVER_ACK: 'sent', DELIVERY_ACK: 'delivered', READ: 'read', PLAYED: 'played' },
  ...{ '0': 'failed', '2': 'sent', '3': 'delivered', '4': 'read', '5': 'played' },
}

export const statusNamed = (status: string | number): StatusEvent['status'] | null =>
  Object.hasOwn(STATUSES, String(status)) ? (STATUSES[String(status)] ?? null) : null

const Flat = z.object({
  keyId: Id,
  fromMe: maybe(z.boolean()),
  remoteJid: words,
  status: maybe(z.union([z.string(), z.number()])),
})
type Flat = z.infer<typeof Flat>

const Changed = z.object({ key: Key, update: z.looseObject({ status: maybe(z.union([z.string(), z.number()])) }) })

/** Null: it cannot be read. What the customer's own messages go through on our phone is no status of ours. */
export function readStatus(item: unknown, accountId: string): Found[] | null {
  const flat = Flat.safeParse(item).data
  if (flat) return eventsOf(flat, accountId)
  const changed = Changed.safeParse(item).data
  if (!changed) return null
  const { key, update } = changed
  return (
    changeIn(key, update, accountId) ??
    eventsOf({ keyId: key.id, fromMe: key.fromMe, status: update.status }, accountId)
  )
}

function eventsOf({ keyId, fromMe, status }: Partial<Flat> & { keyId: string }, accountId: string): InboundEvent[] {
  const of = { accountId, occurredAt: null, target: keyId }
  if (status === 'DELETED') {
    const direction = fromMe ? 'outgoing' : 'incoming'
    return [{ ...of, kind: 'delete', dedupeKey: `del:${keyId}`, direction }]
  }
  const known = fromMe === true && status !== undefined ? statusNamed(status) : null
  if (!known) return []
  const error = known === 'failed' ? { code: 'ERROR', detail: '' } : null
  return [
    {
      ...of,
      kind: 'status',
      dedupeKey: `st:${keyId}:${known}`,
      status: known,
      andBefore: false,
      attemptId: null,
      error,
    },
  ]
}

/** Older gateways tell here that it was said in other words, or taken back. */
function changeIn(key: Key, update: Row, accountId: string): Found[] | null {
  const of = { accountId, occurredAt: null }
  if (update.message === null) return protocolEvent({ key, type: 'REVOKE' }, of)
  if (!isRow(update.message) || !isRow(update.message.editedMessage)) return null
  const { message: edited } = update.message.editedMessage
  return protocolEvent({ key, type: 'MESSAGE_EDIT', editedMessage: edited, timestampMs: update.messageTimestamp }, of)
}
