/** A provider's JSON, read within bounds and named by what it says. */

const MAX_DEPTH = 32
const MAX_KEYS = 250_000
/** A whole number of more digits than a JavaScript number holds exactly. */
const LONG_NUMBER = 16
/** What is kept of a body that cannot be read: enough to see what it was. */
const KEPT_TEXT = 65_536

export type Read = { readable: true; value: unknown } | { readable: false; text: string }

/** Numbers too long to be exact arrive as their digits: they are ids. */
export function readJson(bytes: Uint8Array): Read {
  const text = new TextDecoder().decode(bytes)
  const shape = shapeOf(bytes)
  if (shape.depth <= MAX_DEPTH && shape.keys <= MAX_KEYS) {
    try {
      return { readable: true, value: JSON.parse(text, shape.longNumbers ? keepLongNumbers : undefined) }
    } catch {
      // Not JSON after all: kept as the text that it is.
    }
  }
  return { readable: false, text: text.slice(0, KEPT_TEXT) }
}

/** The JSON of an answer to a call of ours; undefined: it is none. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COLON = 0x3a

/** One pass over the bytes, before anything is built from them. */
function shapeOf(bytes: Uint8Array): { depth: number; keys: number; longNumbers: boolean } {
  const shape = { depth: 0, keys: 0, longNumbers: false }
  let depth = 0
  let digits = 0
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0
    digits = isDigit(byte) ? digits + 1 : 0
    depth += stepOf(byte)
    if (digits === LONG_NUMBER) shape.longNumbers = true
    if (depth > shape.depth) shape.depth = depth
    if (byte === COLON) shape.keys++
    if (byte === QUOTE) at = endOfText(bytes, at)
  }
  return shape
}

const isDigit = (byte: number) => byte >= 0x30 && byte <= 0x39

/** What a bracket does to the depth. One bit apart: `[` from `{`, and `]` from `}`. */
function stepOf(byte: number): number {
  const bracket = byte | 0x20
  if (bracket === 0x7b) return 1
  return bracket === 0x7d ? -1 : 0
}

function endOfText(bytes: Uint8Array, start: number): number {
  let at = start + 1
  while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1
  return at
}

function keepLongNumbers(_key: string, value: unknown, context?: { source?: string }): unknown {
  const exact =
    typeof value !== 'number' || Number.isSafeInteger(value) || (Number.isFinite(value) && !Number.isInteger(value))
  return exact ? value : (context?.source ?? String(value))
}

/** The same meaning, the same text: keys in order, no spaces. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null'
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`)
  return `{${members.join(',')}}`
}

export async function sha256(data: string | Uint8Array): Promise<string> {
  const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
}

const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
