/** Where providers tell us what happened. Nothing here asks the database: an outage of any length is survived. */
import type { Context } from 'hono'
import { Hono } from 'hono'
import { clientAddressOf } from '../auth/client-address.ts'
import { limited } from '../auth/limit.ts'
import type { Channel } from '../channels/channel.ts'
import type { InboundEvent } from '../channels/events.ts'
import { channelNamed } from '../channels/index.ts'
import { AppError } from '../domain/errors.ts'
import { gatewayOf } from '../gateways/address.ts'
import type { Ingress } from '../gateways/connection.ts'
import { entryOf } from '../gateways/entries.ts'
import type { JournalEntry } from '../gateways/journal.ts'
import type { RouteEnv } from './route-env.ts'

const LARGEST_BODY = 4 * 1024 * 1024

export const webhooks = new Hono<RouteEnv>()
  .get('/:channel/:webhookKey', async (c) => {
    const { channel, ingress } = await addressed(c)
    const echo = channel.handshake(new URL(c.req.url).searchParams, ingress.credentials)
    if (echo === null) return c.body(null, 403)
    return c.body(echo, 200, { 'Content-Type': 'text/plain; charset=utf-8' })
  })

  // A gateway of WhatsApp may name the event at the end of the path; it stands in the body as well.
  .post('/:channel/:webhookKey/:event{[a-z-]+}?', async (c) => {
    const address = clientAddressOf(c.req.raw.headers)
    const blocked = blockedFor(address, c.var.app.now())
    if (blocked > 0) return tooMany(c, blocked)
    const body = await bytesOf(c.req.raw)
    if (!body) return c.body(null, 413)
    const { channel, ingress } = await addressed(c)
    if (!(await channel.verify(c.req.raw.headers, body, ingress.credentials))) return refuseSignature(c, address)

    const events = await channel.parse(body, ingress.accountId)
    return (await handOver(c, ingress, events)) ? c.body(null, 200) : c.body(null, 503)
  })

async function addressed(c: Context<RouteEnv>): Promise<{ channel: Channel; ingress: Ingress }> {
  const { channel: name, webhookKey } = c.req.param()
  const channel = channelNamed(name ?? '')
  if (!channel || !webhookKey || !/^[\w-]{1,64}$/.test(webhookKey)) throw new AppError('not_found')
  const ingress = await ingressOf(c, webhookKey)
  if (!ingress || ingress.channel !== channel.name) throw new AppError('not_found')
  return { channel, ingress }
}

/** A gateway that does not answer is no reason to lose anything: the provider comes back. */
async function ingressOf(c: Context<RouteEnv>, webhookKey: string): Promise<Ingress | null> {
  try {
    return await gatewayOf(c.env, webhookKey).ingress()
  } catch (error) {
    c.var.app.log.error('ingress.failed', error, { requestId: c.var.requestId })
    throw new AppError('unavailable')
  }
}

/** Every event to the gateway of the inbox it is for, all at once: one that does not answer makes the provider come back. */
async function handOver(c: Context<RouteEnv>, ingress: Ingress, events: InboundEvent[]): Promise<boolean> {
  const receivedAt = c.var.app.now()
  const own = c.req.param('webhookKey') ?? ''
  const byKey = new Map<string, JournalEntry[]>()
  for (const event of events) {
    const sibling = ingress.siblings.find(({ accountId }) => accountId === event.accountId)
    const key = sibling?.webhookKey ?? own
    const entries = byKey.get(key) ?? []
    entries.push(entryOf(sibling ? event : asStranger(event), receivedAt))
    byKey.set(key, entries)
  }
  const handed = await Promise.allSettled([...byKey].map(([key, entries]) => gatewayOf(c.env, key).accept(entries)))
  for (const one of handed)
    if (one.status === 'rejected') c.var.app.log.error('ingress.failed', one.reason, { requestId: c.var.requestId })
  return handed.every(({ status }) => status === 'fulfilled')
}

/** Signed by our app, for an account that is not connected here: kept for the administrators, shown to no conversation. */
const asStranger = (event: InboundEvent): InboundEvent => ({
  kind: 'kept',
  what: 'unconnected_account',
  dedupeKey: `stranger:${event.dedupeKey}`,
  accountId: event.accountId,
  occurredAt: event.occurredAt,
  raw: event,
})

/** Addresses that are refused unheard for a while; the exact counter stands behind it. Forgetting them all costs it a question each. */
const blockedUntil = new Map<string, number>()
const MOST_BLOCKED = 10_000

function blockedFor(address: string, now: number): number {
  const until = blockedUntil.get(address) ?? 0
  if (until <= now) blockedUntil.delete(address)
  return Math.max(0, Math.ceil((until - now) / 1000))
}

async function refuseSignature(c: Context<RouteEnv>, address: string): Promise<Response> {
  try {
    await limited(c.env, 'badSignature', address)
    return c.body(null, 401)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    const seconds = Number(error.details.retryAfter ?? 60)
    if (blockedUntil.size >= MOST_BLOCKED) blockedUntil.clear()
    blockedUntil.set(address, c.var.app.now() + seconds * 1000)
    return tooMany(c, seconds)
  }
}

const tooMany = (c: Context<RouteEnv>, seconds: number) => c.body(null, 429, { 'Retry-After': String(seconds) })

async function bytesOf(request: Request): Promise<Uint8Array | null> {
  if (Number(request.headers.get('content-length') ?? 0) > LARGEST_BODY) return null
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of request.body ?? []) {
    length += chunk.length
    if (length > LARGEST_BODY) return null
    chunks.push(chunk)
  }
  const body = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    body.set(chunk, at)
    at += chunk.length
  }
  return body
}
