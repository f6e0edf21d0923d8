import type { ErrorCode } from '../domain/errors.ts'
import type { I18n, Values } from '../i18n/index.ts'
import { Icon } from './icon.tsx'
import { Wordmark } from './wordmark.tsx'

/** What a form is told about a field that does not fit. */
export interface Problem {
  code: ErrorCode
  details?: Values
}

/** A message's own words for what is wrong with it: an empty one is more than "invalid". */
export function messageError(i18n: I18n, { code, details }: Problem): string {
  return code === 'invalid' && details?.field === 'text' ? i18n.t.problem.empty : i18n.error(code, details)
}

interface ErrorProps extends Problem {
  i18n: I18n
  /** To quote to whoever looks after this. */
  requestId: string
}

/** A page of its own: what stands where the wanted page cannot. */
export function ErrorPage({ i18n, code, details, requestId }: ErrorProps) {
  const { t, fill } = i18n
  const signedOut = code === 'unauthenticated'
  return (
    <section class="sheet sheet--narrow problem-page">
      <Wordmark />
      <h1>{t.problem.title}</h1>
      <p>{i18n.error(code, details)}</p>
      <p>
        <a class="button button--primary" href={signedOut ? '/sign-in' : '/conversations'} hx-boost="false">
          {signedOut ? t.problem.signIn : t.problem.home}
        </a>
      </p>
      <p class="faint">{fill(t.problem.requestId, { id: requestId })}</p>
    </section>
  )
}

/** A toast. Sent with `HX-Retarget: #toasts` and `HX-Reswap: beforeend`. */
export function Notice({ i18n, code, details, requestId }: ErrorProps) {
  const { t, fill } = i18n
  return (
    <div class="toast" role="alert" data-code={code} title={fill(t.problem.requestId, { id: requestId })}>
      <Icon name="circle-alert" />
      <p>{i18n.error(code, details)}</p>
      <Dismiss i18n={i18n} />
    </div>
  )
}

export function Dismiss({ i18n: { t } }: { i18n: I18n }) {
  return (
    <button
      type="button"
      class="icon-button"
      data-needs-script
      data-dismiss
      aria-label={t.problem.dismiss}
      title={t.problem.dismiss}
    >
      <Icon name="x" />
    </button>
  )
}
