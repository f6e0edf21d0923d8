/** Novo Contato: a number in whatever way it is written, and a name. */
import type { I18n } from '../i18n/index.ts'
import { contactNameOf } from './conversation-row.tsx'
import { Countries, type Country } from './countries.tsx'
import { DialogLink, DialogPage, postsFromDialog } from './dialog.tsx'
import { NEW_CONVERSATION, startPath } from './new-conversation.tsx'

export interface NewContactProps {
  i18n: I18n
  clientKey: string
  countries: readonly Country[]
  typed: { country: string; phone: string; name: string }
  problem?: { field: 'phone' | 'name'; text: string } | null
  /** Whose number it is already. */
  known?: { id: string; name: string | null; phone: string | null } | null
}

export function NewContactForm({ i18n, clientKey, countries, typed, problem, known }: NewContactProps) {
  const { t } = i18n
  const wrongPhone = problem?.field === 'phone' ? problem.text : null
  const wrongName = problem?.field === 'name' ? problem.text : null
  return (
    <DialogPage i18n={i18n} title={t.newContact.title} back={NEW_CONVERSATION}>
      <form {...postsFromDialog('/contacts')} class="stack">
        <input type="hidden" name="clientKey" value={clientKey} />
        <div class="field">
          <label for="contact-phone">{t.newContact.phone}</label>
          <input
            type="tel"
            id="contact-phone"
            name="phone"
            value={typed.phone}
            required
            maxlength={200}
            inputmode="tel"
            autofocus
            data-phone-mask="contact-country"
            aria-invalid={wrongPhone || known ? 'true' : undefined}
            aria-describedby="contact-phone-notice"
          />
          <div id="contact-phone-notice">
            {known ? (
              <Known i18n={i18n} known={known} />
            ) : wrongPhone ? (
              <span class="field-problem">{wrongPhone}</span>
            ) : (
              <span class="faint">{t.newContact.phoneHint}</span>
            )}
          </div>
        </div>
        <div class="field">
          <label for="contact-country">{t.newContact.country}</label>
          <Countries i18n={i18n} id="contact-country" countries={countries} chosen={typed.country} />
        </div>
        <div class="field">
          <label for="contact-name">{t.newContact.name}</label>
          <input
            type="text"
            id="contact-name"
            name="name"
            value={typed.name}
            required
            maxlength={500}
            aria-invalid={wrongName ? 'true' : undefined}
            aria-describedby={wrongName ? 'contact-name-problem' : undefined}
          />
          {wrongName && (
            <span id="contact-name-problem" class="field-problem">
              {wrongName}
            </span>
          )}
        </div>
        <div class="dialog-acts">
          <DialogLink class="button" href={NEW_CONVERSATION}>
            {t.dialog.cancel}
          </DialogLink>
          <button type="submit" class="button button--primary">
            {t.newContact.add}
          </button>
        </div>
      </form>
    </DialogPage>
  )
}

/** Somebody who is there already is offered, never doubled. */
function Known({ i18n, known }: { i18n: I18n; known: NonNullable<NewContactProps['known']> }) {
  const { t, fill } = i18n
  const name = contactNameOf(i18n, { contactName: known.name, contactPhone: known.phone })
  return (
    <p class="field-problem" role="alert">
      {fill(t.newContact.exists, { name })} <a href={`/contacts/${known.id}`}>{t.newContact.open}</a> ·{' '}
      <DialogLink href={startPath(known.id)}>{fill(t.newContact.startWith, { name })}</DialogLink>
    </p>
  )
}
