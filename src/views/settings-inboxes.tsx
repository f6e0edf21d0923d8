import { channelNamed } from '../channels/index.ts'
import { isOfDemonstration } from '../db/demonstration-ids.ts'
import type { StoredLink } from '../db/queries/links.ts'
import type { ChannelName, InboxStatus, Viewer } from '../db/records.ts'
import type { GatewayHealth } from '../domain/gateway-health.ts'
import type { Forms, I18n } from '../i18n/index.ts'
import { ChannelSign, channelLabel } from './channel-sign.tsx'
import { Override } from './forms.tsx'
import { readablePhone } from './phone.ts'
import { InboxStanding } from './settings-inbox-states.tsx'
import { StatusReason, StatusWord } from './settings-link.tsx'
import { type MemberEntry, Members } from './settings-members.tsx'
import { ChoiceForm, describedBy, drawsPage, Field, type Refused, refusedIn, SettingsPage } from './settings-page.tsx'

export interface InboxEntry {
  id: string
  channel: ChannelName
  name: string
  address: string
  status: InboxStatus
  statusReason: string | null
  departmentId: string | null
  departmentName: string | null
  agents: number
  version: number
  /** Of a number that stays on its phone. */
  link: StoredLink | null
  /** When the provider will let us in no more, where that is soon. */
  accessEndsAt: number | null
  /** Null where its gateway could not be asked. */
  health: GatewayHealth | null
  outbox: OutboxEntry
}

/** What waits, is not confirmed, and failed within a day; each counted up to `most`. */
export interface OutboxEntry {
  queued: number
  /** Since when the first of them waits. */
  queuedAt: number | null
  unknown: number
  failed: number
  most: number
}

interface InboxesPageProps {
  i18n: I18n
  viewer: Viewer
  inboxes: InboxEntry[]
}

export function InboxesPage({ i18n, viewer, inboxes }: InboxesPageProps) {
  const { t } = i18n
  return (
    <SettingsPage i18n={i18n} viewer={viewer} here="/inboxes" title={t.inboxes.title}>
      <p>
        <a class="button button--primary" href="/settings/inboxes/new">
          {t.connecting.add}
        </a>
      </p>
      {inboxes.length === 0 && <p class="faint">{t.inboxes.empty}</p>}
      <ul class="people">
        {inboxes.map((inbox) => (
          <li class="person" data-inbox-id={inbox.id} data-status={inbox.status}>
            <div class="person-who">
              <p class="person-name">
                <ChannelSign i18n={i18n} channel={inbox.channel} />{' '}
                <a href={`/settings/inboxes/${inbox.id}`}>
                  <bdi hx-ignore>{inbox.name}</bdi>
                </a>
              </p>
              <p class="faint">
                {readablePhone(inbox.address)} · <bdi hx-ignore>{inbox.departmentName ?? t.departments.none}</bdi> ·{' '}
                <a href={`/settings/inboxes/${inbox.id}#inbox-agents`}>
                  {inbox.agents === 0 ? t.inboxes.onlyAdministrators : i18n.count(t.inboxes.mayUse, inbox.agents)}
                </a>
              </p>
              <State i18n={i18n} inbox={inbox} />
            </div>
          </li>
        ))}
      </ul>
    </SettingsPage>
  )
}

function State({ i18n, inbox }: { i18n: I18n; inbox: InboxEntry }) {
  const { t } = i18n
  const { id, channel, status, statusReason, health, link } = inbox
  return (
    <>
      <p class="inbox-state" data-status={status}>
        <StatusWord i18n={i18n} status={status} link={link} />
        {status !== 'active' && statusReason && <StatusReason i18n={i18n} channel={channel} code={statusReason} />}
      </p>
      <p class="inbox-health" data-health={healthWord(health)}>
        {t.inboxes.health}: {healthOf(i18n, health)}
        {health !== null && health.dead > 0 && (
          <>
            {' · '}
            <a href={`/settings/inboxes/${id}/letters`}>{t.letters.title}</a>
          </>
        )}
      </p>
      {inbox.accessEndsAt !== null && (
        <p class="inbox-health" data-health="trouble">
          {i18n.fill(t.inboxes.accessEnds, { at: i18n.dateTime(inbox.accessEndsAt) })} ·{' '}
          <a href={`/settings/inboxes/${id}/connection`}>{t.connecting.open}</a>
        </p>
      )}
      <p class="inbox-health" data-health={inbox.outbox.unknown + inbox.outbox.failed > 0 ? 'trouble' : 'well'}>
        {outboxWords(i18n, inbox).join(' · ')}
      </p>
    </>
  )
}

function healthWord(health: GatewayHealth | null): 'unreachable' | 'trouble' | 'well' {
  if (!health) return 'unreachable'
  return health.dead > 0 ? 'trouble' : 'well'
}

function healthOf({ t, count, fill, dateTime }: I18n, health: GatewayHealth | null): string {
  if (!health) return t.inboxes.unreachable
  const { pending, dead, orphans, oldestAt } = health
  const told = [
    dead > 0 && count(t.inboxes.dead, dead),
    pending > 0 && count(t.inboxes.pending, pending),
    pending > 0 && oldestAt !== null && fill(t.inboxes.oldest, { at: dateTime(oldestAt) }),
    orphans > 0 && count(t.inboxes.orphans, orphans),
  ].filter((part) => part !== false)
  return told.length > 0 ? told.join(' · ') : t.inboxes.healthy
}

/** What came and went last, and what did not. */
function outboxWords({ t, count, fill, dateTime }: I18n, { status, health, outbox }: InboxEntry): string[] {
  const at = (time: number | null) => (time === null ? t.inboxes.never : dateTime(time))
  const some = (words: Forms, n: number) =>
    n > 0 && (n < outbox.most ? count(words, n) : `${count(words, n)} (${t.inboxes.many})`)
  return [
    status === 'needs_reauth' && t.inboxes.breaker,
    health !== null && fill(t.inboxes.lastIn, { at: at(health.lastInAt) }),
    health !== null && fill(t.inboxes.lastOut, { at: at(health.lastOutAt) }),
    some(t.inboxes.queued, outbox.queued),
    some(t.inboxes.unknown, outbox.unknown),
    some(t.inboxes.failed, outbox.failed),
  ].filter((part) => part !== false)
}

interface InboxPageProps {
  i18n: I18n
  viewer: Viewer
  inbox: InboxEntry
  departments: { id: string; name: string }[]
  members: MemberEntry[]
  /** Who could be added. */
  others: MemberEntry[]
  refused?: (Refused & { departmentId?: string }) | undefined
}

export function InboxPage({ i18n, viewer, inbox, departments, members, others, refused }: InboxPageProps) {
  const { t, fill } = i18n
  const path = `/settings/inboxes/${inbox.id}`
  return (
    <SettingsPage i18n={i18n} viewer={viewer} here="/inboxes" title={inbox.name}>
      <div>
        <p>
          <ChannelSign i18n={i18n} channel={inbox.channel} /> {channelLabel(i18n, inbox.channel)} ·{' '}
          {readablePhone(inbox.address)}
        </p>
        <State i18n={i18n} inbox={inbox} />
        {channelNamed(inbox.channel) && !isOfDemonstration(inbox.id) && (
          <p>
            <a href={`${path}/connection`}>{t.connecting.open}</a>
          </p>
        )}
      </div>
      <InboxForm i18n={i18n} path={path} inbox={inbox} departments={departments} refused={refusedIn(refused, 'save')} />
      <h2>{t.inboxes.agents}</h2>
      <p class="faint">{t.inboxes.everything}</p>
      <Members
        i18n={i18n}
        id="inbox-agents"
        members={members}
        empty={t.inboxes.noAgents}
        removal={({ id, name, role }) =>
          role !== 'owner' || viewer.role === 'owner'
            ? { action: `${path}/agents/${id}`, label: fill(t.inboxes.removeAgent, { name, inbox: inbox.name }) }
            : null
        }
      />
      <ChoiceForm
        i18n={i18n}
        id="inbox-agent"
        action={`${path}/agents`}
        name="agentId"
        label={t.inboxes.addAgent}
        options={others}
      />
      <ChoiceForm
        i18n={i18n}
        id="inbox-department-agents"
        action={`${path}/departments`}
        name="departmentId"
        label={t.inboxes.addDepartment}
        options={departments}
        refused={refusedIn(refused, 'grant')}
      />
      <InboxStanding i18n={i18n} inbox={inbox} />
    </SettingsPage>
  )
}

interface InboxFormProps {
  i18n: I18n
  path: string
  inbox: InboxEntry
  departments: { id: string; name: string }[]
  refused: (Refused & { departmentId?: string }) | undefined
}

function InboxForm({ i18n, path, inbox, departments, refused }: InboxFormProps) {
  const { t } = i18n
  const aboutDepartment = refused?.problem.details?.field === 'departmentId' ? refused : undefined
  const aboutName = aboutDepartment ? undefined : refused
  const chosen = refused?.departmentId ?? inbox.departmentId ?? ''
  return (
    <form {...drawsPage(path)} class="stack" novalidate>
      <Override method="PUT" />
      <input type="hidden" name="version" value={inbox.version} />
      <Field i18n={i18n} id="inbox-name" label={t.settings.name} refused={aboutName}>
        <input
          name="name"
          value={refused?.value ?? inbox.name}
          maxlength={240}
          required
          {...describedBy('inbox-name', aboutName)}
        />
      </Field>
      <Field i18n={i18n} id="inbox-department" label={t.inboxes.department} refused={aboutDepartment}>
        <select name="departmentId" {...describedBy('inbox-department', aboutDepartment)}>
          <option value="">{t.inboxes.noDepartment}</option>
          {departments.map(({ id, name }) => (
            <option value={id} selected={id === chosen}>
              {name}
            </option>
          ))}
        </select>
      </Field>
      <button type="submit" class="button button--primary">
        {t.settings.save}
      </button>
    </form>
  )
}
