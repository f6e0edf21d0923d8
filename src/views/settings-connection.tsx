/** How a number is connected: what its provider is to be told, whether it works, and new credentials. */
import type { Check, InboxSettings } from '../channels/channel.ts'
import { type ChannelName, channelNamed } from '../channels/index.ts'
import type { Outage } from '../db/queries/links.ts'
import type { InboxStatus, Viewer } from '../db/records.ts'
import type { Looked } from '../domain/checkup.ts'
import { settingsAsTyped } from '../domain/connections.ts'
import type { I18n } from '../i18n/index.ts'
import { ChannelSign, channelLabel, wordsOf } from './channel-sign.tsx'
import { Override } from './forms.tsx'
import { Icon } from './icon.tsx'
import { readablePhone } from './phone.ts'
import { ConnectionFields, Notice, type Refusal } from './settings-connect.tsx'
import { ConnectionHealth, type ConnectionHealthProps } from './settings-connection-health.tsx'
import { InboxState, type LinkProps, LinkStep, Outages } from './settings-link.tsx'
import { Copied, drawsPage, SettingsPage } from './settings-page.tsx'

export interface ConnectionProps extends ConnectionHealthProps {
  viewer: Viewer
  inbox: {
    id: string
    channel: ChannelName
    name: string
    address: string
    status: InboxStatus
    status_reason: string | null
    settings: InboxSettings
    checked_at: number | null
    version: number
  }
  webhookUrl: string
  verifyToken: string
  checkup: Looked | null
  /** What the access ends at is near. */
  accessEndsSoon: boolean
  /** Of a number that stays on its phone. */
  link: Pick<LinkProps, 'link' | 'stored' | 'trouble'> | null
  outages: Outage[]
  /** Who wrote last; null: nobody yet. */
  heard: { id: string; contact_name: string | null; last_incoming_at: number } | null
  clientKey: string
  refused?: Refusal | undefined
  /** The past was just asked for: null where the provider will tell it, else the code of its refusal. */
  asked?: { refusal: string | null } | undefined
}

export function ConnectionPage(props: ConnectionProps) {
  const { i18n, viewer, inbox } = props
  const { t, fill } = i18n
  return (
    <SettingsPage
      i18n={i18n}
      viewer={viewer}
      here="/inboxes"
      title={fill(t.connecting.connectionOf, { inbox: inbox.name })}
    >
      <p>
        <ChannelSign i18n={i18n} channel={inbox.channel} /> {channelLabel(i18n, inbox.channel)} ·{' '}
        {readablePhone(inbox.address)} · <a href={`/settings/inboxes/${inbox.id}`}>{t.connecting.people}</a>
      </p>
      <InboxState i18n={i18n} inbox={inbox} link={props.link} />
      <Notice i18n={i18n} channel={inbox.channel} />
      <ol class="steps">
        {props.link && <LinkStep i18n={i18n} inbox={inbox} {...props.link} />}
        <Telling {...props} />
        <Checking {...props} />
        <Trying {...props} />
        <Team i18n={i18n} inbox={inbox} />
      </ol>
      <ConnectionHealth {...props} />
      {props.outages.length > 0 && <Outages i18n={i18n} outages={props.outages} />}
      <PastOfThePhone {...props} />
      <Credentials {...props} />
    </SettingsPage>
  )
}

/** What is typed into the provider's pages, where it is not told by us. */
function Telling({ i18n, inbox, webhookUrl, verifyToken }: ConnectionProps) {
  const { t } = i18n
  const tell = wordsOf(i18n, inbox.channel)?.tell
  if (!tell) return null
  return (
    <li class="step">
      <h2>{t.connecting.tell}</h2>
      <p>{tell}</p>
      <Copied i18n={i18n} id="webhook-url" label={t.connecting.webhookUrl} value={webhookUrl} />
      <Copied i18n={i18n} id="verify-token" label={t.connecting.verifyToken} value={verifyToken} />
    </li>
  )
}

function Checking({ i18n, inbox, checkup, accessEndsSoon }: ConnectionProps) {
  const { t, fill } = i18n
  return (
    <li class="step">
      <h2>{t.connecting.check}</h2>
      <p>{wordsOf(i18n, inbox.channel)?.check}</p>
      {checkup && (
        <ul class="checks" aria-label={t.connecting.check}>
          {checkup.checks.map((check) => (
            <CheckLine i18n={i18n} check={check} fix={wordsOf(i18n, inbox.channel)?.fixes[check.what]} />
          ))}
        </ul>
      )}
      {checkup?.accessEndsAt && <AccessEnds i18n={i18n} at={checkup.accessEndsAt} soon={accessEndsSoon} />}
      {checkup?.resubscribed && <p>{t.connecting.resubscribed}</p>}
      {checkup?.quality && <p>{fill(t.connecting.quality, { quality: qualityOf(i18n, checkup.quality) })}</p>}
      {inbox.checked_at !== null && (
        <p class="faint">{fill(t.connecting.checkedAt, { at: i18n.dateTime(inbox.checked_at) })}</p>
      )}
      <form {...drawsPage(`/settings/inboxes/${inbox.id}/checkup`)}>
        <button type="submit" class="button button--primary">
          {t.connecting.checkNow}
        </button>
      </form>
    </li>
  )
}

function AccessEnds({ i18n, at, soon }: { i18n: I18n; at: number; soon: boolean }) {
  const { t, fill, dateTime } = i18n
  if (!soon) return <p class="faint">{fill(t.connecting.accessEnds, { at: dateTime(at) })}</p>
  return (
    <p class="check-line" data-ok="false">
      <Icon name="circle-alert" />
      <span>{fill(t.connecting.accessEndsSoon, { at: dateTime(at) })}</span>
    </p>
  )
}

/** Meta says it in colours; another word is shown as it is. */
function qualityOf({ t }: I18n, quality: string): string {
  const words = t.connecting.qualityOf
  return Object.hasOwn(words, quality) ? words[quality as keyof typeof words] : quality
}

interface CheckLineProps {
  i18n: I18n
  check: Check
  fix: string | undefined
}

function CheckLine({ i18n: { t }, check: { what, ok, detail }, fix }: CheckLineProps) {
  return (
    <li class="check-line" data-check={what} data-ok={ok}>
      <Icon name={ok ? 'circle-check' : 'circle-alert'} label={ok ? t.connecting.passed : t.connecting.failed} />
      <div>
        <strong>{t.connecting.checks[what]}</strong>
        {!ok && fix && <p>{fix}</p>}
        {!ok && detail && (
          <p class="faint">
            <bdi hx-ignore>{detail}</bdi>
          </p>
        )}
      </div>
    </li>
  )
}

/** Whoever administrates sees it at once; for everyone else it begins with being let in. */
function Team({ i18n: { t }, inbox }: Pick<ConnectionProps, 'i18n' | 'inbox'>) {
  return (
    <li class="step">
      <h2>{t.connecting.team}</h2>
      <p>
        {t.inboxes.everything} <a href={`/settings/inboxes/${inbox.id}#inbox-agents`}>{t.inboxes.agents}</a>
      </p>
    </li>
  )
}

/** The whole way once: somebody writes, somebody answers. Asks by itself until the first message is here. */
function Trying({ i18n, inbox, heard, health, link, clientKey }: ConnectionProps) {
  const { t, fill } = i18n
  // Of a number that stays on a phone its connection is told as well: that is not what is waited for.
  const waiting = heard === null && (link !== null || (health?.lastInAt ?? null) === null)
  const asks = {
    'hx-get': `/settings/inboxes/${inbox.id}/heard`,
    'hx-trigger': 'every 4s',
    'hx-target': '#connection-try',
    'hx-select': '#connection-try',
    'hx-swap': 'outerHTML',
  }
  return (
    <li id="connection-try" class="step" {...(waiting ? asks : {})}>
      <h2>{t.connecting.try}</h2>
      {heard ? (
        <>
          <p class="check-line" data-ok="true">
            <Icon name="circle-check" />
            <bdi hx-ignore>
              {fill(t.connecting.heard, {
                name: heard.contact_name ?? t.list.unnamed,
                at: i18n.dateTime(heard.last_incoming_at),
              })}
            </bdi>
          </p>
          <form
            class="act"
            method="post"
            action={`/settings/inboxes/${inbox.id}/test`}
            hx-post={`/settings/inboxes/${inbox.id}/test`}
            hx-swap="none"
            hx-sync="this:drop"
            hx-disable="find button"
          >
            <input type="hidden" name="conversationId" value={heard.id} />
            <input type="hidden" name="clientKey" value={clientKey} />
            <button type="submit" class="button">
              {t.connecting.sendTest}
            </button>
          </form>
          <p class="faint">{fill(t.connecting.testHint, { text: t.connecting.testText })}</p>
        </>
      ) : (
        <p role="status">{t.connecting.waiting}</p>
      )}
    </li>
  )
}

/** Of a number that stays on the phone: its past, told once. */
function PastOfThePhone({ i18n, inbox, asked }: ConnectionProps) {
  const { t, fill } = i18n
  if (!channelNamed(inbox.channel)?.requestHistory) return null
  return (
    <div class="step">
      <p>{t.connecting.pastHint}</p>
      <form {...drawsPage(`/settings/inboxes/${inbox.id}/history`)}>
        <button type="submit" class="button">
          {t.connecting.askForPast}
        </button>
      </form>
      <p role="status">
        {asked &&
          (asked.refusal === null ? t.connecting.pastAsked : fill(t.connecting.pastRefused, { code: asked.refusal }))}
      </p>
    </div>
  )
}

function Credentials({ i18n, inbox, refused }: ConnectionProps) {
  const { t } = i18n
  const { settings } = inbox
  const given = refused?.form ?? settingsAsTyped(settings)
  return (
    <details class="credentials" open={refused !== undefined || inbox.status === 'needs_reauth'}>
      <summary>{t.connecting.credentials}</summary>
      <form {...drawsPage(`/settings/inboxes/${inbox.id}/connection`)} class="stack" novalidate>
        <Override method="PUT" />
        <input type="hidden" name="version" value={inbox.version} />
        <ConnectionFields i18n={i18n} channel={inbox.channel} given={given} again refused={refused} />
        <button type="submit" class="button button--primary">
          {t.connecting.reconnect}
        </button>
      </form>
    </details>
  )
}
