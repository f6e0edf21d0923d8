/** Shutting somebody out: what that does, what they have, and where it goes. */
import type { I18n } from '../i18n/index.ts'
import { DialogDismissal, DialogPage, postsFromDialog } from './dialog.tsx'
import { Override } from './forms.tsx'
import { describedBy, Field, type Refused } from './settings-page.tsx'

interface DeactivationPageProps {
  i18n: I18n
  agent: { id: string; name: string }
  /** How many open conversations they have. */
  open: number
  /** Who could take some of them, and how many. */
  successors: { id: string; name: string; open: number; takes: number }[]
  refused?: Refused | undefined
}

export function DeactivationPage({ i18n, agent, open, successors, refused }: DeactivationPageProps) {
  const { t, fill, count } = i18n
  return (
    <DialogPage i18n={i18n} title={fill(t.deactivation.title, { name: agent.name })} back="/settings/agents">
      <form {...postsFromDialog(`/settings/agents/${agent.id}/deactivation`)} class="stack">
        <Override method="PUT" />
        <p>{t.deactivation.effect}</p>
        <p>{open > 0 ? count(t.deactivation.has, open) : t.deactivation.hasNone}</p>
        {open > 0 || refused ? (
          <>
            <Field i18n={i18n} id="deactivation-to" label={t.deactivation.to} refused={refused}>
              <select name="to" {...describedBy('deactivation-to', refused)}>
                <option value="">{t.deactivation.queue}</option>
                {successors.map((one) => (
                  <option value={one.id} selected={one.id === refused?.value}>
                    {optionOf(i18n, one, open)}
                  </option>
                ))}
              </select>
            </Field>
            <p class="faint">{t.deactivation.hint}</p>
          </>
        ) : (
          <input type="hidden" name="to" value="" />
        )}
        <div class="dialog-acts">
          <DialogDismissal back="/settings/agents">{t.dialog.cancel}</DialogDismissal>
          <button type="submit" class="button button--primary">
            {t.agents.deactivate}
          </button>
        </div>
      </form>
    </DialogPage>
  )
}

function optionOf({ t, fill, count }: I18n, one: DeactivationPageProps['successors'][number], open: number): string {
  const has = count(t.acts.openCount, one.open)
  if (one.takes >= open) return `${one.name} (${has})`
  return fill(t.deactivation.takesSome, { name: one.name, open: has, takes: one.takes, n: open })
}
