/** One's own second step of signing in: turning it on, its recovery codes, turning it off. */
import type { Child } from 'hono/jsx'
import type { Viewer } from '../db/records.ts'
import type { I18n } from '../i18n/index.ts'
import { Override } from './forms.tsx'
import { QrCode } from './qr-code.tsx'
import { describedBy, Field, type Refused, SettingsPage } from './settings-page.tsx'
import { PasswordInput } from './settings-profile.tsx'

interface PageProps {
  i18n: I18n
  viewer: Viewer
}

const PATH = '/settings/profile/two-factor'

function TwoFactorPage({ i18n, viewer, title, children }: PageProps & { title: string; children: Child }) {
  return (
    <SettingsPage i18n={i18n} viewer={viewer} here="/profile" title={title}>
      {children}
    </SettingsPage>
  )
}

export function BeginPage({ i18n, viewer, wrong }: PageProps & { wrong: boolean }) {
  const { t } = i18n
  return (
    <TwoFactorPage i18n={i18n} viewer={viewer} title={t.twoFactor.title}>
      <p>{t.twoFactor.about}</p>
      <ByPassword i18n={i18n} id="two-factor-begin" action={PATH} button={t.twoFactor.begin} wrong={wrong} primary />
    </TwoFactorPage>
  )
}

/** `uri` is what the QR code says; the same secret stands beside it in letters. */
export function ConfirmPage({
  i18n,
  viewer,
  uri,
  setup,
  wrong,
}: PageProps & { uri: string; setup: string; wrong: boolean }) {
  const { t } = i18n
  const refused = refusedIf(wrong, 'wrong_code')
  return (
    <TwoFactorPage i18n={i18n} viewer={viewer} title={t.twoFactor.title}>
      <p>{t.twoFactor.scan}</p>
      <div class="link-code">
        <QrCode text={uri} label={t.twoFactor.squares} />
        <Secret i18n={i18n} secret={secretIn(uri)} />
      </div>
      <form method="post" action={PATH} hx-boost="false" class="stack" novalidate autocomplete="off">
        <Override method="PUT" />
        <input type="hidden" name="setup" value={setup} />
        <Field i18n={i18n} id="two-factor-code" label={t.twoFactor.firstCode} refused={refused}>
          <input
            name="code"
            inputmode="numeric"
            autocomplete="one-time-code"
            maxlength={16}
            required
            autofocus={wrong}
            {...describedBy('two-factor-code', refused)}
          />
        </Field>
        <div class="settings-acts">
          <button type="submit" class="button button--primary">
            {t.twoFactor.confirm}
          </button>
          <a class="button" href="/settings/profile">
            {t.dialog.cancel}
          </a>
        </div>
      </form>
    </TwoFactorPage>
  )
}

/** The whole of it before one's eyes, on a phone too: it is typed into another device. */
function Secret({ i18n: { t }, secret }: { i18n: I18n; secret: string }) {
  return (
    <div class="stack">
      <label class="field">
        <span>{t.twoFactor.secret}</span>
        <textarea id="two-factor-secret" class="link-letters" rows={3} readonly spellcheck={false}>
          {secret}
        </textarea>
      </label>
      <button type="button" class="button" data-needs-script data-copy-text={secret} data-done={t.bubble.copied}>
        {t.twoFactor.copySecret}
      </button>
    </div>
  )
}

interface OnPageProps extends PageProps {
  /** How many recovery codes are unused. */
  left: number
  wrong: 'begin' | 'codes' | 'end' | undefined
}

export function OnPage({ i18n, viewer, left, wrong }: OnPageProps) {
  const { t } = i18n
  return (
    <TwoFactorPage i18n={i18n} viewer={viewer} title={t.twoFactor.title}>
      <p>{t.twoFactor.isOn}</p>
      <section class="stack" aria-labelledby="codes-title">
        <h2 id="codes-title">{t.twoFactor.codes}</h2>
        <p>{i18n.count(t.twoFactor.left, left)}</p>
        <ByPassword
          i18n={i18n}
          id="two-factor-renew"
          action={`${PATH}/codes`}
          button={t.twoFactor.renew}
          wrong={wrong === 'codes'}
        />
      </section>
      <section class="stack" aria-labelledby="end-title">
        <h2 id="end-title">{t.twoFactor.end}</h2>
        <p>{t.twoFactor.endHint}</p>
        <ByPassword
          i18n={i18n}
          id="two-factor-end"
          action={PATH}
          method="DELETE"
          button={t.twoFactor.end}
          wrong={wrong === 'end'}
        />
      </section>
    </TwoFactorPage>
  )
}

/** Shown once: to keep, on paper or in a password manager. */
export function RecoveryCodesPage({ i18n, viewer, codes }: PageProps & { codes: string[] }) {
  const { t } = i18n
  const text = codes.join('\n')
  return (
    <TwoFactorPage i18n={i18n} viewer={viewer} title={t.twoFactor.codes}>
      <p role="status">{t.twoFactor.keep}</p>
      <ul class="recovery-codes">
        {codes.map((code) => (
          <li>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <div class="settings-acts">
        <a
          class="button"
          href={`data:text/plain;charset=utf-8,${encodeURIComponent(`${text}\n`)}`}
          download={t.twoFactor.fileName}
          hx-boost="false"
        >
          {t.twoFactor.download}
        </a>
        <button type="button" class="button" data-needs-script data-copy-text={text} data-done={t.bubble.copied}>
          {t.twoFactor.copy}
        </button>
        <a class="button button--primary" href="/settings/profile" hx-boost="false">
          {t.twoFactor.kept}
        </a>
      </div>
    </TwoFactorPage>
  )
}

interface ByPasswordProps {
  i18n: I18n
  id: string
  action: string
  method?: 'POST' | 'DELETE'
  button: string
  wrong: boolean
  primary?: boolean
}

/** What it does is worth asking for the password again. */
function ByPassword({ i18n, id, action, method = 'POST', button, wrong, primary = false }: ByPasswordProps) {
  const refused = refusedIf(wrong, 'wrong_password')
  return (
    <form method="post" action={action} hx-boost="false" class="settings-line" novalidate>
      <Override method={method} />
      <Field i18n={i18n} id={id} label={i18n.t.account.currentPassword} refused={refused}>
        <PasswordInput name="password" autocomplete="current-password" {...describedBy(id, refused)} />
      </Field>
      <button type="submit" class={primary ? 'button button--primary' : 'button'}>
        {button}
      </button>
    </form>
  )
}

const refusedIf = (wrong: boolean, why: string): Refused | undefined =>
  wrong ? { form: '', problem: { code: 'invalid', details: { why } }, value: '' } : undefined

/** In groups of four, as it is typed into a phone. */
const secretIn = (uri: string) => (new URL(uri).searchParams.get('secret') ?? '').replaceAll(/(.{4})(?=.)/g, '$1 ')
