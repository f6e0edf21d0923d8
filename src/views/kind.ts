/** What a message is when it is not text: its name and its sign. Kinds that are not drawn yet say so. */
import type { Messages } from '../i18n/index.ts'
import type { IconName } from './icon.tsx'

type Kind = Exclude<keyof Messages['kind'], 'notShown' | 'unsupported' | 'comment'>

const ICON_OF: Record<Kind, IconName> = {
  image: 'image',
  audio: 'mic',
  voice: 'mic',
  video: 'video',
  document: 'file-text',
  sticker: 'sticker',
  location: 'map-pin',
  contacts: 'user-round',
  reaction: 'message-circle',
  interactive: 'message-circle',
  button: 'message-circle',
  order: 'file-text',
  template: 'file-text',
  edit: 'message-circle',
  delete: 'message-circle',
  system: 'message-circle',
}

/** The kind's name and icon; null: a kind that we have no word for. */
export function kindOf(t: Messages, type: string): { name: string; icon: IconName } | null {
  return Object.hasOwn(ICON_OF, type) ? { name: t.kind[type as Kind], icon: ICON_OF[type as Kind] } : null
}
