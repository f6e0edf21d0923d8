import type { Viewer } from '../db/records.ts'
import { VARIABLES } from '../domain/variables.ts'
import type { I18n } from '../i18n/index.ts'
import { DialogDismissal, DialogLink, DialogPage, postsFromDialog } from './dialog.tsx'
import { Override } from './forms.tsx'
import { describedBy, drawsPage, Field, NameForm, type Refused, refusedIn, SettingsPage } from './settings-page.tsx'

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
            <a class="button" href={`${PATH}/${id}/farewell`} aria-label={fill(t.closeReasons.farewellNamed, { name })}>
              {t.closeReasons.farewell}
            </a>
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

interface FarewellPageProps {
  i18n: I18n
  viewer: Viewer
  reason: { id: string; name: string; farewell: string | null }
  refused?: Refused | undefined
}

/** What is offered to be said last to whoever is closed for this reason. */
export function FarewellPage({ i18n, viewer, reason, refused }: FarewellPageProps) {
  const { t, fill } = i18n
  const names = Object.values(VARIABLES).map((words) => `{{${words[i18n.locale]}}}`)
  const title = fill(t.closeReasons.farewellOf, { name: reason.name })
  return (
    <SettingsPage i18n={i18n} viewer={viewer} here="/close-reasons" title={title}>
      <form {...drawsPage(`${PATH}/${reason.id}/farewell`)} class="stack quick-reply-form" novalidate>
        <Override method="PUT" />
        <input type="hidden" name="was" value={reason.farewell ?? ''} />
        <Field i18n={i18n} id="reason-farewell" label={t.acts.farewell} refused={refused}>
          <textarea name="farewell" rows={4} dir="auto" {...describedBy('reason-farewell', refused)}>
            {`\n${refused?.value ?? reason.farewell ?? ''}`}
          </textarea>
        </Field>
        <p class="faint">
          {t.closeReasons.farewellHint} {fill(t.hours.variables, { list: i18n.list(names) })}
        </p>
        <p>
          <button type="submit" class="button button--primary">
            {t.quickReplies.save}
          </button>
        </p>
      </form>
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
