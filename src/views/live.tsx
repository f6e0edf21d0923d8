/** What happened, as the HTML that a room sends: drawn once a language, by the components that the page is made of. */
import type { ConversationRow, ThreadMessage } from '../db/records.ts'
import type { I18n } from '../i18n/index.ts'
import { Row } from './conversation-row.tsx'
import { Messages } from './thread.tsx'

/** For who has the conversation open. Empty where no bubble changed: its number alone is then the news. */
export function threadFrame(i18n: I18n, conversation: Pick<ConversationRow, 'id'>, messages: ThreadMessage[]): string {
  return String(<Messages i18n={i18n} of={conversation.id} messages={messages} />)
}

/** For everyone who may see its row: put where it belongs, or taken away once it is closed. */
export function rowFrame(i18n: I18n, conversation: ConversationRow, now: number): string {
  return String(
    <hx-partial hx-target="#conversation-list" hx-swap="place">
      <Row i18n={i18n} row={conversation} now={now} />
    </hx-partial>,
  )
}
