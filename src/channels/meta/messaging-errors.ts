/** What the codes of Messenger and Instagram mean for a send. What is not listed is permanent, and shown in their words. */
import type { ErrorClass } from '../channel.ts'
import { detailOf, type Judge, type Verdict } from './meta.ts'

/** Some codes mean this or that; the subcode says which. */
const SUBCODES = new Map<string, Verdict>([
  ...['2018278', '2018065', '2018300', '2534022'].map(
    (code) => [code, { class: 'permanent', code: 'window_closed' }] as const,
  ),
  /** The account may not write for a while. */
  ['1893063', { class: 'auth' }],
  /** This person cannot be written to, or asked about: the account itself is well. */
  ...['1545041', '2018001', '2018218'].map((code) => [code, { class: 'permanent' }] as const),
])

const CODES: readonly (readonly [ErrorClass, readonly number[]])[] = [
  ['throttled', [4, 17, 32, 613, 80007]],
  ['retryable', [1, 2, 1200]],
  ['auth', [0, 3, 10, 190, 368]],
  /** 230: who never wrote has not agreed to be asked about. */
  ['permanent', [33, 100, 230, 551, 9010]],
]
const CLASSES = new Map(CODES.flatMap(([name, codes]) => codes.map((code) => [String(code), name] as const)))

/** A refusal for one thread comes under the code of a missing permission: only its words tell them apart. */
const OF_THE_WINDOW = /\bwindow\b/i
const OF_THE_THREAD = /another app|thread (?:owner|control)/i

export const judgeMessaging: Judge = (error) => {
  const known = SUBCODES.get(error.error_subcode ?? '')
  if (known) return known
  if (error.code === '10') {
    const words = `${error.message ?? ''} ${detailOf(error)}`
    if (OF_THE_WINDOW.test(words)) return { class: 'permanent', code: 'window_closed' }
    if (OF_THE_THREAD.test(words)) return { class: 'permanent' }
  }
  const name = CLASSES.get(error.code) ?? (isPermissionCode(Number(error.code)) ? 'auth' : null)
  return name && { class: name }
}

const isPermissionCode = (code: number) => code >= 200 && code <= 299

const PERMISSIONS = ['3', '10']

/** The token is well, and may not do this. */
export const isAboutPermissions = (code: string) => PERMISSIONS.includes(code) || isPermissionCode(Number(code))
