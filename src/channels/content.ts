/**
 * What a message says besides its words, in our words and no provider's: stored as JSON beside the message, drawn by the
 * views. Each part stands alone; a message carries those that it has, and most carry none.
 */
import * as z from 'zod'

export const MEDIA_KINDS = ['image', 'video', 'audio', 'document', 'sticker'] as const
export type MediaKind = (typeof MEDIA_KINDS)[number]

const text = z.string()
const optional = <T extends z.ZodType>(schema: T) => schema.optional()

const Place = z.object({
  latitude: z.number(),
  longitude: z.number(),
  name: optional(text),
  address: optional(text),
  /** It moves on: the message is edited as it does. */
  live: optional(z.boolean()),
})

const Card = z.object({
  name: text,
  phones: z.array(z.object({ number: text, label: optional(text) })),
  emails: optional(z.array(text)),
  organization: optional(text),
})

/** A button of ours that was pressed, a row of a list that was chosen. */
const Choice = z.object({ title: text, description: optional(text), payload: optional(text) })

/** A form that was filled in: its fields in the order in which they came. */
const Form = z.object({ name: optional(text), fields: z.array(z.object({ name: text, value: text })) })

const Order = z.object({
  catalogId: optional(text),
  items: z.array(z.object({ id: text, quantity: z.number(), price: optional(z.number()), currency: optional(text) })),
})

/** What brought the person here, or what they ask about: an ad, a link of ours, a product. `url` is a page, never a file. */
const Referral = z.object({
  source: z.enum(['ad', 'post', 'link', 'product']),
  title: optional(text),
  body: optional(text),
  url: optional(text),
  ref: optional(text),
})

/** Somebody's story: by reference alone, as its terms ask; the link dies with the story. */
const Story = z.object({ kind: z.enum(['mention', 'reply']), url: optional(text), id: optional(text) })

/** A post, a reel or a page that was passed on. */
const Share = z.object({ kind: z.enum(['post', 'reel', 'link']), title: optional(text), url: optional(text) })

const Button = z.object({ id: text, title: text })
const Buttons = z.object({ header: optional(text), footer: optional(text), buttons: z.array(Button) })
const List = z.object({
  header: optional(text),
  footer: optional(text),
  button: text,
  sections: z.array(
    z.object({
      title: optional(text),
      rows: z.array(z.object({ id: text, title: text, description: optional(text) })),
    }),
  ),
})

/** A template as it was sent: what fills its variables, and what the customer reads. The body stands in the message's text. */
const Template = z.object({
  name: text,
  language: text,
  header: optional(text),
  footer: optional(text),
  buttons: optional(z.array(z.object({ title: text, url: optional(text) }))),
  /** By component, in the template's own order: `{{1}}` or `{{nome}}`, without the braces. */
  variables: optional(
    z.object({
      header: optional(z.array(z.object({ name: text, value: text }))),
      body: optional(z.array(z.object({ name: text, value: text }))),
      /** The suffix of a button's URL, or the code that it copies, by the button's place. */
      buttons: optional(z.array(z.object({ index: z.number(), value: text }))),
    }),
  ),
})

/** How some of the message's words look, where that is told beside them: places in UTF-16 units. */
const Style = z.object({
  kind: z.enum(['bold', 'italic', 'underline', 'strike', 'spoiler', 'code', 'pre', 'quote', 'link']),
  from: z.number(),
  length: z.number(),
  url: optional(text),
})
export type Style = z.infer<typeof Style>

/** The part of a message that is answered; and that it was said elsewhere, where it was. */
const Quote = z.object({ text: optional(text), elsewhere: optional(z.boolean()) })

const Poll = z.object({ question: text, options: z.array(text) })

export const Content = z.object({
  styles: optional(z.array(Style)),
  /** Who speaks, in a group. */
  sender: optional(text),
  /** Sent together with the others that say the same. */
  album: optional(text),
  quote: optional(Quote),
  poll: optional(Poll),
  location: optional(Place),
  contacts: optional(z.array(Card)),
  choice: optional(Choice),
  form: optional(Form),
  order: optional(Order),
  referral: optional(Referral),
  story: optional(Story),
  share: optional(Share),
  buttons: optional(Buttons),
  list: optional(List),
  template: optional(Template),
  forwarded: optional(z.enum(['once', 'often'])),
  /** In a group, whose thread is everyone's: who wrote this. */
  author: optional(text),
  /** Another app of the page owns the thread for now. */
  standby: optional(z.boolean()),
  /** What cannot be shown, in the provider's words: the kind it names, and why. */
  unsupported: optional(z.object({ type: optional(text), code: optional(text), detail: optional(text) })),
})

export type Content = z.infer<typeof Content>
