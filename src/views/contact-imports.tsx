/** Contacts from a file: the file, what its columns are, what would come of it, and what has. */
import type { ContactImport, CustomField } from '../db/contact-records.ts'
import type { I18n } from '../i18n/index.ts'
import { Countries, type Country } from './countries.tsx'
import type { Problem } from './errors.tsx'
import { Act, Override } from './forms.tsx'

const PATH = '/contacts/import'

interface ImportsProps {
  i18n: I18n
  /** What the next file will be called: submitted twice, it is one. */
  newId: string
  imports: ContactImport[]
  limits: { lines: number; megabytes: number }
  problem: Problem | null
}

export function ImportsPage({ i18n, newId, imports, limits, problem }: ImportsProps) {
  const { t, fill, number } = i18n
  return (
    <section class="sheet">
      <p>
        <a href="/contacts">{t.imports.toContacts}</a>
      </p>
      <h1 tabindex={-1}>{t.imports.title}</h1>
      <p>{t.imports.intro}</p>
      <form class="stack" method="post" action={PATH} enctype="multipart/form-data" hx-boost="false" autocomplete="off">
        <input type="hidden" name="id" value={newId} />
        <div class="field">
          <label for="import-file">{t.imports.file}</label>
          <input
            type="file"
            id="import-file"
            name="file"
            accept=".csv,.txt,.tsv,text/csv,text/plain,text/tab-separated-values"
            required
            aria-invalid={problem ? 'true' : undefined}
            aria-describedby="import-file-hint import-file-problem"
          />
          <p id="import-file-hint" class="faint">
            {fill(t.imports.limits, { lines: number(limits.lines), size: number(limits.megabytes) })}
          </p>
          <p id="import-file-problem" class="field-problem" role="alert">
            {problem && refusalText(i18n, problem)}
          </p>
        </div>
        <div>
          <button type="submit" class="button button--primary">
            {t.imports.send}
          </button>
        </div>
      </form>
      {imports.length > 0 && <h2>{t.imports.recent}</h2>}
      <ul class="people">
        {imports.map((one) => (
          <li class="person" data-import-id={one.id}>
            <div class="person-who">
              <p class="person-name">
                <a href={`${PATH}/${one.id}`}>
                  <bdi hx-ignore>{one.fileName ?? t.imports.unnamed}</bdi>
                </a>
              </p>
              <p class="faint">
                <bdi hx-ignore>{one.authorName}</bdi> · {i18n.dateTime(one.createdAt)}
              </p>
            </div>
            <span class="chip">{t.imports.state[one.state]}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

export interface ImportColumn {
  /** Of the field. */
  name: string
  heading: string
  /** What stands below it in the first rows. */
  examples: string[]
  is: string
}

export interface ImportProps {
  i18n: I18n
  file: ContactImport
  columns: ImportColumn[]
  fields: CustomField[]
  countries: readonly Country[]
  /** The first of the lines that were left out. */
  problems: { line: number; code: string; detail: string | null }[]
  /** Why the form was refused. */
  problem: Problem | null
}

export function ImportPage(props: ImportProps) {
  const { t } = props.i18n
  return (
    <section class="sheet">
      <p>
        <a href={PATH}>{t.imports.toImports}</a>
      </p>
      <h1 tabindex={-1}>
        <bdi hx-ignore>{props.file.fileName ?? t.imports.unnamed}</bdi>
      </h1>
      <ImportNow {...props} />
    </section>
  )
}

/** How it stands; asks again by itself while somebody works on it. */
export function ImportNow(props: ImportProps) {
  const { i18n, file } = props
  const working = file.state === 'checking' || file.state === 'importing'
  const asks = {
    'hx-get': `${PATH}/${file.id}`,
    'hx-trigger': 'every 1s',
    'hx-swap': 'outerHTML',
    'hx-sync': 'this:drop',
  }
  return (
    <div id="import-now" class="stack import-now" data-import-state={file.state} {...(working ? asks : {})}>
      {file.state === 'mapping' && <Columns {...props} />}
      {working && <Working {...props} />}
      {file.state === 'checked' && <Checked {...props} />}
      {file.state === 'done' && <Done {...props} />}
      {file.state === 'refused' && (
        <>
          <p class="field-problem" role="alert">
            {refusalOfWhole(i18n, file.refusal)}
          </p>
          {file.objectKey && <Columns {...props} />}
        </>
      )}
      {!working && <Discard {...props} />}
    </div>
  )
}

function Working({ i18n, file }: ImportProps) {
  const { t, fill, number } = i18n
  const isBringing = file.state === 'importing'
  const words = isBringing
    ? fill(t.imports.importing, { n: number(file.cursor), total: number(file.total) })
    : t.imports.checking
  return (
    <>
      <p id="import-progress">{words}</p>
      <progress
        class="import-progress"
        aria-labelledby="import-progress"
        {...(isBringing ? { value: file.cursor, max: Math.max(file.total, 1) } : {})}
      />
      <p class="faint">{t.imports.mayLeave}</p>
      <noscript>
        <a href={`${PATH}/${file.id}`}>{t.imports.look}</a>
      </noscript>
    </>
  )
}

function Checked(props: ImportProps) {
  const { i18n, file } = props
  const { t, count } = i18n
  const people = file.created + file.matched
  return (
    <>
      <h2>{t.imports.dryRun}</h2>
      <div role="status">
        <ul class="import-counts">
          <li>{count(t.imports.wouldCreate, file.created)}</li>
          {file.matched > 0 && (
            <li>{count(file.overwrites ? t.imports.wouldChange : t.imports.wouldMatch, file.matched)}</li>
          )}
          {file.newTags > 0 && <li>{count(t.imports.newTags, file.newTags)}</li>}
          {file.newGroups > 0 && <li>{count(t.imports.newGroups, file.newGroups)}</li>}
          {file.problems > 0 && <li class="field-problem">{count(t.imports.wouldSkip, file.problems)}</li>}
        </ul>
      </div>
      {people > 0 && (
        <form method="post" action={`${PATH}/${file.id}/run`} hx-boost="false">
          <button type="submit" class="button button--primary">
            {count(t.imports.run, people)}
          </button>
        </form>
      )}
      <Problems {...props} />
      <details open={props.problem !== null}>
        <summary>{t.imports.again}</summary>
        <Columns {...props} />
      </details>
    </>
  )
}

function Done(props: ImportProps) {
  const { i18n, file } = props
  const { t, count } = i18n
  return (
    <>
      <h2>{t.imports.finished}</h2>
      <div role="status">
        <ul class="import-counts">
          <li>{count(t.imports.created, file.created)}</li>
          {file.matched > 0 && <li>{count(t.imports.matched, file.matched)}</li>}
          {file.problems > 0 && <li class="field-problem">{count(t.imports.skipped, file.problems)}</li>}
        </ul>
      </div>
      <p>
        <a class="button button--primary" href="/contacts">
          {t.imports.seeContacts}
        </a>
      </p>
      <Problems {...props} />
    </>
  )
}

/** Each line that was left out in words; all of them to take away, as long as the file is there. */
function Problems({ i18n, file, problems }: ImportProps) {
  const { t, fill, count } = i18n
  if (problems.length === 0) return null
  const rest = file.problems - problems.length
  return (
    <>
      <h2>{t.imports.left}</h2>
      {file.objectKey && (
        <p>
          <a class="button" href={`${PATH}/${file.id}/problems.csv`} download hx-boost="false">
            {t.imports.download}
          </a>
        </p>
      )}
      <ul class="import-problems">
        {problems.map((one) => (
          <li>
            <bdi hx-ignore>{fill(t.imports.line, { line: one.line, reason: problemText(i18n, one) })}</bdi>
          </li>
        ))}
      </ul>
      {rest > 0 && <p class="faint">{count(t.imports.andMore, rest)}</p>}
    </>
  )
}

/** A line for each column: what it is called, what stands in it, what it is taken for. */
function Columns({ i18n, file, columns, fields, countries, problem }: ImportProps) {
  const { t, fill } = i18n
  return (
    <form class="stack" method="post" action={`${PATH}/${file.id}`} hx-boost="false" autocomplete="off">
      <Override method="PUT" />
      <h2>{t.imports.columns}</h2>
      <p class="faint">{t.imports.columnsHint}</p>
      <p id="import-columns-problem" class="field-problem" role="alert">
        {problem && refusalText(i18n, problem)}
      </p>
      <ul class="people">
        {columns.map(({ name, heading, examples, is }, at) => (
          <li class="person">
            <div class="person-who">
              <label class="person-name" for={`import-${name}`}>
                <bdi hx-ignore>{heading.trim() || fill(t.imports.column, { n: at + 1 })}</bdi>
              </label>
              <p class="faint import-examples">
                <bdi hx-ignore>{examples.slice(0, 3).join(' · ') || t.imports.noExamples}</bdi>
              </p>
            </div>
            <span class="field">
              <select
                id={`import-${name}`}
                name={name}
                aria-describedby={problem ? 'import-columns-problem' : undefined}
              >
                {choicesFor(i18n, fields).map(([value, label]) => (
                  <option value={value} selected={value === is}>
                    {label}
                  </option>
                ))}
              </select>
            </span>
          </li>
        ))}
      </ul>
      <div class="field">
        <label for="import-country">{t.imports.country}</label>
        <Countries i18n={i18n} id="import-country" countries={countries} chosen={file.country} />
      </div>
      <label class="check">
        <input type="checkbox" name="overwrites" checked={file.overwrites} />
        <span>{t.imports.overwrites}</span>
      </label>
      <div>
        <button type="submit" class="button button--primary">
          {t.imports.check}
        </button>
      </div>
    </form>
  )
}

const choicesFor = ({ t }: I18n, fields: CustomField[]): [string, string][] => [
  ['', t.imports.what.none],
  ['phone', t.imports.what.phone],
  ['areaCode', t.imports.what.areaCode],
  ['name', t.imports.what.name],
  ['tags', t.imports.what.tags],
  ['groups', t.imports.what.groups],
  ...fields.map(({ id, name }): [string, string] => [`field:${id}`, name]),
]

function Discard({ i18n: { t }, file }: ImportProps) {
  return (
    <div class="import-end">
      <p class="faint">{file.objectKey ? t.imports.kept : t.imports.gone}</p>
      <Act action={`${PATH}/${file.id}`} method="DELETE" confirm={t.imports.discardSure}>
        <button type="submit" class="button button--small">
          {t.imports.discard}
        </button>
      </Act>
    </div>
  )
}

/** Why a line was left out. */
export function problemText({ t, fill }: I18n, { code, detail }: { code: string; detail: string | null }): string {
  const sentences: Record<string, string> = t.imports.problem
  return fill(sentences[code] ?? t.imports.problem.badPhone, { detail: detail ?? '' })
}

/** Why a file, or what was said of its columns, was refused. */
function refusalText({ t, fill, error }: I18n, { code, details = {} }: Problem): string {
  if (code === 'conflict') return t.imports.changed
  const sentences: Record<string, string> = t.imports.refused
  const sentence = sentences[String(details['why'])]
  return sentence ? fill(sentence, details) : error(code, details)
}

function refusalOfWhole({ t, fill }: I18n, refusal: string | null): string {
  const [why = '', line = ''] = (refusal ?? '').split(':')
  const sentences: Record<string, string> = t.imports.refused
  return fill(sentences[why] ?? t.imports.refused.unknown, { line })
}
