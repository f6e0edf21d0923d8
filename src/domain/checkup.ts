/** A look at how the provider sees a connected account, and what can be put right without a person. */
import type { Channel, Check, Checkup, Reach } from '../channels/channel.ts'
import { ChannelError } from '../channels/channel.ts'
import { type InboxRef, storeCheckup } from '../db/queries/inboxes.ts'
import type { App } from './app.ts'
import { nameText } from './text.ts'

export interface Looked extends Checkup {
  /** The provider had stopped telling us, and tells us again from now on. */
  resubscribed: boolean
}

interface Inbox {
  inbox: InboxRef
  channel: Channel
  reach: Reach
  /** Where the provider is to call. */
  webhookUrl: string
}

/** Asks the provider, subscribes again where it forgot us (a long outage ends a subscription), and keeps what was found. */
export async function checkUp(app: App, { inbox, channel, reach, webhookUrl }: Inbox): Promise<Looked> {
  const look = () => lookAt(channel, reach, webhookUrl)
  const first = await look()
  const resubscribed = forgotUs(first.checks) && (await subscribed(app, { inbox, channel, reach, webhookUrl }))
  const found = { ...(resubscribed ? await look() : first), resubscribed }
  await app.db.write(storeCheckup(inbox, JSON.stringify(found), nameText(found.address), app.now()))
  return found
}

/** What the provider says of us is only worth repairing where it lets us speak at all. */
const forgotUs = (checks: Check[]) =>
  checks.some(({ what, ok }) => what === 'token' && ok) &&
  checks.some(({ what, ok }) => (what === 'subscription' || what === 'webhook') && !ok)

async function lookAt(channel: Channel, reach: Reach, webhookUrl: string): Promise<Checkup> {
  try {
    if (channel.check) return await channel.check(reach, webhookUrl)
    return { name: null, address: null, quality: null, checks: [] }
  } catch (error) {
    return { name: null, address: null, quality: null, checks: [failed('account', error)] }
  }
}

async function subscribed(app: App, { inbox, channel, reach, webhookUrl }: Inbox): Promise<boolean> {
  try {
    await channel.subscribe?.(reach, webhookUrl)
    return channel.subscribe !== undefined
  } catch (error) {
    app.log.warn('inbox.not_subscribed', {
      inboxId: inbox.id,
      code: error instanceof ChannelError ? error.code : 'unknown',
    })
    return false
  }
}

function failed(what: Check['what'], error: unknown): Check {
  if (error instanceof ChannelError) return { what, ok: false, detail: error.message || error.code }
  throw error
}
