/** For how long what was said in closed conversations is kept. */
import type { Going } from '../db/queries/retention.ts'
import type { Forms, I18n } from '../i18n/index.ts'
import { DialogDismissal, DialogLink, DialogPage, postsFromDialog } from './dialog.tsx'
import { Override } from './forms.tsx'

const PATH = '/settings/privacy/retention'

interface RetentionProps {
  i18n: I18n
  /** Days; 0 is for ever. */
  now: number
  choices: readonly number[]
}

export function Retention({ i18n, now, choices }: RetentionProps) {
  const { privacy } = i18n.t
  return (
    <section class="stack" aria-labelledby="retention-title">
      <h2 id="retention-title">{privacy.retention}</h2>
      <p class="faint">{privacy.retentionHint}</p>
      <p role="status">{i18n.fill(privacy.retentionNow, { time: timeOf(i18n, now) })}</p>
      <ul class="people">
        {choices
          .filter((days) => days !== now)
          .map((days) => (
            <li class="person">
              <p class="person-who">{timeOf(i18n, days)}</p>
              <DialogLink
                class="button button--small"
                href={`${PATH}?days=${days}`}
                aria-label={i18n.fill(privacy.retentionSee, { time: timeOf(i18n, days) })}
              >
                {privacy.retentionChoose}
              </DialogLink>
            </li>
          ))}
      </ul>
    </section>
  )
}

export const timeOf = ({ t, count }: I18n, days: number) =>
  days === 0 ? t.privacy.forever : count(t.privacy.days, days)

interface DialogProps {
  i18n: I18n
  days: number
  /** As it is now: somebody else's decision is not overruled. */
  was: number
  going: Going
  /** Above it, "more than" is said. */
  mostCounted: number
  /** It was decided otherwise meanwhile. */
  changed?: boolean
}

export function RetentionDialog({ i18n, days, was, going, mostCounted, changed = false }: DialogProps) {
  const { t, fill } = i18n
  const back = '/settings/privacy'
  const { taken } = t.privacy
  return (
    <DialogPage i18n={i18n} title={fill(t.privacy.retentionTitle, { time: timeOf(i18n, days) })} back={back}>
      <form {...postsFromDialog(PATH)} class="stack">
        <Override method="PUT" />
        <input type="hidden" name="days" value={days} />
        <input type="hidden" name="was" value={was} />
        {changed && <p role="alert">{t.settings.changed}</p>}
        <p>{fill(t.privacy.retentionNow, { time: timeOf(i18n, was) })}</p>
        {going.conversations === 0 ? (
          <p>{t.privacy.nothingGoes}</p>
        ) : (
          <>
            <p>{t.privacy.goesAtOnce}</p>
            <ul>
              {(['conversations', 'messages', 'files'] as const).map((kind) => (
                <li>{counted(i18n, taken[kind], going[kind], mostCounted)}</li>
              ))}
            </ul>
          </>
        )}
        <p class="faint">{t.privacy.retentionStays}</p>
        <div class="dialog-acts">
          <DialogDismissal back={back}>{t.dialog.cancel}</DialogDismissal>
          <button type="submit" class="button button--primary">
            {t.privacy.retentionSubmit}
          </button>
        </div>
      </form>
    </DialogPage>
  )
}

const counted = (i18n: I18n, forms: Forms, n: number, most: number) =>
  n > most ? i18n.fill(i18n.t.privacy.moreThan, { what: i18n.count(forms, most) }) : i18n.count(forms, n)
