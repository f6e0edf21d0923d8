/** Every channel that is built, by its name. */
import type { Channel, ChannelName } from './channel.ts'
import { instagram } from './instagram/instagram.ts'
import { messenger } from './messenger/messenger.ts'
import { whatsapp } from './whatsapp/whatsapp.ts'

export const channels: Partial<Record<ChannelName, Channel>> = { whatsapp, instagram, messenger }

export const builtChannels = Object.keys(channels) as ChannelName[]

/** The channel of that name, as a URL or a row says it; null: there is none, or not yet. */
export function channelNamed(name: string): Channel | null {
  return Object.hasOwn(channels, name) ? (channels[name as ChannelName] ?? null) : null
}
