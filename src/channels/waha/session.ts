/** The session on its server: whether it is there, whether it works, and where it tells us what happens. */
import * as z from 'zod'
import { nameOn } from '../baileys/account.ts'
import { addressOf } from '../baileys/jids.ts'
import { words } from '../baileys/lenient.ts'
import { ChannelError, type Check, type Checkup, type Reach } from '../channel.ts'
import { maybe } from '../maybe.ts'
import { phoneOf } from '../phone.ts'
import { linkStateOf } from './link.ts'
import { ask } from './rest.ts'

/** `message.any` tells what `message` does, and what was written on the phone. */
const EVENTS = [
  'message.any',
  'message.ack',
  'message.reaction',
  'message.revoked',
  'message.edited',
  'session.status',
  'call.received',
]

const Webhook = z.object({ url: words, events: maybe(z.array(z.string())), hmac: maybe(z.object({ key: words })) })
const Session = z.object({
  status: z.string(),
  me: maybe(z.object({ id: words, pushName: words })),
  config: maybe(z.object({ webhooks: maybe(z.array(Webhook)) })),
})
type Session = z.infer<typeof Session>

async function sessionIn(reach: Reach): Promise<Session | ChannelError> {
  try {
    const answer = await ask(reach, {
      method: 'GET',
      path: `sessions/${encodeURIComponent(nameOn(reach.accountId))}`,
    })
    return Session.parse(answer)
  } catch (error) {
    if (error instanceof ChannelError && error.class !== 'ambiguous') return error
    throw error
  }
}

const isMissing = ({ code }: ChannelError) => code === 'session_missing' || code === 'http_404'

export async function check(reach: Reach, webhookUrl: string): Promise<Checkup> {
  const session = await sessionIn(reach)
  if (session instanceof ChannelError) {
    const known = isMissing(session)
    const missing: Check[] = [
      { what: 'account', ok: false, detail: session.message },
      { what: 'webhook', ok: false, detail: null },
    ]
    const checks = [
      { what: 'token', ok: known, detail: known ? null : session.message } as const,
      ...(known ? missing : []),
    ]
    return { name: null, address: null, quality: null, checks }
  }
  return {
    name: session.me?.pushName ?? null,
    address: phoneOf(addressOf(session.me?.id) ?? ''),
    quality: null,
    link: linkStateOf(session.status),
    checks: [
      { what: 'token', ok: true, detail: null },
      { what: 'account', ok: session.status === 'WORKING', detail: session.status },
      { what: 'webhook', ok: tellsUs(session, reach, webhookUrl), detail: null },
    ],
  }
}

/** Servers may keep the key to themselves. */
const tellsUs = ({ config }: Session, { credentials }: Reach, webhookUrl: string): boolean =>
  (config?.webhooks ?? []).some(
    ({ url, events, hmac }) =>
      url === webhookUrl &&
      EVENTS.every((event) => events?.includes(event)) &&
      (hmac?.key === undefined || hmac.key === credentials.appSecret),
  )

/** Has the session on its server, where it is not yet, and has it tell us. */
export async function subscribe(reach: Reach, webhookUrl: string): Promise<void> {
  const name = nameOn(reach.accountId)
  const retries = { policy: 'exponential', delaySeconds: 2, attempts: 15 }
  const config = {
    webhooks: [{ url: webhookUrl, events: EVENTS, hmac: { key: reach.credentials.appSecret }, retries }],
  }
  const session = await sessionIn(reach)
  if (!(session instanceof ChannelError))
    await ask(reach, { method: 'PUT', path: `sessions/${encodeURIComponent(name)}`, body: { name, config } })
  else if (isMissing(session)) await ask(reach, { path: 'sessions', body: { name, start: true, config } })
  else throw session
}
