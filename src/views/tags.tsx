/** The page of tags: what there is, who has how many, and, for those who lead, what may be done with them. */
import type { TagChip, TagColor } from '../db/records.ts'
import { TAG_COLORS } from '../db/schema/index.ts'
import type { I18n } from '../i18n/index.ts'
import { DialogDismissal, DialogLink, DialogPage, postsFromDialog } from './dialog.tsx'
import { Override } from './forms.tsx'
import { Tag } from './tag.tsx'

export interface TagEntry extends TagChip {
  uses: number
  version: number
}

export function TagsPage({ i18n, tags, mayManage }: { i18n: I18n; tags: TagEntry[]; mayManage: boolean }) {
  const { t } = i18n
  return (
    <section class="sheet">
      <header class="sheet-head">
        <h1 tabindex={-1}>{t.tags.title}</h1>
        {mayManage && (
          <DialogLink class="button button--primary" href="/tags/new">
            {t.tags.newTag}
          </DialogLink>
        )}
      </header>
      <ul id="tags" class="people">
        {tags.map((tag) => (
          <TagItem i18n={i18n} tag={tag} mayManage={mayManage} />
        ))}
      </ul>
      {tags.length === 0 && <p class="faint">{mayManage ? t.tags.none : `${t.tags.none} ${t.tags.askLeader}`}</p>}
    </section>
  )
}

function TagItem({ i18n, tag, mayManage }: { i18n: I18n; tag: TagEntry; mayManage: boolean }) {
  const { t, fill } = i18n
  return (
    <li class="person" data-tag-id={tag.id}>
      <p class="person-who">
        <a class="tag-link" href={`/conversations?view=all&tag=${tag.id}`}>
          <Tag tag={tag} />
        </a>
      </p>
      {mayManage && (
        <>
          <span class="faint">{i18n.count(t.tags.uses, tag.uses)}</span>
          <DialogLink
            class="button button--small"
            href={`/tags/${tag.id}`}
            aria-label={fill(t.tags.editNamed, { name: tag.name })}
          >
            {t.tags.edit}
          </DialogLink>
          <DialogLink
            class="button button--small"
            href={`/tags/${tag.id}/deletion`}
            aria-label={fill(t.tags.deleteNamed, { name: tag.name })}
          >
            {t.tags.delete}
          </DialogLink>
        </>
      )}
    </li>
  )
}

/** A new tag, or one that is changed: then with the version that the page showed. */
export function TagForm({
  i18n,
  tag,
  typed,
  problem = null,
}: {
  i18n: I18n
  tag: TagEntry | null
  /** What was written into the form, where it differs from the tag. */
  typed?: { name: string; color: TagColor }
  problem?: string | null
}) {
  const { t, fill } = i18n
  const { name, color } = typed ?? tag ?? { name: '', color: TAG_COLORS[0] }
  return (
    <DialogPage i18n={i18n} title={tag ? fill(t.tags.editNamed, { name: tag.name }) : t.tags.newTag} back="/tags">
      <form {...postsFromDialog(tag ? `/tags/${tag.id}` : '/tags')} class="stack">
        <Override method={tag ? 'PUT' : 'POST'} />
        {tag && <input type="hidden" name="version" value={tag.version} />}
        <div class="field">
          <label for="tag-name">{t.tags.name}</label>
          <input
            type="text"
            id="tag-name"
            name="name"
            value={name}
            required
            maxlength={200}
            autofocus
            aria-invalid={problem ? 'true' : undefined}
            aria-describedby={problem ? 'tag-name-problem' : undefined}
          />
          {problem && (
            <span id="tag-name-problem" class="field-problem">
              {problem}
            </span>
          )}
        </div>
        <fieldset class="tag-colors">
          <legend>{t.tags.color}</legend>
          {TAG_COLORS.map((one) => (
            <label>
              <input type="radio" name="color" value={one} checked={one === color} />
              <Tag tag={{ name: t.tags.colors[one], color: one }} />
            </label>
          ))}
        </fieldset>
        <div class="dialog-acts">
          <DialogDismissal back="/tags">{t.dialog.cancel}</DialogDismissal>
          <button type="submit" class="button button--primary">
            {tag ? t.tags.save : t.tags.create}
          </button>
        </div>
      </form>
    </DialogPage>
  )
}

/** Asks once more, and says what the tag is used for. */
export function TagDeletion({ i18n, tag }: { i18n: I18n; tag: TagEntry }) {
  const { t, fill, count } = i18n
  return (
    <DialogPage i18n={i18n} title={fill(t.tags.deleteTitle, { name: tag.name })} back="/tags">
      <form {...postsFromDialog(`/tags/${tag.id}`)} class="stack">
        <Override method="DELETE" />
        <p>{tag.uses > 0 ? count(t.tags.deleteUsed, tag.uses) : t.tags.deleteUnused}</p>
        <div class="dialog-acts">
          <DialogDismissal back="/tags">{t.dialog.cancel}</DialogDismissal>
          <button type="submit" class="button button--primary">
            {t.tags.delete}
          </button>
        </div>
      </form>
    </DialogPage>
  )
}
