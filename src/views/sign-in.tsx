import type { I18n } from '../i18n/index.ts'
import type { Problem } from './errors.tsx'
import { Wordmark } from './wordmark.tsx'

/** `next` is where the person wanted to go. Whatever was wrong with the sign-in, it says the same. */
export function SignInPage({
  i18n,
  email,
  next,
  said: done,
  problem,
}: {
  i18n: I18n
  email: string
  next: string
  /** What was done before. */
  said?: string
  problem?: Problem | undefined
}) {
  const { t } = i18n
  return (
    <section class="sheet sheet--narrow sign-in">
      <Wordmark />
      <h1>{t.signIn.title}</h1>
      {done ? <p role="status">{done}</p> : <p class="faint">{t.signIn.welcome}</p>}
      <form method="post" action="/sign-in" hx-boost="false" class="stack">
        <input type="hidden" name="next" value={next} />
        <p id="sign-in-problem" class="field-problem" role="alert">
          {problem && said(i18n, problem)}
        </p>
        <label class="field">
          <span>{t.signIn.email}</span>
          <input
            type="email"
            name="email"
            value={email}
            autocomplete="username"
            required
            autofocus={email === ''}
            aria-describedby="sign-in-problem"
            aria-invalid={problem ? 'true' : undefined}
          />
        </label>
        <label class="field">
          <span>{t.signIn.password}</span>
          <input
            type="password"
            name="password"
            autocomplete="current-password"
            required
            autofocus={email !== ''}
            aria-describedby="sign-in-problem"
            aria-invalid={problem ? 'true' : undefined}
          />
        </label>
        <button type="submit" class="button button--primary">
          {t.signIn.submit}
        </button>
      </form>
      <p class="faint">{t.signIn.forgot}</p>
    </section>
  )
}

function said(i18n: I18n, { code, details }: Problem): string {
  if (code === 'too_late') return i18n.t.secondStep.over
  return code === 'too_many_requests' || code === 'unavailable' ? i18n.error(code, details) : i18n.t.signIn.wrong
}
