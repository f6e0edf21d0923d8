/** Why a send failed or waits, in plain words: from a provider's code to a sentence of the catalog. */
import type { ChannelName, ThreadMessage } from '../db/records.ts'
import type { I18n, Messages } from '../i18n/index.ts'

type Reason = keyof Messages['failure']
type Failed = Pick<ThreadMessage, 'attempt' | 'channel'>
type Codes = readonly (readonly [Reason, readonly (string | number)[]])[]

export interface Explanation {
  reason: string
  /** What the person can do about it. */
  hint: string
}

/** Codes of our own, and those that all of Meta's channels share. */
const EVERYWHERE: Codes = [
  ['tooMany', [4, 17, 32, 613, 80007, 429]],
  ['auth', [0, 33, 190, 401]],
  ['permission', [3, 10]],
  ['account', [368]],
  ['badRequest', [100, 400]],
  ['providerTrouble', [1, 2, 500, 503]],
  ['exhausted', ['exhausted']],
  ['canceled', ['canceled']],
  ['closed', ['closed']],
  ['erased', ['erased']],
]

const WHATSAPP: Codes = [
  ['windowClosed', [131047, 470, 'window_closed']],
  ['undeliverable', [131026, 131021, 131030, 131060, 131062, 131063, 137000, 130472]],
  ['notAllowedNow', [131049]],
  ['optedOut', [131050]],
  ['unsupportedKind', [131051]],
  ['tooManyToPerson', [131056]],
  ['tooMany', [130429, 131048, 131064, 133016]],
  ['auth', [131005, 131045, 133010]],
  ['account', [130497, 131031, 131037, 131042]],
  ['badRequest', [131008, 131009, 135000]],
  ['media', [131052, 131053]],
  ['template', [132000, 132001, 132005, 132007, 132008, 132012, 132015, 132016, 132068, 132069, 134011]],
  ['providerTrouble', [131000, 131016, 131057, 133004, 2494100]],
]

/** Most are subcodes, which say more than the code in front of them. */
const MESSENGER: Codes = [
  ['windowOver', [2018278, 2018065, 2018300, 2534022, 'window_closed']],
  ['personUnavailable', [551, 1545041, 2018001, 9010]],
  ['notConsented', [230]],
  ['account', [1893063]],
  ['media', [2018008, 2018047, 2018074]],
  ['providerTrouble', [1200]],
]

const reasonsBy = (...tables: Codes[]) =>
  new Map(tables.flat().flatMap(([reason, codes]) => codes.map((code) => [String(code), reason] as const)))
const OF_WHATSAPP = reasonsBy(EVERYWHERE, WHATSAPP)
const OF_MESSENGER = reasonsBy(EVERYWHERE, MESSENGER)
const REASONS: Record<ChannelName, Map<string, Reason>> = {
  whatsapp: OF_WHATSAPP,
  evolution: OF_WHATSAPP,
  messenger: OF_MESSENGER,
  instagram: OF_MESSENGER,
  telegram: reasonsBy(EVERYWHERE, [['windowOver', ['window_closed']]]),
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
export function explainFailure({ t, fill }: I18n, { attempt, channel }: Failed): Explanation {
  const code = attempt?.errorCode ?? null
  const known = reasonOf(attempt, channel) ?? (attempt?.errorClass && REASON_OF_CLASS[attempt.errorClass])
  const { reason, hint } = known
    ? t.failure[known]
    : attempt?.state === 'canceled'
      ? t.failure.canceled
      : code === null
        ? t.failure.unexplained
        : t.failure.other
  const values = { code: code ?? '', channel: t.channel[channel] }
  return { reason: fill(reason, values), hint: fill(hint, values) }
}

/** A code may stand before its subcode, such as `10/2018278`: the last that says anything counts. */
function reasonOf(attempt: Failed['attempt'], channel: ChannelName): Reason | undefined {
  const code = attempt?.errorCode
  if (!code) return undefined
  const reasons = REASONS[channel]
  const parts = code.split(/[^0-9]+/).filter((part) => part !== '')
  const [reason] = [code, ...parts.toReversed()].flatMap((part) => reasons.get(part) ?? [])
  if (reason === 'permission' && reasons !== OF_WHATSAPP) return refusedFor(attempt.errorDetail ?? '') ?? reason
  return reason ?? (parts.some(isPermission) ? 'permission' : undefined)
}

/** A refusal for one thread comes under the code of a missing permission: the words tell them apart. */
function refusedFor(detail: string): Reason | undefined {
  if (/\bwindow\b/i.test(detail)) return 'windowOver'
  return /another app|thread (?:owner|control)/i.test(detail) ? 'otherApp' : undefined
}

const isPermission = (code: string) => /^2\d\d$/.test(code)

/** Why it has not left yet; null while it is only about to. `until` is null where no time is known. */
export function explainWaiting(i18n: I18n, message: ThreadMessage): (Explanation & { until: number | null }) | null {
  const { attempt, occurredAt } = message
  if (attempt?.state !== 'queued') return null
  const delayed = attempt.notBefore > occurredAt + A_MOMENT
  const until = delayed ? attempt.notBefore : null
  if (attempt.errorClass !== null) return { ...explainFailure(i18n, message), until }
  return delayed ? { ...i18n.t.failure.turn, until } : null
}

const A_MOMENT = 2_000
