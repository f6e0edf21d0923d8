/** What Meta's codes mean to a person, for its three channels. */
import type { ProviderError } from '../events.ts'
import { type Codes, type Reason, reasonsBy } from '../reasons.ts'

const ALL: Codes = [
  ['tooMany', [4, 17, 32, 613, 80007, 429]],
  ['auth', [0, 33, 190, 401]],
  ['permission', [3, 10]],
  ['account', [368]],
  ['badRequest', [100, 400]],
  ['providerTrouble', [1, 2, 500, 503]],
]

/** Looks a code up among Meta's and the channel's own; it may stand before its subcode: the last that says anything counts. */
export function reasonsOfMeta(own: Codes): (error: ProviderError) => Reason | null {
  const reasonOf = reasonsBy(ALL, own)
  return ({ code }) => {
    const parts = code.split(/[^0-9]+/).filter((part) => part !== '')
    for (const part of [code, ...parts.toReversed()]) {
      const reason = reasonOf(part)
      if (reason) return reason
    }
    return parts.some((part) => /^2\d\d$/.test(part)) ? 'permission' : null
  }
}

/** Most are subcodes, which say more than the code in front of them. */
const byCode = reasonsOfMeta([
  ['windowOver', [2018278, 2018065, 2018300, 2534022, 'window_closed']],
  ['personUnavailable', [551, 1545041, 2018001, 9010]],
  ['notConsented', [230]],
  ['account', [1893063]],
  ['media', [2018008, 2018047, 2018074]],
  ['providerTrouble', [1200]],
])

/** Of Messenger and Instagram, where a refusal for one thing comes under the code of a missing permission: the words tell them apart. */
export function reasonOfMessaging(error: ProviderError): Reason | null {
  const reason = byCode(error)
  if (reason !== 'permission') return reason
  if (/\bwindow\b/i.test(error.detail)) return 'windowOver'
  return /another app|thread (?:owner|control)/i.test(error.detail) ? 'otherApp' : reason
}
