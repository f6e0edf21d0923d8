/** Which files the Cloud API takes (types and sizes), and what it finds out when it looks inside. */
import { seenIn } from '../sniff.ts'
import type { File } from '../state.ts'

const KB = 1024
const MB = KB * KB

const RULES: Record<File['kind'], { types: readonly string[]; largest: number }> = {
  image: { types: ['image/jpeg', 'image/png'], largest: 5 * MB },
  video: { types: ['video/mp4', 'video/3gpp'], largest: 16 * MB },
  audio: { types: ['audio/aac', 'audio/amr', 'audio/mpeg', 'audio/mp4', 'audio/ogg'], largest: 16 * MB },
  sticker: { types: ['image/webp'], largest: 500 * KB },
  document: { types: ['*/*'], largest: 100 * MB },
}

/** Of pictures and sound only the types above are taken; anything else is a document. */
const DOCUMENT = /^(?:application|text)\/[\w.+-]+$/

export const typesOf = (kind: File['kind']): readonly string[] => RULES[kind].types
export const largestOf = (kind: File['kind']): number => RULES[kind].largest

/** As which kind a type is uploaded; null: not at all. */
export function kindOf(mimeType: string): File['kind'] | null {
  const [type = ''] = mimeType.split(';')
  const kinds = ['image', 'video', 'audio', 'sticker'] as const
  return kinds.find((kind) => typesOf(kind).includes(type.trim())) ?? (DOCUMENT.test(type.trim()) ? 'document' : null)
}

export const uploadTypes = Object.values(RULES)
  .flatMap(({ types }) => types)
  .map((type) => (type === '*/*' ? 'application/*' : type))

const STILL_STICKER = 100 * KB

/** Whether it can be shown, once somebody looks inside. */
export function fits(file: File, bytes: Buffer | null): boolean {
  if (!bytes || bytes.length > largestOf(file.kind)) return false
  if (file.kind === 'document') return true
  const seen = seenIn(bytes)
  if (file.kind === 'sticker') return seen.mimeType === 'image/webp' && (seen.animated || bytes.length <= STILL_STICKER)
  if (file.kind === 'audio')
    return seen.mimeType === 'audio/ogg' ? seen.monoOpus : !file.voice && isAudio(seen.mimeType)
  return seen.mimeType !== null && typesOf(file.kind).includes(seen.mimeType)
}

/** A voice note is ogg; sound in an mp4 is known by its box alone. */
const isAudio = (type: string | null) => type === 'video/mp4' || (type !== null && typesOf('audio').includes(type))
