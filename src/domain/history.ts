/** What was said while we did not listen: asked for at the provider, and put on the ordinary way in. */
import type { Channel, MessageEvent, Reach } from '../channels/channel.ts'
import { type InboxRef, knownAmong } from '../db/queries/inbound.ts'
import type { App } from './app.ts'

/** The provider's answers are pages of the newest: more of them would ask it for minutes. */
const MOST_PAGES = 10

export interface Past {
  /** Null: this channel keeps no past that could be asked for. */
  found: number | null
  /** Those that we did not have. */
  missed: MessageEvent[]
}

/**
 * Reads back, newest first, until everything on a page was known. `peer`: the addresses of one person; null: of everyone.
 * Throws a ChannelError.
 */
export async function readBack(
  app: App,
  { inbox, channel, reach }: { inbox: InboxRef; channel: Channel; reach: Reach },
  peer: string[] | null,
): Promise<Past> {
  if (!channel.history) return { found: null, missed: [] }
  const past: Past & { found: number } = { found: 0, missed: [] }
  let page: string | null = null
  for (let read = 0; read < MOST_PAGES; read++) {
    const { events, next } = await channel.history(reach, { peer, page })
    const missed = await unknownAmong(app, inbox, events)
    past.found += events.length
    past.missed.push(...missed)
    if (next === null || (events.length > 0 && missed.length === 0)) break
    page = next
  }
  return past
}

async function unknownAmong(app: App, inbox: InboxRef, events: MessageEvent[]): Promise<MessageEvent[]> {
  if (events.length === 0) return []
  const ids = events.map(({ externalId }) => externalId)
  const [rows] = await app.db.read(knownAmong(inbox, ids))
  const known = new Set(rows.map(({ target }) => target))
  return events.filter(({ externalId }) => !known.has(externalId))
}
