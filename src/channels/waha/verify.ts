/** WAHA signs the body: HMAC-SHA-512, in hexadecimal, by a key that it was given with our address. */
import type { Credentials } from '../channel.ts'

const SIGNATURE = /^[0-9a-f]{128}$/

export async function verify(headers: Headers, rawBody: Uint8Array, credentials: Credentials): Promise<boolean> {
  const digits = headers.get('x-webhook-hmac') ?? ''
  if (!SIGNATURE.test(digits)) return false
  const signature = Uint8Array.from({ length: 64 }, (_, at) => Number.parseInt(digits.slice(at * 2, at * 2 + 2), 16))
  for (const secret of [credentials.appSecret, credentials.previousAppSecret]) {
    if (!secret) continue
    const hmac = { name: 'HMAC', hash: 'SHA-512' }
    const key = await crypto.subtle.importKey('raw', new TextEncoder().encode(secret), hmac, false, ['verify'])
    if (await crypto.subtle.verify('HMAC', key, signature, rawBody)) return true
  }
  return false
}
