/** What happened, as the HTML that a room sends: drawn once a language, by the components that the page is made of. */
import type { ConversationHead, ConversationRow, ThreadMessage } from '../db/records.ts'
import type { I18n } from '../i18n/index.ts'
import { contactNameOf, Row } from './conversation-row.tsx'
import { Dismiss } from './errors.tsx'
import { Icon } from './icon.tsx'
import { contactNewsId, conversationRowId, inboxNoticeId, threadHeadId } from './ids.ts'
import { InboxNotice, Messages } from './thread.tsx'
import { ThreadHead } from './thread-head.tsx'

/** For who has the conversation open: the bubbles that changed, and the head as it is now. */
export const threadPart = (i18n: I18n, conversation: ConversationHead, messages: ThreadMessage[]) => (
  <>
    <Messages i18n={i18n} of={conversation.id} messages={messages} />
    <hx-partial hx-target={`#${threadHeadId(conversation.id)}`} hx-swap="outerMorph">
      <ThreadHead i18n={i18n} conversation={conversation} />
    </hx-partial>
    <hx-partial hx-target={`#${inboxNoticeId(conversation.id)}`} hx-swap="outerMorph">
      <InboxNotice i18n={i18n} conversation={conversation} messages={messages} />
    </hx-partial>
  </>
)

/** For everyone who may see its row: put where it belongs, or taken away once it fits the list no longer. */
export const rowPart = (i18n: I18n, conversation: ConversationRow, now: number) => (
  <hx-partial hx-target="#conversation-list" hx-swap="place">
    <Row i18n={i18n} row={conversation} now={now} />
  </hx-partial>
)

/** What is kept about the person changed: a page reads again what it shows of it, each person under their own rights. */
const contactNews = (of: string, { id, contactId }: Pick<ConversationHead, 'id' | 'contactId'>) => (
  <hx-partial hx-target={`#${contactNewsId(of)}`} hx-swap="outerHTML">
    <div
      id={contactNewsId(of)}
      hidden
      hx-get={`/contacts/${contactId}/news${of === id ? `?conversation=${id}` : ''}`}
      hx-include="#contact-panel-state"
      hx-trigger="load"
      hx-swap="none"
    />
  </hx-partial>
)

export const threadFrame = (
  i18n: I18n,
  conversation: ConversationHead,
  messages: ThreadMessage[],
  aboutContact = false,
): string =>
  String(
    <>
      {threadPart(i18n, conversation, messages)}
      {aboutContact && contactNews(conversation.id, conversation)}
    </>,
  )

export const rowFrame = (i18n: I18n, conversation: ConversationHead, now: number, aboutContact = false): string =>
  String(
    <>
      {rowPart(i18n, conversation, now)}
      {aboutContact && contactNews(conversation.contactId, conversation)}
    </>,
  )

/** For those who could see it until now. */
export const goneFrame = (conversationId: string): string =>
  String(<hx-partial hx-target={`#${conversationRowId(conversationId)}`} hx-swap="delete" />)

/** For the one to whom a colleague handed it, alone or with others. */
export function handedFrame(i18n: I18n, conversation: ConversationHead, byName: string, count = 1): string {
  const { t, fill } = i18n
  const said =
    count === 1
      ? fill(t.acts.handed, { name: byName, contact: contactNameOf(i18n, conversation) })
      : fill(t.acts.handedMany, { name: byName, n: i18n.number(count) })
  return String(
    <hx-partial hx-target="#toasts" hx-swap="beforeend">
      <div class="toast" role="status">
        <Icon name="forward" />
        <p>
          <bdi hx-ignore>{said}</bdi>
        </p>
        <a
          class="button button--small"
          href={count === 1 ? `/conversations/${conversation.id}` : '/conversations?view=mine'}
        >
          {t.acts.open}
        </a>
        <Dismiss i18n={i18n} />
      </div>
    </hx-partial>,
  )
}
