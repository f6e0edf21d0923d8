/** The facts about a person, and what can be done with all of them. */
import type { Contact, ContactAddress, Merge } from '../db/contact-records.ts'
import type { TagChip } from '../db/records.ts'
import type { I18n } from '../i18n/index.ts'
import { BlockedNotice, BlockLink } from './blocking.tsx'
import { ChannelSign } from './channel-sign.tsx'
import { FieldFacts, type FieldValue, FillInLink } from './contact-fields.tsx'
import { contactNameOf } from './conversation-row.tsx'
import { DialogLink } from './dialog.tsx'
import { Act } from './forms.tsx'
import { readablePhone } from './phone.ts'
import { Tag, TagButton } from './tag.tsx'

export function ContactData({
  i18n,
  contact,
  conversationId,
  tags,
  addresses,
  merges,
  mayErase,
  values,
}: {
  i18n: I18n
  contact: Contact
  conversationId: string | null
  tags: TagChip[]
  addresses: ContactAddress[]
  merges: Merge[]
  mayErase: boolean
  values: FieldValue[]
}) {
  const { t, fill, date } = i18n
  return (
    <div id="contact-data" class="stack">
      {isBlocked(contact) && <BlockedNotice i18n={i18n} contact={contact} conversationId={conversationId} />}
      {merges.map((merge) => (
        <MergeNotice i18n={i18n} contact={contact} merge={merge} />
      ))}
      <dl class="facts">
        {contact.phone && (
          <div>
            <dt>{t.contact.phone}</dt>
            <dd>
              <a href={`tel:${contact.phone}`}>{readablePhone(contact.phone)}</a>
            </dd>
          </div>
        )}
        <div>
          <dt>{t.contact.addresses}</dt>
          {addresses.length === 0 && <dd>{t.contact.noAddresses}</dd>}
          {addresses.map(({ channel, inboxName, address }) => (
            <dd class="address">
              <ChannelSign i18n={i18n} channel={channel} /> <span>{inboxName}</span> ·{' '}
              <bdi hx-ignore>{readablePhone(address)}</bdi>
            </dd>
          ))}
        </div>
        <div>
          <dt>{t.contact.tags}</dt>
          <dd class="tags tags--all">
            {tags.length === 0 && t.contact.noTags}
            {tags.map((tag) => (
              <Tag tag={tag} />
            ))}
            <TagButton i18n={i18n} contactId={contact.id} />
          </dd>
        </div>
        <FieldFacts i18n={i18n} values={values} />
      </dl>
      {values.length > 0 && <FillInLink i18n={i18n} contactId={contact.id} />}
      <p class="faint">{fill(t.contact.since, { at: date(contact.createdAt) })}</p>
      <DialogLink class="button" href={`/contacts/${contact.id}/merge`}>
        {t.contact.merge}
      </DialogLink>
      {contact.blockedAt === null && <BlockLink i18n={i18n} contactId={contact.id} conversationId={conversationId} />}
      {mayErase && (
        <>
          <DialogLink class="button" href={`/contacts/${contact.id}/export`}>
            {t.privacy.exportTitle}
          </DialogLink>
          <DialogLink class="button" href={`/contacts/${contact.id}/erasure`}>
            {t.privacy.erase}
          </DialogLink>
        </>
      )}
    </div>
  )
}

const isBlocked = (contact: Contact): contact is Contact & { blockedAt: number } => contact.blockedAt !== null

function MergeNotice({ i18n, contact, merge }: { i18n: I18n; contact: Contact; merge: Merge }) {
  const { t, fill } = i18n
  const name = contactNameOf(i18n, { contactName: merge.mergedName, contactPhone: merge.mergedPhone })
  return (
    <div class="merged" role="status">
      <p>
        <bdi hx-ignore>
          {fill(t.contact.merged, {
            name,
            author: merge.authorName ?? t.comments.someone,
            at: i18n.time(merge.mergedAt),
          })}
        </bdi>
      </p>
      <Act action={`/contacts/${contact.id}/merges/${merge.id}`} method="DELETE">
        <button type="submit" class="button button--small">
          {t.contact.undo}
        </button>
      </Act>
    </div>
  )
}
