/** What a message is when it is not text: its name and its sign; and a message in a line. */
import { MEDIA_KINDS, type MediaKind } from '../channels/content.ts'
import type { ChannelName, Glimpse } from '../db/records.ts'
import { fill, type Messages } from '../i18n/index.ts'
import { plainText, readsMarks } from './formatted-text.tsx'
import type { IconName } from './icon.tsx'

type Kind = Exclude<keyof Messages['kind'], 'named' | 'unsupported' | 'unknownType' | 'comment'>

const ICON_OF: Partial<Record<string, IconName>> & Record<Exclude<Kind, 'message'>, IconName> = {
  image: 'image',
  audio: 'mic',
  voice: 'mic',
  video: 'video',
  document: 'file-text',
  sticker: 'sticker',
  location: 'map-pin',
  contacts: 'user-round',
  reaction: 'smile',
  interactive: 'list',
  button: 'mouse-pointer-click',
  postback: 'mouse-pointer-click',
  order: 'shopping-bag',
  share: 'link',
  story_mention: 'at-sign',
  template: 'file-text',
  media_placeholder: 'history',
  poll: 'clipboard-list',
}

/** The kind's name and icon; null: a kind that we have no word for. Text is a message like any other. */
export function kindOf(t: Messages, type: string): { name: string; icon: IconName } | null {
  if (type === 'text') return { name: t.kind.message, icon: 'message-circle' }
  const icon = Object.hasOwn(ICON_OF, type) ? ICON_OF[type] : undefined
  return icon ? { name: t.kind[type as Kind], icon } : null
}

export const isFile = (type: string): boolean => MEDIA_KINDS.includes(type as MediaKind)

export const unsupportedName = (t: Messages, type: string | null | undefined) =>
  fill(t.kind.unsupported, { type: type ?? t.kind.unknownType })

/** Of what was taken back, or erased with all that its person said. */
export function deletedName({ content, privacy }: Messages, { direction, type }: Pick<Glimpse, 'direction' | 'type'>) {
  if (type === 'erased') return privacy.content
  return direction === 'incoming' ? content.deletedByCustomer : content.deleted
}

/** A message in a line; `name` is what the icon says to whom does not see it, where the text does not. */
export interface Line {
  icon: IconName | null
  name: string | undefined
  text: string
}

export function lineOf(t: Messages, channel: ChannelName, of: Glimpse): Line {
  const { type, body, label } = of
  if (of.deleted) return { icon: 'ban', name: undefined, text: deletedName(t, of) }
  const kind = kindOf(t, of.voice ? 'voice' : type)
  if (!kind) return { icon: 'circle-question-mark', name: undefined, text: unsupportedName(t, nameOfUnknown(of)) }
  const icon = type === 'text' ? null : kind.icon
  const named = icon ? kind.name : undefined
  if (body !== null)
    return { icon, name: named, text: readsMarks({ channel, direction: of.direction }) ? plainText(body) : body }
  if (label === null) return { icon, name: undefined, text: kind.name }
  if (type === 'text' || type === 'document') return { icon, name: named, text: label }
  return { icon, name: undefined, text: fill(t.kind.named, { kind: kind.name, name: label }) }
}

const nameOfUnknown = ({ type, label }: Glimpse) => (type === 'unsupported' ? label : type)
