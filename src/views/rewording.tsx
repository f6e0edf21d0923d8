/** The form in which a message that was sent is put in other words: in the composer's place, which stays as it was underneath. */
import type { ThreadMessage } from '../db/records.ts'
import type { I18n } from '../i18n/index.ts'
import { messageError, type Problem } from './errors.tsx'
import { Override } from './forms.tsx'
import { Icon } from './icon.tsx'
import { kindOf } from './kind.ts'

/** Where it stands while something is being edited, and nothing else. */
export const REWORDING = 'rewording'

export interface RewordingProps {
  i18n: I18n
  message: Pick<ThreadMessage, 'id' | 'conversationId' | 'body' | 'type'>
  /** What was typed, or what is to be put otherwise. */
  text: string
  /** The hash of the words that it is about. */
  from: string
  clientKey: string
  problem?: Problem | undefined
}

export function RewordingSlot({ rewording }: { rewording?: RewordingProps | undefined }) {
  return <div id={REWORDING}>{rewording && <Rewording {...rewording} />}</div>
}

export function Rewording({ i18n, message, text, from, clientKey, problem }: RewordingProps) {
  const { t } = i18n
  const back = `/conversations/${message.conversationId}`
  const path = `${back}/messages/${message.id}`
  return (
    <form
      id="rewording-form"
      class="composer"
      method="post"
      action={path}
      hx-post={path}
      hx-target={`#${REWORDING}`}
      hx-swap="innerMorph"
      hx-sync="this:drop"
      hx-disable="find button[type=submit]"
      novalidate
      aria-label={t.changes.editing}
    >
      <Override method="PUT" />
      <input type="hidden" name="clientKey" value={clientKey} autocomplete="off" />
      <input type="hidden" name="from" value={from} autocomplete="off" />
      <p id="rewording-problem" class="field-problem" role="alert">
        {problem && messageError(i18n, problem)}
      </p>
      <div class="composer-quote">
        <p>
          <strong>{t.changes.editing}</strong>
          <bdi dir="auto" hx-ignore>
            {message.body ?? kindOf(t, message.type)?.name}
          </bdi>
        </p>
        <a class="icon-button" href={back} data-stops-rewording aria-label={t.changes.stop} title={t.changes.stop}>
          <Icon name="x" />
        </a>
      </div>
      <div class="composer-row">
        <label class="visually-hidden" for="rewording-text">
          {t.changes.label}
        </label>
        <textarea
          id="rewording-text"
          class="composer-text"
          name="text"
          rows={1}
          dir="auto"
          required
          autocomplete="off"
          placeholder=" "
          aria-describedby="rewording-problem rewording-hint"
          aria-invalid={problem ? 'true' : undefined}
        >
          {`\n${text}`}
        </textarea>
        <button type="submit" class="composer-send" aria-label={t.changes.save} title={t.changes.save}>
          <Icon name="check" />
        </button>
      </div>
      <p id="rewording-hint" class="composer-hint">
        <span class="composer-keys">{t.changes.hint}</span>
      </p>
    </form>
  )
}

/** The form goes, and what stands underneath comes back. */
export const RewordingDone = () => <hx-partial hx-target={`#${REWORDING}`} hx-swap="innerHTML" />
