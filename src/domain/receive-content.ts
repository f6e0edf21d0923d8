/** What a message says besides its words, as it may be stored: texts cleaned and cut to a measure, links of the web alone. */
import type { Content } from '../channels/content.ts'
import type { InboundMedia } from '../channels/events.ts'
import type { InboundFile } from '../db/queries/inbound-message.ts'
import { bodyText, nameText } from './text.ts'

const LONGEST_BODY = 65_536
const LONGEST_TEXT = 4_096
const LONGEST_KEY = 1_000
const LONGEST_URL = 2_048
const MOST = 100

/** The words of a message: null where nothing is left. */
export const wordsOf = (text: string | null): string | null =>
  text === null ? null : bodyText(cut(text, LONGEST_BODY)) || null

/** The same, beside words: how they look is told by places in them, and means nothing where cleaning moved those. */
export function contentBeside(text: string | null, { styles, ...content }: Content): string | null {
  return contentJson(styles && wordsOf(text) === text ? { ...content, styles } : content)
}

/** JSON; null where it says nothing more. */
export function contentJson(content: Content): string | null {
  const clean = withoutEmpty({
    ...aroundWords(content),
    location: content.location && placeOf(content.location),
    contacts: content.contacts && few(content.contacts).map(cardOf),
    choice: content.choice && {
      title: named(content.choice.title),
      ...texts(content.choice, ['description']),
      ...keys(content.choice, ['payload']),
    },
    form: content.form && formOf(content.form),
    order: content.order && orderOf(content.order),
    referral: content.referral && {
      source: content.referral.source,
      ...names(content.referral, ['title']),
      ...texts(content.referral, ['body']),
      ...links(content.referral, ['url']),
      ...keys(content.referral, ['ref']),
    },
    story: content.story && {
      kind: content.story.kind,
      ...links(content.story, ['url']),
      ...keys(content.story, ['id']),
    },
    share: content.share && {
      kind: content.share.kind,
      ...names(content.share, ['title']),
      ...links(content.share, ['url']),
    },
    buttons: content.buttons && buttonsOf(content.buttons),
    list: content.list && listOf(content.list),
    template: content.template && templateOf(content.template),
    forwarded: content.forwarded,
    author: nameText(content.author ?? null) ?? undefined,
    standby: content.standby,
    unsupported: content.unsupported && {
      ...names(content.unsupported, ['type', 'code']),
      ...texts(content.unsupported, ['detail']),
    },
  } satisfies Record<keyof Content, unknown>)
  return Object.keys(clean).length > 0 ? JSON.stringify(clean) : null
}

/** What belongs to the words themselves, and to where they were said. */
const aroundWords = (content: Content) => ({
  styles:
    content.styles &&
    few(content.styles).map(({ kind, from, length, url }) => ({ kind, from, length, ...links({ url }, ['url']) })),
  sender: content.sender && (nameText(content.sender) ?? undefined),
  album: content.album && key(content.album),
  quote: content.quote && { ...texts(content.quote, ['text']), ...flags(content.quote, ['elsewhere']) },
  poll: content.poll && { question: plain(content.poll.question), options: few(content.poll.options).map(plain) },
})

type Part<K extends keyof Content> = NonNullable<Content[K]>

const placeOf = (place: Part<'location'>) => ({
  latitude: place.latitude,
  longitude: place.longitude,
  ...names(place, ['name', 'address']),
  ...flags(place, ['live']),
})

const cardOf = ({ name, phones, emails, organization }: Part<'contacts'>[number]) => ({
  name: named(name),
  phones: few(phones).map((phone) => ({ number: named(phone.number), ...names(phone, ['label']) })),
  ...(emails ? { emails: few(emails).map(named) } : {}),
  ...names({ organization }, ['organization']),
})

const formOf = (form: Part<'form'>) => ({
  ...names(form, ['name']),
  fields: few(form.fields).map(({ name, value }) => ({ name: named(name), value: plain(value) })),
})

const orderOf = (order: Part<'order'>) => ({
  ...keys(order, ['catalogId']),
  items: few(order.items).map(({ id, quantity, price, currency }) => ({
    ...{ id: key(id), quantity, price },
    ...names({ currency }, ['currency']),
  })),
})

const buttonsOf = (part: Part<'buttons'>) => ({
  ...texts(part, ['header', 'footer']),
  buttons: few(part.buttons).map(({ id, title }) => ({ id: key(id), title: named(title) })),
})

const listOf = (part: Part<'list'>) => ({
  ...texts(part, ['header', 'footer']),
  button: named(part.button),
  sections: few(part.sections).map((section) => ({
    ...names(section, ['title']),
    rows: few(section.rows).map((row) => ({
      ...{ id: key(row.id), title: named(row.title) },
      ...texts(row, ['description']),
    })),
  })),
})

const templateOf = (part: Part<'template'>) => ({
  ...{ name: named(part.name), language: named(part.language) },
  ...texts(part, ['header', 'footer']),
  ...(part.buttons
    ? { buttons: few(part.buttons).map((button) => ({ title: named(button.title), ...links(button, ['url']) })) }
    : {}),
  ...(part.variables ? { variables: variablesOf(part.variables) } : {}),
})

function variablesOf({ header, body, buttons }: NonNullable<Part<'template'>['variables']>) {
  const each = (all: { name: string; value: string }[]) =>
    few(all).map(({ name, value }) => ({ name: named(name), value: plain(value) }))
  return {
    ...(header ? { header: each(header) } : {}),
    ...(body ? { body: each(body) } : {}),
    ...(buttons ? { buttons: few(buttons).map(({ index, value }) => ({ index, value: plain(value) })) } : {}),
  }
}

const few = <T>(all: T[]) => all.slice(0, MOST)
const cut = (text: string, longest: number) => (text.length > longest ? text.slice(0, longest) : text)
const named = (text: string) => nameText(text) ?? ''
const plain = (text: string) => bodyText(cut(text, LONGEST_TEXT))
/** An id of the provider's, or what we put on a button: no words, and no place for a line. */
const key = (text: string) => plain(cut(text, LONGEST_KEY))

/** An address of the web, as a browser would read it; anything else is no link. */
export function webLink(text: string): string | null {
  if (text.length > LONGEST_URL || !URL.canParse(text)) return null
  const url = new URL(text)
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : null
}

/** Those of the fields that are there and that something is left of. */
function cleaned<Of extends object, K extends keyof Of>(of: Of, fields: K[], clean: (text: string) => string | null) {
  const kept = fields.flatMap((field) => {
    const value = of[field]
    const text = typeof value === 'string' ? clean(value) : null
    return text ? [[field, text] as const] : []
  })
  return Object.fromEntries(kept) as Partial<Record<K, string>>
}

const names = <Of extends object, K extends keyof Of>(of: Of, fields: K[]) => cleaned(of, fields, nameText)
const texts = <Of extends object, K extends keyof Of>(of: Of, fields: K[]) => cleaned(of, fields, plain)
const keys = <Of extends object, K extends keyof Of>(of: Of, fields: K[]) => cleaned(of, fields, key)
const links = <Of extends object, K extends keyof Of>(of: Of, fields: K[]) => cleaned(of, fields, webLink)

const flags = <Of extends object, K extends keyof Of>(of: Of, fields: K[]) =>
  Object.fromEntries(fields.flatMap((field) => (of[field] === true ? [[field, true]] : []))) as { [P in K]?: true }
const withoutEmpty = (parts: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined))

const BY_REFERENCE = new Set(['story_mention', 'share'])
const MIME = /^[\w.+-]{1,60}\/[\w.+-]{1,120}(;.*)?$/

/** The files of a message, each to be fetched, or with the reason why it cannot be. A story or post is never copied. */
export const filesOf = (type: string, media: InboundMedia[], newId: () => string): InboundFile[] =>
  BY_REFERENCE.has(type) ? [] : few(media).map((file) => fileOf(file, newId()))

function fileOf(
  { kind, handle, mimeType, fileName, bytes, voice, animated, trouble }: InboundMedia,
  id: string,
): InboundFile {
  const lost = handle === null || trouble !== null
  return {
    ...{ id, kind, voice, animated },
    mimeType: mimeType !== null && MIME.test(mimeType) ? cut(mimeType.toLowerCase(), 200) : null,
    fileName: nameText(fileName),
    size: bytes !== null && Number.isSafeInteger(bytes) && bytes >= 0 ? bytes : null,
    providerMediaId: !lost && 'id' in handle ? handle.id : null,
    state: lost ? 'failed' : 'pending',
    errorCode: lost ? (nameText(trouble) ?? 'unavailable') : null,
  }
}
