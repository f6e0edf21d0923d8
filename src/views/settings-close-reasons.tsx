import type { Viewer } from '../db/records.ts'
import type { I18n } from '../i18n/index.ts'
import { DialogDismissal, DialogLink, DialogPage, postsFromDialog } from './dialog.tsx'
import { Override } from './forms.tsx'
import { NameForm, type Refused, refusedIn, SettingsPage } from './settings-page.tsx'

const PATH = '/settings/close-reasons'

interface CloseReasonsPageProps {
  i18n: I18n
  viewer: Viewer
  reasons: { id: string; name: string }[]
  /** The id that the next reason will have: submitted twice, it is one. */
  newId: string
  /** `form` is the reason's id, or `create`. */
  refused?: Refused | undefined
}

export function CloseReasonsPage({ i18n, viewer, reasons, newId, refused }: CloseReasonsPageProps) {
  const { t, fill } = i18n
  return (
    <SettingsPage i18n={i18n} viewer={viewer} here="/close-reasons" title={t.closeReasons.title}>
      {reasons.length === 0 && <p class="faint">{t.closeReasons.empty}</p>}
      <ul class="people">
        {reasons.map(({ id, name }) => (
          <li class="person" data-close-reason-id={id}>
            <NameForm
              i18n={i18n}
              id={`reason-${id}`}
              action={`${PATH}/${id}`}
              method="PUT"
              label={fill(t.closeReasons.renameNamed, { name })}
              button={t.settings.rename}
              value={name}
              fields={{ was: name }}
              refused={refusedIn(refused, id)}
            />
            <DialogLink
              class="button"
              href={`${PATH}/${id}/removal`}
              aria-label={fill(t.settings.removeNamed, { name })}
            >
              {t.settings.remove}
            </DialogLink>
          </li>
        ))}
      </ul>
      <NameForm
        i18n={i18n}
        id="reason-name"
        action={PATH}
        label={t.closeReasons.create}
        button={t.settings.create}
        fields={{ id: newId }}
        refused={refusedIn(refused, 'create')}
      />
    </SettingsPage>
  )
}

interface CloseReasonRemovalPageProps {
  i18n: I18n
  reason: { id: string; name: string }
  uses: number
  /** Above it, "more than" is said. */
  mostCounted: number
}

export function CloseReasonRemovalPage({ i18n, reason, uses, mostCounted }: CloseReasonRemovalPageProps) {
  const { t, fill } = i18n
  return (
    <DialogPage i18n={i18n} title={fill(t.closeReasons.removal, { name: reason.name })} back={PATH}>
      <form {...postsFromDialog(`${PATH}/${reason.id}`)} class="stack">
        <Override method="DELETE" />
        <p>{usesOf(i18n, uses, mostCounted)}</p>
        <div class="dialog-acts">
          <DialogDismissal back={PATH}>{t.dialog.cancel}</DialogDismissal>
          <button type="submit" class="button button--primary">
            {t.settings.remove}
          </button>
        </div>
      </form>
    </DialogPage>
  )
}

function usesOf({ t, fill, count }: I18n, uses: number, mostCounted: number): string {
  if (uses === 0) return t.closeReasons.unused
  return uses > mostCounted ? fill(t.closeReasons.usesMany, { n: mostCounted }) : count(t.closeReasons.uses, uses)
}
