/** WAHA signs the body: HMAC-SHA-512, in hexadecimal, by a key that it was given with our address. */
import type { Credentials } from '../channel.ts'
import { signsBody } from '../proof.ts'

const SIGNATURE = /^[0-9a-f]{128}$/

export async function verify(headers: Headers, rawBody: Uint8Array, credentials: Credentials): Promise<boolean> {
  const digits = headers.get('x-webhook-hmac') ?? ''
  return SIGNATURE.test(digits) && signsBody('SHA-512', digits, rawBody, credentials)
}
