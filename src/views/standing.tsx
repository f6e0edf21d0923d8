/** What became of an answer of ours that is not simply on its way, and what can be done about it. */
import type { ThreadMessage } from '../db/records.ts'
import type { I18n } from '../i18n/index.ts'
import { Words } from './card.tsx'
import { explainFailure, explainWaiting } from './failure.ts'
import { Act } from './forms.tsx'
import { Icon } from './icon.tsx'
import { messageId } from './ids.ts'

interface OfMessage {
  i18n: I18n
  message: ThreadMessage
}

export function Standing({ i18n, message }: OfMessage) {
  const { t } = i18n
  return (
    <>
      {message.possiblyDoubled && (
        <p class="standing standing--waiting">
          <Icon name="triangle-alert" />
          {t.bubble.possiblyDoubled}
        </p>
      )}
      {message.state === 'queued' && <Waiting i18n={i18n} message={message} />}
      {message.state === 'unknown' && <Unknown i18n={i18n} message={message} />}
      {message.state === 'failed' && <Failed i18n={i18n} message={message} />}
    </>
  )
}

function Waiting({ i18n, message }: OfMessage) {
  const { t, fill, time } = i18n
  const waiting = explainWaiting(i18n, message)
  if (!waiting) return null
  return (
    <div class="standing standing--waiting">
      <p>
        <Icon name="clock" />
        {fill(t.bubble.waiting, { reason: waiting.reason })}{' '}
        {waiting.until !== null && fill(t.bubble.waitingUntil, { at: time(waiting.until) })}
      </p>
      {waiting.until === null && <p class="standing-hint">{waiting.hint}</p>}
      <div class="standing-acts">
        <Act action={`${pathOf(message)}/cancellation`} fields={attemptOf(message)}>
          <button type="submit" class="button button--small">
            {t.bubble.cancel}
          </button>
        </Act>
      </div>
    </div>
  )
}

function Unknown({ i18n: { t }, message }: OfMessage) {
  return (
    <div class="standing standing--waiting">
      <p>
        <Icon name="circle-question-mark" />
        <strong>{t.messageState.unknown}</strong>
      </p>
      <p class="standing-hint">{t.bubble.unknownHint}</p>
      <div class="standing-acts">
        <Act action={`${pathOf(message)}/attempts`} fields={attemptOf(message)} confirm={t.bubble.resendConfirm}>
          <button type="submit" class="button button--small">
            {t.bubble.resend}
          </button>
        </Act>
        <Act action={`${pathOf(message)}/confirmation`} method="PUT" fields={attemptOf(message)}>
          <button type="submit" class="button button--small">
            {t.bubble.markSent}
          </button>
        </Act>
      </div>
    </div>
  )
}

function Failed({ i18n, message }: OfMessage) {
  const { t, fill } = i18n
  const { reason, hint } = explainFailure(i18n, message)
  return (
    <div class="standing standing--failed">
      <p>
        <Icon name="circle-alert" />
        {fill(t.bubble.notSent, { reason })}
      </p>
      <p class="standing-hint">{hint}</p>
      <div class="standing-acts">
        <Act action={`${pathOf(message)}/attempts`} fields={attemptOf(message)}>
          <button type="submit" class="button button--small">
            {t.bubble.retry}
          </button>
        </Act>
        <button
          type="button"
          class="button button--small"
          data-needs-script
          data-copy={messageId(message.id)}
          data-done={t.bubble.copied}
        >
          {t.bubble.copy}
        </button>
      </div>
      <ProviderWords i18n={i18n} message={message} />
    </div>
  )
}

/** What the provider itself said, for whoever looks into it. */
function ProviderWords({ i18n: { t, fill }, message: { attempt } }: OfMessage) {
  if (!attempt?.errorDetail && !attempt?.errorCode) return null
  return (
    <details class="provider-words">
      <summary>{t.bubble.details}</summary>
      {attempt.errorCode && <p>{fill(t.bubble.providerCode, { code: attempt.errorCode })}</p>}
      {attempt.errorDetail && (
        <p>
          <Words>{attempt.errorDetail}</Words>
        </p>
      )}
    </details>
  )
}

const pathOf = ({ conversationId, id }: ThreadMessage) => `/conversations/${conversationId}/messages/${id}`

/** Which attempt the person saw when they clicked: a second click about the same one changes nothing. */
const attemptOf = ({ attempt }: ThreadMessage) => ({ no: String(attempt?.no ?? 0) })
