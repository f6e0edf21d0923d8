/** What a message says, in our words. */
import * as z from 'zod'
import type { Content } from '../content.ts'
import type { InboundMedia } from '../events.ts'
import { maybe } from '../maybe.ts'
import { fileOf } from './files.ts'
import { type Envelope, Id, isGroup, isRow, nameOf, type Row } from './shape.ts'
import { stylesOf } from './styles.ts'

export interface Said {
  type: string
  text: string | null
  media: InboundMedia[]
  content: Content
  /** Our words say all of it. */
  whole: boolean
}

const words = maybe(z.string())

const Location = z.object({ latitude: z.number(), longitude: z.number(), live_period: maybe(z.number()) })
const Venue = z.object({ location: Location, title: words, address: words })
const Contact = z.object({ phone_number: z.string(), first_name: words, last_name: words, user_id: maybe(Id) })
const Poll = z.object({ question: z.string(), options: z.array(z.object({ text: z.string() })) })
const Dice = z.object({ emoji: words, value: z.number() })

type Says = Pick<Said, 'type' | 'content'> & Partial<Said>

/** In this order: a venue comes with the location that it is at. */
const READERS: readonly ((message: Row) => Says | null)[] = [
  ({ venue }) => {
    const place = Venue.safeParse(venue).data
    return place
      ? { type: 'location', content: { location: placeOf(place.location, place.title, place.address) } }
      : null
  },
  ({ location }) => {
    const place = Location.safeParse(location).data
    return place ? { type: 'location', content: { location: placeOf(place) } } : null
  },
  ({ contact }) => {
    const card = Contact.safeParse(contact).data
    if (!card) return null
    const number = digitsOf(card.phone_number)
    return {
      type: 'contacts',
      content: {
        contacts: [
          { name: nameOf(card) ?? card.phone_number, phones: [{ number: number ? `+${number}` : card.phone_number }] },
        ],
      },
    }
  },
  ({ poll }) => {
    const asked = Poll.safeParse(poll).data
    const options = asked?.options.map(({ text }) => text) ?? []
    return asked ? { type: 'poll', content: { poll: { question: asked.question, options } } } : null
  },
  ({ dice }) => {
    const thrown = Dice.safeParse(dice).data
    return thrown ? { type: 'text', text: `${thrown.emoji ?? '🎲'} ${thrown.value}`, content: {} } : null
  },
]

export function contentOf(message: Row, { chat, from }: Pick<Envelope, 'chat' | 'from'>): Said {
  const { type, content, ...says } = saidIn(message)
  const text = says.text ?? null
  const besides: Content = {
    ...content,
    ...(isGroup(chat) ? senderOf(message, from) : {}),
    ...present('forwarded', isRow(message.forward_origin) ? ('once' as const) : undefined),
    ...present('album', Id.safeParse(message.media_group_id).data),
    ...quoteOf(message),
  }
  return { whole: true, media: [], ...says, type, text, content: besides }
}

function saidIn(message: Row): Says {
  const text = typeof message.text === 'string' ? message.text : null
  if (text !== null) return { type: 'text', text, content: { ...styled(text, message.entities), ...startOf(text) } }
  const file = fileOf(message)
  if (file) {
    const caption = typeof message.caption === 'string' ? message.caption : stickerWords(message)
    const content = caption === null ? {} : styled(caption, message.caption_entities)
    return { type: file.type, text: caption, media: [file.media], content }
  }
  for (const read of READERS) {
    const says = read(message)
    if (says) return says
  }
  const [type] = Object.keys(message).filter((key) => !ABOUT.has(key) && isRow(message[key]))
  return { type: 'unsupported', content: { unsupported: present('type', type) }, whole: false }
}

/** What stands beside the content of every kind of message. */
const ABOUT = new Set([
  ...['from', 'sender_chat', 'sender_business_bot', 'chat', 'reply_to_message', 'external_reply', 'quote'],
  ...['reply_to_story', 'forward_origin', 'via_bot', 'link_preview_options', 'reply_markup', 'forward_from'],
  ...['forward_from_chat', 'direct_messages_topic'],
])

const styled = (text: string, entities: unknown): Content => {
  const styles = stylesOf(text, entities)
  return styles.length > 0 ? { styles } : {}
}

const present = <K extends string, V>(key: K, value: V | undefined) =>
  (value === undefined ? {} : { [key]: value }) as { [P in K]?: V }

const START = /^\/start(?:@\w+)? ([\w-]{1,64})$/

/** By a link of ours that says which: t.me/<bot>?start=<ref>. */
function startOf(text: string): Content {
  const ref = START.exec(text)?.[1]
  return ref === undefined ? {} : { referral: { source: 'link', ref } }
}

/** What a sticker that cannot be drawn stands for. */
function stickerWords({ sticker }: Row): string | null {
  if (!isRow(sticker) || (!sticker.is_animated && !sticker.is_video) || isRow(sticker.thumbnail)) return null
  return typeof sticker.emoji === 'string' ? sticker.emoji : null
}

const placeOf = ({ latitude, longitude, live_period }: z.infer<typeof Location>, name?: string, address?: string) => ({
  ...{ latitude, longitude },
  ...present('name', name || undefined),
  ...present('address', address || undefined),
  ...present('live', live_period === undefined ? undefined : true),
})

/** In a group somebody speaks, or the group itself does, or a channel. */
function senderOf({ sender_chat }: Row, from: Envelope['from']): Content {
  const name = isRow(sender_chat) && typeof sender_chat.title === 'string' ? sender_chat.title : from && nameOf(from)
  return name ? { sender: name } : {}
}

const Quote = z.object({ text: z.string() })

/** The part that is answered; and that it stands somewhere else, where it does. */
function quoteOf({ quote, external_reply, reply_to_story }: Row): Content {
  const text = Quote.safeParse(quote).data?.text
  const elsewhere = isRow(external_reply)
  return {
    ...(text === undefined && !elsewhere
      ? {}
      : { quote: { ...present('text', text), ...present('elsewhere', elsewhere || undefined) } }),
    ...(isRow(reply_to_story) ? { story: { kind: 'reply' as const } } : {}),
  }
}

const digitsOf = (number: string) => {
  const digits = number.replaceAll(/[^\d]/g, '')
  return /^\d{6,15}$/.test(digits) ? digits : null
}

/** Their own number, which they chose to tell: of anybody else's we only know that they have it. */
export function ownNumber({ contact }: Row, from: Envelope['from']): string | null {
  const card = Contact.safeParse(contact).data
  return card && from && card.user_id === from.id ? digitsOf(card.phone_number) : null
}
