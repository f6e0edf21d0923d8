/** Sockets: who is asking and whether they may is settled here, before a room hears of it. */
import type { Context } from 'hono'
import { Hono } from 'hono'
import { createMiddleware } from 'hono/factory'
import { originsOf } from '../auth/origins.ts'
import { standingOf } from '../db/queries/authorization.ts'
import { headOf } from '../db/queries/conversations.ts'
import { AppError } from '../domain/errors.ts'
import { agentSocketsOf, conversationRoomName, roomNamed, workspaceRoomName } from '../rooms/address.ts'
import type { Claims } from '../rooms/claims.ts'
import { namesConversation } from './conversations.tsx'
import type { RouteEnv } from './route-env.ts'
import { signedIn } from './session.ts'

/** No page but ours may open a socket: the origin must be there, and be one of ours to the letter. */
const upgrade = createMiddleware<RouteEnv>(async (c, next) => {
  if (!originsOf(c.env).includes(c.req.header('origin') ?? '')) throw new AppError('forbidden')
  if (c.req.header('upgrade')?.toLowerCase() !== 'websocket') throw new AppError('invalid')
  await next()
})

export const rooms = new Hono<RouteEnv>()
  .get('/workspace', upgrade, signedIn, (c) => enter(c, null))
  .get('/conversations/:conversationId', upgrade, signedIn, namesConversation, (c) =>
    enter(c, c.req.param('conversationId')),
  )

async function enter(c: Context<RouteEnv>, conversationId: string | null): Promise<Response> {
  const { app, viewer } = c.var
  const [standings, heads] = await app.db.read(
    standingOf(viewer.workspaceId, viewer.agentId, app.now()),
    headOf(viewer, conversationId ?? ''),
  )
  const standing = standings[0]
  if (standing?.active !== 1) throw new AppError('unauthenticated')
  if (conversationId !== null && !heads[0]) throw new AppError('not_found')

  const room =
    conversationId === null
      ? workspaceRoomName(viewer.workspaceId)
      : conversationRoomName(viewer.workspaceId, conversationId)
  const claims: Claims = {
    workspaceId: viewer.workspaceId,
    agentId: viewer.agentId,
    name: viewer.name,
    role: standing.role,
    departmentIds: JSON.parse(standing.departments),
    inboxIds: JSON.parse(standing.inboxes),
    authzVersion: standing.authz_version,
    sessionHash: viewer.sessionHash,
    locale: viewer.locale,
    room,
    conversationId,
  }
  const retryAfter = await agentSocketsOf(c.env, viewer.workspaceId, viewer.agentId).join(viewer.agentId, room)
  if (retryAfter > 0) throw new AppError('too_many_requests', { retryAfter })
  // A request of our own making: nothing that the client wrote goes inside.
  return roomNamed(c.env, room).fetch('https://room/', {
    headers: { upgrade: 'websocket', 'x-claims': asciiJson(claims) },
  })
}

/** A header carries Latin-1 alone; names do not. */
const asciiJson = (value: unknown) =>
  JSON.stringify(value).replaceAll(
    /[\u0080-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
