/** Who did what, when and to what: looked through by administrators, and taken along as a file. */
import { AUDIT_ACTIONS, AUDIT_KINDS } from '../db/audit-actions.ts'
import type { Viewer } from '../db/records.ts'
import type { I18n } from '../i18n/index.ts'
import { type AuditEntryShown, actorIn, detailWords, doneIn, hrefOf, nameIn } from './audit-words.ts'
import { Icon } from './icon.tsx'
import { SettingsPage } from './settings-page.tsx'

/** As the address says it; empty: not filtered by that. */
export interface AuditFields {
  who: string
  what: string
  from: string
  until: string
  target: string
}

export interface AuditPageProps {
  i18n: I18n
  viewer: Viewer
  fields: AuditFields
  entries: AuditEntryShown[]
  actors: { id: string; name: string }[]
  /** What entries name by their ids alone. */
  names: ReadonlyMap<string, string>
  /** Address of the next page; null: this is the last. */
  older: string | null
  /** This is not the first page. */
  isLater: boolean
}

const PATH = '/settings/audit'

export const auditHref = (fields: Partial<AuditFields>, before?: string) => {
  const given = Object.entries({ ...fields, before }).filter(([, value]) => value)
  return given.length === 0 ? PATH : `${PATH}?${new URLSearchParams(given as [string, string][])}`
}

export function AuditPage(props: AuditPageProps) {
  const { i18n, viewer, fields, entries, older, isLater } = props
  const { t } = i18n
  return (
    <SettingsPage i18n={i18n} viewer={viewer} here="/audit" title={t.audit.title}>
      <p class="faint">{t.audit.explained}</p>
      <Filters {...props} />
      {entries.length === 0 && <p class="faint">{t.audit.none}</p>}
      <ol class="audit" id="audit">
        {entries.map((entry) => (
          <Entry {...props} entry={entry} />
        ))}
      </ol>
      <p class="settings-line">
        {older && <a href={older}>{t.audit.older}</a>}
        {isLater && <a href={auditHref(fields)}>{t.audit.newest}</a>}
      </p>
      {/* A file is no page: the browser saves it, and stays where it is. */}
      <form method="post" action={`${PATH}/export`} hx-boost="false" class="stack">
        {Object.entries(fields).map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <button type="submit" class="button" aria-describedby="audit-export-hint">
          {t.audit.export}
        </button>
        <p id="audit-export-hint" class="faint">
          {t.audit.exportHint}
        </p>
      </form>
    </SettingsPage>
  )
}

function Entry({ i18n, viewer, names, fields, entry }: AuditPageProps & { entry: AuditEntryShown }) {
  const { t } = i18n
  const { target } = entry
  const more = detailWords(i18n, entry, names)
  const href = target && hrefOf(target, viewer)
  const name = nameIn(i18n, entry)
  return (
    <li class="audit-entry" data-action={entry.action}>
      <p>
        <strong>
          <bdi hx-ignore>{actorIn(i18n, entry)}</bdi>
        </strong>{' '}
        {doneIn(i18n, entry.action)}
        {target && name !== null && target.type !== 'workspace' && target.id !== entry.actor?.id && (
          <>
            :{' '}
            {href === null ? (
              <bdi hx-ignore>{name}</bdi>
            ) : (
              <a href={href}>
                <bdi hx-ignore>{name}</bdi>
              </a>
            )}
          </>
        )}
      </p>
      <p class="faint">
        <time datetime={new Date(entry.at).toISOString()}>{i18n.dateTime(entry.at)}</time>
        {more && (
          <>
            {' · '}
            <bdi hx-ignore>{more}</bdi>
          </>
        )}
        {target && target.id !== fields.target && (
          <>
            {' · '}
            <a
              href={auditHref({ target: target.id })}
              aria-label={`${t.audit.aboutIt}: ${name ?? doneIn(i18n, entry.action)}`}
            >
              {t.audit.aboutIt}
            </a>
          </>
        )}
      </p>
    </li>
  )
}

function Filters({ i18n, fields, actors, entries }: AuditPageProps) {
  const { t, fill } = i18n
  const about = entries.find(({ target }) => target?.id === fields.target)?.target?.name
  return (
    <form action={PATH} class="audit-filters" aria-label={t.audit.filter}>
      <label class="field">
        <span>{t.audit.who}</span>
        <select name="who">
          <option value="">{t.audit.anyone}</option>
          {actors.map(({ id, name }) => (
            <option value={id} selected={id === fields.who}>
              {name}
            </option>
          ))}
          <option value="system" selected={fields.who === 'system'}>
            {t.audit.system}
          </option>
        </select>
      </label>
      <Actions i18n={i18n} chosen={fields.what} />
      <label class="field">
        <span>{t.audit.from}</span>
        <input type="date" name="from" value={fields.from} />
      </label>
      <label class="field">
        <span>{t.audit.until}</span>
        <input type="date" name="until" value={fields.until} />
      </label>
      {fields.target && (
        <>
          <input type="hidden" name="target" value={fields.target} />
          <a
            class="chip chip--removable"
            href={auditHref({ ...fields, target: '' })}
            aria-label={fill(t.filters.remove, { name: about ?? fields.target })}
          >
            <bdi hx-ignore>{fill(t.audit.about, { name: about ?? fields.target })}</bdi>
            <Icon name="x" />
          </a>
        </>
      )}
      <div class="audit-acts">
        <button type="submit" class="button button--primary">
          {t.audit.apply}
        </button>
        {Object.values(fields).some((value) => value !== '') && <a href={PATH}>{t.audit.clear}</a>}
      </div>
    </form>
  )
}

/** All of a kind, or one of them. */
function Actions({ i18n: { t, fill }, chosen }: { i18n: I18n; chosen: string }) {
  return (
    <label class="field">
      <span>{t.audit.what}</span>
      <select name="what">
        <option value="">{t.audit.anything}</option>
        {AUDIT_KINDS.map((kind) => (
          <optgroup label={t.audit.kind[kind]}>
            <option value={kind} selected={kind === chosen}>
              {fill(t.audit.allOf, { kind: t.audit.kind[kind] })}
            </option>
            {AUDIT_ACTIONS.filter((action) => action.startsWith(`${kind}.`)).map((action) => (
              <option value={action} selected={action === chosen}>
                {t.audit.did[action]}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
    </label>
  )
}
