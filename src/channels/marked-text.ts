/**
 * Text as WhatsApp writes it, and as our composer does: *bold*, _italic_, ~struck~, `code`, ```blocks```, > quotes, lists,
 * links. No character is added or lost. One pass; no input makes it slower than its length.
 */

export type Marked = string | MarkedPart

export interface MarkedPart {
  kind: 'bold' | 'italic' | 'strike' | 'code' | 'fence' | 'quote' | 'item' | 'link'
  /** What was written around it to make it that: a mark, or what a line of a list begins with. */
  opened: string
  closed: string
  inside: Marked[]
}

const MARKS = { '*': 'bold', _: 'italic', '~': 'strike' } as const
type Mark = keyof typeof MARKS

const FENCE = '```'
const LINK = /^(?:https?:\/\/|mailto:|tel:)[^\s<>"]+/i
const SCHEMES = new Set(['http:', 'https:', 'mailto:', 'tel:'])
const WORD = /[\p{L}\p{N}_]/u
const SPACE = /\s/
const TRAILING = new Set([...'.,;:!?\'")]}*_~'])
const LONGEST_LINK = 2048

const part = (kind: MarkedPart['kind'], inside: Marked[], opened = '', closed = ''): MarkedPart => ({
  ...{ kind, opened, closed, inside },
})

/** Elsewhere a star is a star: the addresses alone are more than text. */
export function linksIn(text: string): Marked[] {
  return Array.from(pieces(text, linkIn), (piece) =>
    'plain' in piece ? piece.plain : 'part' in piece ? piece.part : '',
  )
}

/** The same in one plain line, where nothing can be drawn: the pairs of marks go, and nothing else. */
export const withoutMarks = (text: string): string =>
  Object.keys(MARKS).reduce((rest, mark) => withoutPairs(rest, mark), text)

function withoutPairs(text: string, mark: string): string {
  const [first = '', ...pieces] = text.split(mark)
  let out = first
  for (let at = 0; at < pieces.length; at += 1) {
    const [inner = '', after] = [pieces[at], pieces[at + 1]]
    const isPair = after !== undefined && isEdge(out.at(-1)) && isEdge(after.at(0))
    if (isPair && inner !== '' && inner.trim() === inner && !inner.includes('\n')) {
      out += inner + after
      at += 1
    } else out += mark + inner
  }
  return out
}

const isEdge = (char: string | undefined) => char === undefined || !WORD.test(char)

/** Fenced blocks first: nothing inside them means anything. */
export function readMarks(text: string): Marked[] {
  const out: Marked[] = []
  let at = 0
  while (at < text.length) {
    const open = text.indexOf(FENCE, at)
    const close = open < 0 ? -1 : text.indexOf(FENCE, open + FENCE.length)
    if (close <= open + FENCE.length) {
      // An empty fence is text like any other; without a closing one there is no block in what remains.
      const end = close < 0 ? text.length : close + FENCE.length
      out.push(...lines(text.slice(at, end)))
      at = end
      continue
    }
    out.push(...lines(text.slice(at, open)), part('fence', [text.slice(open + FENCE.length, close)], FENCE, FENCE))
    at = close + FENCE.length
  }
  return out
}

/** A quote or a list item is a box of its own and keeps its line break inside; other lines flow on. */
function lines(text: string): Marked[] {
  const out: Marked[] = []
  for (let at = 0; at < text.length; ) {
    const feed = text.indexOf('\n', at)
    const end = feed < 0 ? text.length : feed + 1
    const line = text.slice(at, feed < 0 ? end : feed)
    const rest = text.slice(at + line.length, end)
    const lead = leadOf(line)
    if (lead) out.push(part(lead === '> ' ? 'quote' : 'item', [...inline(line.slice(lead.length)), rest], lead))
    else out.push(...inline(line), rest)
    at = end
  }
  return out
}

/** What makes a line a quote or an item: `> `, `- `, `* `, or up to three digits and a dot. */
function leadOf(line: string): string {
  return /^(?:> |[-*•] |\d{1,3}\. )(?=\S)/.exec(line)?.[0] ?? ''
}

type Piece = { plain: string } | { part: MarkedPart } | { mark: Mark; opens: boolean; closes: boolean }

interface Open {
  mark: Mark | null
  inside: Marked[]
}

/** One line: its pieces, then the marks among them paired up. */
function inline(line: string): Marked[] {
  const root: Open = { mark: null, inside: [] }
  const stack = [root]
  for (const piece of pieces(line)) {
    const top = stack.at(-1) ?? root
    if ('plain' in piece) top.inside.push(piece.plain)
    else if ('part' in piece) top.inside.push(piece.part)
    else if (piece.closes && hasSomethingIn(stack, piece.mark)) close(stack, piece.mark)
    else if (piece.opens && !stack.some(({ mark }) => mark === piece.mark)) stack.push({ mark: piece.mark, inside: [] })
    else top.inside.push(piece.mark)
  }
  while (stack.length > 1) unwind(stack)
  return root.inside
}

/** Open, and not only just. */
const hasSomethingIn = (stack: Open[], of: Mark) =>
  stack.some(({ mark, inside }, at) => mark === of && (inside.length > 0 || at < stack.length - 1))

/** Each mark is open at most once, so the stack never holds more than three and the root. */
function close(stack: Open[], mark: Mark): void {
  while (stack.at(-1)?.mark !== mark) unwind(stack)
  const inside = stack.pop()?.inside ?? []
  stack.at(-1)?.inside.push(part(MARKS[mark], inside, mark, mark))
}

/** A mark that was never closed was only a character. */
function unwind(stack: Open[]): void {
  const open = stack.pop()
  if (open?.mark) stack.at(-1)?.inside.push(open.mark, ...open.inside)
}

function* pieces(line: string, find = pieceAt): Generator<Piece> {
  let plainFrom = 0
  for (let at = 0; at < line.length; ) {
    const found = find(line, at)
    if (found?.piece) {
      if (at > plainFrom) yield { plain: line.slice(plainFrom, at) }
      yield found.piece
      plainFrom = at + found.length
    }
    at += found?.length ?? 1
  }
  if (line.length > plainFrom) yield { plain: line.slice(plainFrom) }
}

/** What begins at this character, and how far it reaches; without a piece it is passed over as plain text. */
function pieceAt(line: string, at: number): { piece?: Piece; length: number } | null {
  const char = line[at] ?? ''
  if (char === '`') return codeAt(line, at)
  if (startsLink(line, at)) return linkAt(line, at)
  if (isMark(char)) return { piece: { mark: char, opens: opens(line, at), closes: closes(line, at) }, length: 1 }
  return null
}

const linkIn: typeof pieceAt = (line, at) => (startsLink(line, at) ? linkAt(line, at) : null)

function codeAt(line: string, at: number): { piece?: Piece; length: number } {
  const end = line.indexOf('`', at + 1)
  // The only backtick, or nothing between two of them: plain text, all the way to where another could begin.
  if (end < 0) return { length: 1 }
  if (end === at + 1) return { length: 2 }
  return { piece: { part: part('code', [line.slice(at + 1, end)], '`', '`') }, length: end + 1 - at }
}

/** The first letter of our four schemes, at the start of a word: what is worth a closer look. */
function startsLink(line: string, at: number): boolean {
  return 'hmtHMT'.includes(line[at] ?? ' ') && !WORD.test(line[at - 1] ?? ' ')
}

function linkAt(line: string, at: number): { piece: Piece; length: number } | null {
  const link = withoutTail(LINK.exec(line.slice(at, at + LONGEST_LINK))?.[0] ?? '')
  if (!URL.canParse(link) || !SCHEMES.has(new URL(link).protocol)) return null
  return { piece: { part: part('link', [link]) }, length: link.length }
}

/** A full stop after an address ends the sentence, not the address. */
function withoutTail(link: string): string {
  let end = link.isWellFormed() ? link.length : link.length - 1 // cut between the halves of a character
  while (end > 0 && TRAILING.has(link[end - 1] ?? '') && !(link[end - 1] === ')' && link.includes('('))) end--
  return link.slice(0, end)
}

const isMark = (char: string): char is Mark => char in MARKS
const opens = (line: string, at: number) =>
  !WORD.test(line[at - 1] ?? ' ') && at + 1 < line.length && !SPACE.test(line[at + 1] ?? ' ')
const closes = (line: string, at: number) => !SPACE.test(line[at - 1] ?? ' ') && !WORD.test(line[at + 1] ?? ' ')
