/** What we cannot say in our words is kept as it came, but for what nobody should find again: files, keys, codes to scan. */
import { isRow } from './lenient.ts'

const LEFT_OUT = new Set([
  ...['base64', 'jpegThumbnail', 'thumbnail', 'pngThumbnail', 'mediaKey', 'messageSecret', 'deviceListMetadata'],
  ...['apikey', 'token', 'hash', 'server_url', 'destination', 'qrcode', 'pairingCode'],
])
const DEEPEST = 24

export function asKept(value: unknown, depth = 0): unknown {
  if (depth > DEEPEST) return null
  if (Array.isArray(value)) return value.map((one) => asKept(one, depth + 1))
  if (!isRow(value)) return value ?? null
  const kept = Object.entries(value).filter(([key]) => !LEFT_OUT.has(key))
  return Object.fromEntries(kept.map(([key, one]) => [key, asKept(one, depth + 1)]))
}
