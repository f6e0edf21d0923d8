/** How Meta writes its webhooks down and signs them, and how it reads what is sent to it. */
import { createHmac } from 'node:crypto'
import { DEMO_SECRETS } from '../../scripts/demo.ts'
import type { Call } from '../provider.ts'

/** Everything outside ASCII, and each slash, is an escape; that is what is signed. */
export const written = (payload: unknown) =>
  JSON.stringify(payload)
    .replaceAll('/', '\\/')
    .replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)

export const signed = (body: string) => ({
  'x-hub-signature-256': `sha256=${createHmac('sha256', DEMO_SECRETS.appSecret).update(body).digest('hex')}`,
})

const tokenOf = ({ headers, query }: Call) =>
  /^Bearer (.+)$/.exec(headers['authorization'] ?? '')?.[1] ?? query.get('access_token') ?? ''

const OF_ONE_ACCOUNT = new RegExp(`^${DEMO_SECRETS.accessToken}-(\\d+)$`)

export function isAuthorized(call: Call): boolean {
  const token = tokenOf(call)
  return token === DEMO_SECRETS.accessToken || OF_ONE_ACCOUNT.test(token)
}

/** Whose token it is; null: the demo's, which all accounts share. */
export const accountOfToken = (call: Call): string | null => OF_ONE_ACCOUNT.exec(tokenOf(call))?.[1] ?? null

/** JSON or a form; null: neither. */
export async function fieldsOf({ headers, body }: Call): Promise<Record<string, unknown> | null> {
  const type = headers['content-type'] ?? ''
  try {
    if (/^(?:multipart\/form-data|application\/x-www-form-urlencoded)/.test(type)) {
      const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData()
      return Object.fromEntries(form)
    }
    const value: unknown = body.length === 0 ? {} : JSON.parse(body.toString('utf8'))
    return typeof value === 'object' && value !== null ? { ...value } : null
  } catch {
    return null
  }
}

export const SUCCESS = { status: 200, body: { success: true } } as const
