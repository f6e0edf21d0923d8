/** What a message of the Cloud API says, in our words: its type, the text, the files, and what else it carries. */
import * as z from 'zod'
import type { Content, MediaKind } from '../content.ts'
import type { InboundMedia } from '../events.ts'
import { readJson } from '../json.ts'
import { maybe } from '../maybe.ts'
import { detailOf, Id, MetaError } from '../meta/meta.ts'

export interface Said {
  type: string
  text: string | null
  media: InboundMedia[]
  content: Content
  /** The customer's own number, given on our request. */
  ownPhone: string | null
  /** Is this all that stood under the type's name? */
  whole: boolean
}

type Row = Record<string, unknown>

/**
 * Each message carries an object under its type's name; without it the message is one that we cannot show. `beside` are
 * the errors that stand next to the message, not in it.
 */
export function saidBy(type: string | undefined, item: Row, beside: MetaError[] = []): Said {
  const errors = errorsOf(item.errors)
  const read = type !== undefined && Object.hasOwn(TYPES, type) ? TYPES[type]?.safeParse(item[type]) : undefined
  if (read?.success) return withTrouble({ ...NOTHING, type: type ?? '', ...read.data }, errors)
  const lost = type !== undefined && Object.hasOwn(KINDS, type) ? KINDS[type] : undefined
  if (lost && errors[0]) return withTrouble({ ...NOTHING, type: lost, media: [file(lost, {})] }, errors)
  return unsupported(type, item, errors[0] ?? beside[0])
}

const NOTHING = { text: null, media: [], content: {}, ownPhone: null, whole: false }

export const errorsOf = (errors: unknown): MetaError[] =>
  Array.isArray(errors) ? errors.flatMap((error) => MetaError.safeParse(error).data ?? []) : []

/** The provider may say that it could not get a file that it names all the same. */
const withTrouble = (said: Said, [error]: MetaError[]): Said =>
  error ? { ...said, media: said.media.map((one) => ({ ...one, trouble: error.code })) } : said

const Named = z.object({ type: maybe(z.string()) })

/** What cannot be shown: shown as that. Nothing of it is quoted, even where it looks like text. */
function unsupported(type: string | undefined, item: Row, error: MetaError | undefined): Said {
  const named = Named.safeParse(item.unsupported).data?.type ?? (type === 'unsupported' ? undefined : type)
  const why = error && { code: error.code, ...part('detail', detailOf(error)) }
  return { ...NOTHING, type: 'unsupported', content: { unsupported: { ...part('type', named), ...why } } }
}

/** The pair, where there is something to say. */
const part = <K extends string, V>(key: K, value: V | null | undefined): { [key in K]?: V } =>
  value === undefined || value === null || value === '' ? {} : ({ [key]: value } as { [key in K]: V })

const KINDS: Record<string, MediaKind> = {
  image: 'image',
  video: 'video',
  audio: 'audio',
  voice: 'audio', // the name that old payloads have for it
  document: 'document',
  sticker: 'sticker',
}

const File = z.looseObject({
  id: maybe(Id),
  url: maybe(z.url()),
  mime_type: maybe(z.string()),
  filename: maybe(z.string()),
  caption: maybe(z.string()),
  file_size: maybe(z.int().nonnegative()),
  voice: maybe(z.boolean()),
  animated: maybe(z.boolean()),
})

const FILE_KEYS = ['id', 'mime_type', 'filename', 'caption', 'file_size', 'voice', 'animated', 'sha256', 'url']

const file = (kind: MediaKind, of: z.infer<typeof File>): InboundMedia => ({
  kind,
  handle: handleOf(of),
  mimeType: of.mime_type || null,
  fileName: of.filename || null,
  bytes: of.file_size ?? null,
  voice: of.voice ?? false,
  animated: of.animated ?? false,
  trouble: handleOf(of) ? null : 'no_handle',
})

/** The id first: a URL lives five minutes, and a new one is had by the id. */
function handleOf({ id, url }: z.infer<typeof File>): InboundMedia['handle'] {
  if (id !== undefined) return { id }
  return url === undefined ? null : { url }
}

const media = (name: string, kind: MediaKind) =>
  File.transform((of) => ({
    type: kind,
    text: of.caption || null,
    media: [file(kind, name === 'voice' ? { ...of, voice: true } : of)],
    whole: only(of, FILE_KEYS),
  }))

const only = (of: Row, keys: string[]) => Object.keys(of).every((key) => keys.includes(key))

const Text = z
  .looseObject({ body: z.string() })
  .transform((text) => ({ text: text.body, whole: only(text, ['body', 'preview_url']) }))

const Location = z
  .looseObject({ latitude: z.number(), longitude: z.number(), name: maybe(z.string()), address: maybe(z.string()) })
  .transform(({ latitude, longitude, name, address, ...rest }) => ({
    content: { location: { latitude, longitude, ...part('name', name), ...part('address', address) } },
    whole: only(rest, []),
  }))

const Card = z.object({
  origin: maybe(z.string()),
  name: maybe(z.object({ formatted_name: maybe(z.string()), first_name: maybe(z.string()) })),
  phones: maybe(z.array(z.object({ phone: maybe(z.string()), wa_id: maybe(Id), type: maybe(z.string()) }).catch({}))),
  emails: maybe(z.array(z.object({ email: maybe(z.string()) }).catch({}))),
  org: maybe(z.object({ company: maybe(z.string()) })),
})

const Contacts = z.array(Card).transform((cards) => {
  const [card] = cards
  const answersOurRequest = cards.length === 1 && card?.origin === 'contact_request' && card.phones?.length === 1
  return {
    content: { contacts: cards.map(cardOf) },
    ownPhone: answersOurRequest ? (card.phones?.[0]?.wa_id ?? null) : null,
  }
})

function cardOf({ name, phones, emails, org }: z.infer<typeof Card>) {
  const numbers = (phones ?? []).flatMap(({ phone, wa_id, type }) => {
    const number = phone || (wa_id === undefined ? '' : `+${wa_id}`)
    return number === '' ? [] : [{ number, ...part('label', type) }]
  })
  const addresses = (emails ?? []).flatMap(({ email }) => email || [])
  return {
    name: name?.formatted_name || name?.first_name || org?.company || numbers[0]?.number || '',
    phones: numbers,
    ...(addresses.length > 0 ? { emails: addresses } : {}),
    ...part('organization', org?.company),
  }
}

const Reply = z.object({ id: maybe(Id), title: z.string(), description: maybe(z.string()) })
const Filled = z.object({ name: maybe(z.string()), body: maybe(z.string()), response_json: z.unknown().optional() })
const Interactive = z.looseObject({
  type: maybe(z.string()),
  button_reply: maybe(Reply),
  list_reply: maybe(Reply),
  nfm_reply: maybe(Filled),
  /** Of what the business sent, where its phone tells of it. */
  body: maybe(z.object({ text: z.string().min(1) })),
})

function readInteractive({ button_reply, list_reply, nfm_reply, body, type, ...rest }: z.infer<typeof Interactive>) {
  const chosen = button_reply ?? list_reply
  if (chosen) {
    const { id, title, description } = chosen
    const choice = { title, ...part('description', description), ...part('payload', id) }
    return { text: title || null, content: { choice }, whole: only(rest, []) }
  }
  if (nfm_reply) return { text: nfm_reply.body || null, content: { form: formOf(nfm_reply) } }
  if (body) return { text: body.text }
  return { type: 'unsupported', content: { unsupported: { type: type ?? 'interactive' } } }
}

/** The token tells the provider which form it was; it is no answer of the customer's. */
const NO_ANSWERS = new Set(['flow_token'])

/** The answers come as a text with JSON in it: mostly an object of them, sometimes anything. */
function formOf({ name, response_json: response }: z.infer<typeof Filled>): NonNullable<Content['form']> {
  const read = typeof response === 'string' ? readJson(new TextEncoder().encode(response)) : null
  const answers = read ? (read.readable ? read.value : read.text) : response
  return { ...part('name', name), fields: fieldsOf(answers) }
}

function fieldsOf(answers: unknown): { name: string; value: string }[] {
  if (answers === undefined || answers === null || answers === '') return []
  if (typeof answers !== 'object' || Array.isArray(answers)) return [{ name: '', value: asText(answers) }]
  return Object.entries(answers)
    .filter(([name]) => !NO_ANSWERS.has(name))
    .map(([name, value]) => ({ name, value: asText(value) }))
}

const asText = (value: unknown) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))

const Button = z.looseObject({ text: maybe(z.string()), payload: maybe(z.string()) }).transform((button) => {
  const choice = { title: button.text ?? button.payload ?? '', ...part('payload', button.payload) }
  return { text: choice.title || null, content: { choice }, whole: only(button, ['text', 'payload']) }
})

/** A number, or the digits of one. */
const Amount = z.union([
  z.number(),
  z
    .string()
    .regex(/^-?\d{1,15}(?:\.\d{1,6})?$/)
    .transform(Number),
])

const Order = z
  .object({
    catalog_id: maybe(Id),
    text: maybe(z.string()),
    product_items: maybe(
      z.array(
        z
          .object({
            product_retailer_id: Id,
            quantity: Amount.catch(1),
            item_price: maybe(Amount),
            currency: maybe(z.string()),
          })
          .nullable()
          .catch(null),
      ),
    ),
  })
  .transform(({ catalog_id, text, product_items }) => {
    const items = (product_items ?? []).flatMap((item) =>
      item
        ? {
            id: item.product_retailer_id,
            quantity: item.quantity,
            ...part('price', item.item_price),
            ...part('currency', item.currency),
          }
        : [],
    )
    return { text: text || null, content: { order: { ...part('catalogId', catalog_id), items } } }
  })

const TYPES: Record<string, z.ZodType<Partial<Said>>> = {
  text: Text,
  ...Object.fromEntries(Object.entries(KINDS).map(([name, kind]) => [name, media(name, kind)])),
  location: Location,
  contacts: Contacts,
  interactive: Interactive.transform(readInteractive),
  button: Button,
  order: Order,
  /** Of the past: that there was a file. What it was may be told later, under the same id. */
  media_placeholder: z.unknown().transform(() => ({ whole: true })),
}
