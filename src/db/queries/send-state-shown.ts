/** What a bubble shows of the attempts to send it. */
import type { MessageState, ThreadMessage } from '../records.ts'

export interface Attempt {
  id: string
  no: number
  state: NonNullable<ThreadMessage['attempt']>['state']
  rank: number
  notBefore: number
  errorClass: string | null
  errorCode: string | null
  errorDetail: string | null
  sentAt: number | null
}

const PROVED = 30
const DELIVERED = 40

/** Proof of delivery of any attempt wins; else the newest attempt speaks. An echo was sent, or we would not know it. */
export function shownState(
  direction: 'incoming' | 'outgoing',
  attempts: Pick<Attempt, 'no' | 'state' | 'rank'>[],
): MessageState {
  if (direction === 'incoming') return 'received'
  const best = attempts.filter((attempt) => attempt.rank >= DELIVERED).sort((a, b) => b.rank - a.rank)[0]
  const shown = best ?? newest(attempts)
  if (!shown) return 'sent'
  return shown.state === 'canceled' ? 'failed' : shown.state
}

export const newest = <A extends Pick<Attempt, 'no'>>(attempts: A[]): A | undefined =>
  attempts.reduce<A | undefined>((last, attempt) => (last && last.no > attempt.no ? last : attempt), undefined)

/** More than one attempt is known to have reached the provider. */
export const possiblyDoubled = (attempts: Pick<Attempt, 'rank' | 'state'>[]) =>
  attempts.filter(({ rank, state }) => rank >= PROVED && state !== 'failed' && state !== 'canceled').length > 1
