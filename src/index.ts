/** The Worker: mounts the routes, exports the Durable Objects. */
import { Hono } from 'hono'
import { appFor } from './app.ts'
import { sweep } from './domain/sweep.ts'
import type { Env } from './env.ts'
import { acts } from './routes/acts.tsx'
import { comments } from './routes/comments.tsx'
import { compose } from './routes/compose.tsx'
import { contactBlocks } from './routes/contact-blocks.tsx'
import { contactFields } from './routes/contact-fields.tsx'
import { contactImports } from './routes/contact-imports.tsx'
import { contactMarks } from './routes/contact-marks.tsx'
import { contacts } from './routes/contacts.tsx'
import { conversations } from './routes/conversations.tsx'
import { erasure } from './routes/erasure.tsx'
import { notFound, onError } from './routes/errors.tsx'
import { exports, personExport } from './routes/exports.tsx'
import { contactGroups, groups } from './routes/groups.tsx'
import { health } from './routes/health.ts'
import { invitations } from './routes/invitations.tsx'
import { media } from './routes/media.ts'
import { messageChanges } from './routes/message-changes.tsx'
import { messageWays } from './routes/message-details.tsx'
import { messages } from './routes/messages.tsx'
import { newContact, newConversation } from './routes/new-conversation.tsx'
import { passwordResets } from './routes/password-resets.tsx'
import { quickReplies } from './routes/quick-replies.tsx'
import { language, rendering } from './routes/rendering.tsx'
import { rooms } from './routes/rooms.ts'
import type { RouteEnv } from './routes/route-env.ts'
import { secondStep } from './routes/second-step.tsx'
import { boundedShape, cspReport, methodOverride, requestId, sameOrigin, securityHeaders } from './routes/security.ts'
import { refreshScope, signedIn } from './routes/session.ts'
import { settings } from './routes/settings.tsx'
import { setup } from './routes/setup.tsx'
import { signIn } from './routes/sign-in.tsx'
import { contactTags, tags } from './routes/tags.tsx'
import { templates } from './routes/templates.tsx'
import { uploads } from './routes/uploads.tsx'
import { webhooks } from './routes/webhooks.ts'

export { Limit } from './auth/limit.ts'
export { PasswordHasher } from './auth/password-hasher.ts'
export { Caretaker } from './caretakers/caretaker.ts'
export { Gateway } from './gateways/gateway.ts'
export { Importer } from './gateways/importer.ts'
export { AgentSockets } from './rooms/agent-sockets.ts'
export { Room } from './rooms/room.ts'

/** Exported for the table of who may ask what (routes/authorization.worker.test.ts). */
export const app: Hono<RouteEnv> = new Hono<RouteEnv>()

app.onError(onError)
app.notFound(notFound)
app.use(async (c, next) => {
  c.set(
    'app',
    appFor(c.env, (promise) => c.executionCtx.waitUntil(promise)),
  )
  await next()
})
app.use(requestId, language, rendering, securityHeaders)
app.route('/', health)
app.route('/webhooks', webhooks)
app.use(refreshScope(app), sameOrigin, boundedShape, methodOverride(app))
app.post('/reports/csp', cspReport)
app.route('/', signIn)
app.route('/', secondStep)
app.route('/setup', setup)
app.route('/invite', invitations)
app.route('/reset', passwordResets)
app.route('/exports', exports)
app.get('/', (c) => c.redirect('/conversations', 303))
app.route('/rooms', rooms)
app.route('/media', media)
app.use('/conversations/*', signedIn)
app.route('/conversations', newConversation)
app.route('/conversations', conversations)
app.route('/conversations', messages)
app.route('/conversations', messageChanges)
app.route('/conversations', messageWays)
app.route('/conversations', compose)
app.route('/conversations', templates)
app.route('/conversations', uploads)
app.route('/conversations', quickReplies)
app.route('/conversations', acts)
app.route('/contacts/import', contactImports)
app.route('/contacts/marks', contactMarks)
app.route('/contacts', newContact)
app.route('/contacts', contactTags)
app.route('/contacts', comments)
app.route('/contacts', contactGroups)
app.route('/contacts', erasure)
app.route('/contacts', contactBlocks)
app.route('/contacts', contactFields)
app.route('/contacts', personExport)
app.route('/contacts', contacts)
app.route('/groups', groups)
app.route('/tags', tags)
app.route('/settings', settings)
app.get('*', async (c) => {
  const asset = await c.env.ASSETS.fetch(c.req.raw)
  return asset.status === 404 ? notFound(c) : asset
})

export default {
  fetch: app.fetch,
  async scheduled(_controller, env, context): Promise<void> {
    await sweep(appFor(env, (promise) => context.waitUntil(promise)))
  },
} satisfies ExportedHandler<Env>
