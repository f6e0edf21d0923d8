/** A number that stays on its phone: the code to scan, live, and how the connection stands. */
import type { Link } from '../channels/channel.ts'
import type { ChannelName } from '../channels/index.ts'
import type { Outage, StoredLink } from '../db/queries/links.ts'
import type { InboxStatus } from '../db/records.ts'
import type { I18n } from '../i18n/index.ts'
import { wordsOf } from './channel-sign.tsx'
import { Icon } from './icon.tsx'
import { readablePhone } from './phone.ts'
import { QrCode } from './qr-code.tsx'
import { drawsPage } from './settings-page.tsx'

export interface LinkProps {
  i18n: I18n
  inbox: { id: string; channel: ChannelName; name: string; address: string }
  /** As the provider says now; null: it could not be asked. */
  link: Link | null
  stored: StoredLink | null
  /** Why it could not be asked, in the provider's words. */
  trouble: string | null
}

const nowId = 'connection-link'

/** What is typed stands beside what is drawn anew. */
export function LinkStep(props: LinkProps) {
  return (
    <li class="step link">
      <h2>{props.i18n.t.linking.title}</h2>
      <LinkNow {...props} />
      <ByLetters {...props} />
    </li>
  )
}

/** Asks again by itself until the phone is there: the code changes every half a minute. */
function LinkNow(props: LinkProps) {
  const { i18n, inbox, link } = props
  const asks = {
    'hx-get': `/settings/inboxes/${inbox.id}/link`,
    'hx-trigger': 'every 3s',
    'hx-swap': 'outerHTML',
    'hx-sync': 'this:drop',
  }
  return (
    <div id={nowId} class="link-now" data-link={link?.state ?? 'unknown'} {...(link?.state === 'open' ? {} : asks)}>
      <Standing {...props} />
      {link?.code && <Code i18n={i18n} code={link.code} />}
      <Acts {...props} />
    </div>
  )
}

function Standing({ i18n, inbox, link, stored, trouble }: LinkProps) {
  const { t, fill } = i18n
  if (!link) {
    return (
      <p role="status">
        {t.linking.unknown} {trouble && <bdi hx-ignore>{trouble}</bdi>}
      </p>
    )
  }
  if (link.state === 'open') {
    return (
      <p class="check-line" data-ok="true" role="status">
        <Icon name="circle-check" />{' '}
        <bdi hx-ignore>{fill(t.linking.open, { number: readablePhone(inbox.address) })}</bdi>
      </p>
    )
  }
  const why = link.state === 'closed' ? wordsOf(i18n, inbox.channel)?.lost?.[codeOf(stored)] : undefined
  return <p role="status">{why ?? t.linking[link.state]}</p>
}

/** One that was there, and of which the provider did not say why it went, is simply away. */
const codeOf = (stored: StoredLink | null) => stored?.code ?? (stored?.downSince == null ? '' : 'disconnected')

function Code({ i18n: { t }, code }: { i18n: I18n; code: NonNullable<Link['code']> }) {
  return (
    <div class="link-code">
      <QrCode text={code.squares} label={t.linking.squares} />
      <div>
        <ol>
          {t.linking.steps.map((step) => (
            <li>{step}</li>
          ))}
        </ol>
        {code.letters && (
          <p>
            {t.linking.letters} <output class="link-letters">{lettersOf(code.letters)}</output>
          </p>
        )}
      </div>
    </div>
  )
}

/** As the phone shows the places for them. */
const lettersOf = (letters: string) => (letters.length === 8 ? `${letters.slice(0, 4)}-${letters.slice(4)}` : letters)

function Acts({ i18n: { t }, inbox, link }: LinkProps) {
  const path = `/settings/inboxes/${inbox.id}/link`
  if (link?.state === 'open') {
    return (
      <div class="settings-line">
        <form {...drawsPage(`${path}/restart`)}>
          <button type="submit" class="button">
            {t.linking.restart}
          </button>
        </form>
        <form {...drawsPage(`${path}/end`)}>
          <button type="submit" class="button">
            {t.linking.end}
          </button>
        </form>
      </div>
    )
  }
  return link?.code ? null : (
    <form {...drawsPage(path)}>
      <input type="hidden" name="phone" value="" />
      <button type="submit" class="button button--primary">
        {t.linking.begin}
      </button>
    </form>
  )
}

function ByLetters({ i18n: { t }, inbox }: LinkProps) {
  return (
    <details class="link-by-letters">
      <summary>{t.linking.byLetters}</summary>
      <form {...drawsPage(`/settings/inboxes/${inbox.id}/link`)} class="settings-line">
        <label class="field settings-field" for="link-phone">
          <span>{t.linking.phone}</span>
          <input
            id="link-phone"
            name="phone"
            type="tel"
            inputmode="tel"
            maxlength={24}
            required
            placeholder="+55 11 90000-0000"
          />
        </label>
        <button type="submit" class="button">
          {t.linking.askLetters}
        </button>
      </form>
    </details>
  )
}

interface StatusProps {
  i18n: I18n
  status: InboxStatus
  link: StoredLink | null
}

/** Connected or not; of a number that stays on a phone how far, or since when not. */
export function StatusWord({ i18n: { t, fill, dateTime }, status, link }: StatusProps) {
  if (!link || status === 'paused') return <>{t.inboxes.status[status]}</>
  if (link.state !== 'closed') return <>{t.linking.word[link.state]}</>
  return <>{fill(t.linking.word.closed, { at: dateTime(link.downSince ?? link.since) })}</>
}

const stateId = 'inbox-state'

interface InboxStateProps {
  i18n: I18n
  inbox: { channel: ChannelName; status: StatusProps['status']; status_reason: string | null }
  /** Of a number that stays on its phone: why it is not connected stands beside what to do about it. */
  link: Pick<LinkProps, 'link' | 'stored'> | null
}

/** At the head of its page, drawn anew with each look at the phone: which knows it sooner than what is stored. */
export function InboxState({ i18n, inbox: { channel, status, status_reason: reason }, link }: InboxStateProps) {
  const now = link?.link && link.link.state !== 'closed' ? { state: link.link.state } : {}
  return (
    <p id={stateId} class="inbox-state" data-status={now.state === 'open' ? 'active' : status}>
      <StatusWord i18n={i18n} status={status} link={link?.stored ? { ...link.stored, ...now } : null} />
      {!link && status !== 'active' && reason && <StatusReason i18n={i18n} channel={channel} code={reason} />}
    </p>
  )
}

/** In words where the channel has some for it. */
export function StatusReason({ i18n, channel, code }: { i18n: I18n; channel: ChannelName; code: string }) {
  return <> · {wordsOf(i18n, channel)?.lost?.[code] ?? i18n.fill(i18n.t.inboxes.statusCode, { code })}</>
}

/** What a look at the phone changes on the page. */
export function LinkLooked(props: LinkProps & { inbox: InboxStateProps['inbox'] }) {
  return (
    <>
      <LinkNow {...props} />
      <hx-partial hx-target={`#${stateId}`} hx-swap="outerHTML">
        <InboxState i18n={props.i18n} inbox={props.inbox} link={props} />
      </hx-partial>
    </>
  )
}

export function Outages({ i18n, outages }: { i18n: I18n; outages: Outage[] }) {
  const { t, fill, count, dateTime } = i18n
  if (outages.length === 0) return null
  return (
    <ul class="letters" aria-label={t.linking.outages}>
      {outages.map(({ from, to, messages }) => (
        <li class="letter">
          <p>
            {fill(t.linking.outage, { from: dateTime(from), to: dateTime(to) })} ·{' '}
            {messages === null ? t.linking.recovering : count(t.linking.recovered, messages)}
          </p>
        </li>
      ))}
    </ul>
  )
}
