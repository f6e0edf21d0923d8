/** Our marks on the way out: Telegram wants the words without them, and beside those what they were. */
import { type Marked, type MarkedPart, readMarks } from '../marked-text.ts'

export interface Entity {
  type: string
  offset: number
  length: number
}

const TYPES = new Map<MarkedPart['kind'], string>([
  ['bold', 'bold'],
  ['italic', 'italic'],
  ['strike', 'strikethrough'],
  ['code', 'code'],
  ['fence', 'pre'],
  ['quote', 'blockquote'],
])

/** The words as they are read, and how they look. Nothing in them is markup: a star that marks nothing stays a star. */
export function entitiesOf(text: string): { text: string; entities: Entity[] } {
  const entities: Entity[] = []
  const words = readMarks(text).reduce<string>((before, piece) => before + flat(piece, before.length, entities), '')
  return { text: words, entities }
}

function flat(piece: Marked, offset: number, entities: Entity[]): string {
  if (typeof piece === 'string') return piece
  const lead = piece.kind === 'item' ? piece.opened : ''
  const words = piece.inside.reduce<string>((before, one) => before + flat(one, offset + before.length, entities), lead)
  const type = TYPES.get(piece.kind)
  const length = words.trimEnd().length
  if (type === undefined) return words
  if (length === 0) return `${piece.opened}${words}${piece.closed}` // of nothing to be seen, the marks are all there is
  entities.push({ type, offset, length })
  return words
}
