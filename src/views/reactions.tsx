/** How both sides reacted to a message, at the foot of its bubble. */
import type { Reaction, ThreadMessage } from '../db/records.ts'
import type { I18n } from '../i18n/index.ts'
import { Words } from './card.tsx'
import { Icon } from './icon.tsx'

export function Reactions({ i18n, message }: { i18n: I18n; message: ThreadMessage }) {
  const { t } = i18n
  if (message.deletedAt !== null || message.reactions.length === 0) return null
  return (
    <>
      <ul class="reactions" aria-label={t.content.reactions}>
        {message.reactions.map((reaction) => (
          <li class="reaction" data-side={reaction.side} data-state={reaction.state} title={whose(i18n, reaction)}>
            <span aria-hidden="true">
              <Words>{reaction.emoji}</Words>
            </span>
            <span class="visually-hidden">
              <Words>{whose(i18n, reaction)}</Words>
            </span>
            {reaction.state === 'failed' && <Icon name="circle-alert" />}
          </li>
        ))}
      </ul>
      {message.reactions.map((reaction) => (
        <Trouble i18n={i18n} reaction={reaction} />
      ))}
    </>
  )
}

function whose({ t, fill }: I18n, { side, emoji, state }: Reaction): string {
  const said = fill(t.content.reacted, { name: side === 'customer' ? t.thread.customer : t.thread.team, emoji })
  return state === 'queued' || state === 'sending' ? `${said} (${t.content.reactionWaits})` : said
}

function Trouble({ i18n: { t, fill }, reaction: { state, emoji } }: { i18n: I18n; reaction: Reaction }) {
  if (state !== 'failed' && state !== 'unknown') return null
  const sentence = state === 'failed' ? t.content.reactionFailed : t.content.reactionUnknown
  return (
    <div class={state === 'failed' ? 'standing standing--failed' : 'standing standing--waiting'}>
      <p>
        <Icon name={state === 'failed' ? 'circle-alert' : 'circle-question-mark'} />
        <Words>{fill(sentence, { emoji })}</Words>
      </p>
    </div>
  )
}
