/** A known payload as if it happened now, in this inbox. */
import type { Inbox } from '../state.ts'
import { newMessageId } from './addresses.ts'

export function renewed(payload: unknown, inbox: Inbox): unknown {
  const ids = new Map(ownIds(payload).map((id) => [id, newMessageId()]))
  const now = new Date()
  const told: Record<string, unknown> = {
    messageTimestamp: Math.floor(now.getTime() / 1000),
    timestampMs: String(now.getTime()),
    date_time: now.toISOString(),
    instance: inbox.accountId,
  }
  return JSON.parse(JSON.stringify(payload), (name, value: unknown) => {
    if (name === 'id' && typeof value === 'string') return ids.get(value) ?? value
    return name in told && typeof value !== 'object' ? told[name] : value
  })
}

/** The ids of the messages that a payload brings. */
function ownIds(payload: unknown): string[] {
  if (typeof payload !== 'object' || payload === null || !('event' in payload) || !('data' in payload)) return []
  if (!/upsert|set|send\.message/.test(String(payload.event))) return []
  const rows: unknown[] = Array.isArray(payload.data) ? payload.data : [payload.data]
  return rows.flatMap((row) => {
    const key: unknown = typeof row === 'object' && row !== null ? Reflect.get(row, 'key') : null
    const id: unknown = typeof key === 'object' && key !== null ? Reflect.get(key, 'id') : null
    return typeof id === 'string' ? [id] : []
  })
}
