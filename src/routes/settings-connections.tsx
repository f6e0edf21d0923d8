/** Connecting: a new number, what its provider is to be told, whether it works, and what could not be applied. */
import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { limited } from '../auth/limit.ts'
import type { Link } from '../channels/channel.ts'
import { builtChannels, type ChannelName, channelNamed } from '../channels/index.ts'
import type { AuditAction } from '../db/audit-actions.ts'
import { audited } from '../db/queries/audit.ts'
import { accountNews, type ConnectionRow, connectionOf, newestHeard, outboxOf } from '../db/queries/connections.ts'
import { newestOutages, type StoredLink } from '../db/queries/links.ts'
import { readAs } from '../db/read-as.ts'
import { ENDS_SOON_MS } from '../domain/access.ts'
import { entryOf } from '../domain/administration.ts'
import { catchUp, type Looked } from '../domain/checkup.ts'
import {
  CONNECTION_FIELD_NAMES,
  type ConnectionForm,
  connectInbox,
  reconnectInbox,
  verifyTokenOf,
} from '../domain/connections.ts'
import { AppError } from '../domain/errors.ts'
import { reply } from '../domain/messages.ts'
import { handOverSettings } from '../domain/sweep.ts'
import { gatewayOf } from '../gateways/address.ts'
import { wordsOf } from '../views/channel-sign.tsx'
import type { Problem } from '../views/errors.tsx'
import { ChannelChoicePage, ConnectPage } from '../views/settings-connect.tsx'
import { ConnectionPage, type ConnectionProps } from '../views/settings-connection.tsx'
import { LetterPage, LettersPage } from '../views/settings-letters.tsx'
import { LinkLooked } from '../views/settings-link.tsx'
import { healthOf } from './inbox-health.ts'
import { goTo, wantsPartial } from './rendering.tsx'
import type { RouteEnv } from './route-env.ts'
import { trailOf } from './session.ts'
import { forAdministrators, refusalOf, shownAgain } from './settings-form.ts'
import { valid } from './valid.ts'

const text = z.string().max(2_000).default('')
const FIELDS = { name: text, ...Object.fromEntries(CONNECTION_FIELD_NAMES.map((name) => [name, text])) }
const NewForm = z.strictObject({ ...FIELDS, id: z.uuid(), channel: z.enum(builtChannels) })
const AgainForm = z.strictObject({ ...FIELDS, version: z.coerce.number().int().min(1) })
const LinkForm = z.strictObject({ phone: z.string().max(24).default('') })
const TestForm = z.strictObject({ conversationId: z.uuid(), clientKey: z.uuid() })
const letterIds = z
  .union([z.coerce.number().int().min(1), z.array(z.coerce.number().int().min(1)).max(200)])
  .transform((ids) => [ids].flat())
const ReplayForm = z.strictObject({ id: letterIds })
const DiscardForm = z.strictObject({ id: letterIds, reason: z.string().trim().min(3).max(200) })

const PATH = '/settings/inboxes'

export const settingsConnections = new Hono<RouteEnv>()
  .use('/new', forAdministrators)
  .use('/new/*', forAdministrators)
  .use('/:id/*', forAdministrators)

  .get('/new', (c) => {
    const { i18n, viewer } = c.var
    return c.render(<ChannelChoicePage i18n={i18n} viewer={viewer} channels={builtChannels} />, {
      title: i18n.t.connecting.title,
    })
  })

  .get('/new/:channel', (c) => connectPage(c, channelIn(c)))

  .post('/', forAdministrators, valid('form', NewForm), async (c) => {
    const { app, viewer } = c.var
    const { id, channel, ...form } = c.req.valid('form')
    const problem = await refusalOf(c, connectInbox(app, viewer, { id, channel, form }, await trailOf(c)))
    if (problem) return connectPage(c, channel, { id, form, problem })
    await introduce(c, id)
    if (channelNamed(channel)?.link) await linkNow(c, await theConnection(c, id), { begins: true, phone: null })
    return goTo(c, `${PATH}/${id}/connection`)
  })

  .get('/:id/connection', (c) => connectionPage(c))

  .put('/:id/connection', valid('form', AgainForm), async (c) => {
    const { app, viewer } = c.var
    const { version, ...form } = c.req.valid('form')
    const change = { id: c.req.param('id'), version, form }
    const problem = await refusalOf(c, reconnectInbox(app, viewer, change, await trailOf(c)))
    if (problem) return connectionPage(c, { refused: { form, problem } })
    await introduce(c, change.id)
    return shownAgain(c, `${PATH}/${change.id}/connection`, () => connectionPage(c))
  })

  /** Asks the provider now. */
  .post('/:id/checkup', async (c) => {
    const row = await theConnection(c)
    await limited(c.env, 'replay', c.var.viewer.agentId)
    await handOverSettings(c.var.app, c.var.viewer.workspaceId) // a number that was saved a moment ago
    const { owesPast } = await gatewayOf(c.env, row.webhook_key).checkUp()
    if (owesPast) {
      const { app, viewer } = c.var
      app.later(catchUp(app, { workspace_id: viewer.workspaceId, id: row.id, webhook_key: row.webhook_key }))
    }
    return shownAgain(c, `${PATH}/${row.id}/connection`, () => connectionPage(c))
  })

  /** How the connection to the phone stands, and the code of now: asked for by the page until the phone is there. */
  .get('/:id/link', async (c) => (wantsPartial(c) ? linkPart(c) : connectionPage(c)))

  .post('/:id/link', valid('form', LinkForm), async (c) => {
    const row = await theConnection(c)
    await limited(c.env, 'replay', c.var.viewer.agentId)
    const phone = c.req.valid('form').phone.replaceAll(/\D/g, '')
    const asked = await linkNow(c, row, { begins: true, phone: phone || null })
    await writeDown(c, row, 'inbox.link_begun', {})
    return shownAgain(c, `${PATH}/${row.id}/connection`, () => connectionPage(c, { link: asked }))
  })

  .post('/:id/link/restart', (c) => relink(c, 'restart'))

  .post('/:id/link/end', (c) => relink(c, 'unlink'))

  /** The past of a number that stays on the business's phone: told once, within a day of connecting it. */
  .post('/:id/history', async (c) => {
    const row = await theConnection(c)
    await limited(c.env, 'replay', c.var.viewer.agentId)
    await handOverSettings(c.var.app, c.var.viewer.workspaceId)
    const refusal = await gatewayOf(c.env, row.webhook_key).requestHistory()
    await writeDown(c, row, 'inbox.history_requested', refusal === null ? {} : { code: refusal })
    return shownAgain(c, `${PATH}/${row.id}/connection`, () => connectionPage(c, { asked: { refusal } }))
  })

  /** Whether anything has come in yet: asked for by the page while it waits. */
  .get('/:id/heard', (c) => connectionPage(c))

  /** An answer to whoever wrote last, by the way that every answer goes. */
  .post('/:id/test', valid('form', TestForm), async (c) => {
    const { app, viewer, i18n } = c.var
    const row = await theConnection(c)
    const { conversationId, clientKey } = c.req.valid('form')
    const [heard] = await app.db.read(newestHeard(viewer, row.id))
    if (heard[0]?.id !== conversationId) throw new AppError('conflict')
    await reply(app, viewer, { conversationId, text: i18n.t.connecting.testText, clientKey, replyToId: null })
    return goTo(c, `/conversations/${conversationId}`)
  })

  .get('/:id/letters', (c) => lettersPage(c))

  .get('/:id/letters/:letterId', async (c) => {
    const { i18n, viewer } = c.var
    const row = await theConnection(c)
    const id = z.coerce.number().int().min(1).safeParse(c.req.param('letterId')).data
    const letter = id === undefined ? null : await gatewayOf(c.env, row.webhook_key).deadLetter(id)
    if (!letter) throw new AppError('not_found')
    return c.render(<LetterPage i18n={i18n} viewer={viewer} inbox={row} letter={letter} />, {
      title: i18n.t.letters.title,
    })
  })

  .post('/:id/letters/replay', valid('form', ReplayForm), async (c) => {
    const row = await theConnection(c)
    await limited(c.env, 'replay', c.var.viewer.agentId)
    const replayed = await gatewayOf(c.env, row.webhook_key).replay(c.req.valid('form').id)
    await writeDown(c, row, 'inbox.events_replayed', { count: replayed.length })
    return shownAgain(c, `${PATH}/${row.id}/letters`, () => lettersPage(c))
  })

  .post(
    '/:id/letters/discard',
    valid('form', DiscardForm, (c) => lettersPage(c, 422)),
    async (c) => {
      const row = await theConnection(c)
      const { id, reason } = c.req.valid('form')
      const discarded = await gatewayOf(c.env, row.webhook_key).discard(id)
      await writeDown(c, row, 'inbox.events_discarded', { count: discarded.length, reason })
      return shownAgain(c, `${PATH}/${row.id}/letters`, () => lettersPage(c))
    },
  )

/**
 * Where nobody has to type anything at the provider, it is told at once. One that cannot be asked now is asked by the
 * page's button, and every hour.
 */
async function introduce(c: Context<RouteEnv>, id: string): Promise<void> {
  const { app, viewer, i18n } = c.var
  const [rows] = await app.db.read(connectionOf(viewer, id))
  const row = rows[0]
  if (!row || wordsOf(i18n, row.channel)?.tell) return
  try {
    await gatewayOf(c.env, row.webhook_key).checkUp()
  } catch (error) {
    app.log.warn('checkup.refused', { inboxId: id, code: error instanceof Error ? error.name : 'unknown' })
  }
}

interface Refusal {
  form: ConnectionForm
  problem: Problem
}

async function connectPage(c: Context<RouteEnv>, channel: ChannelName, refused?: Refusal & { id: string }) {
  const { i18n, viewer } = c.var
  return c.render(
    <ConnectPage
      i18n={i18n}
      viewer={viewer}
      channel={channel}
      newId={refused?.id ?? c.var.app.newId()}
      refused={refused}
    />,
    { title: i18n.t.connecting.title },
  )
}

/** The whole of what is known about the connection, in one trip to the database beside what its gateway says. */
async function connectionPage(c: Context<RouteEnv>, { refused, asked, link }: Just = {}) {
  const { app, i18n, viewer } = c.var
  const id = c.req.param('id') ?? ''
  const [rows, outbox, heard, news, outages] = await readAs(
    app.db,
    viewer,
    connectionOf(viewer, id),
    outboxOf(viewer, id),
    newestHeard(viewer, id),
    accountNews(viewer, id),
    newestOutages({ workspaceId: viewer.workspaceId, id }, OUTAGES_SHOWN),
  )
  const row = rows[0]
  if (!row) throw new AppError('not_found')
  const isLinked = channelNamed(row.channel)?.link !== undefined
  const checkup = row.checkup ? (JSON.parse(row.checkup) as Looked) : null
  const [health, verifyToken, linked] = await Promise.all([
    healthOf(c.env, [row.webhook_key]),
    verifyTokenOf(app, viewer, row),
    isLinked ? (link ?? linkNow(c, row, { begins: false, phone: null })) : null,
  ])
  const props: Omit<ConnectionProps, 'i18n' | 'viewer'> = {
    inbox: { ...row, settings: JSON.parse(row.settings) },
    webhookUrl: app.webhookUrl(row.channel, row.webhook_key),
    verifyToken,
    checkup,
    accessEndsSoon: (checkup?.accessEndsAt ?? Number.POSITIVE_INFINITY) < app.now() + ENDS_SOON_MS,
    link: linked && { ...linked, stored: storedLinkIn(row) },
    outages: outages.map(({ payload }) => OutageSaid.parse(JSON.parse(payload))),
    health: health.get(row.webhook_key) ?? null,
    outbox: outbox[0] ?? { queued: 0, unknown: 0 },
    heard: heard[0] ?? null,
    news: news.map(({ payload, received_at }) => ({ ...AccountNews.parse(JSON.parse(payload)), at: received_at })),
    clientKey: crypto.randomUUID(),
    refused,
    asked,
  }
  return c.render(<ConnectionPage i18n={i18n} viewer={viewer} {...props} />, { title: row.name })
}

/** What was just done on the page, for it to say so. */
interface Just {
  refused?: Refusal
  asked?: { refusal: string | null }
  link?: LinkSaid
}

interface LinkSaid {
  link: Link | null
  trouble: string | null
}

const OUTAGES_SHOWN = 5
const OutageSaid = z.object({ from: z.number(), to: z.number(), messages: z.number().nullable().default(null) })

const StoredCheckup = z.object({ link: z.custom<StoredLink>().nullish() })
const storedLinkIn = ({ checkup }: ConnectionRow): StoredLink | null =>
  (checkup && StoredCheckup.parse(JSON.parse(checkup)).link) || null

/** Asks the provider through the gateway; what it refuses is said in its words. */
async function linkNow(
  c: Context<RouteEnv>,
  row: ConnectionRow,
  of: { begins: boolean; phone: string | null },
): Promise<LinkSaid> {
  if (of.begins) await handOverSettings(c.var.app, c.var.viewer.workspaceId) // a number that was saved a moment ago
  try {
    return { link: await gatewayOf(c.env, row.webhook_key).link(of), trouble: null }
  } catch (error) {
    // By its name: what a gateway throws arrives as another object.
    const said = error instanceof Error && error.name === 'ChannelError' ? error.message : ''
    c.var.app.log.warn('link.unknown', { inboxId: row.id, code: error instanceof Error ? error.name : 'unknown' })
    return { link: null, trouble: said || null }
  }
}

async function linkPart(c: Context<RouteEnv>) {
  const row = await theConnection(c)
  const linked = await linkNow(c, row, { begins: false, phone: null })
  if (linked.link?.state !== 'open')
    return c.html(<LinkLooked i18n={c.var.i18n} inbox={row} {...linked} stored={storedLinkIn(row)} />)
  // Its number is known from now on, and it was checked: all of the page says something else.
  c.header('HX-Retarget', '#main')
  c.header('HX-Reswap', 'innerHTML')
  return connectionPage(c, { link: linked })
}

async function relink(c: Context<RouteEnv>, how: 'restart' | 'unlink') {
  const row = await theConnection(c)
  await limited(c.env, 'replay', c.var.viewer.agentId)
  await handOverSettings(c.var.app, c.var.viewer.workspaceId)
  await gatewayOf(c.env, row.webhook_key).relink(how)
  await writeDown(c, row, how === 'restart' ? 'inbox.link_restarted' : 'inbox.link_ended', {})
  return shownAgain(c, `${PATH}/${row.id}/connection`, () => connectionPage(c))
}

/** Of a kept `account` event (channels/events.ts), or of the payload itself in older rows. */
const AccountNews = z
  .object({ what: z.string().optional(), code: z.string().nullish(), detail: z.string().nullish() })
  .transform(({ what, code, detail }) => ({ what: what ?? null, code: code ?? null, detail: detail ?? null }))
  .catch({ what: null, code: null, detail: null })

async function lettersPage(c: Context<RouteEnv>, status: 200 | 422 = 200) {
  const { i18n, viewer } = c.var
  const row = await theConnection(c)
  const letters = await gatewayOf(c.env, row.webhook_key).deadLetters()
  c.status(status)
  return c.render(
    <LettersPage i18n={i18n} viewer={viewer} inbox={row} letters={letters} withoutReason={status === 422} />,
    { title: i18n.t.letters.title },
  )
}

async function theConnection(c: Context<RouteEnv>, id = c.req.param('id') ?? ''): Promise<ConnectionRow> {
  const { app, viewer } = c.var
  const [rows] = await readAs(app.db, viewer, connectionOf(viewer, id))
  if (!rows[0]) throw new AppError('not_found')
  return rows[0]
}

async function writeDown(
  c: Context<RouteEnv>,
  { id }: ConnectionRow,
  action: AuditAction,
  detail: Record<string, string | number>,
) {
  const { app, viewer } = c.var
  const entry = { ...entryOf(app, viewer, await trailOf(c)), action, target: { type: 'inbox', id }, detail }
  await app.db.write(audited(entry))
}

function channelIn(c: Context<RouteEnv>): ChannelName {
  const channel = builtChannels.find((name) => name === c.req.param('channel'))
  if (!channel) throw new AppError('not_found')
  return channel
}
