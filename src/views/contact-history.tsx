/** Every conversation with a person that the viewer may see. */
import type { ContactConversation } from '../db/contact-records.ts'
import { protocolOf } from '../domain/variables.ts'
import type { I18n } from '../i18n/index.ts'
import { ChannelSign } from './channel-sign.tsx'

export function ContactHistory({ i18n, history }: { i18n: I18n; history: ContactConversation[] }) {
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
