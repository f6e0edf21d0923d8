/** The check of an address before Meta calls it: it must answer with the challenge. */
import { randomInt } from 'node:crypto'

const HANDSHAKE_MS = 10_000

/** Null: all is well; else what Meta says is wrong. */
export async function troubleWith(callback: string, verifyToken: string): Promise<string | null> {
  if (callback.length > 200) return 'The callback URL is longer than 200 characters.'
  if (!URL.canParse(callback)) return 'The callback URL is not an address.'
  const url = new URL(callback)
  if (!isLocal(url)) return 'The callback URL could not be resolved.' // nobody outside this machine is called
  const challenge = String(randomInt(1e9, 2e9))
  for (const [name, value] of [
    ['mode', 'subscribe'],
    ['challenge', challenge],
    ['verify_token', verifyToken],
  ] as const) {
    url.searchParams.set(`hub.${name}`, value)
  }
  try {
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(HANDSHAKE_MS) })
    const text = await response.text()
    if (response.status !== 200) return `HTTP Status Code = ${response.status}`
    return text === challenge ? null : 'The response does not match the challenge.'
  } catch {
    return 'The URL could not be reached.'
  }
}

export const isLocal = (url: URL) => /^https?:$/.test(url.protocol) && /^(?:127\.0\.0\.1|localhost)$/.test(url.hostname)
