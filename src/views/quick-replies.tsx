/** Words at hand, as they are offered in a conversation: under the composer while somebody types, or as a page. */
import type { Offered } from '../domain/quick-replies.ts'
import type { I18n } from '../i18n/index.ts'
import { Override } from './forms.tsx'
import { Icon } from './icon.tsx'
import { ownerName } from './settings-quick-replies.tsx'

export const quickRepliesPath = (conversationId: string) => `/conversations/${conversationId}/quick-replies`

interface OfferedProps {
  i18n: I18n
  conversationId: string
  replies: Offered[]
}

interface OptionsProps extends OfferedProps {
  /** What was typed after the slash. */
  words: string
}

/** The options that the composer's field names; nothing found, that is said: what was typed would go as it stands. */
export function QuickReplyOptions({ i18n, conversationId, replies, words }: OptionsProps) {
  const { t, count } = i18n
  const nothing = words === '' ? t.quickReplies.none : t.quickReplies.noneFound
  return (
    <>
      {replies.length > 0 && (
        <div id="quick-reply-options" role="listbox" aria-label={t.quickReplies.title}>
          {replies.map((reply) => (
            <div
              id={`quick-reply-${reply.id}`}
              class="quick-reply"
              role="option"
              tabIndex={-1}
              aria-selected="false"
              data-text={reply.text}
              data-uses={`${quickRepliesPath(conversationId)}/${reply.id}/uses`}
            >
              <Reply i18n={i18n} reply={reply} />
            </div>
          ))}
        </div>
      )}
      <p class={replies.length > 0 ? 'visually-hidden' : 'quick-replies-none'} role="status">
        {replies.length > 0 ? count(t.quickReplies.found, replies.length) : nothing}
      </p>
    </>
  )
}

function Reply({ i18n, reply }: { i18n: I18n; reply: Offered }) {
  return (
    <>
      <span class="quick-reply-shortcut">
        <bdi hx-ignore>/{reply.shortcut}</bdi>
      </span>
      <span class="quick-reply-text">
        <bdi dir="auto" hx-ignore>
          {reply.text}
        </bdi>
      </span>
      <span class="faint">
        {reply.files > 0 && <Icon name="paperclip" label={i18n.count(i18n.t.quickReplies.files, reply.files)} />}
        <bdi>{ownerName(i18n, reply)}</bdi>
      </span>
    </>
  )
}

interface PageProps extends OfferedProps {
  /** What is searched for. */
  words: string
  contactName: string
}

/** The same without script: chosen here, it stands in the composer of the thread. */
export function QuickReplyChoicePage({ i18n, conversationId, replies, words, contactName }: PageProps) {
  const { t, fill } = i18n
  const path = quickRepliesPath(conversationId)
  return (
    <section class="sheet stack">
      <h1 tabindex={-1}>{t.quickReplies.choose}</h1>
      <p>
        <a href={`/conversations/${conversationId}`}>
          <bdi hx-ignore>{contactName}</bdi>
        </a>
      </p>
      <form class="settings-line" method="get" action={path}>
        <div class="settings-field">
          <label class="field" for="quick-reply-search">
            <span>{t.quickReplies.search}</span>
            <input id="quick-reply-search" type="search" name="q" value={words} maxlength={100} autocomplete="off" />
          </label>
        </div>
        <button type="submit" class="button">
          {t.quickReplies.submitSearch}
        </button>
      </form>
      {replies.length === 0 && <p class="faint">{words === '' ? t.quickReplies.none : t.quickReplies.noneFound}</p>}
      <ul class="people">
        {replies.map((reply) => (
          <li class="person">
            <div class="person-who quick-reply">
              <Reply i18n={i18n} reply={reply} />
            </div>
            <form method="post" action={`${path}/${reply.id}/uses`} hx-boost="false">
              <Override method="POST" />
              <button
                type="submit"
                class="button button--small"
                aria-label={fill(t.quickReplies.use, { name: `/${reply.shortcut}` })}
              >
                {t.quickReplies.put}
              </button>
            </form>
          </li>
        ))}
      </ul>
    </section>
  )
}
