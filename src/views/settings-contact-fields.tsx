import type { Child } from 'hono/jsx'
import type { CustomField } from '../db/contact-records.ts'
import type { Viewer } from '../db/records.ts'
import type { I18n } from '../i18n/index.ts'
import { DialogDismissal, DialogLink, DialogPage, postsFromDialog } from './dialog.tsx'
import type { Problem } from './errors.tsx'
import { Override } from './forms.tsx'
import { drawsPage, SettingsPage } from './settings-page.tsx'

const PATH = '/settings/contact-fields'
const KINDS = ['text', 'number', 'date', 'choice'] as const

/** What a form was sent with, and why it was refused. */
export interface RefusedField {
  problem: Problem
  name: string
  choices: string
  kind?: CustomField['kind']
}

interface FieldsPageProps {
  i18n: I18n
  viewer: Viewer
  fields: CustomField[]
  /** The id that the next field will have: submitted twice, it is one. */
  newId: string
  refused: RefusedField | null
}

export function FieldsPage({ i18n, viewer, fields, newId, refused }: FieldsPageProps) {
  const { t } = i18n
  return (
    <SettingsPage i18n={i18n} viewer={viewer} here="/contact-fields" title={t.fields.title}>
      <p class="faint">{t.fields.intro}</p>
      <ul class="people">
        {fields.map((field, at) => (
          <FieldItem i18n={i18n} field={field} first={at === 0} last={at === fields.length - 1} />
        ))}
      </ul>
      <h2>{t.fields.create}</h2>
      <form {...drawsPage(PATH)} class="stack" novalidate>
        <input type="hidden" name="id" value={newId} />
        <Words
          i18n={i18n}
          id="new-field"
          name={refused?.name ?? ''}
          choices={refused?.choices ?? ''}
          problem={refused?.problem ?? null}
        >
          <div class="field">
            <label for="field-kind">{t.fields.kind}</label>
            <select id="field-kind" name="kind">
              {KINDS.map((kind) => (
                <option value={kind} selected={kind === refused?.kind}>
                  {t.fields.kinds[kind]}
                </option>
              ))}
            </select>
          </div>
        </Words>
        <div>
          <button type="submit" class="button button--primary">
            {t.settings.create}
          </button>
        </div>
      </form>
    </SettingsPage>
  )
}

function FieldItem({ i18n, field, first, last }: { i18n: I18n; field: CustomField; first: boolean; last: boolean }) {
  const { t, fill } = i18n
  const { id, name, kind, choices } = field
  return (
    <li class="person" data-field-id={id}>
      <div class="person-who">
        <p class="person-name">
          <bdi hx-ignore>{name}</bdi>
        </p>
        <p class="faint">
          <bdi hx-ignore>{[t.fields.kinds[kind], choices.join(', ')].filter(Boolean).join(': ')}</bdi>
        </p>
      </div>
      {!first && <Move id={id} by="up" text={t.fields.up} label={fill(t.fields.upNamed, { name })} />}
      {!last && <Move id={id} by="down" text={t.fields.down} label={fill(t.fields.downNamed, { name })} />}
      <DialogLink class="button button--small" href={`${PATH}/${id}`} aria-label={fill(t.fields.changeNamed, { name })}>
        {t.fields.change}
      </DialogLink>
      <DialogLink
        class="button button--small"
        href={`${PATH}/${id}/removal`}
        aria-label={fill(t.settings.removeNamed, { name })}
      >
        {t.settings.remove}
      </DialogLink>
    </li>
  )
}

function Move({ id, by, text, label }: { id: string; by: 'up' | 'down'; text: string; label: string }) {
  return (
    <form {...drawsPage(`${PATH}/${id}/position`)}>
      <Override method="PUT" />
      <input type="hidden" name="by" value={by} />
      <button type="submit" class="button button--small" aria-label={label}>
        {text}
      </button>
    </form>
  )
}

/** Its name and, where it is a choice, what of. */
export function FieldPage({ i18n, field, refused }: { i18n: I18n; field: CustomField; refused: RefusedField | null }) {
  const { t, fill } = i18n
  return (
    <DialogPage i18n={i18n} title={fill(t.fields.changeNamed, { name: field.name })} back={PATH}>
      <form {...postsFromDialog(`${PATH}/${field.id}`)} class="stack">
        <Override method="PUT" />
        <input type="hidden" name="version" value={field.version} />
        <Words
          i18n={i18n}
          id="field"
          name={refused?.name ?? field.name}
          choices={refused?.choices ?? field.choices.join('\n')}
          problem={refused?.problem ?? null}
          without={field.kind !== 'choice'}
        />
        <div class="dialog-acts">
          <DialogDismissal back={PATH}>{t.dialog.cancel}</DialogDismissal>
          <button type="submit" class="button button--primary">
            {t.fields.save}
          </button>
        </div>
      </form>
    </DialogPage>
  )
}

interface WordsProps {
  i18n: I18n
  /** The dialog stands before the page: each names its fields itself. */
  id: 'field' | 'new-field'
  name: string
  choices: string
  problem: Problem | null
  /** It is no choice. */
  without?: boolean
  children?: Child
}

function Words({ i18n, id, name, choices, problem, without = false, children = null }: WordsProps) {
  const { t } = i18n
  const ofChoices = ['noChoices', 'choices'].includes(String(problem?.details?.['why']))
  const text = problem && problemText(i18n, problem)
  return (
    <>
      <div class="field">
        <label for={`${id}-name`}>{t.fields.name}</label>
        <input
          id={`${id}-name`}
          name="name"
          value={name}
          maxlength={240}
          required
          dir="auto"
          aria-invalid={problem && !ofChoices ? 'true' : undefined}
          aria-describedby={`${id}-name-problem`}
        />
        <p id={`${id}-name-problem`} class="field-problem" role="alert">
          {!ofChoices && text}
        </p>
      </div>
      {children}
      {!without && (
        <div class="field">
          <label for={`${id}-choices`}>{t.fields.choices}</label>
          <textarea
            id={`${id}-choices`}
            name="choices"
            rows={4}
            dir="auto"
            aria-invalid={ofChoices ? 'true' : undefined}
            aria-describedby={`${id}-choices-hint ${id}-choices-problem`}
          >
            {choices}
          </textarea>
          <p id={`${id}-choices-hint`} class="faint">
            {t.fields.choicesHint}
          </p>
          <p id={`${id}-choices-problem`} class="field-problem" role="alert">
            {ofChoices && text}
          </p>
        </div>
      )}
    </>
  )
}

function problemText({ t, fill, error }: I18n, { code, details = {} }: Problem): string {
  if (code === 'conflict') return t.settings.changed
  const sentences: Record<string, string> = t.fields.problem
  const sentence = sentences[String(details['why'])]
  return sentence ? fill(sentence, details) : error(code, details)
}

interface FieldRemovalProps {
  i18n: I18n
  field: CustomField
  uses: number
  /** Above it, "more than" is said. */
  mostCounted: number
}

export function FieldRemovalPage({ i18n, field, uses, mostCounted }: FieldRemovalProps) {
  const { t, fill, count } = i18n
  const said = uses > mostCounted ? fill(t.fields.usesMany, { n: mostCounted }) : count(t.fields.uses, uses)
  return (
    <DialogPage i18n={i18n} title={fill(t.fields.removal, { name: field.name })} back={PATH}>
      <form {...postsFromDialog(`${PATH}/${field.id}`)} class="stack">
        <Override method="DELETE" />
        <p>{uses === 0 ? t.fields.unused : said}</p>
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
