/** Why a send failed or waits, in plain words: from a provider's code to a sentence of the catalog. */
import type { ThreadMessage } from '../db/records.ts'
import type { I18n, Messages } from '../i18n/index.ts'

type Reason = keyof Messages['failure']
type Attempt = NonNullable<ThreadMessage['attempt']>

export interface Explanation {
  reason: string
  /** What the person can do about it. */
  hint: string
}

const CODES: readonly (readonly [Reason, readonly (string | number)[]])[] = [
  ['windowClosed', [131047, 470, 'window_closed']],
  ['undeliverable', [131026, 131021, 131030, 131060, 131062, 131063, 137000, 130472]],
  ['notAllowedNow', [131049]],
  ['optedOut', [131050]],
  ['unsupportedKind', [131051]],
  ['tooManyToPerson', [131056]],
  ['tooMany', [4, 17, 32, 613, 80007, 130429, 131048, 131064, 133016, 429]],
  ['auth', [0, 3, 10, 33, 190, 401, 131005, 131045, 133010]],
  ['account', [368, 130497, 131031, 131037, 131042]],
  ['badRequest', [100, 400, 131008, 131009]],
  ['media', [131052, 131053]],
  ['template', [132000, 132001, 132005, 132007, 132008, 132012, 132015, 132016, 132068, 132069]],
  ['providerTrouble', [1, 2, 500, 503, 131000, 131016, 131057, 133004, 2494100]],
  ['exhausted', ['exhausted']],
  ['canceled', ['canceled']],
  ['closed', ['closed']],
  ['erased', ['erased']],
]
const REASON_OF = new Map(CODES.flatMap(([reason, codes]) => codes.map((code) => [String(code), reason] as const)))

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
export function explainFailure({ t, fill }: I18n, attempt: Attempt | null): Explanation {
  const code = attempt?.errorCode ?? null
  const known = (code !== null && REASON_OF.get(code)) || (attempt?.errorClass && REASON_OF_CLASS[attempt.errorClass])
  if (known) return t.failure[known]
  if (attempt?.state === 'canceled') return t.failure.canceled
  if (code === null) return t.failure.unexplained
  return { reason: fill(t.failure.other.reason, { code }), hint: t.failure.other.hint }
}

/** Why it has not left yet; null while it is only about to. `until` is null where no time is known. */
export function explainWaiting(
  i18n: I18n,
  { attempt, occurredAt }: ThreadMessage,
): (Explanation & { until: number | null }) | null {
  if (attempt?.state !== 'queued') return null
  const delayed = attempt.notBefore > occurredAt + A_MOMENT
  const until = delayed ? attempt.notBefore : null
  if (attempt.errorClass !== null) return { ...explainFailure(i18n, attempt), until }
  return delayed ? { ...i18n.t.failure.turn, until } : null
}

const A_MOMENT = 2_000
