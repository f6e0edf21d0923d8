/** The reactions that Telegram knows: the first of them stand in the picker. */
import * as z from 'zod'

export const REACTIONS: readonly string[] = [
  ...['👍', '❤️', '🤣', '😱', '😢', '🙏', '🎉', '👏', '🔥', '💯', '👀', '🤝', '👎', '🥰', '😁', '🤔', '🤯', '🤬'],
  ...['🤩', '🤮', '💩', '👌', '🕊️', '🤡', '🥱', '🥴', '😍', '🐳', '❤️‍🔥', '🌚', '🌭', '⚡️', '🍌', '🏆', '💔', '🤨'],
  ...['😐', '🍓', '🍾', '💋', '🖕', '😈', '😴', '😭', '🤓', '👻', '👨‍💻', '🎃', '🙈', '😇', '😨', '✍️', '🤗', '🫡'],
  ...['🎅', '🎄', '☃️', '💅', '🤪', '🗿', '🆒', '💘', '🙉', '🦄', '😘', '💊', '🙊', '😎', '👾', '🤷‍♂️', '🤷', '🤷‍♀️'],
  '😡',
]

const DRAWN_AS_EMOJI = '\ufe0f'

/** As Telegram writes it: without the sign that asks for a picture. */
export const theirName = (emoji: string) => emoji.replaceAll(DRAWN_AS_EMOJI, '')

const OURS = new Map(REACTIONS.map((emoji) => [theirName(emoji), emoji]))

const Reaction = z.object({ type: z.string(), emoji: z.string().optional() })

/** Everything that stands on the message from now on, as one; null: nothing. */
export function emojiOf(list: unknown[]): string | null {
  const shown = list.flatMap((one) => Reaction.safeParse(one).data ?? [])
  return shown.map(shownAs).join('') || null
}

/** A paid one is a star wherever it is shown; one of somebody's own drawing has no sign that we could show. */
const shownAs = ({ type, emoji }: z.infer<typeof Reaction>) =>
  type === 'emoji' && emoji ? (OURS.get(theirName(emoji)) ?? emoji) : type === 'paid' ? '⭐' : '💟'
