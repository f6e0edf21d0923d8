/** A look at how the provider sees a connected account, and what can be put right without a person. */
import type { Channel, Check, Checkup, Reach } from '../channels/channel.ts'
import { ChannelError } from '../channels/channel.ts'
import { builtChannels } from '../channels/index.ts'
import { type DueInbox, inboxesToCheck, storeCheckup, storeUnchecked } from '../db/queries/inboxes.ts'
import { accessEndOf, type Connected, withLongAccess } from './access.ts'
import type { App } from './app.ts'
import { linkedChannels, noteLink, recover } from './links.ts'
import { nameText } from './text.ts'

export interface Looked extends Checkup {
  /** The provider had stopped telling us, and tells us again from now on. */
  resubscribed: boolean
  /** What was said while it did not tell us has not been had yet. */
  owesPast: boolean
  /** Until when the provider lets us in; null: for ever, or nobody says. */
  accessEndsAt: number | null
}

/** A provider that forgot us is found out within this time. */
const CHECK_EVERY_MS = 3_600_000
/** A phone that is back, of which nobody told us, within this. */
const CHECK_SOON_MS = 60_000
const CHECKS_A_SWEEP = 5

/** Looks after those whom nobody has looked at for an hour, a few at a time. */
export async function careForDue(app: App): Promise<void> {
  const care = { channels: builtChannels, linked: linkedChannels }
  const [before, soonBefore] = [app.now() - CHECK_EVERY_MS, app.now() - CHECK_SOON_MS]
  const [due] = await app.db.read(inboxesToCheck({ ...care, before, soonBefore }, CHECKS_A_SWEEP))
  await Promise.all(due.map((inbox) => careFor(app, inbox)))
}

/** One that cannot be looked at is looked at again in its turn, and keeps nobody else from theirs. */
async function careFor(app: App, inbox: DueInbox): Promise<void> {
  try {
    const { owesPast } = await app.gateway(inbox.webhook_key).checkUp()
    if (owesPast) await catchUp(app, inbox)
  } catch (error) {
    // By its name: what a gateway throws arrives as another object. A provider's word is no failure of ours.
    if (error instanceof Error && error.name === 'ChannelError')
      app.log.warn('checkup.refused', { inboxId: inbox.id, code: error.message.slice(0, 40) })
    else app.log.error('checkup.failed', error, { inboxId: inbox.id })
    await app.db.write(storeUnchecked(inbox, app.now()))
  }
}

/** Asks for what was said while the provider had forgotten us, or a phone was away. */
export const catchUp = (app: App, { workspace_id: workspaceId, id, webhook_key }: DueInbox): Promise<void> =>
  recover(app, { workspaceId, id }, (since) => app.gateway(webhook_key).readBack(null, since))

interface Inbox extends Connected {
  /** Where the provider is to call. */
  webhookUrl: string
}

/** Asks the provider, subscribes again where it forgot us (a long outage ends a subscription), and keeps what was found. */
export async function checkUp(app: App, { webhookUrl, ...connected }: Inbox): Promise<Looked> {
  const { inbox, channel } = connected
  const reach = await withLongAccess(app, connected)
  const look = () => lookAt(channel, reach, webhookUrl)
  // What was told while we asked is newer than what we were answered.
  const askedAt = app.now()
  const first = await look()
  const resubscribed = forgotUs(first.checks) && (await subscribed(app, { ...connected, reach, webhookUrl }))
  const accessEndsAt = await accessEndOf(app, inbox, channel, reach)
  const found = { ...(resubscribed ? await look() : first), resubscribed, accessEndsAt }
  const { link, ...kept } = found
  const written = await app.db.write(
    ...storeCheckup(
      inbox,
      {
        checkup: JSON.stringify(kept),
        address: nameText(found.address),
        told: isTold(found.checks),
        keepsPast: channel.history !== undefined,
      },
      app.now(),
    ),
  )
  const owesPast = written.at(-1)?.rows[0]?.owed === 1
  if (!link) return { ...found, owesPast }
  const standing = await noteLink(app, inbox, { state: link, code: null, at: askedAt })
  return { ...found, owesPast: standing.owesPast }
}

const isOfTelling = ({ what }: Check) => what === 'subscription' || what === 'webhook'

const isTold = (checks: Check[]) => checks.some(isOfTelling) && checks.filter(isOfTelling).every(({ ok }) => ok)

/** What the provider says of us is only worth repairing where it lets us speak at all. */
const forgotUs = (checks: Check[]) =>
  checks.some(({ what, ok }) => what === 'token' && ok) && checks.some((check) => isOfTelling(check) && !check.ok)

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
