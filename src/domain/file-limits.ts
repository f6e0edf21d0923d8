/** Whether a channel takes a file, and as what: by its type, then by its size. */
import type { MediaKind } from '../channels/content.ts'
import type { FileLimit, Limits } from '../channels/limits.ts'
import { AppError } from './errors.ts'
import { essenceOf } from './media-types.ts'

export interface Fit {
  kind: MediaKind
  voice: boolean
  /** Bytes. */
  most: number
}

/** A picture that the channel does not show as one leaves as a document, where it takes any. */
const AS: [RegExp, MediaKind[]][] = [
  [/^image\//, ['image', 'sticker', 'document']],
  [/^video\//, ['video', 'document']],
  [/^audio\//, ['audio', 'document']],
  [/./, ['document']],
]

export function fitOf(limits: Pick<Limits, 'files' | 'voice'>, mimeType: string, voice: boolean): Fit {
  if (voice && limits.voice && takes(limits.voice, mimeType))
    return { kind: 'audio', voice: true, most: limits.voice.bytes }
  const kinds = AS.find(([types]) => types.test(mimeType))?.[1] ?? []
  for (const kind of kinds) {
    const limit = limits.files[kind]
    if (limit && takes(limit, mimeType)) return { kind, voice: false, most: limit.bytes }
  }
  throw new AppError('file_type', { type: essenceOf(mimeType) ?? mimeType })
}

/** A codec that stands with a type is one that the type alone does not promise. */
function takes({ types }: FileLimit, mimeType: string): boolean {
  return types.some(
    (type) => type === mimeType || type === '*/*' || (type.endsWith('/*') && mimeType.startsWith(type.slice(0, -1))),
  )
}

/** 5 MB, 500 KB: written the same in every language of ours. */
export const readableLimit = (bytes: number) =>
  bytes >= 1_048_576 ? `${Math.floor(bytes / 1_048_576)} MB` : `${Math.floor(bytes / 1_024)} KB`
