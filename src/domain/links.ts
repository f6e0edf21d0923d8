/** A number that stays on a phone: what its connection goes through, and what was missed meanwhile. */
import type { LinkState } from '../channels/channel.ts'
import type { AccountEvent } from '../channels/events.ts'
import { builtChannels, channelNamed } from '../channels/index.ts'
import type { InboxRef } from '../db/queries/inbound.ts'
import {
  type LinkChange,
  linkOf,
  owedSince,
  type StoredLink,
  storeCaughtUp,
  storeLink,
  storeRecovered,
} from '../db/queries/links.ts'
import type { App, Recovered } from './app.ts'

/** The channels whose numbers stay on phones. */
export const linkedChannels = builtChannels.filter((name) => channelNamed(name)?.link)

const STATES: Partial<Record<AccountEvent['what'], LinkState>> = {
  reconnected: 'open',
  connecting: 'connecting',
  waiting_for_scan: 'waiting',
  disconnected: 'closed',
}

export const stateIn = ({ what }: Pick<AccountEvent, 'what'>): LinkState | null => STATES[what] ?? null

export interface LinkStanding {
  link: StoredLink | null
  /** Nothing leaves. */
  stopped: boolean
  owesPast: boolean
}

/** Writes down how it stands, and answers with what is known from then on. */
export async function noteLink(app: App, inbox: InboxRef, change: LinkChange): Promise<LinkStanding> {
  await app.db.write(...storeLink(inbox, change))
  return standingOf(app, inbox)
}

export async function standingOf(app: App, inbox: InboxRef): Promise<LinkStanding> {
  const [[row]] = await app.db.read(linkOf(inbox))
  const link = row?.link ? (JSON.parse(row.link) as StoredLink) : null
  return { link, stopped: row?.status === 'needs_reauth', owesPast: row?.owed === 1 }
}

/** Clocks differ, and a connection is lost before anybody notices. */
const BEFORE_IT_WAS_NOTICED = 5 * 60_000

/** Asks for what was said while the phone, or the provider, could not be heard; until it was had, every look asks again. */
export async function recover(
  app: App,
  inbox: InboxRef,
  readBack: (since: number | null) => Promise<Recovered | null>,
): Promise<void> {
  const until = app.now()
  const [[owed]] = await app.db.read(owedSince(inbox))
  const since = owed?.since ?? null
  const recovered = await readBack(since === null ? null : since - BEFORE_IT_WAS_NOTICED)
  await app.db.write(storeRecovered(inbox, { messages: recovered?.messages ?? 0, until }), storeCaughtUp(inbox))
}
