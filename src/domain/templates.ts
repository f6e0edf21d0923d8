/** Templates: the only thing that may be sent where the reply window is over. */
import { ChannelError, type Reach } from '../channels/channel.ts'
import type { Limits } from '../channels/limits.ts'
import { conversationFor } from '../db/queries/conversations.ts'
import type { InboxRef } from '../db/queries/inbound.ts'
import { type StoredTemplate, storeTemplates, templateFor } from '../db/queries/templates.ts'
import { type StoredUpload, toUpload, type Upload, uploadsOf } from '../db/queries/uploads.ts'
import type { ChannelName, Scope } from '../db/records.ts'
import type { App } from './app.ts'
import { AppError } from './errors.ts'
import { type Place, place } from './kinds.ts'
import { type Said, type Saying, type Sending, send } from './messages.ts'
import {
  asksForPlace,
  blanksOf,
  blankText,
  checkFilled,
  headerMediaOf,
  rendered,
  type Template,
  type Values,
} from './template-text.ts'
import { type Choosing, choose } from './uploads.ts'

/** Asks the provider for all that the account has, and keeps it. Answers whether the provider answered. */
export async function syncTemplates(
  app: App,
  inbox: InboxRef & { channel: ChannelName },
  reach: Reach,
): Promise<boolean> {
  const channel = app.channel(inbox.channel)
  if (!channel.templates) return false
  const askedAt = app.now()
  try {
    const provided = await channel.templates(reach)
    const templates = provided.map((one) => ({ ...one, id: app.newId() }))
    await app.db.write(...storeTemplates(inbox, templates, askedAt))
    return true
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error
    app.log.warn('templates.not_synced', { inboxId: inbox.id, code: error.code })
    return false
  }
}

/** The same, for somebody who looks at the templates of a conversation's inbox. */
export async function refreshTemplates(app: App, scope: Scope, conversationId: string): Promise<boolean> {
  const conversation = await conversationFor(app.db, scope, conversationId)
  if (!conversation) throw new AppError('not_found')
  if (!app.channel(conversation.channel).limits.templates) throw new AppError('not_supported')
  return app.gateway(conversation.webhookKey).syncTemplates()
}

/** What stands in the header besides words. */
export interface Header {
  /** As it stands in the template's form. */
  file: Upload | null
  place: Place | null
}

/** The file that stands in the form of a template, where its header has one of this kind. */
export const headerFileOf = (template: Template, uploads: StoredUpload[]): Upload | null =>
  uploads.map(toUpload).findLast(({ kind }) => kind === headerMediaOf(template)) ?? null

/** Takes in a file for a template's header, in place of the one before. */
export async function chooseHeaderFile(
  app: App,
  scope: Scope,
  { templateId, ...file }: Omit<Choosing, 'header'> & { templateId: string },
): Promise<Upload> {
  const [stored] = await app.db.read(templateFor(scope, file.conversationId, templateId))
  if (!stored[0]) throw new AppError('not_found')
  const kind = headerMediaOf(toTemplate(stored[0]))
  if (!kind) throw new AppError('not_supported')
  return choose(app, scope, { ...file, header: { templateId, kind } })
}

export interface Filling extends Omit<Sending, 'replyToId'> {
  templateId: string
  values: Values
  /** The file that the form showed. */
  uploadId: string | null
  place: Place | null
}

/** Sends a template with its blanks filled; at any time, for that is what templates are for. */
export async function sendTemplate(
  app: App,
  scope: Scope,
  { templateId, values, uploadId, place, ...sending }: Filling,
) {
  const [stored, uploads] = await app.db.read(
    templateFor(scope, sending.conversationId, templateId),
    uploadsOf(scope, sending.conversationId, templateId),
  )
  if (!stored[0]) throw new AppError('not_found')
  const template = toTemplate(stored[0])
  const file = headerFileOf(
    template,
    uploads.filter(({ id }) => id === uploadId),
  )
  return send(app, scope, { ...sending, replyToId: null }, filled(template, values, { file, place }, uploadId))
}

/** `uploadId`: what was submitted, whether or not it still stands there: the same submit is the same message. */
function filled(template: Template, given: Values, header: Header, uploadId: string | null): Saying {
  const values = valuesFor(template, given)
  const said = templateSaid(template, values, header)
  const { name, language } = template
  return {
    fingerprint: JSON.stringify(['template', name, language, values, uploadId, said.content.location ?? null]),
    outsideWindow: true,
    said,
    ...(header.file ? { header: { uploadId: header.file.id, templateId: template.id } } : {}),
    check(limits) {
      if (!limits.templates) throw new AppError('not_supported')
      checkFilled(template, values, { media: header.file !== null, place: header.place !== null })
      if (header.place && asksForPlace(template)) checkPlace(header.place, limits)
    },
  }
}

/** The map of a header has a name and an address under it, always. */
function checkPlace(given: Place, limits: Limits): void {
  const { check, said } = place(given)
  check(limits)
  for (const field of ['name', 'address'] as const)
    if (!said.content.location?.[field]) throw new AppError('invalid', { field, reason: 'empty' })
}

/** The template as the customer reads it with these values, filled or not. */
export function templateSaid(template: Template, values: Values, { place: given }: Pick<Header, 'place'>): Said {
  const { body, template: content } = rendered(template, values)
  const location = given && asksForPlace(template) ? place(given).said.content.location : undefined
  return { type: 'template', body: body || null, content: { template: content, ...(location ? { location } : {}) } }
}

/** Of all that was given, what the template asks for. */
export const valuesFor = (template: Template, given: Values): Values =>
  Object.fromEntries(blanksOf(template).map(({ key }) => [key, blankText(given[key] ?? '')]))

export const toTemplate = ({ components, ...template }: StoredTemplate): Template => ({
  ...template,
  components: JSON.parse(components),
})
