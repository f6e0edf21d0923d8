/** How a channel is shown: its drawing and its name. */
import type { ChannelWords } from '../channels/connection.ts'
import { type ChannelName, channelNamed } from '../channels/index.ts'
import type { I18n } from '../i18n/index.ts'
import { Icon } from './icon.tsx'

export const wordsOf = ({ locale }: I18n, channel: ChannelName): ChannelWords | undefined =>
  channelNamed(channel)?.words[locale]

export const channelLabel = (i18n: I18n, channel: ChannelName): string => wordsOf(i18n, channel)?.label ?? channel

export function ChannelSign({ i18n, channel }: { i18n: I18n; channel: ChannelName }) {
  const label = channelLabel(i18n, channel)
  return (
    <span class="channel" title={label}>
      <Icon name={channelNamed(channel)?.sign ?? 'message-circle'} label={label} />
    </span>
  )
}
