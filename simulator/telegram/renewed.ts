/** A payload that was seen elsewhere, as if it happened now to this bot; and the chat that an update is of. */
import type { Inbox } from '../state.ts'
import { nextMessageId, nextUpdateId } from './updates.ts'

const TIMES = new Set(['date', 'edit_date'])
/** The bot of the known payloads. */
const THEIR_BOT = 7_000_000_001

export function renewed(payload: unknown, { accountId }: Inbox): unknown {
  const numbers = new Map<number, number>()
  const again = (id: number) => {
    const known = numbers.get(id) ?? Number(nextMessageId())
    numbers.set(id, known)
    return known
  }
  return JSON.parse(JSON.stringify(payload), (key, value: unknown) => {
    if (key === 'update_id') return nextUpdateId()
    if (key === 'message_id' && typeof value === 'number') return again(value)
    if (TIMES.has(key) && typeof value === 'number' && value > 0) return Math.floor(Date.now() / 1000)
    return key === 'id' && value === THEIR_BOT ? Number(accountId) : value
  })
}

/** The updates of one chat arrive one after the other: while the oldest fails, the others wait. */
export function chatIdIn(body: string): string {
  return /"chat":\{"id":(-?\d+)/.exec(body)?.[1] ?? /"from":\{"id":(\d+)/.exec(body)?.[1] ?? ''
}
