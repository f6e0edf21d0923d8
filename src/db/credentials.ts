/** Secrets at rest: AES-256-GCM, bound to the workspace and the inbox they were saved for. */

export interface Sealed {
  workspaceId: string
  inboxId: string
}

/** `key` is CREDENTIALS_KEY: 32 bytes, base64. Answers `v1.<iv>.<ciphertext>`, base64. */
export async function seal(key: string, of: Sealed, secret: unknown): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const plain = new TextEncoder().encode(JSON.stringify(secret))
  const cipher = await crypto.subtle.encrypt(cipherFor(of, iv), await importKey(key), plain)
  return `v1.${toBase64(iv)}.${toBase64(new Uint8Array(cipher))}`
}

/** The secret as it was sealed; throws where key, workspace or inbox is another. */
export async function unseal(key: string, of: Sealed, sealed: string): Promise<unknown> {
  const [version, iv, cipher] = sealed.split('.')
  if (version !== 'v1' || !iv || !cipher) throw new Error('These credentials were not sealed by this version.')
  const plain = await crypto.subtle.decrypt(cipherFor(of, fromBase64(iv)), await importKey(key), fromBase64(cipher))
  return JSON.parse(new TextDecoder().decode(plain))
}

const cipherFor = (of: Sealed, iv: Uint8Array<ArrayBuffer>) => ({
  name: 'AES-GCM',
  iv,
  additionalData: new TextEncoder().encode(`${of.workspaceId}:${of.inboxId}`),
})

const importKey = (key: string) =>
  crypto.subtle.importKey('raw', fromBase64(key), 'AES-GCM', false, ['encrypt', 'decrypt'])

const toBase64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes))
const fromBase64 = (text: string) => Uint8Array.from(atob(text), (char) => char.charCodeAt(0))

let hashing: { key: string; imported: Promise<CryptoKey> } | undefined

/** The same for the same id of the same inbox, and no way back to it without the key. */
export async function erasedKey(key: string, { workspaceId, inboxId }: Sealed, what: string): Promise<string> {
  if (hashing?.key !== key)
    hashing = { key, imported: crypto.subtle.importKey('raw', fromBase64(key), HMAC, false, ['sign']) }
  const text = new TextEncoder().encode(`erased\n${workspaceId}\n${inboxId}\n${what}`)
  return toBase64(new Uint8Array(await crypto.subtle.sign('HMAC', await hashing.imported, text)))
}

const HMAC = { name: 'HMAC', hash: 'SHA-256' }
