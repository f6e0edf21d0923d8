/** What was said while we did not listen: asked for at the provider, and put on the ordinary way in. */
import type { Channel, Reach } from '../channels/channel.ts'
import type { MessageEvent } from '../channels/events.ts'
import { type InboxRef, knownAmong } from '../db/queries/inbound.ts'
import { addressesInThread } from '../db/queries/messages.ts'
import type { ConversationHead, Scope } from '../db/records.ts'
import type { App, Recovered } from './app.ts'
import { areErased, hashed, keysOf } from './erased.ts'

/** The provider's answers are pages of the newest: more of them would ask it for minutes. */
const MOST_PAGES = 10

/**
 * Those that we did not have, read newest first until everything on a page was known, or all of it `since` an outage
 * began, of which some may have come through: what was said from then on is news. Null: this channel keeps no past.
 * `peer`: the addresses of one person; null: of everyone. Throws a ChannelError.
 */
export async function readBack(
  app: App,
  { inbox, channel, reach }: { inbox: InboxRef; channel: Channel; reach: Reach },
  { peer, since }: { peer: string[] | null; since: number | null },
): Promise<MessageEvent[] | null> {
  if (!channel.history) return null
  const all: MessageEvent[] = []
  let page: string | null = null
  for (let read = 0; read < MOST_PAGES; read++) {
    const { events, next } = await channel.history(reach, { peer, page, since })
    const missed = await unknownAmong(app, inbox, events)
    all.push(...missed)
    const wasThere = since === null && events.length > 0 && missed.length === 0
    if (next === null || wasThere) break
    page = next
  }
  return since === null ? all : asNews(all, since)
}

/** Nobody has seen it, and whoever wrote waits: it comes as it would have come, in the order in which it was said. */
const asNews = (events: MessageEvent[], since: number): MessageEvent[] =>
  events.toReversed().map((event) => ({ ...event, history: (event.occurredAt ?? 0) < since }))

/** What a look at the past brought: `messages`; null: the channel keeps none. */
export type Synchronized = Recovered | null | 'unreachable'

/** Everything that waits is looked at once more, and what was said to this person meanwhile is asked for. */
export async function readBackFor(app: App, scope: Scope, conversation: ConversationHead): Promise<Synchronized> {
  if (!app.channel(conversation.channel).history) return null
  const [rows] = await app.db.read(addressesInThread(scope, conversation.identityId))
  try {
    return await app.gateway(conversation.webhookKey).readBack(
      rows.map(({ external_id }) => external_id),
      null,
    )
  } catch (error) {
    app.log.error('history.not_read', error, { conversationId: conversation.id })
    return 'unreachable'
  }
}

async function unknownAmong(app: App, inbox: InboxRef, events: MessageEvent[]): Promise<MessageEvent[]> {
  if (events.length === 0) return []
  const ids = events.map(({ externalId }) => externalId)
  const [rows] = await app.db.read(knownAmong(inbox, ids))
  const known = new Set(rows.map(({ target }) => target))
  const unknown = events.filter(({ externalId }) => !known.has(externalId))
  return withoutErased(app, inbox, unknown)
}

/** What was erased is nothing that was missed. */
async function withoutErased(app: App, inbox: InboxRef, events: MessageEvent[]): Promise<MessageEvent[]> {
  if (events.length === 0) return []
  const told = events.map((event) => ({ event, receivedAt: app.now() }))
  const keys = await Promise.all(told.map((one) => hashed(app, inbox, keysOf(one))))
  const erased = await areErased(app, inbox, keys)
  return events.filter((_, at) => !erased[at])
}
