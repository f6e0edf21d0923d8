/** What the Bot API takes: how long words are, which files are what they say, which reactions there are. */
import * as z from 'zod'
import { REACTIONS, theirName } from '../../src/channels/telegram/reactions.ts'
import { seenIn } from '../sniff.ts'
import type { Button, FILE_KINDS } from '../state.ts'
import { bad, Refused } from './refused.ts'

const MB = 1024 * 1024
const LONGEST = { text: 4096, caption: 1024 }

const Entity = z.object({
  type: z.string(),
  offset: z.int().min(0),
  length: z.int().min(1),
  url: z.string().optional(),
})
export const Entities = z.array(Entity).default([])

export function words(text: string, entities: z.infer<typeof Entities>, of: 'text' | 'caption'): string {
  if (of === 'text' && text.trim() === '') throw bad('message text is empty')
  if (text.length > LONGEST[of]) throw bad(of === 'text' ? 'message is too long' : 'message caption is too long')
  for (const { offset, length } of entities)
    if (offset + length > text.length) throw bad(`entity beginning at ${offset} ends after the end of the text`)
  return text
}

export const Markup = z.object({
  inline_keyboard: z.array(
    z.array(z.object({ text: z.string().min(1), callback_data: z.string().optional(), url: z.string().optional() })),
  ),
})

export function buttonsOf(markup: z.infer<typeof Markup> | undefined): Button[] {
  return (markup?.inline_keyboard.flat() ?? []).map(({ text, callback_data, url }) => {
    if (callback_data === undefined && url === undefined) throw bad('text buttons are unallowed in the inline keyboard')
    if (callback_data !== undefined && !fits(callback_data)) throw bad('BUTTON_DATA_INVALID')
    return {
      id: callback_data ?? url ?? text,
      title: text,
      description: null,
      kind: url === undefined ? 'reply' : 'url',
    }
  })
}

const fits = (data: string) => Buffer.byteLength(data) >= 1 && Buffer.byteLength(data) <= 64

const NAMES = new Set(REACTIONS.map(theirName))

/** One, for bots; and of Telegram's own. */
export function reactionOf(list: { type: string; emoji?: string | undefined }[]): string | null {
  const [first, ...more] = list
  if (more.length > 0) throw bad('REACTIONS_TOO_MANY')
  if (!first) return null
  if (first.type !== 'emoji' || !first.emoji || !NAMES.has(first.emoji)) throw bad('REACTION_INVALID')
  return first.emoji
}

interface Rule {
  kind: (typeof FILE_KINDS)[number]
  /** Null: anything. */
  types: readonly string[] | null
  largest: number
  voice?: true
  trouble?: string
}

export const FILES: Record<string, Rule & { field: string }> = {
  sendPhoto: {
    field: 'photo',
    kind: 'image',
    types: ['image/jpeg', 'image/png', 'image/webp'],
    largest: 10 * MB,
    trouble: 'IMAGE_PROCESS_FAILED',
  },
  sendVideo: { field: 'video', kind: 'video', types: null, largest: 50 * MB },
  sendAnimation: { field: 'animation', kind: 'video', types: null, largest: 50 * MB },
  sendAudio: { field: 'audio', kind: 'audio', types: null, largest: 50 * MB },
  sendVoice: {
    field: 'voice',
    kind: 'audio',
    types: ['audio/ogg', 'audio/mpeg', 'audio/mp4', 'video/mp4'],
    largest: 50 * MB,
    voice: true,
    trouble: 'file must be in OGG format',
  },
  sendDocument: { field: 'document', kind: 'document', types: null, largest: 50 * MB },
  sendSticker: {
    field: 'sticker',
    kind: 'sticker',
    types: ['image/webp', 'image/png'],
    largest: 512 * 1024,
    trouble: 'wrong type of the sticker',
  },
}

export function checkFile({ types, largest, trouble }: Rule, bytes: Buffer): void {
  if (bytes.length === 0) throw bad('file must be non-empty')
  if (bytes.length > largest) throw new Refused(413)
  if (types !== null && !types.includes(seenIn(bytes).mimeType ?? '')) throw bad(trouble ?? 'wrong file')
}
