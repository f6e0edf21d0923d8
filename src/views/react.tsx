/** How the team reacts: a button on each message of the customer's, and one picker for them all. */
import type { Limits } from '../channels/limits.ts'
import type { ThreadMessage } from '../db/records.ts'
import type { I18n } from '../i18n/index.ts'
import { Override } from './forms.tsx'
import { Icon } from './icon.tsx'

const PICKER = 'reaction-picker'
const USUAL = ['👍', '❤️', '😂', '😮', '😢', '🙏', '🎉', '👏', '🔥', '✅', '👀', '🤝']

/** Needs the script, as the picker does; hidden where the thread has no picker. */
export function React({ i18n: { t }, message }: { i18n: I18n; message: Pick<ThreadMessage, 'id' | 'reactions'> }) {
  const mine = message.reactions.find(({ side }) => side === 'team')?.emoji
  return (
    <button
      type="button"
      class="icon-button bubble-react"
      data-needs-script
      data-react={message.id}
      data-mine={mine}
      popovertarget={PICKER}
      aria-label={t.reactions.react}
      title={t.reactions.react}
    >
      <Icon name="smile-plus" />
    </button>
  )
}

interface PickerProps {
  i18n: I18n
  conversationId: string
  reactions: Limits['reactions']
}

/** Which message it is about is put in by the script, when the picker is opened. */
export function ReactionPicker({ i18n: { t }, conversationId, reactions }: PickerProps) {
  if (reactions === null) return null
  const action = `/conversations/${conversationId}/reaction`
  return (
    <form
      id={PICKER}
      class="reaction-picker"
      popover="auto"
      method="post"
      action={action}
      hx-post={action}
      hx-swap="none"
      hx-sync="this:drop"
      hx-disable="find button"
    >
      <Override method="PUT" />
      <input type="hidden" name="messageId" value="" autocomplete="off" />
      <fieldset>
        <legend class="visually-hidden">{t.reactions.choose}</legend>
        {(reactions === 'any' ? USUAL : reactions.slice(0, USUAL.length)).map((emoji) => (
          <button type="submit" class="reaction-choice" name="emoji" value={emoji}>
            {emoji}
          </button>
        ))}
      </fieldset>
      <button type="submit" class="menu-item" name="emoji" value="" hidden data-takes-back>
        <Icon name="x" />
        {t.reactions.takeBack}
      </button>
    </form>
  )
}
