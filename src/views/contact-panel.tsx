/** Everything about one person: beside the thread, over it where there is little room, and as a page of its own. */
import type { Contact, ContactAddress, ContactConversation, Merge } from '../db/contact-records.ts'
import type { TagChip } from '../db/records.ts'
import type { I18n } from '../i18n/index.ts'
import { CommentForm, type CommentFormProps, CommentList, type CommentsProps } from './comment.tsx'
import { ContactData } from './contact-data.tsx'
import type { FieldValue } from './contact-fields.tsx'
import { ContactGroups, type ContactGroupsProps } from './contact-groups.tsx'
import { ContactHistory } from './contact-history.tsx'
import { ContactName, NameForm } from './contact-name.tsx'
import { type Place, TABS, type Tab, tabHref } from './contact-place.ts'
import { Avatar } from './conversation-row.tsx'
import { Icon } from './icon.tsx'
import { contactNewsId } from './ids.ts'

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
      return <ContactHistory i18n={i18n} history={content.history} />
  }
}

/** Where a live change of each tab is put. */
export const LIVE_TARGET: Record<Tab, string> = {
  comments: '#comments',
  groups: '#contact-groups',
  data: '#contact-data',
  history: '#contact-history',
}
