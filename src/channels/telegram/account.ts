/** The bot itself, and the people who write to it: is it well, is all of it told to us, how does somebody look. */
import * as z from 'zod'
import { ChannelError, type Check, type Checkup, type Profile, type Reach } from '../channel.ts'
import { maybe } from '../maybe.ts'
import { readAddress } from './address.ts'
import { askBot, callBot } from './api.ts'
import { fileUrl } from './media.ts'
import { Id } from './shape.ts'

/** What we are to be told; Telegram leaves reactions out where nobody asks for them. */
const UPDATES = [
  ...['message', 'edited_message', 'callback_query', 'my_chat_member', 'message_reaction', 'business_connection'],
  ...['business_message', 'edited_business_message', 'deleted_business_messages'],
]

const Me = z.object({ id: Id, first_name: maybe(z.string()), username: maybe(z.string()) })

export async function check(reach: Reach, webhookUrl: string): Promise<Checkup> {
  const asked = await asking(askBot(reach, 'getMe', {}))
  if ('refusal' in asked) {
    return { name: null, address: null, quality: null, checks: [{ what: 'token', ok: false, detail: asked.refusal }] }
  }
  const me = Me.safeParse(asked.answer).data
  return {
    name: me?.first_name ?? null,
    address: me?.username ? `@${me.username}` : null,
    quality: null,
    checks: [
      { what: 'token', ok: true, detail: null },
      { what: 'account', ok: me?.id === reach.accountId, detail: me?.id === reach.accountId ? null : (me?.id ?? null) },
      await checkWebhook(reach, webhookUrl),
    ],
  }
}

const WebhookInfo = z.object({
  url: z.string(),
  pending_update_count: maybe(z.int()),
  last_error_date: maybe(z.int()),
  last_error_message: maybe(z.string()),
  allowed_updates: maybe(z.array(z.string())),
})

/** An error of long ago, or one behind which nothing waits, is over. */
const RECENT_MS = 15 * 60_000

async function checkWebhook(reach: Reach, webhookUrl: string): Promise<Check> {
  const asked = await asking(askBot(reach, 'getWebhookInfo', {}))
  if ('refusal' in asked) return { what: 'webhook', ok: false, detail: asked.refusal }
  const info = WebhookInfo.safeParse(asked.answer).data
  if (info?.url !== webhookUrl) return { what: 'webhook', ok: false, detail: hostOf(info?.url ?? '') }
  const missing = UPDATES.filter((kind) => !info.allowed_updates?.includes(kind))
  if (missing.length > 0) return { what: 'webhook', ok: false, detail: missing.join(', ') }
  const waiting = info.pending_update_count ?? 0
  const failing = waiting > 0 && reach.now() - (info.last_error_date ?? 0) * 1000 < RECENT_MS
  return { what: 'webhook', ok: !failing, detail: failing ? `${info.last_error_message ?? ''} (${waiting})` : null }
}

/** Who is told instead of us; what follows the host may be somebody's secret. */
const hostOf = (url: string) => (URL.canParse(url) ? new URL(url).host : null)

/** A refusal is something to show; that nobody could be asked is not. */
async function asking(call: Promise<unknown>): Promise<{ answer: unknown } | { refusal: string }> {
  try {
    return { answer: await call }
  } catch (error) {
    if (error instanceof ChannelError && (error.class === 'auth' || error.class === 'permanent')) {
      return { refusal: error.message }
    }
    throw error
  }
}

/** What waits at Telegram while we were away stays there for us. */
export async function subscribe(reach: Reach, webhookUrl: string): Promise<void> {
  await callBot(reach, 'setWebhook', {
    url: webhookUrl,
    secret_token: reach.credentials.appSecret,
    max_connections: 40,
    allowed_updates: UPDATES,
    drop_pending_updates: false,
  })
  await callBot(reach, 'setMyCommands', { commands: [{ command: 'start', description: 'Iniciar a conversa' }] })
}

/** What still waits at Telegram stays there, for whoever has the bot next. */
export async function leave(reach: Reach): Promise<void> {
  await callBot(reach, 'deleteWebhook', { drop_pending_updates: false })
}

const Photos = z.object({
  photos: z.array(z.array(z.object({ file_id: z.string(), width: maybe(z.number()), height: maybe(z.number()) }))),
})
const Located = z.object({ file_path: z.string().regex(/^[\w./-]{1,512}$/) })

/** As large as a face is shown. */
const FACE = 320

/** Their name comes with every message; only how they look must be asked for. */
export async function profile(reach: Reach, externalId: string): Promise<Profile | null> {
  const address = readAddress(externalId)
  if (address === null || address.chat.startsWith('-')) return null
  const asked = await asking(askBot(reach, 'getUserProfilePhotos', { user_id: Number(address.chat), limit: 1 }))
  if ('refusal' in asked) return null
  const { answer } = asked
  const sizes = Photos.safeParse(answer).data?.photos[0] ?? []
  const [small] = sizes.toSorted((a, b) => distanceOf(a) - distanceOf(b))
  if (!small) return { name: null, username: null, pictureUrl: null }
  const located = Located.safeParse(await askBot(reach, 'getFile', { file_id: small.file_id })).data
  return { name: null, username: null, pictureUrl: located ? fileUrl(reach, located.file_path) : null }
}

const distanceOf = ({ width = 0 }: { width?: number | undefined }) => Math.abs(width - FACE)
