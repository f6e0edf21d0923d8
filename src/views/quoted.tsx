/** The message that is being answered, while the answer is written. */
import type { ThreadMessage } from '../db/records.ts'
import type { I18n } from '../i18n/index.ts'
import { kindOf } from './kind.ts'

export type QuotedMessage = Pick<ThreadMessage, 'id' | 'body' | 'type' | 'direction'>

export const quotedLabel = ({ t, fill }: I18n) => fill(t.bubble.replyingTo, { name: t.thread.customer.toLowerCase() })

/** `textId`: where a script may write another one. */
export function QuotedLine({ i18n, quoted, textId }: QuotedLineProps) {
  const { t } = i18n
  return (
    <p>
      <strong>{quotedLabel(i18n)}</strong>
      <bdi id={textId} dir="auto" hx-ignore>
        {quoted && (quoted.body ?? kindOf(t, quoted.type)?.name ?? t.bubble.deletedQuote)}
      </bdi>
    </p>
  )
}

interface QuotedLineProps {
  i18n: I18n
  quoted: QuotedMessage | null
  textId?: string
}
