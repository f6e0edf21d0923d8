/** A message as Baileys holds it: what was said lies under a name of its kind, and often in a wrapping or two. */
import { isRow, type Row } from './lenient.ts'

export interface Unwrapped {
  /** The kind, as the network calls it: conversation, imageMessage, … */
  type: string
  /** What lies under that name: words, or an object. */
  said: unknown
  /** All that lies beside it, where a gateway adds the file. */
  around: Row
}

const WRAPPING =
  /^(?:ephemeral|viewOnce|viewOnceMessageV2|documentWithCaption|edited|deviceSent|groupMentioned|botInvoke|lottieSticker|associatedChild)/
const MOST_WRAPPINGS = 5

/** What says nothing by itself and may stand before what does. */
const BESIDE = new Set(['messageContextInfo', 'senderKeyDistributionMessage', 'base64', 'mediaUrl', 'contextInfo'])

/** `named` is the gateway's own word for the kind; without it, whatever is there first. Null: there is nothing. */
export function unwrapped(message: unknown, named: string | undefined): Unwrapped | null {
  if (!isRow(message)) return null
  let around = message
  let type = typeIn(around, named)
  for (let depth = 0; depth < MOST_WRAPPINGS && type !== null && WRAPPING.test(type); depth++) {
    const wrapping = around[type]
    const inner = isRow(wrapping) ? wrapping.message : undefined
    if (!isRow(inner)) break
    around = { ...fileBeside(around), ...inner }
    type = typeIn(inner, undefined)
  }
  return type === null ? null : { type, said: around[type], around }
}

/** Gateways put the file next to the outermost of it. */
const fileBeside = ({ base64, mediaUrl }: Row): Row => ({
  ...(base64 === undefined ? {} : { base64 }),
  ...(mediaUrl === undefined ? {} : { mediaUrl }),
})

function typeIn(message: Row, named: string | undefined): string | null {
  if (named !== undefined && Object.hasOwn(message, named) && present(message[named])) return named
  const types = Object.keys(message).filter((key) => !BESIDE.has(key) && present(message[key]))
  return types[0] ?? (named && types.length === 0 && !Object.hasOwn(message, named) ? named : null)
}

const present = (value: unknown) => value !== null && value !== undefined
