/** Erasing a person: the question, how far it has come, and the proof. */
import type { Taken } from '../db/queries/erasures.ts'
import type { I18n, Messages } from '../i18n/index.ts'
import { DialogDismissal, DialogPage, postsFromDialog } from './dialog.tsx'

export type Counts = Partial<Record<keyof Messages['privacy']['taken'], number>>

interface DialogProps {
  i18n: I18n
  contactId: string
  name: string
  taken: Taken
  /** As it was typed, where it was another name. */
  typed: string | null
}

export function ErasureDialog({ i18n, contactId, name, taken, typed }: DialogProps) {
  const { t, fill } = i18n
  const back = `/contacts/${contactId}?tab=data`
  return (
    <DialogPage i18n={i18n} title={t.privacy.erase} back={back}>
      <form {...postsFromDialog(`/contacts/${contactId}/erasure`)} class="stack">
        <p>
          <strong>
            <bdi hx-ignore>{name}</bdi>
          </strong>
        </p>
        <p>{t.privacy.eraseHint}</p>
        <TakenList i18n={i18n} title={t.privacy.goes} counts={taken} />
        <p class="faint">{t.privacy.stays}</p>
        <p class="faint">{t.privacy.again}</p>
        <label class="field" for="erasure-name">
          <span>
            <bdi hx-ignore>{fill(t.privacy.typeName, { name })}</bdi>
          </span>
          <input
            id="erasure-name"
            name="name"
            value={typed ?? ''}
            required
            maxlength={4_000}
            dir="auto"
            spellcheck={false}
            aria-describedby="erasure-problem"
            aria-invalid={typed === null ? undefined : 'true'}
          />
        </label>
        <p id="erasure-problem" class="field-problem" role="alert">
          {typed !== null && <bdi hx-ignore>{fill(t.privacy.differs, { name })}</bdi>}
        </p>
        <div class="dialog-acts">
          <DialogDismissal back={back}>{t.dialog.cancel}</DialogDismissal>
          <button type="submit" class="button button--primary">
            {t.privacy.submit}
          </button>
        </div>
      </form>
    </DialogPage>
  )
}

/** What goes, or went: of what there is none, nothing is said. */
export function TakenList({ i18n, title, counts }: { i18n: I18n; title: string; counts: Counts }) {
  const { taken } = i18n.t.privacy
  const kinds = (Object.keys(taken) as (keyof typeof taken)[]).filter((kind) => (counts[kind] ?? 0) > 0)
  if (kinds.length === 0) return null
  return (
    <section class="stack">
      <h2>{title}</h2>
      <ul>
        {kinds.map((kind) => (
          <li>{i18n.count(taken[kind], counts[kind] ?? 0)}</li>
        ))}
      </ul>
    </section>
  )
}
