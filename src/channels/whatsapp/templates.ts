/** The templates of the business account, as the provider lists them. */
import * as z from 'zod'
import { ChannelError, type ProviderTemplate, type Reach, type TemplateComponent } from '../channel.ts'
import { maybe } from '../maybe.ts'
import { graphGet, Id } from '../meta/meta.ts'
import { judgeWhatsApp, repeatable } from './errors.ts'

const FIELDS = 'name,language,status,category,components,parameter_format,quality_score'
/** An account holds 6,000 at most. */
const MOST_PAGES = 100

const Page = z.object({
  data: z.array(z.unknown()),
  paging: maybe(z.object({ next: maybe(z.string()), cursors: maybe(z.object({ after: maybe(z.string()) })) })),
})

export async function templates(reach: Reach): Promise<ProviderTemplate[]> {
  const account = businessAccountOf(reach)
  const found: ProviderTemplate[] = []
  let after: string | undefined = ''
  for (let page = 0; page < MOST_PAGES && after !== undefined; page += 1) {
    const { data, paging }: z.infer<typeof Page> = await pageOf(reach, account, after)
    found.push(...data.flatMap((item) => Template.safeParse(item).data ?? []))
    const next: string | undefined = paging?.next === undefined ? undefined : paging.cursors?.after
    after = next === after ? undefined : next
  }
  return found
}

/** The number does not say which account it belongs to: somebody has to. */
export function businessAccountOf({ settings }: Reach): string {
  if (settings.businessAccountId) return settings.businessAccountId
  throw new ChannelError({ class: 'permanent', code: 'no_business_account', detail: 'The account’s id is not set.' })
}

async function pageOf(reach: Reach, account: string, after: string): Promise<z.infer<typeof Page>> {
  const query = new URLSearchParams({ fields: FIELDS, limit: '100', ...(after ? { after } : {}) })
  try {
    const path = `${encodeURIComponent(account)}/message_templates?${query}`
    return Page.parse(await graphGet(reach, path, judgeWhatsApp))
  } catch (thrown) {
    throw repeatable(thrown)
  }
}

/** Types come in upper case, and are taken in lower case as well. */
const word = z.string().transform((value) => value.toLowerCase())

const FORMATS = ['text', 'image', 'video', 'document', 'location'] as const
const BUTTONS = ['quick_reply', 'url', 'phone_number', 'copy_code', 'flow', 'other'] as const

const Button = z
  .object({ type: word.pipe(z.enum(BUTTONS)).catch('other'), text: z.string().catch(''), url: maybe(z.string()) })
  .transform(({ url, ...button }) => ({ ...button, ...(url === undefined ? {} : { url }) }))

const Component = z
  .object({
    type: word.pipe(z.enum(['header', 'body', 'footer', 'buttons'])),
    format: maybe(word.pipe(z.enum(FORMATS))),
    text: maybe(z.string()),
    buttons: maybe(z.array(Button)),
  })
  .transform(
    ({ type, format, text, buttons }): TemplateComponent => ({
      type,
      ...(type === 'header' && format !== undefined ? { format } : {}),
      ...(text === undefined ? {} : { text }),
      ...(buttons === undefined ? {} : { buttons }),
    }),
  )

const Template = z
  .object({
    id: Id,
    name: z.string().min(1),
    language: z.string().min(1),
    category: z.string().catch(''),
    status: z.string(),
    parameter_format: maybe(word),
    components: z.array(z.unknown()).catch([]),
  })
  .transform(
    ({ id, name, language, category, status, parameter_format, components }): ProviderTemplate => ({
      externalId: id,
      name,
      language,
      category: category.toUpperCase(),
      status: status.toUpperCase(),
      parameterFormat: parameter_format === 'named' ? 'named' : 'positional',
      components: components.flatMap((component) => Component.safeParse(component).data ?? []),
    }),
  )
