/** What the Cloud API's codes mean for a send. What is not listed is permanent, and shown in the provider's words. */
import { ChannelError, type ErrorClass } from '../channel.ts'
import type { Judge } from '../meta/meta.ts'
import { reasonsOfMeta } from '../meta/reasons.ts'

const CODES: readonly (readonly [ErrorClass, readonly number[]])[] = [
  ['throttled', [4, 17, 32, 613, 80007, 130429, 131048, 131056, 131064, 133016]],
  ['retryable', [1, 2, 131000, 131016, 131057, 133004, 2494100]],
  ['auth', [0, 3, 10, 33, 190, 368, 130497, 131005, 131031, 131037, 131042, 131045, 133010]],
]

const CLASSES = new Map(CODES.flatMap(([name, codes]) => codes.map((code) => [String(code), name] as const)))

/** Too many messages to one person; the others may still be written to. */
const PAIR_RATE = '131056'

export const judgeWhatsApp: Judge = ({ code }) => {
  const name = CLASSES.get(code) ?? (isPermissionCode(Number(code)) ? 'auth' : null)
  return name && { class: name, recipientOnly: code === PAIR_RATE }
}

const PERMISSIONS = ['3', '10', '131005']

/** Is it that our token may not do this, rather than that it is no token? */
export const isAboutPermissions = ({ code }: ChannelError) =>
  PERMISSIONS.includes(code) || isPermissionCode(Number(code))

/** Of a call that may be made again without harm: what is uncertain is tried again. */
export function repeatable(thrown: unknown): ChannelError {
  if (!(thrown instanceof ChannelError))
    return new ChannelError({ class: 'retryable', code: 'unreadable', detail: 'An answer that cannot be read.' })
  if (thrown.class !== 'ambiguous') return thrown
  return new ChannelError({ class: 'retryable', code: thrown.code, detail: thrown.message })
}

const isPermissionCode = (code: number) => code >= 200 && code <= 299

/** What the same codes mean to the person at the screen. */
export const reasonOf = reasonsOfMeta([
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
])
