/** Interactive messages: buttons to press, lists to choose from, and requests. */
import * as z from 'zod'
import type { Simulation } from '../provider.ts'
import type { Button, Message } from '../state.ts'
import { Refused, shaped } from './refused.ts'

const text = (longest: number) => z.object({ text: z.string().min(1).max(longest) })
const media = z.object({ id: z.string().optional(), link: z.string().optional() })

const Header = z.object({
  type: z.enum(['text', 'image', 'video', 'document']),
  text: z.string().min(1).max(60).optional(),
  image: media.optional(),
  video: media.optional(),
  document: media.optional(),
})
const around = { header: Header.optional(), footer: text(60).optional() }

const Reply = z.object({
  type: z.literal('reply'),
  reply: z.object({ id: z.string().min(1).max(256), title: z.string().min(1).max(20) }),
})
const Row = z.object({
  id: z.string().min(1).max(200),
  title: z.string().min(1).max(24),
  description: z.string().max(72).optional(),
})
const Section = z.object({ title: z.string().max(24).optional(), rows: z.array(Row).min(1) })

const KINDS = {
  button: z.object({ ...around, body: text(1024), action: z.object({ buttons: z.array(Reply).min(1).max(3) }) }),
  list: z.object({
    ...around,
    body: text(4096),
    action: z.object({ button: z.string().min(1).max(20), sections: z.array(Section).min(1).max(10) }),
  }),
  cta_url: z.object({
    ...around,
    body: text(1024),
    action: z.object({
      name: z.literal('cta_url'),
      parameters: z.object({ display_text: z.string().min(1).max(20), url: z.url() }),
    }),
  }),
  location_request_message: z.object({ body: text(1024), action: z.object({ name: z.literal('send_location') }) }),
  contact_request: z.object({ body: text(1024), action: z.object({ name: z.string() }) }),
}

export function readInteractive(part: unknown, simulation: Simulation): Partial<Message> {
  const { type } = shaped(z.object({ type: z.string() }), part, 'interactive')
  switch (type) {
    case 'button': {
      const { action, ...of } = shaped(KINDS.button, part, 'interactive')
      const buttons = action.buttons.map(({ reply }) => button('reply', reply.id, reply.title))
      unique(buttons, 'buttons')
      return { ...shown(of, simulation), kind: 'buttons', buttons }
    }
    case 'list': {
      const { action, ...of } = shaped(KINDS.list, part, 'interactive')
      return { ...shown(of, simulation), kind: 'list', lines: [action.button], buttons: rowsOf(action.sections) }
    }
    case 'cta_url': {
      const { action, ...of } = shaped(KINDS.cta_url, part, 'interactive')
      const { display_text, url } = action.parameters
      return { ...shown(of, simulation), kind: 'buttons', buttons: [button('url', url, display_text)] }
    }
    case 'location_request_message': {
      const of = shaped(KINDS.location_request_message, part, 'interactive')
      return { text: of.body.text, kind: 'buttons', buttons: [button('location', 'location', 'Enviar localização')] }
    }
    case 'contact_request': {
      const of = shaped(KINDS.contact_request, part, 'interactive')
      return { text: of.body.text, kind: 'buttons', buttons: [button('contact', 'contact', 'Compartilhar número')] }
    }
    default:
      throw new Refused(131009, `interactive.type ${type} is not known.`)
  }
}

function rowsOf(sections: z.infer<typeof Section>[]): Button[] {
  const rows = sections.flatMap((section) => section.rows)
  if (rows.length > 10) throw new Refused(131009, 'interactive.action.sections: at most 10 rows in all')
  if (sections.length > 1 && sections.some(({ title }) => !title))
    throw new Refused(131009, 'interactive.action.sections: with several, each needs its title')
  const buttons = rows.map(({ id, title, description }) => button('row', id, title, description ?? null))
  if (new Set(rows.map(({ id }) => id)).size < rows.length) throw new Refused(131009, 'rows: ids must differ')
  return buttons
}

function unique(buttons: Button[], name: string): void {
  for (const part of ['id', 'title'] as const) {
    if (new Set(buttons.map((one) => one[part])).size < buttons.length)
      throw new Refused(131009, `interactive.action.${name}: each ${part} must differ`)
  }
}

const button = (kind: Button['kind'], id: string, title: string, description: string | null = null): Button => ({
  id,
  title,
  description,
  kind,
})

function shown(
  of: { header?: z.infer<typeof Header> | undefined; body: { text: string }; footer?: { text: string } | undefined },
  { world }: Simulation,
): Partial<Message> {
  const { header } = of
  const id = header && header.type !== 'text' ? header[header.type]?.id : undefined
  const file = id === undefined ? undefined : world.fileOf(id)
  if (id !== undefined && !file) throw new Refused(131009, 'interactive.header: the media id is not known')
  const title = header?.type === 'text' && header.text ? `${header.text}\n` : ''
  return { text: `${title}${of.body.text}`, footer: of.footer?.text ?? null, ...(file ? { files: [file] } : {}) }
}
