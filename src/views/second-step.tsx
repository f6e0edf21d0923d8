import type { I18n } from '../i18n/index.ts'
import { DoorField } from './door-field.tsx'
import type { Problem } from './errors.tsx'
import { Wordmark } from './wordmark.tsx'

/** One field for both kinds of code: whoever lost their phone finds the way without looking for it. */
export function SecondStepPage({ i18n, next, problem }: { i18n: I18n; next: string; problem?: Problem | undefined }) {
  const { t } = i18n
  return (
    <section class="sheet sheet--narrow sign-in">
      <Wordmark />
      <h1>{t.secondStep.title}</h1>
      <form method="post" action="/sign-in/2fa" hx-boost="false" class="stack" novalidate autocomplete="off">
        <input type="hidden" name="next" value={next} />
        <DoorField name="code" label={t.secondStep.code} hint={t.secondStep.hint} problem={said(i18n, problem)}>
          {(attributes) => (
            <input {...attributes} autocomplete="one-time-code" maxlength={32} spellcheck={false} autofocus />
          )}
        </DoorField>
        <button type="submit" class="button button--primary">
          {t.signIn.submit}
        </button>
      </form>
      <p class="faint">{t.secondStep.lost}</p>
      <p>
        <a href="/sign-in" hx-boost="false">
          {t.secondStep.back}
        </a>
      </p>
    </section>
  )
}

function said(i18n: I18n, problem: Problem | undefined): string | undefined {
  if (!problem) return undefined
  return problem.code === 'too_many_requests' ? i18n.error(problem.code, problem.details) : i18n.t.secondStep.wrong
}
