/** An authenticator app: what it shows now for a secret that was typed or scanned (RFC 6238). */
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

export async function codeOf(secret: string, now = Date.now()): Promise<string> {
  const bits = [...secret.replaceAll(' ', '')]
    .map((letter) => LETTERS.indexOf(letter).toString(2).padStart(5, '0'))
    .join('')
  const bytes = Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2))
  const counter = new ArrayBuffer(8)
  new DataView(counter).setBigUint64(0, BigInt(Math.floor(now / 30_000)))
  const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-1' }, false, ['sign'])
  const mac = new DataView(await crypto.subtle.sign('HMAC', key, counter))
  const number = mac.getUint32(mac.getUint8(19) & 15) & 0x7fffffff
  return String(number % 1_000_000).padStart(6, '0')
}

/** What it shows half a minute later, and is taken already: for who has used up the one of now. */
export const nextCodeOf = (secret: string) => codeOf(secret, Date.now() + 30_000)
