/** Why a send failed or waits, in plain words: from a provider's code to a sentence of the catalog. */
import { channelNamed } from '../channels/index.ts'
import type { ChannelName, ThreadMessage } from '../db/records.ts'
import type { I18n, Messages } from '../i18n/index.ts'
import { channelLabel } from './channel-sign.tsx'

type Reason = keyof Messages['failure']
type Failed = Pick<ThreadMessage, 'attempt' | 'channel'>
type Waiting = Pick<ThreadMessage, 'attempt' | 'channel' | 'occurredAt'>

export interface Explanation {
  reason: string
  /** What the person can do about it. */
  hint: string
}

/** What we ourselves write where no provider has said anything. */
const OURS: Record<string, Reason> = {
  exhausted: 'exhausted',
  target_gone: 'gone',
  canceled: 'canceled',
  closed: 'closed',
  erased: 'erased',
  contact_blocked: 'contactBlocked',
}

/** Where the provider gave no code, its class says at least what kind of trouble it is. */
const REASON_OF_CLASS: Record<string, Reason> = {
  auth: 'auth',
  throttled: 'tooMany',
  rate: 'turn',
  retryable: 'providerTrouble',
  exhausted: 'exhausted',
  closed: 'closed',
  erased: 'erased',
}

/** Why it did not leave. */
export function explainFailure(i18n: I18n, { attempt, channel }: Failed): Explanation {
  const { t, fill } = i18n
  const code = attempt?.errorCode ?? null
  const known = reasonOf(attempt, channel) ?? (attempt?.errorClass && REASON_OF_CLASS[attempt.errorClass])
  const { reason, hint } = known
    ? t.failure[known]
    : attempt?.state === 'canceled'
      ? t.failure.canceled
      : code === null
        ? t.failure.unexplained
        : t.failure.other
  const values = { code: code ?? '', channel: channelLabel(i18n, channel) }
  return { reason: fill(reason, values), hint: fill(hint, values) }
}

function reasonOf(attempt: Failed['attempt'], channel: ChannelName): Reason | null {
  const code = attempt?.errorCode
  if (!code) return null
  return OURS[code] ?? channelNamed(channel)?.reasonOf({ code, detail: attempt.errorDetail ?? '' }) ?? null
}

/** Why it has not left yet; null while it is only about to. `until` is null where no time is known. */
export function explainWaiting(i18n: I18n, message: Waiting): (Explanation & { until: number | null }) | null {
  const { attempt, occurredAt } = message
  if (attempt?.state !== 'queued') return null
  const delayed = attempt.notBefore > occurredAt + A_MOMENT
  const until = delayed ? attempt.notBefore : null
  if (attempt.errorClass !== null) return { ...explainFailure(i18n, message), until }
  return delayed ? { ...i18n.t.failure.turn, until } : null
}

const A_MOMENT = 2_000
