/** A row of the thread that nobody said: what an agent did, what the channel tells of the customer. */
import type { ThreadMessage } from '../db/records.ts'
import type { I18n } from '../i18n/index.ts'
import { Words } from './card.tsx'
import { Referral } from './content-sources.tsx'
import { messageId, messageOrder } from './ids.ts'
import { readablePhone } from './phone.ts'
import { Time } from './time.tsx'

interface OfMessage {
  i18n: I18n
  message: ThreadMessage
}

/** A line, not a bubble. */
export function EventLine({ i18n, message }: OfMessage) {
  return (
    <div
      id={messageId(message.id)}
      class="event"
      data-kind={message.kind}
      data-type={message.type}
      data-seq={message.seq}
      data-order={messageOrder(message)}
    >
      <p>
        {message.kind === 'comment' && <strong>{i18n.t.kind.comment} </strong>}
        {message.authorName && <strong>{message.authorName} </strong>}
        {message.kind === 'activity' && <Words>{whatHappened(i18n, message)} </Words>}
        {message.kind === 'comment' && message.body && <Words>{message.body}</Words>}{' '}
        <Time i18n={i18n} at={message.occurredAt} />
      </p>
      {message.kind === 'activity' && message.content.referral && (
        <Referral i18n={i18n} referral={message.content.referral} />
      )}
      {message.kind === 'activity' && message.body && (
        <p class="event-note">
          <Words>{message.authorId ? i18n.fill(i18n.t.acts.noteSaid, { note: message.body }) : message.body}</Words>
        </p>
      )}
    </div>
  )
}

function whatHappened({ t, fill }: I18n, message: ThreadMessage): string {
  const { type, detail, content } = message
  const { said } = t.acts
  const { noted } = t.content
  switch (type) {
    case 'accepted':
      return said.accepted
    case 'reopened':
      return said.reopened
    case 'closed':
      return detail?.reason ? fill(said.closedFor, { reason: detail.reason }) : said.closed
    case 'transferred': {
      const department = detail?.department ?? ''
      return detail?.agent
        ? fill(said.transferredTo, { agent: detail.agent, department })
        : fill(said.transferred, { department })
    }
    case 'contact_blocked':
      return wasBlocked(said, message)
    case 'contact_unblocked':
      return said.contactUnblocked
    case 'erased':
      return t.privacy.saidErased
    case 'handed_over': {
      const from = detail?.from ?? ''
      return detail?.agent ? fill(said.handedOverTo, { from, agent: detail.agent }) : fill(said.handedBack, { from })
    }
    case 'call':
      return noted.call
    case 'number_changed':
      return detail?.phone ? fill(noted.numberChangedTo, { number: readablePhone(detail.phone) }) : noted.numberChanged
    case 'id_changed':
      return noted.idChanged
    case 'security_code_changed':
      return noted.securityCodeChanged
    case 'blocked':
      return noted.blocked
    case 'unblocked':
      return noted.unblocked
    case 'referral':
      return content.referral?.source === 'ad' ? noted.referralAd : noted.referral
    default:
      return fill(noted.other, { type })
  }
}

/** By somebody, here or where nothing was open; or two were one, of whom one was blocked. */
function wasBlocked(said: I18n['t']['acts']['said'], { authorName, detail }: ThreadMessage): string {
  if (!authorName) return said.closedAsBlocked
  return detail?.was === 'closed' ? said.contactBlocked : said.contactBlockedClosing
}
