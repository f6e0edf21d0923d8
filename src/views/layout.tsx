import type { Child } from 'hono/jsx'
import { assets } from '../../dist/manifest.ts'
import type { Viewer } from '../db/records.ts'
import { mayAdministrate } from '../domain/administration.ts'
import type { I18n } from '../i18n/index.ts'
import { Counts } from './conversations.tsx'
import { Dismiss } from './errors.tsx'
import { Icon, type IconName } from './icon.tsx'
import { Wordmark } from './wordmark.tsx'

const HTMX_CONFIG = JSON.stringify({
  noSwap: [204, 304, '5xx'],
  extensions: 'ws,upsert,preload,tt,place',
  defaultTimeout: 15_000,
  // What was put in works at once: with a delay a link of it is a plain link for a moment, and a key that presses it leaves the page.
  defaultSettleDelay: 0,
  includeIndicatorCSS: false,
  morphIgnore: ['data-htmx-powered', 'data-ui-'],
  ws: { pauseOnBackground: false, reconnectDelay: 500, reconnectMaxDelay: 30_000 },
})

const HEARD = ['mine', 'queue', 'tick'] as const

/** Over what repeats on every page; one to a place that the page does not have is not there. */
function Skips({ i18n: { t } }: { i18n: I18n }) {
  return (
    <>
      <a class="skip" href="#main">
        {t.nav.skipToMain}
      </a>
      <a class="skip skip--list" href="#conversation-list">
        {t.nav.skipToList}
      </a>
      <a class="skip skip--thread" href="#thread">
        {t.nav.skipToThread}
      </a>
      <a class="skip skip--composer" href="#composer-text">
        {t.nav.skipToComposer}
      </a>
    </>
  )
}

interface LayoutProps {
  i18n: I18n
  title: string
  /** None: a page from before the sign-in. */
  viewer?: Viewer | undefined
  /** For the badge; the page asks again as soon as it is connected. */
  unread?: number
  children?: Child
}

/** The document around every page. All but `#main` survives navigation: sockets, notices, dialogs. */
export function Layout({ i18n, title, viewer, unread = 0, children }: LayoutProps) {
  const { t } = i18n
  return (
    <html lang={i18n.locale} data-theme={viewer && viewer.theme !== 'system' ? viewer.theme : undefined}>
      <head>
        <meta charset="utf-8" />
        <meta
          name="viewport"
          content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"
        />
        <meta name="color-scheme" content="light dark" />
        <title>{`${title} · ${t.product}`}</title>
        <meta name="htmx-config" content={HTMX_CONFIG} />
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href={assets.style} />
        <script src={assets.script} defer />
      </head>
      <body
        class={viewer ? 'app' : 'door'}
        hx-boost:inherited="target:#main select:#main swap:outerHTML"
        data-product={t.product}
        data-agent-id={viewer?.agentId}
        data-sounds={viewer && HEARD.filter((name) => viewer.sounds[name]).join(' ')}
        data-volume={viewer?.sounds.volume}
        data-time-zone={viewer?.ownTimeZone ?? undefined}
        data-administers={viewer && mayAdministrate(viewer) ? '' : undefined}
      >
        <Skips i18n={i18n} />
        {viewer && <Rail i18n={i18n} viewer={viewer} unread={unread} />}
        {viewer && <Connection i18n={i18n} />}
        <main id="main" hx-history-elt tabindex={-1}>
          {children}
        </main>
        <div
          id="toasts"
          class="toasts"
          data-failed={t.connection.serverFailed}
          data-unreachable={t.connection.requestFailed}
        />
        <template id="toast">
          <div class="toast" role="alert">
            <Icon name="circle-alert" />
            <p />
            <Dismiss i18n={i18n} />
          </div>
        </template>
        <p
          id="announcer"
          class="visually-hidden"
          aria-live="polite"
          data-message={t.thread.announce}
          data-one={t.thread.announceMany.one}
          data-other={t.thread.announceMany.other}
        />
        {viewer && (
          <div id="workspace-socket" hx-ws:connect="/rooms/workspace" hx-swap="none" hx-sync="this:queue all" />
        )}
        {viewer && (
          <dialog id="dialog-frame" class="dialog dialog--frame" aria-labelledby="dialog-title">
            <div id="dialog" />
          </dialog>
        )}
        <ConfirmDialog i18n={i18n} />
        {viewer && <ShortcutSheet i18n={i18n} />}
      </body>
    </html>
  )
}

function Rail({ i18n, viewer, unread }: { i18n: I18n; viewer: Viewer; unread: number }) {
  const { t } = i18n
  return (
    <header class="rail">
      <a class="rail-home" href="/conversations" aria-label={t.product}>
        <Wordmark />
      </a>
      <nav class="rail-nav" aria-label={t.nav.label}>
        <RailLink href="/conversations" icon="messages-square" label={t.nav.conversations}>
          <Counts i18n={i18n} unread={unread} />
        </RailLink>
        <RailLink href="/contacts" icon="user-round" label={t.contacts.title} />
        <RailLink href="/groups" icon="users-round" label={t.groups.title} />
        <RailLink href="/tags" icon="tag" label={t.tags.title} />
        <RailLink href="/settings" icon="settings" label={t.nav.settings} />
      </nav>
      <div class="rail-foot">
        <button type="button" class="rail-link" data-needs-script data-opens="shortcuts" aria-keyshortcuts="?">
          <Icon name="keyboard" />
          <span class="rail-label">{t.nav.shortcuts}</span>
        </button>
        <form method="post" action="/sign-out" hx-boost="false">
          <button type="submit" class="rail-link">
            <Icon name="log-out" />
            <span class="rail-label">{t.nav.signOut}</span>
          </button>
        </form>
        {HEARD.some((name) => viewer.sounds[name]) && (
          <p id="sounds-wait" class="rail-hint" hidden>
            {t.sounds.wait}
          </p>
        )}
        <p class="rail-who">
          <bdi hx-ignore>{viewer.name}</bdi>
          <span class="faint">
            <bdi hx-ignore>{viewer.workspaceName}</bdi>
          </span>
        </p>
      </div>
    </header>
  )
}

function RailLink({ href, icon, label, children }: { href: string; icon: IconName; label: string; children?: Child }) {
  return (
    <a class="rail-link" href={href} title={label}>
      <Icon name={icon} />
      <span class="rail-label">{label}</span>
      {children}
    </a>
  )
}

/** Says when the page is cut off, and that nothing is lost. */
function Connection({ i18n: { t } }: { i18n: I18n }) {
  return (
    <p
      id="connection"
      class="connection"
      role="status"
      hidden
      data-reconnecting={t.connection.reconnecting}
      data-offline={t.connection.offline}
      data-back={t.connection.back}
      data-one={t.connection.recovered.one}
      data-other={t.connection.recovered.other}
    />
  )
}

function ConfirmDialog({ i18n: { t } }: { i18n: I18n }) {
  return (
    <dialog id="confirm" class="dialog" aria-labelledby="confirm-text">
      <form method="dialog" class="stack">
        <p id="confirm-text" />
        <div class="dialog-acts">
          <button type="submit" class="button" value="cancel">
            {t.dialog.cancel}
          </button>
          <button type="submit" class="button button--primary" value="ok">
            {t.dialog.ok}
          </button>
        </div>
      </form>
    </dialog>
  )
}

function ShortcutSheet({ i18n: { t } }: { i18n: I18n }) {
  const keys: [string[], string][] = [
    [['j'], t.shortcuts.next],
    [['k'], t.shortcuts.previous],
    [['Enter', 'o'], t.shortcuts.open],
    [['[', ']'], t.shortcuts.nextInThread],
    [['r'], t.shortcuts.reply],
    [['q'], t.shortcuts.quote],
    [['Esc'], t.shortcuts.escape],
    [['Enter'], t.shortcuts.send],
    [['Shift+Enter'], t.shortcuts.newline],
    [['↑'], t.shortcuts.editLast],
    [['c'], t.shortcuts.newConversation],
    [['i'], t.acts.accept],
    [['t'], t.acts.transfer],
    [['e'], t.acts.close],
    [['Shift+R'], t.acts.sync],
    [['l'], t.shortcuts.tags],
    [['d'], t.shortcuts.panel],
    [['.'], t.acts.menu],
    [['?'], t.shortcuts.sheet],
  ]
  return (
    <dialog id="shortcuts" class="dialog" aria-labelledby="shortcuts-title">
      <form method="dialog" class="stack">
        <h2 id="shortcuts-title">{t.shortcuts.title}</h2>
        <dl class="keys">
          {keys.map(([names, what]) => (
            <div>
              <dt>
                {names.map((name) => (
                  <kbd>{name}</kbd>
                ))}
              </dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
        <div class="dialog-acts">
          <button type="submit" class="button button--primary">
            {t.dialog.close}
          </button>
        </div>
      </form>
    </dialog>
  )
}
