import type { TagChip } from '../db/records.ts'
import type { I18n } from '../i18n/index.ts'
import { DialogDismissal, DialogPage, postsFromDialog } from './dialog.tsx'
import { Override } from './forms.tsx'
import { Icon } from './icon.tsx'
import { Tag, tagsPath } from './tag.tsx'

export interface TagDialogProps {
  i18n: I18n
  contact: { id: string; name: string }
  tags: TagChip[]
  /** The tags that the person had when the dialog was drawn: what is saved is the difference. */
  shown: string[]
  /** What is chosen now, and the names that are to become tags. */
  chosen: string[]
  created: string[]
  mayCreate: boolean
  problem?: string | null
}

/** Chooses the tags of one person. Without script it lists them all, and one new name can be written. */
export function TagDialog(props: TagDialogProps) {
  const { i18n, contact, tags, shown, chosen, created, mayCreate, problem } = props
  const { t, fill } = i18n
  const back = `/contacts/${contact.id}`
  return (
    <DialogPage i18n={i18n} title={t.tags.select} back={back}>
      <form {...postsFromDialog(tagsPath(contact.id))} class="tag-form" data-tag-form>
        <Override method="PUT" />
        <p class="faint">{fill(t.tags.of, { name: contact.name })}</p>
        {shown.map((id) => (
          <input type="hidden" name="shown" value={id} />
        ))}
        {(mayCreate || tags.length > 0) && <TagSearch i18n={i18n} mayCreate={mayCreate} problem={problem ?? null} />}
        <ul id="tag-options" class="tag-options" aria-label={t.tags.title} data-create={t.tags.createNamed}>
          {created.map((name) => (
            <TagOption name="create" value={name} tag={{ name, color: 'ash' }} checked />
          ))}
          {tags.map((tag) => (
            <TagOption name="tag" value={tag.id} tag={tag} checked={chosen.includes(tag.id)} />
          ))}
        </ul>
        {mayCreate && (
          <button type="button" class="button tag-create" data-needs-script hidden>
            <Icon name="plus" />
            <span />
          </button>
        )}
        <p class="tag-none faint" role="status" hidden={tags.length > 0}>
          {tags.length > 0 ? t.tags.noneFound : mayCreate ? t.tags.none : `${t.tags.none} ${t.tags.askLeader}`}
        </p>
        <div class="dialog-acts">
          <DialogDismissal back={back}>{t.dialog.cancel}</DialogDismissal>
          <button type="submit" class="button button--primary">
            {t.tags.save}
          </button>
        </div>
      </form>
    </DialogPage>
  )
}

/** With script it searches, and Enter chooses or creates; without, what is written here becomes a tag. */
function TagSearch({ i18n: { t }, mayCreate, problem }: { i18n: I18n; mayCreate: boolean; problem: string | null }) {
  return (
    <div class="field" data-needs-script={mayCreate ? undefined : ''}>
      <label for="tag-search">{mayCreate ? t.tags.searchOrCreate : t.tags.search}</label>
      <input
        type="search"
        id="tag-search"
        name={mayCreate ? 'create' : undefined}
        maxlength={200}
        autofocus
        aria-controls="tag-options"
        aria-invalid={problem ? 'true' : undefined}
        aria-describedby={problem ? 'tag-problem' : mayCreate ? 'tag-hint' : undefined}
      />
      {mayCreate && !problem && (
        <span id="tag-hint" class="faint" data-needs-script>
          {t.tags.createHint}
        </span>
      )}
      {problem && (
        <span id="tag-problem" class="field-problem">
          {problem}
        </span>
      )}
    </div>
  )
}

function TagOption({ name, value, tag, checked }: TagOptionProps) {
  return (
    <li class="tag-option">
      <label>
        <input type="checkbox" name={name} value={value} checked={checked} />
        <Tag tag={tag} />
      </label>
    </li>
  )
}

interface TagOptionProps {
  name: 'tag' | 'create'
  value: string
  tag: Pick<TagChip, 'name' | 'color'>
  checked: boolean
}
