/** The page of contacts: everyone by name, or whoever a search or a group finds. */
import type { ContactRow } from '../db/contact-records.ts'
import type { I18n } from '../i18n/index.ts'
import { shownName } from './contact-panel.tsx'
import { Avatar } from './conversation-row.tsx'
import { DialogDismissal, DialogPage } from './dialog.tsx'
import { Act } from './forms.tsx'
import { readablePhone } from './phone.ts'
import { TagChips } from './tag.tsx'

export interface ContactsProps {
  i18n: I18n
  q: string
  groupId: string | null
  groups: { id: string; name: string }[]
  rows: ContactRow[]
  moreHref: string | null
  /** May bring contacts in and take them out. */
  leads: boolean
}

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
          <button type="submit" class="button">
            {t.contacts.find}
          </button>
        </form>
      </search>
      <ContactList {...props} />
    </section>
  )
}

/** What a search answers with. */
export function ContactList({ i18n, q, groupId, rows, moreHref, leads }: ContactsProps) {
  const { t } = i18n
  return (
    <div id="contacts">
      {leads && rows.length > 0 && (
        <form class="contact-tools" method="post" action="/contacts/export" hx-boost="false">
          <input type="hidden" name="q" value={q} />
          <input type="hidden" name="group" value={groupId ?? ''} />
          <button type="submit" class="button button--small">
            {q || groupId ? t.contacts.exportFound : t.contacts.exportAll}
          </button>
        </form>
      )}
      {rows.length === 0 && moreHref === null && (
        <p class="faint" role="status">
          {q || groupId ? t.contacts.noneFound : t.contacts.empty}
        </p>
      )}
      <ul class="people" aria-label={t.contacts.list}>
        <ContactRows i18n={i18n} rows={rows} moreHref={moreHref} />
      </ul>
    </div>
  )
}

/** One page of rows, and the way to the next. */
export function ContactRows({ i18n, rows, moreHref }: Pick<ContactsProps, 'i18n' | 'rows' | 'moreHref'>) {
  return (
    <>
      {rows.map((row) => (
        <li class="person contact-row" data-contact-id={row.id}>
          <Avatar i18n={i18n} row={{ contactId: row.id, contactName: row.name, contactPhone: row.phone }} />
          <div class="person-who">
            <p class="person-name">
              <a href={`/contacts/${row.id}`}>
                <bdi hx-ignore>{shownName(i18n, row)}</bdi>
              </a>
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
}: {
  i18n: I18n
  into: { id: string; name: string }
  q: string
  /** `mergeId` names the merge with that one: the same, however often it is submitted. */
  rows: (ContactRow & { mergeId: string })[]
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
        {rows.length === 0 && (
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
