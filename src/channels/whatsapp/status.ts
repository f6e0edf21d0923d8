/** What became of a message of ours. */
import * as z from 'zod'
import type { StatusEvent } from '../events.ts'
import { maybe } from '../maybe.ts'
import { detailOf, Id } from '../meta/meta.ts'
import { errorsOf } from './content.ts'
import { keep, milliseconds, type ReadItem } from './place.ts'

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

export const readStatus: ReadItem = (place, item) => {
  const status = Status.safeParse(item).data
  if (!status) return [keep(place, 'unknown', item)]
  if (!isStatus(status.status)) return [] // `deleted`, `warning`, …: nothing that a bubble shows

  const participant = status.recipient_participant_user_id ?? status.recipient_participant_id
  const inGroup = status.recipient_type === 'group' && participant !== undefined
  const [error] = errorsOf(status.errors)
  return [
    {
      kind: 'status',
      dedupeKey: `st:${status.id}:${status.status}${inGroup ? `:${participant}` : ''}`,
      accountId: place.accountId,
      occurredAt: milliseconds(status.timestamp),
      target: status.id,
      status: status.status,
      andBefore: false,
      attemptId: status.biz_opaque_callback_data ?? null,
      error: error ? { code: error.code, detail: detailOf(error) } : null,
    },
  ]
}
