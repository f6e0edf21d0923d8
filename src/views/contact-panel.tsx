/** Everything about one person: beside the thread, over it where there is little room, and as a page of its own. */
import type { Contact, ContactAddress, ContactConversation, Merge } from '../db/contact-records.ts'
import type { TagChip } from '../db/records.ts'
import { protocolOf } from '../domain/variables.ts'
import type { I18n } from '../i18n/index.ts'
import { BlockedChip, BlockedNotice, BlockLink } from './blocking.tsx'
import { ChannelSign } from './channel-sign.tsx'
import { CommentForm, type CommentFormProps, CommentList, type CommentsProps } from './comment.tsx'
import { FieldFacts, type FieldValue, FillInLink } from './contact-fields.tsx'
import { ContactGroups, type ContactGroupsProps } from './contact-groups.tsx'
import { Avatar, contactNameOf } from './conversation-row.tsx'
import { DialogLink } from './dialog.tsx'
import { Act, Override } from './forms.tsx'
import { Icon } from './icon.tsx'
import { contactNewsId } from './ids.ts'
import { readablePhone } from './phone.ts'
import { Tag, TagButton } from './tag.tsx'

export const TABS = ['comments', 'groups', 'data', 'history'] as const
export type Tab = (typeof TABS)[number]

/** Which person, and from where they are looked at: a conversation, or nowhere in particular. */
export interface Place {
  contactId: string
  conversationId: string | null
}

/** What the open tab shows. */
export type TabContent =
  | { tab: 'comments'; list: Omit<CommentsProps, 'i18n'>; form: Omit<CommentFormProps, 'i18n'> }
  | { tab: 'groups'; groups: Omit<ContactGroupsProps, 'i18n'> }
  | {
      tab: 'data'
      tags: TagChip[]
      addresses: ContactAddress[]
      merges: Merge[]
      mayErase: boolean
      values: FieldValue[]
    }
  | { tab: 'history'; history: ContactConversation[] }

export interface PanelProps {
  i18n: I18n
  contact: Contact
  conversationId: string | null
  content: TabContent
  /** Opened by this address, or only remembered as open: then it leaves a narrow screen to the thread. */
  asked: boolean
  /** The name as it was typed into its form, and what is wrong with it; no form where there is neither. */
  naming?: { typed: string; problem: string | null } | null
}

export const tabHref = ({ contactId, conversationId }: Place, tab: Tab) =>
  conversationId ? `/conversations/${conversationId}?panel=contact&tab=${tab}` : `/contacts/${contactId}?tab=${tab}`

const partHref = ({ contactId, conversationId }: Place, query: string) =>
  `/contacts/${contactId}/panel?${query}${conversationId ? `&conversation=${conversationId}` : ''}`

/** For whatever opens or changes the panel in place; without script it goes to the page that the address means. */
const swapsPanel = (place: Place, tab: Tab) =>
  ({
    'hx-get': partHref(place, `tab=${tab}`),
    'hx-target': '#contact-panel',
    'hx-swap': 'outerHTML',
    'hx-push-url': tabHref(place, tab),
    'hx-sync': '#contact-panel:replace',
  }) as const

/** The photo in the head of a thread opens the panel. */
export function PanelOpener({ i18n: { t, fill }, row }: { i18n: I18n; row: OpenerRow }) {
  const place = { contactId: row.contactId, conversationId: row.id }
  return (
    <a
      class="panel-opener"
      href={tabHref(place, 'comments')}
      title={fill(t.contact.open, { name: row.name })}
      aria-keyshortcuts="d"
      data-opens-panel
      {...swapsPanel(place, 'comments')}
    >
      {row.photo}
      <span class="visually-hidden">{fill(t.contact.open, { name: row.name })}</span>
    </a>
  )
}

interface OpenerRow {
  id: string
  contactId: string
  name: string
  photo: ReturnType<typeof Avatar>
}

/** Where the panel would be, and is not open. */
export const NoPanel = () => <aside id="contact-panel" hidden />

export function ContactPanel(props: PanelProps) {
  const { i18n, contact, conversationId, content, asked } = props
  const place = { contactId: contact.id, conversationId }
  return (
    <aside
      id="contact-panel"
      class="contact-panel"
      aria-label={i18n.t.contact.title}
      data-contact-id={contact.id}
      data-asked={asked ? '' : undefined}
    >
      <div id="contact-panel-state" hidden>
        <input type="hidden" name="tab" value={content.tab} />
      </div>
      <PanelHead {...props} />
      {contact.erasedAt === null ? (
        <>
          <Tabs i18n={i18n} place={place} open={content.tab} />
          <section id="contact-tab" class="contact-tab" role="tabpanel" aria-labelledby={`tab-${content.tab}`}>
            <Content i18n={i18n} contact={contact} conversationId={conversationId} content={content} />
          </section>
        </>
      ) : (
        <p role="status">{i18n.fill(i18n.t.privacy.erased, { at: i18n.dateTime(contact.erasedAt) })}</p>
      )}
    </aside>
  )
}

/** The same as a page. */
export function ContactPage(props: PanelProps) {
  const { t } = props.i18n
  return (
    <div class="sheet contact-page">
      <p>
        <a href="/contacts" class="back">
          <Icon name="arrow-left" />
          {t.contact.toContacts}
        </a>
      </p>
      <div id={contactNewsId(props.contact.id)} hidden />
      <ContactPanel {...props} />
    </div>
  )
}

function PanelHead({ i18n, contact, conversationId, naming }: PanelProps) {
  const { t } = i18n
  return (
    <header class="contact-head">
      <Avatar i18n={i18n} row={avatarOf(contact)} />
      <div class="contact-who">
        <ContactName i18n={i18n} contact={contact} conversationId={conversationId} />
        <div id="contact-name-form">
          {naming && <NameForm i18n={i18n} contact={contact} conversationId={conversationId} {...naming} />}
        </div>
      </div>
      {conversationId && (
        <a
          class="icon-button panel-close"
          href={`/conversations/${conversationId}?panel=none`}
          hx-get={partHref({ contactId: contact.id, conversationId }, 'closed=true')}
          hx-target="#contact-panel"
          hx-swap="outerHTML"
          hx-push-url={`/conversations/${conversationId}?panel=none`}
          aria-label={t.contact.close}
          title={t.contact.close}
        >
          <Icon name="x" />
        </a>
      )}
    </header>
  )
}

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

const avatarOf = ({ id, name, profileName, phone }: Contact) => ({
  contactId: id,
  contactName: name ?? profileName,
  contactPhone: phone,
})

function Tabs({ i18n: { t }, place, open }: { i18n: I18n; place: Place; open: Tab }) {
  return (
    <div class="tabs" role="tablist" aria-label={t.contact.tabs}>
      {TABS.map((tab) => (
        <a
          id={`tab-${tab}`}
          class="tab"
          href={tabHref(place, tab)}
          role="tab"
          aria-selected={tab === open ? 'true' : 'false'}
          aria-controls="contact-tab"
          {...swapsPanel(place, tab)}
        >
          {t.contact[tab]}
        </a>
      ))}
    </div>
  )
}

type ContentProps = Pick<PanelProps, 'i18n' | 'contact' | 'conversationId' | 'content'>

function Content({ content, ...of }: ContentProps) {
  const { i18n } = of
  if (content.tab === 'comments') {
    return (
      <>
        <CommentForm i18n={i18n} {...content.form} />
        <CommentList i18n={i18n} {...content.list} />
      </>
    )
  }
  return <LiveContent {...of} content={content} />
}

/** Of the open tab what is nobody's typing, as it is now. */
export function LiveContent({ i18n, contact, conversationId, content }: ContentProps) {
  switch (content.tab) {
    case 'comments':
      return <CommentList i18n={i18n} {...content.list} />
    case 'groups':
      return <ContactGroups i18n={i18n} {...content.groups} />
    case 'data':
      return <ContactData i18n={i18n} contact={contact} conversationId={conversationId} {...content} />
    case 'history':
      return <History i18n={i18n} history={content.history} />
  }
}

/** Where a live change of each tab is put. */
export const LIVE_TARGET: Record<Tab, string> = {
  comments: '#comments',
  groups: '#contact-groups',
  data: '#contact-data',
  history: '#contact-history',
}

function ContactData({
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

function History({ i18n, history }: { i18n: I18n; history: ContactConversation[] }) {
  const { t } = i18n
  return (
    <div id="contact-history">
      {history.length === 0 && <p class="faint">{t.contact.noHistory}</p>}
      <ul class="history">
        {history.map((conversation) => (
          <HistoryItem i18n={i18n} conversation={conversation} />
        ))}
      </ul>
    </div>
  )
}

function HistoryItem({ i18n, conversation }: { i18n: I18n; conversation: ContactConversation }) {
  const { t, fill, dateTime } = i18n
  const { status, assigneeName, departmentName, closedAt, closedByName, closeReason } = conversation
  return (
    <li class="history-item" data-status={status}>
      <a href={`/conversations/${conversation.id}`}>
        <ChannelSign i18n={i18n} channel={conversation.channel} /> {conversation.inboxName}
      </a>
      <p class="faint">
        {fill(t.contact.openedAt, { at: dateTime(conversation.openedAt) })} ·{' '}
        {fill(t.contact.protocol, { protocol: protocolOf(conversation.id) })}
      </p>
      {status === 'closed' && closedAt !== null ? (
        <p class="faint">
          <bdi hx-ignore>
            {closedByName
              ? fill(t.contact.closedBy, { name: closedByName, at: dateTime(closedAt) })
              : fill(t.contact.closedAt, { at: dateTime(closedAt) })}
          </bdi>
        </p>
      ) : (
        <p class="faint">
          <bdi hx-ignore>
            {[
              assigneeName ? fill(t.thread.assignedTo, { name: assigneeName }) : t.conversationState.waiting,
              departmentName,
            ]
              .filter(Boolean)
              .join(' · ')}
          </bdi>
        </p>
      )}
      {closeReason && (
        <p class="faint">
          <bdi hx-ignore>{fill(t.contact.reason, { reason: closeReason })}</bdi>
        </p>
      )}
    </li>
  )
}
