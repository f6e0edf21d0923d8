import { assets } from '../../dist/manifest.ts'

/** The lucide icons of our sprite; `src/assets/icons/icons.json` lists the same. */
export const ICONS = [
  'arrow-down',
  'arrow-left',
  'check',
  'check-check',
  'circle-alert',
  'circle-question-mark',
  'clock',
  'copy',
  'file-text',
  'image',
  'keyboard',
  'log-out',
  'map-pin',
  'message-circle',
  'messages-square',
  'mic',
  'paperclip',
  'reply',
  'rotate-ccw',
  'send-horizontal',
  'settings',
  'sticker',
  'triangle-alert',
  'unplug',
  'user-round',
  'users-round',
  'video',
  'x',
] as const

export type IconName = (typeof ICONS)[number]

/** A drawing beside words; where it stands alone, `label` is its name. */
export function Icon({ name, label }: { name: IconName; label?: string | undefined }) {
  return (
    <svg class="icon" {...(label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': 'true' })}>
      <use href={`${assets.icons}#${name}`} />
    </svg>
  )
}
