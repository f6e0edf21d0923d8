/** Whom a comment names: `@` and somebody's name, whole or the first of it, in any case and with or without accents. */
import type { Mention } from '../db/contact-records.ts'
import { foldedKey } from './text.ts'

export interface Named {
  start: number
  end: number
  person: Mention
}

const MOST = 20
const LONGEST_NAME = 60
const AT = /(?<![\p{L}\p{N}])@(?=[\p{L}\p{N}])/gu
const WORD_END = /^$|^[^\p{L}\p{N}]/u

/** In the order of the text. A first name that several people share names none of them; a whole name does. */
export function mentionsIn(body: string, people: Mention[]): Named[] {
  if (!body.includes('@')) return []
  const names = spellingsOf(people)
  return [...body.matchAll(AT)].slice(0, MOST).flatMap(({ index }) => {
    const named = longestAt(body, index + 1, names)
    return named ? [{ start: index, ...named }] : []
  })
}

/** Each spelling that names one person alone; the longest come first. */
function spellingsOf(people: Mention[]): [string, Mention][] {
  const byName = new Map<string, Mention | null>()
  for (const person of people) byName.set(foldedKey(person.name), person)
  const firstNames = new Map<string, Mention | null>()
  for (const person of people) {
    const first = foldedKey(person.name).split(' ')[0] ?? ''
    firstNames.set(first, firstNames.has(first) ? null : person)
  }
  for (const [name, person] of firstNames) if (!byName.has(name)) byName.set(name, person)
  const usable = [...byName].filter((entry): entry is [string, Mention] => entry[0] !== '' && entry[1] !== null)
  return usable.sort(([a], [b]) => b.length - a.length)
}

function longestAt(body: string, at: number, names: [string, Mention][]): Omit<Named, 'start'> | null {
  const rest = body.slice(at, at + LONGEST_NAME)
  const words = [...rest.matchAll(/[\p{L}\p{N}\p{M}]+/gu)]
  const ends = words.map(({ index, 0: word }) => index + word.length).toReversed()
  for (const end of ends) {
    const spelled = foldedKey(rest.slice(0, end))
    const found = names.find(([name]) => name === spelled)
    if (found && WORD_END.test(rest.slice(end))) return { end: at + end, person: found[1] }
  }
  return null
}
