/** What Prosa may send on Messenger and Instagram, checked as they do, and how it looks on the customer's phone. */
import * as z from 'zod'
import type { Simulation } from '../provider.ts'
import type { Button, File, Message } from '../state.ts'
import { byId, byUrl } from './attachments.ts'
import { Refused } from './errors.ts'
import { attachmentOf } from './kinds.ts'

const LONGEST_TEXT = { characters: 2000, bytes: 1000 }
const MOST_PICTURES = 10

const QuickReply = z.object({
  content_type: z.enum(['text', 'user_phone_number', 'user_email']),
  title: z.string().min(1).max(20).optional(),
  payload: z.string().max(1000).optional(),
  image_url: z.string().optional(),
})
const TemplateButton = z.object({
  type: z.enum(['web_url', 'postback', 'phone_number']),
  title: z.string().min(1).max(20),
  url: z.string().optional(),
  payload: z.string().max(1000).optional(),
})
const Attachment = z.object({
  type: z.string(),
  payload: z
    .object({
      url: z.string().optional(),
      attachment_id: z.coerce.string().optional(),
      id: z.string().optional(),
      template_type: z.string().optional(),
      text: z.string().max(640).optional(),
      buttons: z.array(TemplateButton).max(3).optional(),
      elements: z
        .array(
          z.object({
            title: z.string().max(80),
            subtitle: z.string().max(80).optional(),
            buttons: z.array(TemplateButton).max(3).optional(),
          }),
        )
        .max(10)
        .optional(),
    })
    .optional(),
})
type Attachment = z.infer<typeof Attachment>

export const Content = z.object({
  text: z.string().min(1).optional(),
  metadata: z.string().max(1000).optional(),
  attachment: Attachment.optional(),
  attachments: z.array(Attachment).min(1).optional(),
  quick_replies: z.array(QuickReply).min(1).max(13).optional(),
})
type Content = z.infer<typeof Content>

type Shown = Partial<Message>

export async function contentOf(of: Simulation, channel: string, content: Content): Promise<Shown> {
  const { text, attachment, attachments } = content
  if ([text, attachment, attachments].filter((part) => part !== undefined).length !== 1)
    throw new Refused(100, '(#100) A message is exactly one of text, attachment and attachments')
  const buttons = (content.quick_replies ?? []).map(quickReply)
  const shown = text === undefined ? await attached(of, channel, attachments ?? [attachment]) : worded(channel, text)
  return buttons.length > 0 ? { ...shown, buttons, ...(text === undefined ? {} : { kind: 'buttons' }) } : shown
}

function worded(channel: string, text: string): Shown {
  if (channel === 'messenger' && text.length > LONGEST_TEXT.characters)
    throw new Refused(100, '(#100) Length of param message[text] must be less than or equal to 2000')
  if (channel === 'instagram' && Buffer.byteLength(text) > LONGEST_TEXT.bytes)
    throw new Refused(100, '(#100) Length of param message[text] must be less than or equal to 1000')
  return { text }
}

async function attached(of: Simulation, channel: string, attachments: (Attachment | undefined)[]): Promise<Shown> {
  const given = attachments.filter((one) => one !== undefined)
  const [first] = given
  if (!first) throw new Refused(100, '(#100) There is no attachment')
  if (given.length > 1) return pictures(of, channel, given)
  if (first.type === 'template') return template(first)
  if (first.type === 'like_heart' && channel === 'instagram')
    return { lines: ['❤️'], wire: { attachments: [{ type: 'like_heart' }] } }
  if (first.type === 'MEDIA_SHARE' && channel === 'instagram')
    return { kind: 'post', lines: ['Publicação da empresa'], wire: { attachments: [{ type: 'share', payload: {} }] } }
  const file = await fileOf(of, channel, first)
  return { kind: kindOf(file), files: [file], wire: { attachments: [attachmentOf(of, file, first.type)] } }
}

/** Instagram alone takes several at once, and pictures alone. */
async function pictures(of: Simulation, channel: string, given: Attachment[]): Promise<Shown> {
  if (channel !== 'instagram' || given.length > MOST_PICTURES || given.some(({ type }) => type !== 'image'))
    throw new Refused(100, '(#100) These attachments cannot be sent together')
  const files = await Promise.all(given.map((one) => fileOf(of, channel, one)))
  return { kind: 'image', files, wire: { attachments: files.map((file) => attachmentOf(of, file, 'image')) } }
}

function fileOf(of: Simulation, channel: string, { type, payload }: Attachment): Promise<File> | File {
  if (payload?.attachment_id !== undefined) return byId(of, payload.attachment_id)
  if (payload?.url === undefined) throw new Refused(100, '(#100) param message[attachment][payload] needs a url')
  return byUrl(of, channel, type, payload.url)
}

const kindOf = ({ kind }: File) => (kind === 'audio' ? 'voice' : kind)

function template({ payload }: Attachment): Shown {
  const elements = payload?.elements ?? []
  if (payload?.template_type !== 'button' && payload?.template_type !== 'generic')
    throw new Refused(100, '(#100) This template type is not supported')
  if (payload.template_type === 'button' && !payload.text)
    throw new Refused(100, '(#100) A button template needs its text')
  return {
    kind: 'buttons',
    text: payload.text ?? '',
    lines: elements.flatMap(({ title, subtitle }) => (subtitle === undefined ? [title] : [title, subtitle])),
    buttons: [...(payload.buttons ?? []), ...elements.flatMap(({ buttons }) => buttons ?? [])].map(templateButton),
    wire: { attachments: [{ type: 'template', payload }] },
  }
}

const quickReply = ({ title, payload, content_type }: z.infer<typeof QuickReply>): Button => ({
  id: payload ?? title ?? content_type,
  title: title ?? content_type,
  description: null,
  kind: 'quick_reply',
})

const templateButton = ({ type, title, url, payload }: z.infer<typeof TemplateButton>): Button => ({
  id: payload ?? url ?? title,
  title,
  description: null,
  kind: type === 'postback' ? 'postback' : 'url',
})
