/** What the server tells of its connection to the phone. The code to scan is a secret: that there is one is all that is told on. */
import * as z from 'zod'
import { isRow, words } from '../baileys/lenient.ts'
import type { AccountEvent } from '../events.ts'
import type { Found } from '../found.ts'
import { maybe } from '../maybe.ts'
import type { Place, ReadItem } from './events.ts'

/** After these the server does not connect by itself again: logged out, banned, refused. After all others it does. */
const FINAL = new Set(['401', '402', '403', '406'])

const Update = z.object({ state: z.string(), statusReason: maybe(z.union([z.number(), z.string()])) })

export const readConnection: ReadItem = (item, place) => {
  const update = Update.safeParse(item).data
  if (!update) return null
  const code = update.statusReason === undefined ? null : String(update.statusReason)
  switch (update.state) {
    case 'open':
      return [account(place, item, 'reconnected', null)]
    case 'connecting':
      return [account(place, item, 'connecting', null)]
    case 'close':
      return [account(place, item, FINAL.has(code ?? '') ? 'disconnected' : 'connecting', code)]
    case 'refused':
      return [account(place, item, 'disconnected', CODE_LIMIT)]
    default:
      return null
  }
}

/** Nobody scanned one of many codes in time. */
export const CODE_LIMIT = 'code_limit'

export const readWaiting: ReadItem = (item, place) => {
  if (!isRow(item)) return null
  const waits = isRow(item.qrcode)
  const says = waits ? 'code' : item
  return [account(place, says, waits ? 'waiting_for_scan' : 'disconnected', waits ? null : CODE_LIMIT)]
}

const Stopped = z.object({ disconnectionReasonCode: maybe(z.union([z.number(), z.string()])), status: words })

export const readStopped: ReadItem = (item, place) => {
  const { disconnectionReasonCode: code, status } = Stopped.safeParse(item).data ?? {}
  if (!isRow(item)) return [account(place, item, 'disconnected', 'removed')]
  if (status !== undefined && status !== 'closed') return []
  return [account(place, item, 'disconnected', code === undefined ? 'removed' : String(code))]
}

/** The same may be told twice in earnest: that it was lost, and lost again. Only the server's clock tells those apart. */
const account = (
  { accountId, toldAt }: Place,
  item: unknown,
  what: AccountEvent['what'],
  code: string | null,
): Found => ({
  says: { what, item: item ?? null, toldAt: toldAt ?? null },
  named: (hash) => ({
    ...{ kind: 'account', dedupeKey: `ac:${hash}`, accountId, occurredAt: null },
    ...{ what, code, detail: null },
  }),
})
