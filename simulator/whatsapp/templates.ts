/** The templates of an account: listed, made, and sent with what fills their variables. */
import * as z from 'zod'
import type { Answer, Simulation } from '../provider.ts'
import type { Button, Message } from '../state.ts'
import { KNOWN, type Template, TemplateComponent } from './known-templates.ts'
import { Refused, shaped } from './refused.ts'

const Parameter = z.object({
  type: z.string(),
  parameter_name: z.string().optional(),
  text: z.string().optional(),
  payload: z.string().optional(),
  coupon_code: z.string().optional(),
  image: z.object({ id: z.string().optional(), link: z.string().optional() }).optional(),
  video: z.object({ id: z.string().optional(), link: z.string().optional() }).optional(),
  document: z.object({ id: z.string().optional(), link: z.string().optional() }).optional(),
  location: z.object({ latitude: z.coerce.number(), longitude: z.coerce.number() }).optional(),
})
type Parameter = z.infer<typeof Parameter>

const Component = z.object({
  type: z.string().transform((type) => type.toLowerCase()),
  sub_type: z.string().optional(),
  index: z.coerce.number().optional(),
  parameters: z.array(Parameter).default([]),
})
type Component = z.infer<typeof Component>

const Sent = z.object({
  name: z.string().regex(/^[a-z0-9_]{1,512}$/),
  language: z.object({ code: z.string() }),
  components: z.array(Component).default([]),
})

const NewTemplate = z.object({
  name: z.string().regex(/^[a-z0-9_]{1,512}$/),
  language: z.string(),
  category: z.enum(['MARKETING', 'UTILITY', 'AUTHENTICATION']),
  parameter_format: z
    .string()
    .transform((format) => format.toUpperCase())
    .pipe(z.enum(['POSITIONAL', 'NAMED']))
    .default('POSITIONAL'),
  components: z.array(TemplateComponent).min(1),
})

const LONGEST_BODY = 1024

export class Templates {
  readonly #of = new Map<string, Template[]>()
  #made = 0

  list(account: string, query: URLSearchParams): Answer {
    const wanted = this.#all(account).filter(
      ({ name, status }) =>
        (query.get('name') ?? name) === name && (query.get('status')?.toUpperCase() ?? status) === status,
    )
    const limit = Math.max(1, Number(query.get('limit') ?? 25) || 25)
    const from = Number(Buffer.from(query.get('after') ?? '', 'base64').toString()) || 0
    const to = from + limit
    const cursor = (at: number) => Buffer.from(String(at)).toString('base64')
    const fields = query.get('fields')?.split(',') ?? [
      'name',
      'parameter_format',
      'components',
      'language',
      'status',
      'category',
    ]
    const data = wanted.slice(from, to).map((template) => pick(template, ['id', ...fields]))
    const more = to < wanted.length ? { next: `https://graph.facebook.com/next?after=${cursor(to)}` } : {}
    return { status: 200, body: { data, paging: { cursors: { before: cursor(from), after: cursor(to) }, ...more } } }
  }

  make(account: string, fields: unknown): Answer {
    const template = shaped(NewTemplate, fields, '')
    if (this.#find(account, template.name, template.language))
      throw new Refused(100, 'There is already content in this language for this template.')
    this.#made += 1
    const id = String(1_700_000_000_000_000 + this.#made)
    this.#all(account).push({ ...template, id, status: 'PENDING' })
    return { status: 200, body: { id, status: 'PENDING', category: template.category } }
  }

  remove(account: string, name: string | null): Answer {
    const left = this.#all(account).filter((template) => template.name !== name)
    if (left.length === this.#all(account).length) throw new Refused(100, 'The template does not exist.')
    this.#of.set(account, left)
    return { status: 200, body: { success: true } }
  }

  /** The provider changed its mind. */
  decide(account: string, name: string, status: Template['status']): void {
    const decided = this.#all(account).map((template) => (template.name === name ? { ...template, status } : template))
    this.#of.set(account, decided)
  }

  /** As the customer reads it. */
  read(account: string, part: unknown, simulation: Simulation): Partial<Message> {
    const { name, language, components } = shaped(Sent, part, 'template')
    const template = this.#find(account, name, language.code)
    if (!template) throw new Refused(132001, `template name (${name}) does not exist in ${language.code}`)
    if (template.status === 'PAUSED') throw new Refused(132015, 'The template is paused for its low quality.')
    if (template.status === 'DISABLED') throw new Refused(132016, 'The template is disabled for good.')
    if (template.status !== 'APPROVED') throw new Refused(132001, `template name (${name}) is not approved`)

    const head = headOf(template, components, simulation)
    const body = filled(template, partOf(template, 'BODY')?.text ?? '', parametersOf(components, 'body'), 'body')
    if (body.length > LONGEST_BODY) throw new Refused(132005, 'The body is too long with its variables.')
    return {
      kind: 'template',
      text: [head.text, body].filter((text) => text !== '').join('\n'),
      files: head.files,
      footer: partOf(template, 'FOOTER')?.text ?? null,
      buttons: buttonsOf(template, components),
    }
  }

  #all(account: string): Template[] {
    const known = this.#of.get(account)
    if (known) return known
    const own = [...KNOWN]
    this.#of.set(account, own)
    return own
  }

  #find = (account: string, name: string, language: string) =>
    this.#all(account).find((one) => one.name === name && one.language === language)
}

const pick = (of: object, fields: string[]) =>
  Object.fromEntries(Object.entries(of).filter(([name]) => fields.includes(name)))

const partOf = (template: Template, type: string) => template.components.find((component) => component.type === type)

const parametersOf = (components: Component[], type: string): Parameter[] =>
  components.find((component) => component.type === type)?.parameters ?? []

const VARIABLE = /\{\{([^{}]+)\}\}/g

/** Every variable once, and none that is not there. */
function filled(template: Template, text: string, parameters: Parameter[], where: string): string {
  const names = [...new Set([...text.matchAll(VARIABLE)].map(([, name = '']) => name))]
  if (names.length !== parameters.length)
    throw new Refused(
      132000,
      `${where}: number of localizable_params (${parameters.length}) does not match the expected number of params (${names.length})`,
    )
  const named = template.parameter_format === 'NAMED'
  const values = new Map<string, string>()
  parameters.forEach(({ text: value, parameter_name }, index) => {
    if (named !== (parameter_name !== undefined))
      throw new Refused(named ? 100 : 132012, `${where}: parameter_name ${named ? 'is required' : 'is not expected'}`)
    if (!value || /[\n\t]| {4}/.test(value))
      throw new Refused(132012, `${where}: a text with neither line breaks, tabs nor four spaces is needed`)
    values.set(parameter_name ?? String(index + 1), value)
  })
  return text.replace(VARIABLE, (_, name: string) => {
    const value = values.get(name)
    if (value === undefined) throw new Refused(132000, `${where}: the variable ${name} is missing`)
    return value
  })
}

function headOf(template: Template, components: Component[], { world }: Simulation): Pick<Message, 'text' | 'files'> {
  const header = partOf(template, 'HEADER')
  const parameters = parametersOf(components, 'header')
  if (!header || header.format === 'TEXT')
    return { text: filled(template, header?.text ?? '', parameters, 'header'), files: [] }
  const [parameter] = parameters
  const format = String(header.format).toLowerCase()
  if (!parameter || parameters.length > 1) throw new Refused(132012, `header: one ${format} is expected`)
  if (parameter.type.toLowerCase() !== format)
    throw new Refused(
      132012,
      `header: Format mismatch, expected ${header.format}, received ${parameter.type.toUpperCase()}`,
    )
  if (format === 'location') return { text: '📍', files: [] }
  const media = parameter[format as 'image' | 'video' | 'document']
  const file = media?.id === undefined ? undefined : world.fileOf(media.id)
  if (!file && !media?.link) throw new Refused(131008, `header: the ${format} needs a known id, or a link`)
  return { text: '', files: file ? [file] : [] }
}

function buttonsOf(template: Template, components: Component[]): Button[] {
  const given = components.filter(({ type }) => type === 'button')
  const buttons = partOf(template, 'BUTTONS')?.buttons ?? []
  if (given.some(({ index }) => index === undefined || !buttons[index]))
    throw new Refused(132000, 'button: there is no button of that index')
  return buttons.map((button, at) => {
    const parameter = given.find(({ index }) => index === at)?.parameters[0]
    const wants = (button.url ?? '').includes('{{') || button.type === 'COPY_CODE'
    const value = button.type === 'COPY_CODE' ? parameter?.coupon_code : parameter?.text
    if (wants && !value) throw new Refused(131008, `buttons: the button at index ${at} requires a parameter`)
    if (button.type === 'QUICK_REPLY')
      return { id: parameter?.payload ?? button.text, title: button.text, description: null, kind: 'template' }
    const address = (button.url ?? '').replace(VARIABLE, value ?? '')
    return { id: `${at} ${address}`, title: button.text, description: value ?? null, kind: 'url' }
  })
}
