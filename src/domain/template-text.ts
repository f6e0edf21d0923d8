/** A template and what fills it: which blanks it has, what may stand in them, and what the customer will read. */
import type { TemplateComponent } from '../channels/channel.ts'
import type { Content } from '../channels/content.ts'
import type { ChannelName } from '../channels/index.ts'
import type { Length } from '../channels/limits.ts'
import { AppError } from './errors.ts'
import { isWithin } from './reply-window.ts'
import { bodyText } from './text.ts'

export interface Template {
  id: string
  channel: ChannelName
  name: string
  language: string
  category: string
  components: TemplateComponent[]
}

/** Something that whoever sends it must fill in. */
export interface Blank {
  /** Of the field in the form; the same name in one part is one blank, however often it stands there. */
  key: string
  part: 'header' | 'body' | 'button'
  /** As the template calls it: `1`, `nome`; of a button, its label. */
  name: string
}

/** A header's file. */
export type HeaderMedia = 'image' | 'video' | 'document'

/** By the blank's key. */
export type Values = Readonly<Record<string, string>>

type Filled = NonNullable<Content['template']>
type Button = NonNullable<TemplateComponent['buttons']>[number]

const VARIABLE = /\{\{\s*([\p{L}\p{N}_]+)\s*\}\}/gu
/** What the provider refuses in a variable: line breaks, tabs, and many spaces in a row. */
const REFUSED = /[\r\n\t]| {4,}/
const BODY: Length = { length: 1024, unit: 'utf16' }
const HEADER: Length = { length: 60, unit: 'utf16' }
const URL_SUFFIX: Length = { length: 2000, unit: 'utf16' }
const COPIED_CODE: Length = { length: 15, unit: 'utf16' }

const part = ({ components }: Pick<Template, 'components'>, type: TemplateComponent['type']) =>
  components.find((component) => component.type === type)

const buttonsOf = (template: Pick<Template, 'components'>): Button[] => part(template, 'buttons')?.buttons ?? []

const variablesIn = (text = '') => [...new Set([...text.matchAll(VARIABLE)].map(([, name]) => name ?? ''))]

/** In the order in which they are read. */
export function blanksOf(template: Pick<Template, 'components'>): Blank[] {
  const ofText = (of: 'header' | 'body') =>
    variablesIn(part(template, of)?.text).map((name) => ({ key: `${of}.${name}`, part: of, name }))
  return [
    ...ofText('header'),
    ...ofText('body'),
    ...buttonsOf(template).flatMap((button, index) =>
      isOpen(button) ? [{ key: `button.${index}`, part: 'button' as const, name: button.text }] : [],
    ),
  ]
}

const isOpen = ({ type, url }: Button) => type === 'copy_code' || (type === 'url' && variablesIn(url).length > 0)

export function headerMediaOf(template: Pick<Template, 'components'>): HeaderMedia | null {
  const format = part(template, 'header')?.format
  return format === 'image' || format === 'video' || format === 'document' ? format : null
}

export const asksForPlace = (template: Pick<Template, 'components'>) => part(template, 'header')?.format === 'location'

/** It has a button that cannot be sent from here, and so it cannot either. */
export const hasForeignButton = (template: Pick<Template, 'components'>) =>
  buttonsOf(template).some(({ type }) => type === 'other')

/** What the customer reads with these values; a blank that is not filled yet shows what it is called. */
export function rendered(template: Template, values: Values): { body: string; template: Filled } {
  const fill = (of: 'header' | 'body') =>
    (part(template, of)?.text ?? '').replace(VARIABLE, (blank, name: string) => values[`${of}.${name}`] || blank)
  const given = (of: 'header' | 'body') =>
    blanksOf(template)
      .filter((blank) => blank.part === of)
      .map(({ key, name }) => ({ name, value: values[key] ?? '' }))
  const buttons = buttonsOf(template)
  const variables = {
    ...some('header', given('header')),
    ...some('body', given('body')),
    ...some(
      'buttons',
      buttons.flatMap((button, index) => (isOpen(button) ? [{ index, value: values[`button.${index}`] ?? '' }] : [])),
    ),
  }
  return {
    body: fill('body'),
    template: {
      name: template.name,
      language: template.language,
      ...(part(template, 'header')?.text ? { header: fill('header') } : {}),
      ...(part(template, 'footer')?.text ? { footer: part(template, 'footer')?.text } : {}),
      ...some(
        'buttons',
        buttons.map((button, index) => ({ title: button.text, ...leadsTo(button, values[`button.${index}`] ?? '') })),
      ),
      ...(Object.keys(variables).length > 0 ? { variables } : {}),
    },
  }
}

const leadsTo = ({ type, url }: Button, value: string) =>
  type === 'url' && url ? { url: url.replace(VARIABLE, (blank) => value || blank) } : {}

const some = <K extends string, T>(key: K, list: T[]) => (list.length > 0 ? { [key]: list } : {}) as { [P in K]?: T[] }

/** Text as it may stand in a blank: without what nobody can see, and without space around it. */
export const blankText = (text: string) => bodyText(text).trim()

/** Refuses the first thing that the provider would refuse. `header`: what it has besides words. */
export function checkFilled(template: Template, values: Values, header: { media: boolean; place: boolean }): void {
  if (hasForeignButton(template)) throw new AppError('not_supported')
  if (headerMediaOf(template) && !header.media) throw new AppError('invalid', { field: 'media', reason: 'media' })
  if (asksForPlace(template) && !header.place) throw new AppError('invalid', { field: 'where', reason: 'coordinates' })
  for (const { key } of blanksOf(template)) checkBlank(key, values[key] ?? '')
  for (const [index, button] of buttonsOf(template).entries()) {
    const most = button.type === 'copy_code' ? COPIED_CODE : URL_SUFFIX
    short(most, `button.${index}`, values[`button.${index}`] ?? '')
  }
  const { body, template: filled } = rendered(template, values)
  short(HEADER, blamed(template, 'header'), filled.header ?? '')
  short(BODY, blamed(template, 'body'), body)
}

function checkBlank(field: string, value: string): void {
  if (value === '') throw new AppError('invalid', { field, reason: 'empty' })
  if (REFUSED.test(value)) throw new AppError('invalid', { field, reason: 'lines' })
}

function short(limit: Length, field: string, text: string): void {
  if (!isWithin(limit, text)) throw new AppError('too_long', { field, limit: limit.length })
}

/** A text that is too long in all is said of the last blank in it. */
const blamed = (template: Template, of: 'header' | 'body') =>
  blanksOf(template).findLast((blank) => blank.part === of)?.key ?? of
