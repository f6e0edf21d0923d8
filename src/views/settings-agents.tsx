import type { Role, Viewer } from '../db/records.ts'
import { ROLES } from '../db/schema/index.ts'
import type { I18n } from '../i18n/index.ts'
import { DialogLink } from './dialog.tsx'
import { Override } from './forms.tsx'
import { Invitations, type Inviting } from './settings-invitations.tsx'
import {
  ChoiceForm,
  Copied,
  describedBy,
  drawsPage,
  Field,
  type Refused,
  RemoveButton,
  refusedIn,
  SettingsPage,
} from './settings-page.tsx'

export interface AgentEntry {
  id: string
  name: string
  email: string
  role: Role
  deactivatedAt: number | null
  departments: string[]
  twoFactor: boolean
}

/** Who works here. Who may, lets people in and out. */
interface AgentsPageProps {
  i18n: I18n
  viewer: Viewer
  agents: AgentEntry[]
  /** For who may let people in. */
  inviting?: Inviting | undefined
}

export function AgentsPage({ i18n, viewer, agents, inviting }: AgentsPageProps) {
  return (
    <SettingsPage i18n={i18n} viewer={viewer} here="/agents" title={i18n.t.agents.title}>
      <ul id="agents" class="people">
        {agents.map((agent) => (
          <AgentItem i18n={i18n} viewer={viewer} agent={agent} />
        ))}
      </ul>
      {inviting && <Invitations i18n={i18n} viewer={viewer} {...inviting} />}
    </SettingsPage>
  )
}

function AgentItem({ i18n, viewer, agent }: { i18n: I18n; viewer: Viewer; agent: AgentEntry }) {
  const { t } = i18n
  const own = agent.id === viewer.agentId
  const manages = mayManage(viewer.role, agent.role)
  return (
    <li
      id={`agent-${agent.id}`}
      class="person"
      data-agent-id={agent.id}
      data-deactivated={agent.deactivatedAt === null ? undefined : ''}
    >
      <div class="person-who">
        <p class="person-name">
          {manages ? (
            <a href={`/settings/agents/${agent.id}`}>
              <bdi hx-ignore>{agent.name}</bdi>
            </a>
          ) : (
            <bdi hx-ignore>{agent.name}</bdi>
          )}{' '}
          {own && <span class="faint">({t.agents.you})</span>}
        </p>
        <About i18n={i18n} agent={agent} />
      </div>
      {!own && manages && <Deactivation i18n={i18n} agent={agent} />}
    </li>
  )
}

function About({ i18n: { t, fill, dateTime }, agent }: { i18n: I18n; agent: AgentEntry }) {
  return (
    <>
      <p class="faint">
        {agent.email} · {t.agents.role[agent.role]} ·{' '}
        <bdi hx-ignore>{agent.departments.join(', ') || t.agents.noDepartment}</bdi>
      </p>
      {agent.deactivatedAt !== null && (
        <p class="person-out">{fill(t.agents.deactivated, { at: dateTime(agent.deactivatedAt) })}</p>
      )}
    </>
  )
}

/** Owners manage everyone, administrators all but owners; the verb decides, this only hides what would be refused. */
function mayManage(actor: Role, of: Role): boolean {
  return actor === 'owner' || (actor === 'admin' && of !== 'owner')
}

/** Out by a dialog that says what goes where; in again by one button. */
function Deactivation({ i18n: { t, fill }, agent: { id, name, deactivatedAt } }: { i18n: I18n; agent: AgentEntry }) {
  const path = `/settings/agents/${id}/deactivation`
  if (deactivatedAt === null) {
    return (
      <DialogLink class="button" href={path} aria-label={fill(t.agents.deactivateNamed, { name })}>
        {t.agents.deactivate}
      </DialogLink>
    )
  }
  return (
    <form {...drawsPage(path)} hx-confirm={fill(t.agents.reactivateConfirm, { name })}>
      <Override method="DELETE" />
      <button type="submit" class="button" aria-label={fill(t.agents.reactivateNamed, { name })}>
        {t.agents.reactivate}
      </button>
    </form>
  )
}

export interface PlaceEntry {
  kind: 'department' | 'inbox'
  id: string
  name: string
  inside: boolean
}

interface AgentPageProps {
  i18n: I18n
  viewer: Viewer
  agent: AgentEntry
  /** Every department and number of the workspace. */
  places: PlaceEntry[]
  link?: string | undefined
  refused?: Refused | undefined
}

/** One person: their role, their departments, the numbers that they may use. */
export function AgentPage({ i18n, viewer, agent, places, link, refused }: AgentPageProps) {
  const { t } = i18n
  const path = `/settings/agents/${agent.id}`
  const of = (kind: PlaceEntry['kind']) => places.filter((place) => place.kind === kind)
  return (
    <SettingsPage i18n={i18n} viewer={viewer} here="/agents" title={agent.name}>
      <div>
        <About i18n={i18n} agent={agent} />
      </div>
      <RoleForm i18n={i18n} viewer={viewer} agent={agent} refused={refusedIn(refused, 'role')} />
      {(agent.role === 'owner' || agent.role === 'admin') && <p class="faint">{t.agents.everyInbox}</p>}
      <h2>{agent.role === 'supervisor' ? t.agents.supervised : t.agents.places}</h2>
      <Places
        i18n={i18n}
        id="agent-departments"
        places={of('department')}
        action={`${path}/departments`}
        field="departmentId"
        empty={t.agents.noDepartment}
        add={t.agents.addDepartment}
      />
      <h2>{t.agents.inboxes}</h2>
      <Places
        i18n={i18n}
        id="agent-inboxes"
        places={of('inbox')}
        action={`${path}/inboxes`}
        field="inboxId"
        empty={t.agents.noInboxes}
        add={t.agents.addInbox}
      />
      <SignIn i18n={i18n} viewer={viewer} agent={agent} link={link} />
    </SettingsPage>
  )
}

interface SignInProps {
  i18n: I18n
  viewer: Viewer
  agent: AgentEntry
  /** To choose a new password by, made a moment ago: shown this once. */
  link: string | undefined
}

/** What helps a colleague who cannot get in. */
function SignIn({ i18n, viewer, agent, link }: SignInProps) {
  const { t, fill } = i18n
  if (agent.id === viewer.agentId || agent.deactivatedAt !== null) return null
  return (
    <section class="stack" aria-labelledby="agent-sign-in">
      <h2 id="agent-sign-in">{t.agents.signIn}</h2>
      {link && (
        <div role="status" class="stack">
          <p>{fill(t.passwordReset.made, { name: agent.name })}</p>
          <Copied i18n={i18n} id="reset-link" label={t.passwordReset.link} value={link} />
        </div>
      )}
      <form {...drawsPage(`/settings/agents/${agent.id}/password-reset`)} class="stack">
        <p>{t.passwordReset.about}</p>
        <button type="submit" class="button">
          {t.passwordReset.make}
        </button>
      </form>
      <p>{agent.twoFactor ? t.agents.twoFactorOn : t.agents.twoFactorOff}</p>
      {agent.twoFactor && (
        <form
          {...drawsPage(`/settings/agents/${agent.id}/two-factor`)}
          hx-confirm={fill(t.agents.twoFactorResetConfirm, { name: agent.name })}
        >
          <Override method="DELETE" />
          <button type="submit" class="button">
            {t.agents.twoFactorReset}
          </button>
        </form>
      )}
    </section>
  )
}

interface RoleFormProps {
  i18n: I18n
  viewer: Viewer
  agent: AgentEntry
  refused: Refused | undefined
}

function RoleForm({ i18n, viewer, agent, refused }: RoleFormProps) {
  const { t, fill } = i18n
  const chosen = refused?.value ?? agent.role
  return (
    <form
      {...drawsPage(`/settings/agents/${agent.id}/role`)}
      class="settings-line"
      hx-confirm={fill(t.agents.roleConfirm, { name: agent.name })}
    >
      <Override method="PUT" />
      <input type="hidden" name="was" value={agent.role} />
      <Field i18n={i18n} id="agent-role" label={t.agents.changeRole} refused={refused}>
        <select name="role" {...describedBy('agent-role', refused)}>
          {ROLES.filter((role) => mayManage(viewer.role, role)).map((role) => (
            <option value={role} selected={role === chosen}>
              {t.agents.role[role]}
            </option>
          ))}
        </select>
      </Field>
      <button type="submit" class="button">
        {t.settings.save}
      </button>
      <p class="faint settings-hint">{t.agents.roleHint}</p>
    </form>
  )
}

interface PlacesProps {
  i18n: I18n
  id: string
  places: PlaceEntry[]
  action: string
  field: string
  empty: string
  add: string
}

function Places({ i18n, id, places, action, field, empty, add }: PlacesProps) {
  const inside = places.filter((place) => place.inside)
  return (
    <>
      {inside.length === 0 && <p class="faint">{empty}</p>}
      <ul id={id} class="people">
        {inside.map((place) => (
          <li class="person">
            <p class="person-who">
              <bdi hx-ignore>{place.name}</bdi>
            </p>
            <RemoveButton
              i18n={i18n}
              action={`${action}/${place.id}`}
              label={i18n.fill(i18n.t.settings.removeNamed, { name: place.name })}
            />
          </li>
        ))}
      </ul>
      <ChoiceForm
        i18n={i18n}
        id={`${id}-add`}
        action={action}
        name={field}
        label={add}
        options={places.filter((place) => !place.inside)}
      />
    </>
  )
}
