import { assets } from '../../dist/manifest.ts'

/** The lucide icons of our sprite; `src/assets/icons/icons.json` lists the same. */
export const ICONS = [
  'archive',
  'arrow-down',
  'arrow-left',
  'at-sign',
  'ban',
  'book-user',
  'check',
  'check-check',
  'chevron-down',
  'circle',
  'circle-alert',
  'circle-check',
  'circle-question-mark',
  'clapperboard',
  'clipboard-list',
  'clock',
  'copy',
  'ellipsis-vertical',
  'external-link',
  'file-text',
  'forward',
  'history',
  'hourglass',
  'image',
  'inbox',
  'keyboard',
  'link',
  'list',
  'list-filter',
  'log-out',
  'map-pin',
  'megaphone',
  'merge',
  'message-circle',
  'messages-square',
  'mic',
  'mouse-pointer-click',
  'paperclip',
  'pencil',
  'pin',
  'plus',
  'refresh-cw',
  'reply',
  'rotate-ccw',
  'search',
  'send-horizontal',
  'settings',
  'shopping-bag',
  'smile',
  'smile-plus',
  'square-check-big',
  'square-pen',
  'sticker',
  'tag',
  'triangle-alert',
  'unplug',
  'user-check',
  'user-plus',
  'user-round',
  'users-round',
  'video',
  'x',
  'zap',
] as const

/** Our own drawings, beside them in the sprite. */
type ChannelIcon = 'whatsapp' | 'instagram' | 'messenger' | 'telegram'

export type IconName = (typeof ICONS)[number] | ChannelIcon

/** A drawing beside words; where it stands alone, `label` is its name. */
export function Icon({ name, label }: { name: IconName; label?: string | undefined }) {
  const drawing = <use href={`${assets.icons}#${name}`} />
  return label ? (
    <svg class="icon" role="img" aria-label={label}>
      {drawing}
    </svg>
  ) : (
    <svg class="icon" aria-hidden="true">
      {drawing}
    </svg>
  )
}
