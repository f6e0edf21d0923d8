/** Until when a provider lets us in: a token that ends is prolonged long before, and of any other its end is told in time. */
import { type Channel, ChannelError, type Credentials, type Reach } from '../channels/channel.ts'
import type { InboxRef } from '../db/queries/inbound.ts'
import { storeAccess } from '../db/queries/inboxes.ts'
import type { App } from './app.ts'

const DAY = 86_400_000
/** A provider gives sixty days each time: once a week is often enough, and leaves weeks in which it may fail. */
const PROLONG_BEFORE_MS = 53 * DAY
/** From here on administrators are told. */
export const ENDS_SOON_MS = 10 * DAY

export interface Connected {
  inbox: InboxRef
  channel: Channel
  reach: Reach
  /** As the table had it when `reach` was made. */
  sealedCredentials: string
}

/**
 * The way to the provider with an access that is good for long. A provider that refuses is asked at the next look; what
 * somebody saved meanwhile stays. The gateway is handed it by the next sweep: the one before holds for long yet.
 */
export async function withLongAccess(app: App, connected: Connected): Promise<Reach> {
  const { inbox, channel, reach, sealedCredentials } = connected
  const { accessEndsAt } = reach.credentials
  if (!channel.prolongAccess || (accessEndsAt !== undefined && accessEndsAt - app.now() > PROLONG_BEFORE_MS))
    return reach
  const prolonged = await passing(app, inbox, channel.prolongAccess(reach))
  if (!prolonged) return reach
  const { accessToken, endsAt } = prolonged
  const credentials: Credentials = { ...reach.credentials, accessToken, accessEndsAt: endsAt }
  const sealed = await app.seal({ workspaceId: inbox.workspaceId, inboxId: inbox.id }, credentials)
  await app.db.write(storeAccess(inbox, { from: sealedCredentials, to: sealed }))
  return { ...reach, credentials }
}

/** Null: for ever, or nobody says. */
export const accessEndOf = async (app: App, inbox: InboxRef, channel: Channel, reach: Reach): Promise<number | null> =>
  channel.accessEnds ? passing(app, inbox, channel.accessEnds(reach)) : null

/** Neither is worth failing a look at the account for. */
async function passing<T>(app: App, inbox: InboxRef, asked: Promise<T>): Promise<T | null> {
  try {
    return await asked
  } catch (error) {
    if (!(error instanceof ChannelError)) throw error
    app.log.warn('access.not_told', { inboxId: inbox.id, code: error.code })
    return null
  }
}
