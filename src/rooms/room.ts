/** A room is a name and a set of sockets. It remembers nothing that the database knows. */
import { DurableObject } from 'cloudflare:workers'
import { openDb } from '../db/client.ts'
import { audienceOf, authzVersions, type Standing, standingOf } from '../db/queries/authorization.ts'
import { sessionHashOf } from '../db/queries/sessions.ts'
import type { Locale } from '../db/records.ts'
import type { Env } from '../env.ts'
import { agentSocketsOf } from './address.ts'
import { type Audience, mayHear } from './audience.ts'
import { Claims } from './claims.ts'
import { Flow } from './flow.ts'

/** Drawn by the caller, once a language; each socket gets its own. */
export interface Frame {
  /** The conversation's, so that a page knows whether it missed one. */
  seq?: number
  html: Record<Locale, string>
  audience: Audience
  /** Instead of it, for those who could see the conversation as it stood before and cannot now. */
  gone?: { html: Record<Locale, string>; audience: Audience }
  /** For this agent alone. */
  agentId?: string
}

/** Close codes: what the page does next hangs on them. */
const SESSION_ENDED = 4401
const NOT_VISIBLE = 4403
const TOO_SLOW = 1013
const MISBEHAVED = 1008

/** To a page whose list may show what it should not, or lack what it should. */
const RIGHTS_CHANGED = '{"t":"rights"}'

const CHECK_EVERY_MS = 5_000
const LONGEST_CLIENT_FRAME = 4_096

export class Room extends DurableObject<Env> {
  readonly #flows = new Map<WebSocket, Flow>()
  #checkedAt = 0

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair('{"t":"ping"}', '{"t":"pong"}'))
  }

  /** The route has proved who is asking and that they may: the claims are its own, never the client's. */
  override fetch(request: Request): Response {
    const { 0: client, 1: server } = new WebSocketPair()
    const claims = Claims.parse(JSON.parse(request.headers.get('x-claims') ?? '{}'))
    this.ctx.acceptWebSocket(server, [`u:${claims.agentId}`, `s:${claims.sessionHash}`])
    server.serializeAttachment(claims)
    return new Response(null, { status: 101, webSocket: client })
  }

  /** To everyone here who may hear of it, and to nobody else. */
  async publish(frame: Frame): Promise<void> {
    if (this.ctx.getWebSockets().length === 0) return
    await this.#closeRevoked()
    const shown = inEachLanguage(frame.html, frame.seq)
    const gone = inEachLanguage(frame.gone?.html, frame.seq)
    for (const socket of this.ctx.getWebSockets(frame.agentId === undefined ? undefined : `u:${frame.agentId}`)) {
      const claims = claimsOf(socket)
      if (mayHear(claims, frame.audience)) this.#send(socket, shown(claims.locale))
      // The conversation's room is over for them; the workspace's goes on without this piece of news.
      else if (claims.conversationId !== null) socket.close(NOT_VISIBLE, 'not visible')
      else if (frame.gone && mayHear(claims, frame.gone.audience)) this.#send(socket, gone(claims.locale))
    }
  }

  /** Somebody's rights changed, or one of their sessions ended: look again, now. */
  async recheck(agentId: string): Promise<void> {
    for (const socket of this.ctx.getWebSockets(`u:${agentId}`)) await this.#checkAgain(socket)
  }

  socketsOf(agentId: string): number {
    return this.ctx.getWebSockets(`u:${agentId}`).length
  }

  override async webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): Promise<void> {
    const flow = this.#flowOf(socket)
    const received =
      typeof message === 'string' && message.length <= LONGEST_CLIENT_FRAME ? readClientFrame(message) : null
    if (!received || !flow.mayReceive(Date.now())) {
      socket.close(MISBEHAVED, 'unexpected frame')
      return
    }
    if (received.t === 'ack') flow.acknowledged(received.frames)
    else await this.#tellOthersWhoTypes(socket)
  }

  override async webSocketClose(socket: WebSocket): Promise<void> {
    await this.#left(socket)
  }

  override async webSocketError(socket: WebSocket): Promise<void> {
    await this.#left(socket)
  }

  async #left(socket: WebSocket): Promise<void> {
    this.#flows.delete(socket)
    const { workspaceId, agentId, room } = claimsOf(socket)
    await agentSocketsOf(this.env, workspaceId, agentId).leave(room)
  }

  async #tellOthersWhoTypes(socket: WebSocket): Promise<void> {
    const { agentId, name, conversationId } = claimsOf(socket)
    if (conversationId === null) return
    await this.#closeRevoked()
    const frame = JSON.stringify({ t: 'typing', agentId, name })
    for (const other of this.ctx.getWebSockets()) if (claimsOf(other).agentId !== agentId) this.#send(other, frame)
  }

  #send(socket: WebSocket, frame: string): void {
    try {
      if (this.#flowOf(socket).maySend(frame.length)) socket.send(frame)
      else socket.close(TOO_SLOW, 'too slow')
    } catch {
      socket.close(1011, 'unreachable')
    }
  }

  #flowOf(socket: WebSocket): Flow {
    const flow = this.#flows.get(socket) ?? new Flow()
    this.#flows.set(socket, flow)
    return flow
  }

  /** The call that tells of a change may be lost: so before anything is told, versions older than 5 s are read again. */
  async #closeRevoked(): Promise<void> {
    const now = Date.now()
    if (now - this.#checkedAt < CHECK_EVERY_MS) return
    const sockets = this.ctx.getWebSockets()
    const first = sockets[0]
    if (!first) return
    const agentIds = [...new Set(sockets.map((socket) => claimsOf(socket).agentId))]
    const [versions] = await openDb(this.env).read(authzVersions(claimsOf(first).workspaceId, agentIds))
    const current = new Map(
      versions.filter(({ active }) => active === 1).map(({ id, authz_version }) => [id, authz_version]),
    )
    for (const socket of sockets) {
      if (current.get(claimsOf(socket).agentId) !== claimsOf(socket).authzVersion) await this.#checkAgain(socket)
    }
    // What changed while we asked is seen the next time.
    this.#checkedAt = now
  }

  async #checkAgain(socket: WebSocket): Promise<void> {
    const claims = claimsOf(socket)
    const db = openDb(this.env)
    const [standings, audiences] = await db.read(
      standingOf(claims.workspaceId, claims.agentId, Date.now()),
      audienceOf(claims.workspaceId, claims.conversationId ?? ''),
    )
    const standing = standings[0]
    if (standing?.active !== 1 || !(await hasSession(standing, claims.sessionHash))) {
      socket.close(SESSION_ENDED, 'session ended')
      return
    }
    const fresh: Claims = {
      ...claims,
      role: standing.role,
      departmentIds: JSON.parse(standing.departments),
      inboxIds: JSON.parse(standing.inboxes),
      authzVersion: standing.authz_version,
    }
    const at = audiences[0]
    const visible =
      claims.conversationId === null || (at && mayHear(fresh, { inboxId: at.inbox_id, departmentId: at.department_id }))
    if (visible) {
      socket.serializeAttachment(fresh)
      if (claims.conversationId === null && fresh.authzVersion !== claims.authzVersion)
        this.#send(socket, RIGHTS_CHANGED)
    } else socket.close(NOT_VISIBLE, 'not visible')
  }
}

/** The envelope that htmx swaps, made at most once a language. */
function inEachLanguage(html: Record<Locale, string> | undefined, seq: number | undefined): (locale: Locale) => string {
  const made = new Map<Locale, string>()
  return (locale) => {
    const envelope =
      made.get(locale) ?? JSON.stringify({ ...(seq === undefined ? {} : { seq }), content: html?.[locale] ?? '' })
    made.set(locale, envelope)
    return envelope
  }
}

const claimsOf = (socket: WebSocket): Claims => socket.deserializeAttachment() as Claims

async function hasSession({ session_tokens }: Standing, sessionHash: string): Promise<boolean> {
  const hashes = await Promise.all((JSON.parse(session_tokens) as string[]).map((token) => sessionHashOf(token)))
  return hashes.includes(sessionHash)
}

/** What a page may say at a socket: that it has taken in so many frames, or that somebody types. */
function readClientFrame(text: string): { t: 'ack'; frames: number } | { t: 'typing' } | null {
  try {
    const frame: unknown = JSON.parse(text)
    if (typeof frame !== 'object' || frame === null || !('t' in frame)) return null
    if (frame.t === 'typing') return { t: 'typing' }
    if (frame.t !== 'ack' || !('frames' in frame) || typeof frame.frames !== 'number' || !(frame.frames >= 0))
      return null
    return { t: 'ack', frames: Math.floor(frame.frames) }
  } catch {
    return null
  }
}
