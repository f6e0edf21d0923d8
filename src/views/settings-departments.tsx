import type { Viewer } from '../db/records.ts'
import type { I18n } from '../i18n/index.ts'
import { DialogDismissal, DialogLink, DialogPage, postsFromDialog } from './dialog.tsx'
import { Override } from './forms.tsx'
import { type MemberEntry, Members } from './settings-members.tsx'
import { administrates } from './settings-nav.tsx'
import { ChoiceForm, describedBy, Field, NameForm, type Refused, refusedIn, SettingsPage } from './settings-page.tsx'

export interface DepartmentEntry {
  id: string
  name: string
  members: number
  open: number
}

interface DepartmentsPageProps {
  i18n: I18n
  viewer: Viewer
  departments: DepartmentEntry[]
  /** The id that the next department will have: submitted twice, it is one. */
  newId: string
  refused?: Refused | undefined
}

/** All departments; a supervisor's own, to look at. */
export function DepartmentsPage({ i18n, viewer, departments, newId, refused }: DepartmentsPageProps) {
  const { t } = i18n
  return (
    <SettingsPage i18n={i18n} viewer={viewer} here="/departments" title={t.departments.title}>
      {departments.length === 0 && <p class="faint">{t.departments.empty}</p>}
      <ul class="people">
        {departments.map(({ id, name, members, open }) => (
          <li class="person" data-department-id={id}>
            <div class="person-who">
              <p class="person-name">
                <a href={`/settings/departments/${id}`}>
                  <bdi hx-ignore>{name}</bdi>
                </a>
              </p>
              <p class="faint">
                {i18n.count(t.settings.people, members)} · {i18n.count(t.departments.openConversations, open)}
              </p>
            </div>
          </li>
        ))}
      </ul>
      {administrates(viewer) ? (
        <NameForm
          i18n={i18n}
          id="department-name"
          action="/settings/departments"
          label={t.departments.create}
          button={t.settings.create}
          fields={{ id: newId }}
          refused={refusedIn(refused, 'create')}
        />
      ) : (
        <p class="faint">{t.settings.readOnly}</p>
      )}
    </SettingsPage>
  )
}

interface DepartmentPageProps {
  i18n: I18n
  viewer: Viewer
  department: { id: string; name: string }
  members: MemberEntry[]
  /** Who could be added. */
  others: MemberEntry[]
  refused?: Refused | undefined
}

export function DepartmentPage({ i18n, viewer, department, members, others, refused }: DepartmentPageProps) {
  const { t, fill } = i18n
  const path = `/settings/departments/${department.id}`
  const changes = administrates(viewer)
  return (
    <SettingsPage i18n={i18n} viewer={viewer} here="/departments" title={department.name}>
      {changes && (
        <NameForm
          i18n={i18n}
          id="department-name"
          action={path}
          method="PUT"
          label={t.settings.name}
          button={t.settings.rename}
          value={department.name}
          fields={{ was: department.name }}
          refused={refusedIn(refused, 'rename')}
        />
      )}
      <h2>{t.departments.members}</h2>
      <Members
        i18n={i18n}
        id="department-members"
        members={members}
        empty={t.departments.noMembers}
        removal={({ id, name, role }) =>
          changes && (role !== 'owner' || viewer.role === 'owner')
            ? {
                action: `${path}/members/${id}`,
                label: fill(t.departments.removeMember, { name, department: department.name }),
              }
            : null
        }
      />
      {changes ? (
        <>
          <ChoiceForm
            i18n={i18n}
            id="department-member"
            action={`${path}/members`}
            name="agentId"
            label={t.departments.addMember}
            options={others}
          />
          <p>
            <DialogLink class="button" href={`${path}/removal`}>
              {fill(t.settings.removeNamed, { name: department.name })}
            </DialogLink>
          </p>
        </>
      ) : (
        <p class="faint">{t.settings.readOnly}</p>
      )}
    </SettingsPage>
  )
}

export interface UsesEntry {
  open: number
  closed: number
  /** Above it, "more than" is said. */
  mostCounted: number
  members: number
  inboxes: string[]
}

interface RemovalPageProps {
  i18n: I18n
  department: { id: string; name: string }
  uses: UsesEntry
  /** Where what is in it may go. */
  others: { id: string; name: string }[]
  /** Where it was going when so many were left. */
  going?: { to: string; left: number } | undefined
  refused?: Refused | undefined
}

/** What uses it, said first; then where that goes. */
export function DepartmentRemovalPage({ i18n, department, uses, others, going, refused }: RemovalPageProps) {
  const { t, fill } = i18n
  const path = `/settings/departments/${department.id}`
  const used = uses.open + uses.closed + uses.inboxes.length > 0
  return (
    <DialogPage i18n={i18n} title={fill(t.departments.removal, { name: department.name })} back={path}>
      <form {...postsFromDialog(path)} class="stack">
        <Override method="DELETE" />
        {going && <p role="status">{i18n.count(t.departments.left, going.left)}</p>}
        <div>
          <p>{used ? fill(t.departments.usedBy, { name: department.name }) : t.departments.unused}</p>
          <ul class="settings-uses">
            {usesOf(i18n, uses).map((use) => (
              <li>
                <bdi>{use}</bdi>
              </li>
            ))}
          </ul>
        </div>
        {used || refused ? (
          <>
            <Field i18n={i18n} id="department-to" label={t.departments.moveTo} refused={refused}>
              <select name="to" {...describedBy('department-to', refused)}>
                <option value="">{t.departments.moveToNone}</option>
                {others.map(({ id, name }) => (
                  <option value={id} selected={id === going?.to}>
                    {name}
                  </option>
                ))}
              </select>
            </Field>
            <p class="faint">{t.departments.moveHint}</p>
          </>
        ) : (
          <input type="hidden" name="to" value="" />
        )}
        <div class="dialog-acts">
          <DialogDismissal back={path}>{t.dialog.cancel}</DialogDismissal>
          <button type="submit" class="button button--primary">
            {t.settings.remove}
          </button>
        </div>
      </form>
    </DialogPage>
  )
}

function usesOf(i18n: I18n, { open, closed, mostCounted, members, inboxes }: UsesEntry): string[] {
  const { t, fill, count } = i18n
  return [
    open > 0 && count(t.departments.usedByOpen, open),
    closed > mostCounted && fill(t.departments.usedByMany, { n: mostCounted }),
    closed > 0 && closed <= mostCounted && count(t.departments.usedByClosed, closed),
    inboxes.length > 0 && `${count(t.departments.usedByInboxes, inboxes.length)}: ${inboxes.join(', ')}`,
    members > 0 && count(t.settings.people, members),
  ].filter((use) => use !== false)
}
