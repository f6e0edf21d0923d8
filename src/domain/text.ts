/** What text from outside looks like once it is inside. */

const NOT_SHOWN = /(?![\t\n])\p{Cc}/gu
const BIDI_AND_INVISIBLE = /[\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\u061c\u00ad]/g
/** A zero-width joiner belongs between pictures alone. */
const STRAY_JOINER =
  /(?<!\p{Extended_Pictographic}[\ufe0f\p{Emoji_Modifier}]?)\u200d|\u200d(?!\p{Extended_Pictographic})/gu
const SPACES = /\s+/g
const MARKS_A_BASE = 8
const LONGEST_NAME = 120
const graphemes = new Intl.Segmenter('pt-BR', { granularity: 'grapheme' })

/** A body keeps what the person wrote, but for what no one can see and no one should store. */
export const bodyText = (text: string) => text.toWellFormed().replaceAll('\r\n', '\n').replaceAll(NOT_SHOWN, '')

/** A name, a tag, a group: one line, no tricks of direction or invisibility. Null where nothing is left. */
export function nameText(text: string | null): string | null {
  if (text === null) return null
  const plain = text
    .slice(0, 4_000)
    .toWellFormed()
    .replaceAll(SPACES, ' ')
    .replaceAll(NOT_SHOWN, '')
    .replaceAll(BIDI_AND_INVISIBLE, '')
  const joined = fewMarks(plain.replaceAll(STRAY_JOINER, '').normalize('NFC'))
  const short = [...graphemes.segment(joined.replaceAll(SPACES, ' ').trim())]
    .slice(0, LONGEST_NAME)
    .map(({ segment }) => segment)
    .join('')
    .trim()
  return short === '' ? null : short
}

const MARKS = /\p{M}+/gu
const WORDS = /[\p{L}\p{N}]+|[^\p{L}\p{N}\s]+/gu

/**
 * What two spellings of one name have in common: lower case, no accents, one space between words, and between a word and
 * whatever is no letter. Names are unique, in order and found by it.
 */
export const foldedKey = (text: string) =>
  (text.normalize('NFKD').replaceAll(MARKS, '').toLowerCase().match(WORDS) ?? []).join(' ')

function fewMarks(text: string): string {
  let marks = 0
  return [...text]
    .filter((char) => {
      marks = /\p{M}/u.test(char) ? marks + 1 : 0
      return marks <= MARKS_A_BASE
    })
    .join('')
}
