/** What a message of the Cloud API says, as far as words go: its type in our words and the text to show. */
import * as z from 'zod'
import { Id, maybe } from './meta.ts'

export interface Content {
  type: string
  text: string | null
  /** The message that this one changes: reacted to, edited, deleted. */
  target: string | null
  /** The customer's own number, given on our request. */
  ownPhone: string | null
}

/** What cannot be shown: shown as that. Nothing of it is quoted, even where it looks like text. */
const UNSUPPORTED: Content = { type: 'unsupported', text: null, target: null, ownPhone: null }

/** Each message carries an object under its type's name; without it the message is one that we cannot show. */
export function contentOf(type: string | undefined, item: Record<string, unknown>): Content {
  if (type === undefined) return UNSUPPORTED
  const read = Object.hasOwn(TYPES, type) ? TYPES[type]?.safeParse(item[type]) : undefined
  return read?.success ? { ...UNSUPPORTED, type, ...read.data } : UNSUPPORTED
}

const says = (text: string | undefined) => ({ text: text || null })
const title = z.object({ title: maybe(z.string()) })

const Media = z
  .object({ caption: maybe(z.string()), filename: maybe(z.string()) })
  .transform((media) => says(media.caption))
const Document = z
  .object({ caption: maybe(z.string()), filename: maybe(z.string()) })
  .transform((file) => says(file.caption ?? file.filename))

const Card = z.object({
  origin: maybe(z.string()),
  name: maybe(z.object({ formatted_name: maybe(z.string()) })),
  phones: maybe(z.array(z.object({ phone: maybe(z.string()), wa_id: maybe(Id) }))),
})

const Contacts = z.array(Card).transform((cards) => {
  const names = cards.flatMap((card) => card.name?.formatted_name ?? card.phones?.[0]?.phone ?? [])
  const [card] = cards
  const answersOurRequest = cards.length === 1 && card?.origin === 'contact_request' && card.phones?.length === 1
  return { ...says(names.join(', ')), ownPhone: answersOurRequest ? (card.phones?.[0]?.wa_id ?? null) : null }
})

const Interactive = z
  .object({
    type: z.string(),
    button_reply: maybe(title),
    list_reply: maybe(title),
    nfm_reply: maybe(z.object({ body: maybe(z.string()) })),
  })
  .transform((chosen) => says(chosen.button_reply?.title ?? chosen.list_reply?.title ?? chosen.nfm_reply?.body))

const Text = z.object({ body: z.string() }).transform(({ body }) => ({ text: body }))

/** The new words alone: `context` in here may be a placeholder, and no quote. */
const Edit = z
  .object({ original_message_id: Id, message: z.looseObject({ type: maybe(z.string()) }) })
  .transform(({ original_message_id, message }) => ({
    text: message.type === 'edit' ? null : contentOf(message.type, message).text,
    target: original_message_id,
  }))

const TYPES: Record<string, z.ZodType<Partial<Content>>> = {
  text: Text,
  image: Media,
  video: Media,
  sticker: Media,
  audio: Media,
  voice: Media.transform((voice) => ({ ...voice, type: 'audio' })), // the name that old payloads have for it
  document: Document,
  location: z
    .object({ latitude: z.number(), longitude: z.number(), name: maybe(z.string()), address: maybe(z.string()) })
    .transform((place) => says(place.name ?? place.address)),
  contacts: Contacts,
  interactive: Interactive,
  button: z.object({ text: maybe(z.string()) }).transform((button) => says(button.text)),
  order: z.object({ text: maybe(z.string()) }).transform((order) => says(order.text)),
  /** Without an emoji, or with an empty one, it was taken back. */
  reaction: z
    .object({ message_id: Id, emoji: maybe(z.string()) })
    .transform((reaction) => ({ ...says(reaction.emoji), target: reaction.message_id })),
  edit: Edit,
  revoke: z
    .object({ original_message_id: Id })
    .transform((revoke) => ({ type: 'delete', target: revoke.original_message_id })),
}
