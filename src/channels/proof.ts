/** How a provider proves that a call is its own. The secret of now and the one before are both believed. */
import type { Credentials } from './channel.ts'

const secretsOf = ({ appSecret, previousAppSecret }: Credentials) =>
  [appSecret, previousAppSecret].flatMap((secret) => secret || [])

/** It repeats a secret that we gave it. Takes as long for a near miss as for a far one: hashes are compared, which nobody can steer. */
export async function repeatsSecret(given: string, credentials: Credentials): Promise<boolean> {
  if (given === '') return false
  const digest = await hashOf(given)
  const matches = await Promise.all(secretsOf(credentials).map(async (secret) => isSame(digest, await hashOf(secret))))
  return matches.includes(true)
}

const hashOf = async (text: string) =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)))

const isSame = (a: Uint8Array, b: Uint8Array) =>
  a.reduce((difference, byte, at) => difference | (byte ^ (b[at] ?? 0)), 0) === 0

/** It signs these very bytes, by HMAC; `digits` are hexadecimal, as many as the hash has. */
export async function signsBody(
  hash: 'SHA-256' | 'SHA-512',
  digits: string,
  rawBody: Uint8Array,
  credentials: Credentials,
): Promise<boolean> {
  const signature = Uint8Array.from({ length: digits.length / 2 }, (_, at) =>
    Number.parseInt(digits.slice(at * 2, at * 2 + 2), 16),
  )
  for (const secret of secretsOf(credentials)) {
    const hmac = { name: 'HMAC', hash }
    const key = await crypto.subtle.importKey('raw', new TextEncoder().encode(secret), hmac, false, ['verify'])
    if (await crypto.subtle.verify('HMAC', key, signature, rawBody)) return true
  }
  return false
}
