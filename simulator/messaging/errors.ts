/** The errors of the Send API, in its words. */
import { randomBytes } from 'node:crypto'
import type { Answer } from '../provider.ts'

const TITLES: Record<number, { status: number; message: string }> = {
  1: { status: 500, message: 'An unknown error occurred' },
  2: { status: 500, message: 'An unexpected error has occurred. Please retry your request later.' },
  4: { status: 400, message: '(#4) Application request limit reached' },
  10: { status: 400, message: '(#10) Application does not have permission for this action' },
  100: { status: 400, message: '(#100) Invalid parameter' },
  190: { status: 401, message: 'Invalid OAuth access token.' },
  200: { status: 403, message: '(#200) Requires pages_messaging permission to manage the object' },
  230: { status: 400, message: '(#230) User consent is required to access user profile' },
  551: { status: 400, message: "(#551) This person isn't available right now." },
  613: { status: 400, message: '(#613) Calls to this api have exceeded the rate limit.' },
  1200: { status: 400, message: '(#1200) Temporary send message failure. Please try again later.' },
}

/** What is wrong with a call. */
export class Refused extends Error {
  readonly code: number
  readonly subcode: number | null

  constructor(code: number, message: string | null = null, subcode: number | null = null) {
    super(message ?? TITLES[code]?.message ?? `Error ${code}`)
    this.code = code
    this.subcode = subcode
  }
}

export const NO_SUCH_PERSON = () => new Refused(100, '(#100) No matching user found', 2018001)

export function refusal(
  { code, subcode, message }: Refused,
  of: { headers?: Record<string, string>; status?: number } = {},
): Answer {
  const error = {
    message,
    type: 'OAuthException',
    code,
    ...(subcode === null ? {} : { error_subcode: subcode }),
    ...(code === 2 ? { is_transient: true } : {}),
    fbtrace_id: randomBytes(9).toString('base64url'),
  }
  const status = of.status ?? TITLES[code]?.status ?? 400
  return { status, body: { error }, ...(of.headers ? { headers: of.headers } : {}) }
}
