/** What the workspace wants to know of a contact: what is known, and the form that says it. */
import type { CustomField } from '../db/contact-records.ts'
import type { I18n } from '../i18n/index.ts'
import { DialogDismissal, DialogLink, DialogPage, postsFromDialog } from './dialog.tsx'
import type { Problem } from './errors.tsx'
import { Override } from './forms.tsx'

export interface FieldValue {
  field: CustomField
  /** Empty: nothing is known. */
  value: string
}

/** Among the facts of a contact. */
export function FieldFacts({ i18n, values }: { i18n: I18n; values: FieldValue[] }) {
  return (
    <>
      {values.map(({ field, value }) => (
        <div>
          <dt>
            <bdi hx-ignore>{field.name}</bdi>
          </dt>
          <dd>
            <bdi dir="auto" hx-ignore>
              {value === '' ? '—' : shownValue(i18n, field, value)}
            </bdi>
          </dd>
        </div>
      ))}
    </>
  )
}

export const FillInLink = ({ i18n: { t }, contactId }: { i18n: I18n; contactId: string }) => (
  <DialogLink class="button" href={`/contacts/${contactId}/fields`}>
    {t.fields.fillIn}
  </DialogLink>
)

function shownValue({ locale, number }: I18n, { kind }: CustomField, value: string): string {
  if (kind === 'number' && !/\.\d{4}/.test(value)) return number(Number(value))
  if (kind === 'date' && locale !== 'en') return value.split('-').toReversed().join('/')
  return value
}

interface FillInProps {
  i18n: I18n
  contactId: string
  name: string
  values: (FieldValue & { typed?: string | undefined })[]
  /** Why it was refused; `field` is the field's id. */
  problem: Problem | null
}

export const fieldName = (id: string) => `value.${id}`
export const wasName = (id: string) => `was.${id}`

export function FillIn({ i18n, contactId, name, values, problem }: FillInProps) {
  const { t, fill } = i18n
  const back = `/contacts/${contactId}?tab=data`
  return (
    <DialogPage i18n={i18n} title={fill(t.fields.of, { name })} back={back}>
      <form {...postsFromDialog(`/contacts/${contactId}/fields`)} class="stack">
        <Override method="PUT" />
        {problem?.code === 'conflict' && (
          <p class="field-problem" role="alert">
            {t.settings.changed}
          </p>
        )}
        {values.map((of) => (
          <Value i18n={i18n} {...of} problem={problem?.details?.['field'] === of.field.id ? problem : null} />
        ))}
        <div class="dialog-acts">
          <DialogDismissal back={back}>{t.dialog.cancel}</DialogDismissal>
          <button type="submit" class="button button--primary">
            {t.fields.save}
          </button>
        </div>
      </form>
    </DialogPage>
  )
}

function Value({
  i18n,
  field,
  value,
  typed,
  problem,
}: FieldValue & { i18n: I18n; typed?: string | undefined; problem: Problem | null }) {
  const { t, fill } = i18n
  const id = `field-${field.id}`
  // A comma always parts fractions; a point may part thousands (domain/field-values.ts).
  const shown = typed ?? (field.kind === 'number' ? value.replace('.', ',') : value)
  const attributes = {
    id,
    name: fieldName(field.id),
    'aria-invalid': problem ? 'true' : undefined,
    'aria-describedby': problem ? `${id}-problem` : undefined,
  } as const
  const sentences: Record<string, string> = t.imports.problem
  return (
    <div class="field">
      <label for={id}>
        <bdi hx-ignore>{field.name}</bdi>
      </label>
      <input type="hidden" name={wasName(field.id)} value={value} />
      {field.kind === 'choice' ? (
        <select {...attributes}>
          <option value="">{t.fields.none}</option>
          {[...new Set([...field.choices, ...(shown === '' ? [] : [shown])])].map((choice) => (
            <option value={choice} selected={choice === shown}>
              {choice}
            </option>
          ))}
        </select>
      ) : (
        <input
          {...attributes}
          type={field.kind === 'date' && (shown === '' || shown === value) ? 'date' : 'text'}
          inputmode={field.kind === 'number' ? 'decimal' : undefined}
          value={shown}
          maxlength={4_000}
          dir="auto"
        />
      )}
      {problem && (
        <p id={`${id}-problem`} class="field-problem" role="alert">
          {fill(sentences[String(problem.details?.['why'])] ?? t.imports.problem.fieldLong, { detail: field.name })}
        </p>
      )}
    </div>
  )
}
