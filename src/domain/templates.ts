/** Templates: the only thing that may be sent where the reply window is over. */
import { ChannelError, type Reach } from '../channels/channel.ts'
import { conversationFor } from '../db/queries/conversations.ts'
import type { InboxRef } from '../db/queries/inbound.ts'
import { type StoredTemplate, storeTemplates, templateFor } from '../db/queries/templates.ts'
import type { ChannelName, Scope } from '../db/records.ts'
import type { App } from './app.ts'
import { AppError } from './errors.ts'
import { type Said, type Saying, type Sending, send } from './messages.ts'
import { blanksOf, blankText, checkFilled, rendered, type Template, type Values } from './template-text.ts'

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

export interface Filling extends Omit<Sending, 'replyToId'> {
  templateId: string
  values: Values
}

/** Sends a template with its blanks filled; at any time, for that is what templates are for. */
export async function sendTemplate(app: App, scope: Scope, { templateId, values, ...sending }: Filling) {
  const [stored] = await app.db.read(templateFor(scope, sending.conversationId, templateId))
  if (!stored[0]) throw new AppError('not_found')
  return send(app, scope, { ...sending, replyToId: null }, filled(toTemplate(stored[0]), values))
}

function filled(template: Template, given: Values): Saying {
  const values = valuesFor(template, given)
  return {
    fingerprint: JSON.stringify(['template', template.name, template.language, values]),
    outsideWindow: true,
    said: templateSaid(template, values),
    check(limits) {
      if (!limits.templates) throw new AppError('not_supported')
      checkFilled(template, values, { media: false })
    },
  }
}

/** The template as the customer reads it with these values, filled or not. */
export function templateSaid(template: Template, values: Values): Said {
  const { body, template: content } = rendered(template, values)
  return { type: 'template', body: body || null, content: { template: content } }
}

/** Of all that was given, what the template asks for. */
export const valuesFor = (template: Template, given: Values): Values =>
  Object.fromEntries(blanksOf(template).map(({ key }) => [key, blankText(given[key] ?? '')]))

export const toTemplate = ({ components, ...template }: StoredTemplate): Template => ({
  ...template,
  components: JSON.parse(components),
})
