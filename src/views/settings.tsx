import type { Role, Viewer } from '../db/records.ts'
import { LOCALES } from '../db/schema.ts'
import { type I18n, LANGUAGES } from '../i18n/index.ts'
import { Override } from './forms.tsx'

export interface AgentEntry {
  id: string
  name: string
  email: string
  role: Role
  deactivatedAt: number | null
  departments: string[]
}

/** Who works here. Who may, lets people in and out. */
export function AgentsPage({ i18n, viewer, agents }: { i18n: I18n; viewer: Viewer; agents: AgentEntry[] }) {
  return (
    <section class="sheet">
      <h1 tabindex={-1}>{i18n.t.agents.title}</h1>
      <ul id="agents" class="people">
        {agents.map((agent) => (
          <AgentItem i18n={i18n} viewer={viewer} agent={agent} />
        ))}
      </ul>
    </section>
  )
}

function AgentItem({ i18n, viewer, agent }: { i18n: I18n; viewer: Viewer; agent: AgentEntry }) {
  const { t, fill } = i18n
  const own = agent.id === viewer.agentId
  return (
    <li
      id={`agent-${agent.id}`}
      class="person"
      data-agent-id={agent.id}
      data-deactivated={agent.deactivatedAt === null ? undefined : ''}
    >
      <div class="person-who">
        <p class="person-name">
          <bdi hx-ignore>{agent.name}</bdi> {own && <span class="faint">({t.agents.you})</span>}
        </p>
        <p class="faint">
          {agent.email} · {t.agents.role[agent.role]} · {agent.departments.join(', ') || t.agents.noDepartment}
        </p>
        {agent.deactivatedAt !== null && (
          <p class="person-out">{fill(t.agents.deactivated, { at: i18n.dateTime(agent.deactivatedAt) })}</p>
        )}
      </div>
      {!own && mayManage(viewer.role, agent.role) && <Deactivation i18n={i18n} agent={agent} />}
    </li>
  )
}

/** Owners manage everyone, administrators all but owners; the verb decides, this only hides what would be refused. */
function mayManage(actor: Role, of: Role): boolean {
  return actor === 'owner' || (actor === 'admin' && of !== 'owner')
}

function Deactivation({ i18n: { t, fill }, agent }: { i18n: I18n; agent: AgentEntry }) {
  const out = agent.deactivatedAt !== null
  const path = `/settings/agents/${agent.id}/deactivation`
  return (
    <form
      method="post"
      action={path}
      hx-post={path}
      hx-target="#main"
      hx-swap="innerHTML"
      hx-sync="this:drop"
      hx-disable="find button"
      hx-confirm={fill(out ? t.agents.reactivateConfirm : t.agents.deactivateConfirm, { name: agent.name })}
    >
      <Override method={out ? 'DELETE' : 'PUT'} />
      <button
        type="submit"
        class="button"
        aria-label={fill(out ? t.agents.reactivateNamed : t.agents.deactivateNamed, { name: agent.name })}
      >
        {out ? t.agents.reactivate : t.agents.deactivate}
      </button>
    </form>
  )
}

export interface SessionEntry {
  id: string
  createdAt: number
  lastSeenAt: number
  current: boolean
  userAgent: string | null
}

/** The person's own settings. Language and theme belong to the whole document, so saving them loads it anew. */
export function ProfilePage({ i18n, viewer, sessions }: { i18n: I18n; viewer: Viewer; sessions: SessionEntry[] }) {
  const { t } = i18n
  return (
    <section class="sheet">
      <h1 tabindex={-1}>{t.profile.title}</h1>
      <p>
        <bdi hx-ignore>{viewer.name}</bdi> · {viewer.email} · {t.agents.role[viewer.role]} ·{' '}
        <bdi hx-ignore>{viewer.workspaceName}</bdi>
      </p>
      <form method="post" action="/settings/profile" hx-boost="false" class="stack">
        <Override method="PUT" />
        <label class="field">
          <span>{t.profile.language}</span>
          <select name="locale">
            {LOCALES.map((locale) => (
              <option value={locale} lang={locale} selected={locale === i18n.locale}>
                {LANGUAGES[locale]}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          <span>{t.profile.theme}</span>
          <select name="theme">
            {(['system', 'light', 'dark'] as const).map((theme) => (
              <option value={theme} selected={theme === viewer.theme}>
                {t.profile.themes[theme]}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" class="button button--primary">
          {t.profile.save}
        </button>
      </form>
      <Sessions i18n={i18n} sessions={sessions} />
    </section>
  )
}

function Sessions({ i18n, sessions }: { i18n: I18n; sessions: SessionEntry[] }) {
  const { t, fill, dateTime } = i18n
  return (
    <>
      <h2>{t.profile.sessions}</h2>
      <ul class="people">
        {sessions.map((session) => (
          <li class="person">
            <div class="person-who">
              <p class="person-name">
                {session.userAgent ? <bdi hx-ignore>{session.userAgent.slice(0, 120)}</bdi> : t.profile.unknownDevice}
              </p>
              <p class="faint">
                {fill(t.profile.startedAt, { at: dateTime(session.createdAt) })} ·{' '}
                {fill(t.profile.seenAt, { at: dateTime(session.lastSeenAt) })}
              </p>
            </div>
            {session.current && <span class="chip">{t.profile.thisSession}</span>}
          </li>
        ))}
      </ul>
      <form
        method="post"
        action="/sign-out/everywhere"
        hx-boost="false"
        class="stack"
        data-confirm={t.profile.signOutEverywhereConfirm}
      >
        <p class="faint">{t.profile.signOutEverywhereHint}</p>
        <button type="submit" class="button">
          {t.profile.signOutEverywhere}
        </button>
      </form>
    </>
  )
}
