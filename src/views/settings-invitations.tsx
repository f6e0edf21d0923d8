/** Letting people in: the links that are open, and a new one. */
import type { OpenInvitation } from '../db/queries/invitations.ts'
import type { Viewer } from '../db/records.ts'
import { ROLES } from '../db/schema/index.ts'
import type { I18n } from '../i18n/index.ts'
import { Copied, drawsPage, RemoveButton } from './settings-page.tsx'

export interface Inviting {
  /** Of the next one: submitted twice, it is one. */
  id: string
  open: OpenInvitation[]
  places: { kind: 'department' | 'inbox'; id: string; name: string }[]
  /** Of the one that was made a moment ago: shown this once. */
  link?: string | undefined
}

export function Invitations({ i18n, viewer, id, open, places, link }: Inviting & { i18n: I18n; viewer: Viewer }) {
  const { invitation, agents } = i18n.t
  return (
    <section id="invitations" class="stack" aria-labelledby="invitations-title">
      <h2 id="invitations-title">{invitation.heading}</h2>
      {link && <Made i18n={i18n} link={link} />}
      <ul class="people">
        {open.length === 0 && <li class="faint">{invitation.none}</li>}
        {open.map((one) => (
          <Open i18n={i18n} invitation={one} />
        ))}
      </ul>
      <details class="credentials" open={open.length === 0 && !link}>
        <summary>{invitation.make}</summary>
        <form {...drawsPage('/settings/agents/invitations')} class="stack">
          <input type="hidden" name="id" value={id} />
          <label class="field" for="invitation-role">
            <span>{invitation.role}</span>
            <select id="invitation-role" name="role">
              {ROLES.filter((role) => role !== 'owner' || viewer.role === 'owner').map((role) => (
                <option value={role} selected={role === 'agent'}>
                  {agents.role[role]}
                </option>
              ))}
            </select>
          </label>
          <Places legend={invitation.departments} name="departmentId" places={places.filter(isOf('department'))} />
          <Places legend={invitation.inboxes} name="inboxId" places={places.filter(isOf('inbox'))} checked />
          <button type="submit" class="button button--primary">
            {invitation.create}
          </button>
        </form>
      </details>
    </section>
  )
}

const isOf =
  (kind: string) =>
  (place: Inviting['places'][number]): boolean =>
    place.kind === kind

function Made({ i18n, link }: { i18n: I18n; link: string }) {
  const { invitation } = i18n.t
  return (
    <div role="status" class="stack">
      <p>{invitation.made}</p>
      <Copied i18n={i18n} id="invitation-link" label={invitation.link} value={link} />
    </div>
  )
}

function Open({ i18n, invitation: of }: { i18n: I18n; invitation: OpenInvitation }) {
  const { t, fill, dateTime } = i18n
  const names = JSON.parse(of.departments) as string[]
  const departments = names.length > 0 ? i18n.list(names) : t.agents.noDepartment
  const role = t.agents.role[of.role]
  return (
    <li class="person" data-invitation-id={of.id}>
      <div class="person-who">
        <p class="person-name">
          <bdi hx-ignore>{departments}</bdi>
        </p>
        <p class="faint">
          <bdi hx-ignore>{fill(t.invitation.open, { role, name: of.invited_by, at: dateTime(of.expires_at) })}</bdi>
        </p>
      </div>
      <RemoveButton
        i18n={i18n}
        action={`/settings/agents/invitations/${of.id}`}
        label={fill(t.invitation.revokeNamed, { role, departments })}
      />
    </li>
  )
}

interface PlacesProps {
  legend: string
  name: string
  places: Inviting['places']
  /** As most people have all of them. */
  checked?: boolean
}

function Places({ legend, name, places, checked = false }: PlacesProps) {
  if (places.length === 0) return null
  return (
    <fieldset class="check-group">
      <legend>{legend}</legend>
      {places.map((place) => (
        <label class="check">
          <input type="checkbox" name={name} value={place.id} checked={checked} />
          <bdi hx-ignore>{place.name}</bdi>
        </label>
      ))}
    </fieldset>
  )
}
