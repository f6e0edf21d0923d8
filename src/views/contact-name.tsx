/** What a person is called, and the form that calls them something else. */
import type { Contact } from '../db/contact-records.ts'
import type { I18n } from '../i18n/index.ts'
import { BlockedChip } from './blocking.tsx'
import { tabHref } from './contact-place.ts'
import { contactNameOf } from './conversation-row.tsx'
import { Override } from './forms.tsx'
import { Icon } from './icon.tsx'
import { readablePhone } from './phone.ts'

/** The name as it is now: what a live change draws anew, beside a form that somebody may be writing in. */
export function ContactName({
  i18n,
  contact,
  conversationId,
}: {
  i18n: I18n
  contact: Contact
  conversationId: string | null
}) {
  const { t, fill } = i18n
  const Heading = conversationId ? 'h2' : 'h1'
  const query = conversationId ? `?conversation=${conversationId}` : ''
  return (
    <div id="contact-name" class="contact-name">
      <div class="contact-title">
        <Heading id="contact-panel-title" tabindex={-1}>
          <bdi hx-ignore>{shownName(i18n, contact)}</bdi>
        </Heading>
        {contact.erasedAt === null && (
          <a
            class="icon-button"
            href={`/contacts/${contact.id}/name${query}`}
            hx-get={`/contacts/${contact.id}/name${query}`}
            hx-target="#contact-name-form"
            hx-swap="innerHTML"
            aria-label={t.contact.editName}
            title={t.contact.editName}
          >
            <Icon name="pencil" />
          </a>
        )}
      </div>
      {contact.profileName && contact.name !== null && (
        <p class="faint">
          <bdi hx-ignore>{fill(t.contact.profileName, { name: contact.profileName })}</bdi>
        </p>
      )}
      {contact.phone && <p class="faint">{readablePhone(contact.phone)}</p>}
      {contact.blockedAt !== null && (
        <p>
          <BlockedChip i18n={i18n} />
        </p>
      )}
    </div>
  )
}

/** In the place of the name: Enter saves, Esc leaves. */
export function NameForm({
  i18n: { t },
  contact,
  conversationId,
  typed,
  problem = null,
}: {
  i18n: I18n
  contact: Contact
  conversationId: string | null
  typed?: string
  problem?: string | null
}) {
  const path = `/contacts/${contact.id}/name`
  return (
    <form
      class="name-form"
      method="post"
      action={path}
      hx-post={path}
      hx-target="#contact-name-form"
      hx-swap="innerHTML"
      hx-sync="this:drop"
      hx-disable="find button[type=submit]"
      novalidate
      autocomplete="off"
    >
      <Override method="PUT" />
      <input type="hidden" name="version" value={contact.version} />
      {conversationId && <input type="hidden" name="conversationId" value={conversationId} />}
      <label class="visually-hidden" for="contact-name-text">
        {t.contact.name}
      </label>
      <input
        type="text"
        id="contact-name-text"
        name="name"
        value={typed ?? contact.name ?? contact.profileName ?? ''}
        required
        maxlength={4_000}
        dir="auto"
        autofocus
        aria-invalid={problem ? 'true' : undefined}
        aria-describedby={problem ? 'contact-name-problem' : undefined}
      />
      <button type="submit" class="button button--small">
        {t.contact.save}
      </button>
      <a
        class="button button--small"
        href={tabHref({ contactId: contact.id, conversationId }, 'comments')}
        data-leaves-name
      >
        {t.dialog.cancel}
      </a>
      {problem && (
        <p id="contact-name-problem" class="field-problem" role="alert">
          {problem}
        </p>
      )}
    </form>
  )
}

/** The form is done with. */
export const NoNameForm = () => (
  <hx-partial hx-target="#contact-name-form" hx-swap="outerHTML">
    <div id="contact-name-form" />
  </hx-partial>
)

export const shownName = (i18n: I18n, { name, profileName, phone }: Pick<Contact, 'name' | 'profileName' | 'phone'>) =>
  contactNameOf(i18n, { contactName: name ?? profileName, contactPhone: phone })
