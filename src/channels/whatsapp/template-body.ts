/** A template on its way out: which one, and what fills its variables, component by component. */
import type { Content } from '../content.ts'

type Template = NonNullable<Content['template']>
type Variable = { name: string; value: string }

export interface TemplateHeader {
  location: Content['location']
  /** A file that was uploaded for it. */
  media: { kind: string; id: string; filename?: string } | null
}

/** Components without variables are left out. */
export function templateBody({ name, language, variables, buttons }: Template, header: TemplateHeader) {
  const components = [
    ...component('header', headerParameters(header, variables?.header)),
    ...component('body', (variables?.body ?? []).map(textParameter)),
    ...(variables?.buttons ?? []).map(({ index, value }) => buttonComponent(index, value, buttons?.[index])),
  ]
  return { name, language: { code: language }, ...(components.length > 0 ? { components } : {}) }
}

const component = (type: string, parameters: object[]) => (parameters.length > 0 ? [{ type, parameters }] : [])

function headerParameters({ media, location }: TemplateHeader, variables: Variable[] | undefined): object[] {
  if (media) {
    const { kind, ...file } = media
    return [{ type: kind, [kind]: file }]
  }
  return location ? [{ type: 'location', location }] : (variables ?? []).map(textParameter)
}

/** `{{1}}` goes by its place, `{{nome}}` by its name. */
const textParameter = ({ name, value }: Variable) => ({
  type: 'text',
  ...(/^\d+$/.test(name) ? {} : { parameter_name: name }),
  text: value,
})

/** A button without a page to open copies a code. */
const buttonComponent = (index: number, value: string, button: { url?: string | undefined } | undefined) => ({
  type: 'button',
  ...(button && button.url === undefined
    ? { sub_type: 'copy_code', index: String(index), parameters: [{ type: 'coupon_code', coupon_code: value }] }
    : { sub_type: 'url', index: String(index), parameters: [{ type: 'text', text: value }] }),
})
