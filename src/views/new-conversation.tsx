/** Nova Conversa: whom to, then from which number and in which department. */
import { builtChannels, channelNamed } from '../channels/index.ts'
import type { ChannelName, ConversationRow } from '../db/records.ts'
import type { I18n } from '../i18n/index.ts'
import { BlockedSign } from './blocking.tsx'
import { channelLabel } from './channel-sign.tsx'
import { tabHref } from './contact-place.ts'
import { Avatar, contactNameOf } from './conversation-row.tsx'
import { DialogDismissal, DialogLink, DialogPage, postsFromDialog } from './dialog.tsx'
import { Icon } from './icon.tsx'
import { readablePhone } from './phone.ts'
import { TagChips } from './tag.tsx'

export const NEW_CONVERSATION = '/conversations/new'
export const NEW_CONTACT = '/contacts/new'

export const startPath = (contactId: string) => `${NEW_CONVERSATION}?contact=${contactId}`

/** The button above the list. */
export function NewConversationButton({ i18n: { t } }: { i18n: I18n }) {
  return (
    <DialogLink
      id="new-conversation"
      class="icon-button"
      href={NEW_CONVERSATION}
      title={t.newConversation.title}
      aria-label={t.newConversation.title}
      aria-keyshortcuts="c"
    >
      <Icon name="square-pen" />
    </DialogLink>
  )
}

export interface FoundPerson {
  id: string
  name: string | null
  phone: string | null
  tags: ConversationRow['tags']
  blocked: boolean
}

interface Choosing {
  i18n: I18n
  sought: string
  found: FoundPerson[]
  /** Why nobody was looked for. */
  refused: string | null
}

export function ChooseContact({ i18n, sought, found, refused }: Choosing) {
  const { t } = i18n
  return (
    <DialogPage i18n={i18n} title={t.newConversation.title} back="/conversations">
      <div class="new-search">
        <form
          method="get"
          action={NEW_CONVERSATION}
          class="field"
          hx-get={NEW_CONVERSATION}
          hx-trigger="submit, input delay:200ms"
          hx-sync="this:replace"
          hx-target="#contacts-found"
          hx-select="#contacts-found"
          hx-swap="outerHTML"
        >
          <label for="contact-sought">{t.newConversation.search}</label>
          <input
            type="search"
            id="contact-sought"
            name="q"
            value={sought}
            maxlength={200}
            placeholder={t.newConversation.searchHint}
            autocomplete="off"
            autofocus
          />
        </form>
        <DialogLink class="button" href={NEW_CONTACT}>
          <Icon name="user-plus" />
          {t.newContact.title}
        </DialogLink>
      </div>
      <section id="contacts-found" aria-label={t.newConversation.results} aria-live="polite">
        <ul class="found">
          {found.map((person) => (
            <Found i18n={i18n} person={person} />
          ))}
        </ul>
        {refused && <p class="field-problem">{refused}</p>}
        {found.length === 0 && !refused && (
          <p class="faint">{sought ? t.newConversation.none : t.newConversation.noneYet}</p>
        )}
      </section>
    </DialogPage>
  )
}

function Found({ i18n, person: { id, name, phone, tags, blocked } }: { i18n: I18n; person: FoundPerson }) {
  const row = { contactId: id, contactName: name, contactPhone: phone }
  return (
    <li data-contact-id={id}>
      <DialogLink class="found-person" href={startPath(id)}>
        <Avatar i18n={i18n} row={row} />
        <span class="found-name">
          <bdi hx-ignore>{contactNameOf(i18n, row)}</bdi>
        </span>
        {blocked && <BlockedSign i18n={i18n} />}
        {name && phone && <span class="faint found-phone">{readablePhone(phone)}</span>}
        <TagChips i18n={i18n} tags={tags} />
      </DialogLink>
    </li>
  )
}

export interface NumberToSendFrom {
  id: string
  name: string
  address: string
  channel: ChannelName
  /** Why it cannot be used now; null: it can. */
  barred: 'paused' | 'needsReauth' | 'notBuilt' | null
  departmentName: string | null
  /** Nothing but a template may be sent from it to this person now. */
  windowClosed: boolean
}

export interface StartProps {
  i18n: I18n
  contact: { id: string; name: string | null; phone: string | null; blocked: boolean }
  /** Has neither a phone nor an address on any of the numbers. */
  unreachable: boolean
  numbers: NumberToSendFrom[]
  chosen: NumberToSendFrom | null
  departments: { id: string; name: string }[]
  departmentId: string | null
  problem?: { field: 'inboxId' | 'departmentId' | null; text: string } | null
}

export function StartConversation(props: StartProps) {
  const { i18n, contact, numbers, chosen, unreachable, problem = null } = props
  const { t } = i18n
  const row = { contactId: contact.id, contactName: contact.name, contactPhone: contact.phone }
  return (
    <DialogPage i18n={i18n} title={t.newConversation.title} back="/conversations">
      <p class="found-person">
        <Avatar i18n={i18n} row={row} />
        <span class="found-name">
          <span class="visually-hidden">{t.newConversation.to}: </span>
          <bdi hx-ignore>{contactNameOf(i18n, row)}</bdi>
        </span>
        {contact.name && contact.phone && <span class="faint found-phone">{readablePhone(contact.phone)}</span>}
      </p>
      <form {...postsFromDialog('/conversations')} class="stack">
        <input type="hidden" name="contactId" value={contact.id} />
        {contact.blocked ? (
          <p role="status">{i18n.error('blocked')}</p>
        ) : chosen ? (
          <>
            <SendFrom {...props} chosen={chosen} />
            <Department {...props} chosen={chosen} />
          </>
        ) : (
          <NoNumber i18n={i18n} numbers={numbers} unreachable={unreachable} />
        )}
        {problem && problem.field === null && (
          <p class="field-problem" role="alert">
            {problem.text}
          </p>
        )}
        <div class="dialog-acts">
          <DialogLink class="button" href={NEW_CONVERSATION}>
            {t.newConversation.chooseOther}
          </DialogLink>
          {contact.blocked ? (
            <a class="button" href={tabHref({ contactId: contact.id, conversationId: null }, 'data')}>
              {t.newContact.open}
            </a>
          ) : chosen ? (
            <button type="submit" class="button button--primary">
              {t.newConversation.start}
            </button>
          ) : (
            <DialogDismissal back="/conversations">{t.dialog.close}</DialogDismissal>
          )}
        </div>
      </form>
    </DialogPage>
  )
}

/** A choice only where there is one; else the number is said. Another number may mean another notice. */
function SendFrom({ i18n, contact, numbers, chosen, problem }: StartProps & { chosen: NumberToSendFrom }) {
  const { t } = i18n
  const wrong = problem?.field === 'inboxId' ? problem.text : null
  const several = numbers.filter(({ barred }) => barred === null).length > 1
  return (
    <div class="field">
      {several ? (
        <>
          <label for="send-from">{t.newConversation.sendFrom}</label>
          <select
            id="send-from"
            name="inboxId"
            autofocus
            hx-get={startPath(contact.id)}
            hx-trigger="change"
            hx-include="closest form"
            hx-target="#dialog"
            hx-swap="innerMorph"
            hx-sync="this:replace"
            aria-invalid={wrong ? 'true' : undefined}
            aria-describedby="send-from-notice"
          >
            {numbers.map((number) => (
              <option value={number.id} selected={number.id === chosen.id} disabled={number.barred !== null}>
                {numberLine(i18n, number)}
              </option>
            ))}
          </select>
        </>
      ) : (
        <>
          <span>{t.newConversation.sendFrom}</span>
          <input type="hidden" name="inboxId" value={chosen.id} />
          <span class="send-from-only">{numberLine(i18n, chosen)}</span>
        </>
      )}
      <div id="send-from-notice">
        {wrong && <p class="field-problem">{wrong}</p>}
        {chosen.windowClosed && (
          <p class="notice-line">
            <Icon name="clock" />
            {t.newConversation.windowClosed}
          </p>
        )}
      </div>
    </div>
  )
}

function numberLine(i18n: I18n, { name, address, channel, barred }: NumberToSendFrom): string {
  return [
    name,
    readablePhone(address),
    channelLabel(i18n, channel),
    ...(barred ? [i18n.t.newConversation[barred]] : []),
  ].join(' · ')
}

function Department({ i18n, departments, departmentId, chosen, problem }: StartProps & { chosen: NumberToSendFrom }) {
  const { t, fill } = i18n
  const wrong = problem?.field === 'departmentId' ? problem.text : null
  return (
    <div class="field">
      <label for="start-department">{t.newConversation.department}</label>
      <select
        id="start-department"
        name="departmentId"
        aria-invalid={wrong ? 'true' : undefined}
        aria-describedby={wrong ? 'start-department-problem' : undefined}
      >
        <option value="">
          {chosen.departmentName
            ? fill(t.newConversation.departmentOf, { name: chosen.departmentName })
            : t.newConversation.noDepartment}
        </option>
        {departments.map(({ id, name }) => (
          <option value={id} selected={id === departmentId}>
            {name}
          </option>
        ))}
      </select>
      {wrong && (
        <span id="start-department-problem" class="field-problem">
          {wrong}
        </span>
      )}
    </div>
  )
}

/** The channels on which the team may not begin. */
const customersFirst = (i18n: I18n) =>
  builtChannels.filter((name) => !channelNamed(name)?.limits.begins).map((name) => channelLabel(i18n, name))

/** Why nothing can be begun, and with what. */
function NoNumber({ i18n, numbers, unreachable }: Pick<StartProps, 'i18n' | 'numbers' | 'unreachable'>) {
  const { t, fill } = i18n
  return (
    <div class="stack">
      <p>{unreachable ? t.newConversation.noPhone : t.newConversation.noInbox}</p>
      <p class="faint">{fill(t.newConversation.customerFirst, { channels: i18n.list(customersFirst(i18n)) })}</p>
      {!unreachable && numbers.length > 0 && (
        <ul class="faint">
          {numbers.map((number) => (
            <li>{numberLine(i18n, number)}</li>
          ))}
        </ul>
      )}
    </div>
  )
}
