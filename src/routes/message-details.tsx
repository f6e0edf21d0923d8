/** The way of one message, for every agent who sees it. */
import { Hono } from 'hono'
import * as z from 'zod'
import {
  type AttemptDetails,
  attemptDetails,
  type MessageDetails,
  messageDetails,
} from '../db/queries/message-details.ts'
import { readAs } from '../db/read-as.ts'
import { AppError } from '../domain/errors.ts'
import type { Told } from '../gateways/entries.ts'
import { MessageDetailsPage, type Way } from '../views/message-details.tsx'
import { namesConversation } from './conversations.tsx'
import { toldOf } from './inbox-health.ts'
import type { RouteEnv } from './route-env.ts'

export const messageWays = new Hono<RouteEnv>()
  .use('/:conversationId/messages/:messageId/details', namesConversation)

  .get('/:conversationId/messages/:messageId/details', async (c) => {
    const { app, i18n, viewer } = c.var
    const { conversationId, messageId } = c.req.param()
    if (!z.uuid().safeParse(messageId).success) throw new AppError('not_found')
    const [[message], attempts] = await readAs(
      app.db,
      viewer,
      messageDetails(viewer, conversationId, messageId),
      attemptDetails(viewer, conversationId, messageId),
    )
    if (!message) throw new AppError('not_found')
    const ids = [message.external_id, ...attempts.map(({ external_id }) => external_id)].filter((id) => id !== null)
    const told = await toldOf(c.env, message.webhook_key, ids)
    return c.render(
      <MessageDetailsPage i18n={i18n} way={wayOf(message, attempts, told)} back={`/conversations/${conversationId}`} />,
      { title: i18n.t.details.title },
    )
  })

function wayOf(message: MessageDetails, attempts: AttemptDetails[], told: Told[] | null): Way {
  const newest = attempts.findLast(({ external_id }) => external_id !== null)
  const id = message.external_id ?? newest?.external_id ?? null
  return {
    direction: message.direction,
    authorName: message.author_name,
    providerAt: message.provider_at,
    storedAt: message.created_at,
    editedAt: message.edited_at,
    deletedAt: message.deleted_at,
    externalId: id && covered(id),
    attempts: attempts.map((attempt) => ({
      ...{ of: attempt.of, no: attempt.no, state: attempt.state, tries: attempt.tries },
      ...{ queuedAt: attempt.created_at, sentAt: attempt.sent_at, notBefore: attempt.not_before },
      ...{ code: attempt.error_code, detail: attempt.error_detail },
    })),
    reached: reachedBy(message, newest),
    told,
  }
}

/** A provider's id may hold a phone number: its end is enough to tell it from others. */
const covered = (id: string) => `${'•'.repeat(8)}${id.slice(-4)}`

function reachedBy(
  { direction, read_wm, delivered_wm }: MessageDetails,
  attempt: AttemptDetails | undefined,
): Way['reached'] {
  if (direction === 'incoming') return null
  const at = attempt?.sent_at ?? null
  if (attempt?.state === 'read' || (at !== null && at <= read_wm)) return 'read'
  return attempt?.state === 'delivered' || (at !== null && at <= delivered_wm) ? 'delivered' : null
}
