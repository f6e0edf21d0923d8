/** What a message of WhatsApp's own network says, in our words: its type, the text, the files, and what else it carries. */
import * as z from 'zod'
import type { Content, MediaKind } from '../content.ts'
import type { InboundMedia } from '../events.ts'
import { maybe } from '../maybe.ts'
import { isRow, long, part, type Row, words } from './lenient.ts'
import type { Unwrapped } from './unwrapped.ts'
import { cardIn } from './vcard.ts'

export interface Said {
  type: string
  text: string | null
  media: InboundMedia[]
  content: Content
  /** Our words say less than the message does. */
  partly: boolean
}

/** How a gateway hands over a file: it is the gateway's to know. */
export type HandleOf = (around: Row) => InboundMedia['handle']

export function saidBy({ type, said, around }: Unwrapped, handleOf: HandleOf): Said {
  const read = Object.hasOwn(TYPES, type) ? TYPES[type]?.(said, handleOf(around)) : undefined
  return read ? { ...NOTHING, ...read } : unsupported(type)
}

const NOTHING = { type: 'text', text: null, media: [], content: {}, partly: false }

type Read = (said: unknown, handle: InboundMedia['handle']) => (Partial<Said> & { type: string }) | undefined

/** What cannot be shown: shown as that, by the name that it has. */
const unsupported = (type: string): Said => ({
  ...NOTHING,
  type: 'unsupported',
  content: { unsupported: part('type', type.replace(/Message(?:V\d+)?$/, '')) },
  partly: true,
})

const Text = z.union([z.string(), z.object({ text: z.string() }).transform(({ text }) => text)])

const File = z.object({
  mimetype: words,
  caption: words,
  fileName: words,
  title: words,
  fileLength: z.unknown().optional(),
  ptt: maybe(z.boolean()),
  isAnimated: maybe(z.boolean()),
  gifPlayback: maybe(z.boolean()),
})

const media =
  (kind: MediaKind): Read =>
  (said, handle) => {
    const file = File.safeParse(said).data
    if (!file) return
    return {
      type: kind,
      text: file.caption || null,
      media: [
        {
          ...{ kind, handle, trouble: handle ? null : 'no_handle' },
          mimeType: file.mimetype?.split(';')[0]?.trim() || null,
          fileName: kind === 'document' ? file.fileName || file.title || null : null,
          bytes: bytesOf(file.fileLength),
          voice: kind === 'audio' && file.ptt === true,
          animated: file.isAnimated === true || file.gifPlayback === true,
        },
      ],
    }
  }

const bytesOf = (length: unknown) => {
  const bytes = long(length)
  return bytes !== null && Number.isSafeInteger(bytes) && bytes > 0 ? bytes : null
}

const Place = z.object({
  degreesLatitude: z.number(),
  degreesLongitude: z.number(),
  name: words,
  address: words,
  caption: words,
})

const place: Read = (said) => {
  const at = Place.safeParse(said).data
  if (!at) return
  const { degreesLatitude: latitude, degreesLongitude: longitude, name, address, caption } = at
  const location = { latitude, longitude, ...part('name', name), ...part('address', address) }
  return { type: 'location', text: caption || null, content: { location } }
}

const Card = z.object({ displayName: words, vcard: words })
const cardOf = (said: unknown) => {
  const { displayName = '', vcard = '' } = Card.safeParse(said).data ?? {}
  return cardIn(vcard, displayName)
}

const card: Read = (said) => (isRow(said) ? { type: 'contacts', content: { contacts: [cardOf(said)] } } : undefined)

const cards: Read = (said) =>
  isRow(said) && Array.isArray(said.contacts)
    ? { type: 'contacts', content: { contacts: said.contacts.filter(isRow).map(cardOf) } }
    : undefined

const chosen = (type: string, title: string | undefined, payload: string | undefined, description?: string) => ({
  ...{ type, text: title || null },
  content: {
    choice: { title: title || payload || '', ...part('description', description), ...part('payload', payload) },
  },
})

const ListRow = z.object({
  title: words,
  description: words,
  singleSelectReply: maybe(z.object({ selectedRowId: words })),
})

const listChoice: Read = (said) => {
  const row = ListRow.safeParse(said).data
  return row && chosen('interactive', row.title, row.singleSelectReply?.selectedRowId, row.description)
}

const Pressed = z.object({ selectedButtonId: words, selectedId: words, selectedDisplayText: words })

const buttonChoice =
  (type: string): Read =>
  (said) => {
    const { selectedButtonId, selectedId, selectedDisplayText } = Pressed.safeParse(said).data ?? {}
    return isRow(said) ? chosen(type, selectedDisplayText, selectedButtonId ?? selectedId) : undefined
  }

const Flow = z.object({
  body: maybe(z.object({ text: words })),
  nativeFlowResponseMessage: maybe(z.object({ name: words, paramsJson: words })),
})

const flowChoice: Read = (said) => {
  const flow = Flow.safeParse(said).data
  return flow && { ...chosen('interactive', flow.body?.text, flow.nativeFlowResponseMessage?.name), partly: true }
}

const text: Read = (said) => {
  const read = Text.safeParse(said).data
  return read === undefined ? undefined : { type: 'text', text: read }
}

const TYPES: Record<string, Read> = {
  conversation: text,
  extendedTextMessage: text,
  imageMessage: media('image'),
  videoMessage: media('video'),
  ptvMessage: media('video'),
  audioMessage: media('audio'),
  documentMessage: media('document'),
  stickerMessage: media('sticker'),
  locationMessage: place,
  liveLocationMessage: place,
  contactMessage: card,
  contactsArrayMessage: cards,
  listResponseMessage: listChoice,
  buttonsResponseMessage: buttonChoice('interactive'),
  templateButtonReplyMessage: buttonChoice('button'),
  interactiveResponseMessage: flowChoice,
}
