/** What goes out to a browser and comes back, and names that must not tell whose they are. HMAC-SHA-256 with AUTH_SECRET. */

/** `<value>.<signature>`, both base64url. A signature for one purpose is none for another. */
export async function signed(secret: string, purpose: string, value: string): Promise<string> {
  const signature = await crypto.subtle.sign('HMAC', await keyOf(secret), bytesOf(`${purpose}\n${value}`))
  return `${toBase64Url(bytesOf(value))}.${toBase64Url(new Uint8Array(signature))}`
}

/** The value, if it was signed by us for this purpose. */
export async function unsigned(secret: string, purpose: string, text: string): Promise<string | null> {
  const [value = '', signature = '', ...rest] = text.split('.')
  if (rest.length > 0) return null
  try {
    const plain = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(fromBase64Url(value))
    const ours = await crypto.subtle.verify(
      'HMAC',
      await keyOf(secret),
      fromBase64Url(signature),
      bytesOf(`${purpose}\n${plain}`),
    )
    return ours ? plain : null
  } catch {
    return null
  }
}

/** The same for the same value, and no way back to it without the secret. */
export async function pseudonymOf(secret: string, purpose: string, value: string): Promise<string> {
  const signature = await crypto.subtle.sign('HMAC', await keyOf(secret), bytesOf(`${purpose}\n${value}`))
  return toBase64Url(new Uint8Array(signature))
}

const keyOf = (secret: string) =>
  crypto.subtle.importKey('raw', bytesOf(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify'])

const bytesOf = (text: string) => new TextEncoder().encode(text)

function toBase64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

const fromBase64Url = (text: string) =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0))
