/** A person's card as phones hand it on. */
import type { Content } from '../content.ts'
import { part } from './lenient.ts'

type Card = NonNullable<Content['contacts']>[number]

const LONGEST = 20_000
const MOST_LINES = 400

/** `item1.TEL;type=CELL;waid=5511999990077:+55 11 99999-0077` */
const LINE = /^(?:[\w-]{1,20}\.)?([A-Za-z-]{1,20})((?:;[^:]{0,200})?):(.{0,1000})$/

/** What of a card can be shown. `name` stands in where the card has none. */
export function cardIn(vcard: string, name: string): Card {
  const card: Required<Pick<Card, 'name' | 'phones'>> & { emails: string[]; organization: string } = {
    ...{ name: '', phones: [], emails: [], organization: '' },
  }
  for (const line of unfolded(vcard)) {
    const [, key = '', parameters = '', value = ''] = LINE.exec(line) ?? []
    const said = plain(value)
    if (said === '') continue
    const field = key.toUpperCase()
    if (field === 'FN') card.name ||= said
    else if (field === 'TEL') card.phones.push({ number: said, ...part('label', labelIn(parameters)) })
    else if (field === 'EMAIL') card.emails.push(said)
    else if (field === 'ORG') card.organization ||= said.split(';').filter(Boolean).join(', ')
  }
  return {
    name: name.trim() || card.name || card.organization || card.phones[0]?.number || '',
    phones: card.phones,
    ...(card.emails.length > 0 ? { emails: card.emails } : {}),
    ...part('organization', card.organization),
  }
}

/** A long line goes on in the next, which then begins with a space. */
const unfolded = (vcard: string) =>
  vcard
    .slice(0, LONGEST)
    .replaceAll(/\r?\n[ \t]/g, '')
    .split(/\r?\n/)
    .slice(0, MOST_LINES)

const plain = (value: string) =>
  value
    .replaceAll(/\\n/gi, ' ')
    .replaceAll(/\\([,;\\])/g, '$1')
    .trim()

/** `;type=CELL;type=VOICE;waid=…`: the first that names a kind. */
const labelIn = (parameters: string) => /;type=([\w-]{1,20})/i.exec(parameters)?.[1]?.toUpperCase() ?? null
