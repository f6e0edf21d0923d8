/** Every channel that is built, by its name. */
import type { Channel } from './channel.ts'
import { evolution } from './evolution/evolution.ts'
import { instagram } from './instagram/instagram.ts'
import { messenger } from './messenger/messenger.ts'
import { telegram } from './telegram/telegram.ts'
import { waha } from './waha/waha.ts'
import { whatsapp } from './whatsapp/whatsapp.ts'

export const channels = { whatsapp, instagram, messenger, telegram, evolution, waha } satisfies Record<string, Channel>

export type ChannelName = keyof typeof channels

export const builtChannels = Object.keys(channels) as ChannelName[]

/** The channel of that name, as a URL or a row says it; null: there is none, or not yet. */
export function channelNamed(name: string): Channel | null {
  return Object.hasOwn(channels, name) ? channels[name as ChannelName] : null
}
