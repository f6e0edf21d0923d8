/** The page of groups: what there is, how many people are in each, and, for those who lead, what may be done with them. */
import type { Group } from '../db/contact-records.ts'
import type { I18n } from '../i18n/index.ts'
import { DialogDismissal, DialogLink, DialogPage, postsFromDialog } from './dialog.tsx'
import { Override } from './forms.tsx'

/** Beyond it, a count only says "more". */
export interface GroupsPageProps {
  i18n: I18n
  groups: Group[]
  counted: number
  mayManage: boolean
}

export function GroupsPage({ i18n, groups, counted, mayManage }: GroupsPageProps) {
  const { t } = i18n
  return (
    <section class="sheet">
      <header class="sheet-head">
        <h1 tabindex={-1}>{t.groups.title}</h1>
        {mayManage && (
          <DialogLink class="button button--primary" href="/groups/new">
            {t.groups.newGroup}
          </DialogLink>
        )}
      </header>
      <ul id="groups" class="people">
        {groups.map((group) => (
          <GroupItem i18n={i18n} group={group} counted={counted} mayManage={mayManage} />
        ))}
      </ul>
      {groups.length === 0 && (
        <p class="faint">{mayManage ? t.groups.noGroups : `${t.groups.noGroups} ${t.groups.askLeader}`}</p>
      )}
    </section>
  )
}

function GroupItem({ i18n, group, counted, mayManage }: Omit<GroupsPageProps, 'groups'> & { group: Group }) {
  const { t, fill, count } = i18n
  const { id, name, people } = group
  return (
    <li class="person" data-group-id={id}>
      <div class="person-who">
        <p class="person-name">
          <a href={`/contacts?group=${id}`}>
            <bdi hx-ignore>{name}</bdi>
          </a>
        </p>
        <p class="faint">
          {people > counted ? fill(t.groups.manyPeople, { n: counted }) : count(t.groups.people, people)} ·{' '}
          <a href={`/conversations?view=all&group=${id}`} aria-label={fill(t.groups.conversations, { name })}>
            {t.nav.conversations}
          </a>
        </p>
      </div>
      {mayManage && (
        <>
          <DialogLink
            class="button button--small"
            href={`/groups/${id}`}
            aria-label={fill(t.groups.renameNamed, { name })}
          >
            {t.groups.rename}
          </DialogLink>
          <DialogLink
            class="button button--small"
            href={`/groups/${id}/deletion`}
            aria-label={fill(t.groups.removeNamed, { name })}
          >
            {t.groups.remove}
          </DialogLink>
        </>
      )}
    </li>
  )
}

interface GroupFormProps {
  i18n: I18n
  /** The group as it is; null: a new one, under the id that it is to have. */
  group: Group | null
  id: string
  typed?: string
  problem?: string | null
}

export function GroupForm({ i18n, group, id, typed, problem = null }: GroupFormProps) {
  const { t, fill } = i18n
  const title = group ? fill(t.groups.renameNamed, { name: group.name }) : t.groups.newGroup
  return (
    <DialogPage i18n={i18n} title={title} back="/groups">
      <form {...postsFromDialog(group ? `/groups/${id}` : '/groups')} class="stack">
        <Override method={group ? 'PUT' : 'POST'} />
        {group ? (
          <input type="hidden" name="version" value={group.version} />
        ) : (
          <input type="hidden" name="id" value={id} />
        )}
        <div class="field">
          <label for="group-name">{t.groups.name}</label>
          <input
            type="text"
            id="group-name"
            name="name"
            value={typed ?? group?.name ?? ''}
            required
            maxlength={4_000}
            dir="auto"
            autofocus
            aria-invalid={problem ? 'true' : undefined}
            aria-describedby={problem ? 'group-name-problem' : undefined}
          />
          {problem && (
            <p id="group-name-problem" class="field-problem" role="alert">
              {problem}
            </p>
          )}
        </div>
        <div class="dialog-acts">
          <DialogDismissal back="/groups">{t.dialog.cancel}</DialogDismissal>
          <button type="submit" class="button button--primary">
            {group ? t.groups.save : t.groups.create}
          </button>
        </div>
      </form>
    </DialogPage>
  )
}

/** Asks once more, and says who is in it. */
export function GroupRemoval({ i18n, group, counted }: { i18n: I18n; group: Group; counted: number }) {
  const { t, fill, count } = i18n
  const used =
    group.people > counted ? fill(t.groups.removeMany, { n: counted }) : count(t.groups.removeUsed, group.people)
  return (
    <DialogPage i18n={i18n} title={fill(t.groups.removeTitle, { name: group.name })} back="/groups">
      <form {...postsFromDialog(`/groups/${group.id}`)} class="stack">
        <Override method="DELETE" />
        <p>{group.people > 0 ? used : t.groups.removeUnused}</p>
        <div class="dialog-acts">
          <DialogDismissal back="/groups">{t.dialog.cancel}</DialogDismissal>
          <button type="submit" class="button button--primary">
            {t.groups.remove}
          </button>
        </div>
      </form>
    </DialogPage>
  )
}
