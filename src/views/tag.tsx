/** Tags as they stand beside a person: in a row of the list, in the head of a thread, on the contact. */
import type { ConversationRow, TagChip } from '../db/records.ts'
import type { I18n } from '../i18n/index.ts'
import { DialogLink } from './dialog.tsx'
import { Icon } from './icon.tsx'

/** The first three, and how many more there are. Nothing where there are none. */
export function TagChips({ i18n, tags: { count, first } }: { i18n: I18n; tags: ConversationRow['tags'] }) {
  if (count === 0) return null
  const more = count - first.length
  return (
    <span class="tags">
      {first.map((tag) => (
        <Tag tag={tag} />
      ))}
      {more > 0 && (
        <span class="tag" title={i18n.count(i18n.t.tags.more, more)}>
          +{more}
        </span>
      )}
    </span>
  )
}

export function Tag({ tag: { name, color } }: { tag: Pick<TagChip, 'name' | 'color'> }) {
  return (
    <bdi class="tag" data-color={color} hx-ignore>
      {name}
    </bdi>
  )
}

/** The icon beside the person's photo. */
export function TagButton({ i18n: { t }, contactId, label }: { i18n: I18n; contactId: string; label?: string }) {
  return (
    <DialogLink
      href={tagsPath(contactId)}
      class="icon-button tag-button"
      aria-label={label ?? t.tags.select}
      title={t.tags.select}
    >
      <Icon name="tag" />
    </DialogLink>
  )
}

export const tagsPath = (contactId: string) => `/contacts/${contactId}/tags`
