/** The page of contacts: everyone by name, or whoever a search or a group finds. */
import type { ContactRow, CustomField } from '../db/contact-records.ts'
import type { I18n } from '../i18n/index.ts'
import { BlockedChip } from './blocking.tsx'
import { shownName } from './contact-name.tsx'
import { Avatar } from './conversation-row.tsx'
import { DialogDismissal, DialogPage } from './dialog.tsx'
import { Act, Override } from './forms.tsx'
import { readablePhone } from './phone.ts'
import { TagChips } from './tag.tsx'

export interface ContactsProps {
  i18n: I18n
  q: string
  groupId: string | null
  /** A field's id and one of its choices, with a colon between; empty: any. */
  field: string
  /** Only those who are blocked. */
  blocked: boolean
  groups: { id: string; name: string }[]
  /** The fields that people choose from. */
  choices: Pick<CustomField, 'id' | 'name' | 'choices'>[]
  rows: ContactRow[]
  moreHref: string | null
  /** May bring contacts in and take them out. */
  leads: boolean
  tags: { id: string; name: string }[]
  /** What came of what was done to many; null: nothing was. */
  done: MarksDone | null
  /** Why nobody was looked for. */
  refused: string | null
}

export type MarksDone =
  | {
      act: 'put' | 'take'
      mark: string
      name: string
      changed: number
      looked: number
      at: number
      after: string | null
    }
  | { undone: number }
  | { problem: 'noMark' | 'nobody' | 'gone' }

export function ContactsPage(props: ContactsProps) {
  const { i18n, q, groupId, groups } = props
  const { t } = i18n
  return (
    <section class="sheet contacts-page">
      <header class="sheet-head">
        <h1 tabindex={-1}>{t.contacts.title}</h1>
        {props.leads && (
          <nav class="sheet-acts" aria-label={t.contacts.acts}>
            <a class="button" href="/contacts/import">
              {t.contacts.import}
            </a>
          </nav>
        )}
      </header>
      <search>
        <form
          class="contact-search"
          method="get"
          action="/contacts"
          hx-get="/contacts"
          hx-trigger="submit, input delay:250ms"
          hx-target="#contacts"
          hx-swap="outerHTML"
          hx-replace-url="true"
          hx-sync="this:replace"
          autocomplete="off"
        >
          <div class="field">
            <label for="contact-search">{t.contacts.search}</label>
            <input type="search" id="contact-search" name="q" value={q} maxlength={200} dir="auto" />
          </div>
          {groups.length > 0 && (
            <div class="field">
              <label for="contact-group">{t.contacts.group}</label>
              <select id="contact-group" name="group">
                <option value="">{t.contacts.everyGroup}</option>
                {groups.map(({ id, name }) => (
                  <option value={id} selected={id === groupId}>
                    {name}
                  </option>
                ))}
              </select>
            </div>
          )}
          <FieldChoice {...props} />
          <label class="check">
            <input type="checkbox" name="blocked" value="on" checked={props.blocked} />
            {t.contacts.blocked}
          </label>
          <button type="submit" class="button">
            {t.contacts.find}
          </button>
        </form>
      </search>
      <ContactList {...props} />
    </section>
  )
}

/** Who has one of the choices of a field. */
function FieldChoice({ i18n: { t }, field, choices }: ContactsProps) {
  if (choices.length === 0) return null
  return (
    <div class="field">
      <label for="contact-field">{t.contacts.field}</label>
      <select id="contact-field" name="field">
        <option value="">{t.contacts.anyField}</option>
        {choices.map(({ id, name, choices: offered }) => (
          <optgroup label={name}>
            {offered.map((choice) => (
              <option value={`${id}:${choice}`} selected={field === `${id}:${choice}`}>
                {choice}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
    </div>
  )
}

const isNarrowed = ({ q, groupId, field, blocked }: Chosen) => q !== '' || groupId !== null || field !== '' || blocked

type Chosen = Pick<ContactsProps, 'q' | 'groupId' | 'field' | 'blocked'>

function Refused({ why }: { why: string | null }) {
  return (
    why && (
      <p class="field-problem" role="alert">
        {why}
      </p>
    )
  )
}

/** Nobody is blocked, as a rule: then the way to write what was sought is not to blame. */
function noneOf(props: ContactsProps): string {
  const { noneBlocked, noneFound, empty } = props.i18n.t.contacts
  if (props.blocked && !isNarrowed({ ...props, blocked: false })) return noneBlocked
  return isNarrowed(props) ? noneFound : empty
}

/** What a search answers with. */
export function ContactList(props: ContactsProps) {
  const { i18n, rows, moreHref, leads } = props
  const { t } = i18n
  return (
    <div id="contacts">
      {props.done && <Done {...props} done={props.done} />}
      <Refused why={props.refused} />
      {rows.length === 0 && moreHref === null && props.refused === null && (
        <p class="faint" role="status">
          {noneOf(props)}
        </p>
      )}
      {rows.length > 0 && <Marking {...props} />}
      <ul class="people" aria-label={t.contacts.list}>
        <ContactRows i18n={i18n} rows={rows} moreHref={moreHref} />
      </ul>
      {leads && rows.length > 0 && <Export {...props} />}
    </div>
  )
}

const MARKS = '/contacts/marks'
const MARKS_FORM = 'marks-form'

/** For a form that draws the page anew, with what came of it above the list. */
const drawsList = {
  method: 'post',
  action: MARKS,
  'hx-post': MARKS,
  'hx-target': '#main',
  'hx-swap': 'innerHTML',
  'hx-sync': 'this:drop',
  'hx-disable': 'find button[type=submit]',
  autocomplete: 'off',
} as const

/** One tag or group for those whose boxes are ticked, wherever in the list they stand, or for all who were found. */
function Marking(props: ContactsProps) {
  const { groups, tags } = props
  const { t } = props.i18n
  if (groups.length + tags.length === 0) return null
  return (
    <form id={MARKS_FORM} {...drawsList} class="contact-tools" aria-label={t.marks.title}>
      <Filter {...props} />
      <label class="check">
        <input type="checkbox" name="all" />
        <span>{isNarrowed(props) ? t.marks.allFound : t.marks.all}</span>
      </label>
      <select name="act" aria-label={t.marks.act}>
        <option value="put">{t.marks.put}</option>
        <option value="take">{t.marks.take}</option>
      </select>
      <select name="mark" aria-label={t.marks.mark}>
        <option value="">{t.marks.choose}</option>
        <Options label={t.marks.tags} kind="tag" options={tags} />
        <Options label={t.marks.groups} kind="group" options={groups} />
      </select>
      <button type="submit" class="button button--small">
        {t.marks.apply}
      </button>
    </form>
  )
}

function Options({ label, kind, options }: { label: string; kind: 'tag' | 'group'; options: ContactsProps['tags'] }) {
  if (options.length === 0) return null
  return (
    <optgroup label={label}>
      {options.map(({ id, name }) => (
        <option value={`${kind}:${id}`}>{name}</option>
      ))}
    </optgroup>
  )
}

function Filter({ q, groupId, field, blocked }: Chosen) {
  return (
    <>
      <input type="hidden" name="q" value={q} />
      <input type="hidden" name="group" value={groupId ?? ''} />
      <input type="hidden" name="field" value={field} />
      {blocked && <input type="hidden" name="blocked" value="on" />}
    </>
  )
}

/** How many were changed, the way back, and the way on where they are too many for once. */
function Done({ i18n, done, ...chosen }: ContactsProps & { done: MarksDone }) {
  const { t, fill, count } = i18n
  if ('problem' in done) {
    return (
      <p class="field-problem" role="alert">
        {t.marks.problem[done.problem]}
      </p>
    )
  }
  if ('undone' in done) return <p role="status">{count(t.marks.undone, done.undone)}</p>
  const { act, mark, name, changed, looked, at, after } = done
  return (
    <div class="contact-done">
      <p role="status">
        <bdi hx-ignore>{fill(act === 'put' ? t.marks.wasPut : t.marks.wasTaken, { name })}</bdi>{' '}
        {count(t.marks.changed, changed)}
        {looked > changed && ` ${count(t.marks.same, looked - changed)}`}
      </p>
      {act === 'put' && changed > 0 && (
        <form {...drawsList}>
          <Override method="DELETE" />
          <Filter {...chosen} />
          <input type="hidden" name="mark" value={mark} />
          <input type="hidden" name="at" value={at} />
          <button type="submit" class="button button--small">
            {t.marks.undo}
          </button>
        </form>
      )}
      {after && (
        <form {...drawsList}>
          <Filter {...chosen} />
          {Object.entries({ act, mark, after, all: 'on' }).map(([field, value]) => (
            <input type="hidden" name={field} value={value} />
          ))}
          <button type="submit" class="button button--small">
            {t.marks.goOn}
          </button>
        </form>
      )}
    </div>
  )
}

function Export(props: ContactsProps) {
  const { t } = props.i18n
  return (
    <form method="post" action="/contacts/export" hx-boost="false">
      <Filter {...props} />
      <button type="submit" class="button button--small">
        {isNarrowed(props) ? t.contacts.exportFound : t.contacts.exportAll}
      </button>
    </form>
  )
}

/** One page of rows, and the way to the next. */
export function ContactRows({ i18n, rows, moreHref }: Pick<ContactsProps, 'i18n' | 'rows' | 'moreHref'>) {
  return (
    <>
      {rows.map((row) => (
        <li class="person contact-row" data-contact-id={row.id}>
          <input
            type="checkbox"
            class="contact-box"
            name="contact"
            value={row.id}
            form={MARKS_FORM}
            aria-label={i18n.fill(i18n.t.marks.pick, { name: shownName(i18n, row) })}
          />
          <Avatar i18n={i18n} row={{ contactId: row.id, contactName: row.name, contactPhone: row.phone }} />
          <div class="person-who">
            <p class="person-name">
              <a href={`/contacts/${row.id}`}>
                <bdi hx-ignore>{shownName(i18n, row)}</bdi>
              </a>{' '}
              {row.blocked && <BlockedChip i18n={i18n} />}
            </p>
            <p class="faint">
              <bdi hx-ignore>{detailsOf(row)}</bdi>
            </p>
          </div>
          <TagChips i18n={i18n} tags={row.tags} />
        </li>
      ))}
      {moreHref && (
        <li id="more-contacts" class="more">
          <a
            href={moreHref}
            hx-get={moreHref}
            hx-trigger="intersect once, click"
            hx-target="#more-contacts"
            hx-swap="outerHTML"
            hx-sync="this:drop"
          >
            {i18n.t.contacts.more}
          </a>
        </li>
      )}
    </>
  )
}

const detailsOf = ({ name, profileName, phone, groups }: ContactRow) =>
  [phone && readablePhone(phone), profileName !== name ? profileName : null, groups.join(', ')]
    .filter(Boolean)
    .join(' · ')

/** Looks for the contact that is the same person. */
export function MergeDialog({
  i18n,
  into,
  q,
  rows,
  refused,
}: {
  i18n: I18n
  into: { id: string; name: string }
  q: string
  /** `mergeId` names the merge with that one: the same, however often it is submitted. */
  rows: (ContactRow & { mergeId: string })[]
  refused: string | null
}) {
  const { t, fill } = i18n
  const path = `/contacts/${into.id}/merge`
  const back = `/contacts/${into.id}?tab=data`
  return (
    <DialogPage i18n={i18n} title={t.contact.merge} back={back}>
      <p class="faint">
        <bdi hx-ignore>{fill(t.contact.mergeHint, { name: into.name })}</bdi>
      </p>
      <search>
        <form
          class="contact-search"
          method="get"
          action={path}
          hx-get={path}
          hx-trigger="submit, input delay:250ms"
          hx-target="#merge-found"
          hx-select="#merge-found"
          hx-swap="outerHTML"
          hx-sync="this:replace"
          autocomplete="off"
        >
          <div class="field">
            <label for="merge-search">{t.contact.mergeFind}</label>
            <input type="search" id="merge-search" name="q" value={q} maxlength={200} dir="auto" autofocus />
          </div>
          <button type="submit" class="button">
            {t.contacts.find}
          </button>
        </form>
      </search>
      <div id="merge-found">
        <Refused why={refused} />
        {rows.length === 0 && refused === null && (
          <p class="faint" role="status">
            {q ? t.contacts.noneFound : t.contact.mergeNone}
          </p>
        )}
        <ul class="people">
          {rows.map((row) => {
            const name = shownName(i18n, row)
            return (
              <li class="person" data-contact-id={row.id}>
                <div class="person-who">
                  <p class="person-name">
                    <bdi hx-ignore>{name}</bdi>
                  </p>
                  <p class="faint">
                    <bdi hx-ignore>{detailsOf(row)}</bdi>
                  </p>
                </div>
                <Act
                  action={`/contacts/${into.id}/merges`}
                  fields={{ id: row.mergeId, mergedId: row.id }}
                  confirm={fill(t.contact.mergeConfirm, { name, into: into.name })}
                >
                  <button type="submit" class="button button--small">
                    <bdi hx-ignore>{fill(t.contact.mergeThis, { name })}</bdi>
                  </button>
                </Act>
              </li>
            )
          })}
        </ul>
      </div>
      <div class="dialog-acts">
        <DialogDismissal back={back}>{t.dialog.cancel}</DialogDismissal>
      </div>
    </DialogPage>
  )
}
