/**
 * A message's text as WhatsApp writes it: *bold*, _italic_, ~struck~, `code`, ```blocks```, > quotes, lists, links.
 * No character is added or lost: the marks stay in the page, only hidden, so that what is copied, searched and compared
 * is what was written. One pass; no input makes it slower than its length.
 */
import type { Child } from 'hono/jsx'

const MARKS = { '*': 'strong', _: 'em', '~': 's' } as const
type Mark = keyof typeof MARKS

const FENCE = '```'
const LINK = /^(?:https?:\/\/|mailto:|tel:)[^\s<>"]+/i
const SCHEMES = new Set(['http:', 'https:', 'mailto:', 'tel:'])
const WORD = /[\p{L}\p{N}_]/u
const SPACE = /\s/
const TRAILING = new Set([...'.,;:!?\'")]}*_~'])
const LONGEST_LINK = 2048

export function FormattedText({ text }: { text: string }) {
  return <>{blocks(text)}</>
}

/** Fenced blocks first: nothing inside them means anything. */
function blocks(text: string): Child[] {
  const out: Child[] = []
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
    out.push(...lines(text.slice(at, open)))
    out.push(
      <code class="fence">
        <Hidden mark={FENCE} />
        {text.slice(open + FENCE.length, close)}
        <Hidden mark={FENCE} />
      </code>,
    )
    at = close + FENCE.length
  }
  return out
}

/** A quote or a list item is a box of its own and keeps its line break inside; other lines flow on. */
function lines(text: string): Child[] {
  const out: Child[] = []
  for (let at = 0; at < text.length; ) {
    const feed = text.indexOf('\n', at)
    const end = feed < 0 ? text.length : feed + 1
    const line = text.slice(at, feed < 0 ? end : feed)
    const rest = text.slice(at + line.length, end)
    const lead = leadOf(line)
    if (lead === '> ') {
      out.push(
        <span class="quoted">
          <Hidden mark={lead} />
          {inline(line.slice(lead.length))}
          {rest}
        </span>,
      )
    } else if (lead) {
      out.push(
        <span class="item">
          <span class="item-mark">{lead}</span>
          {inline(line.slice(lead.length))}
          {rest}
        </span>,
      )
    } else {
      out.push(...inline(line), rest)
    }
    at = end
  }
  return out
}

/** What makes a line a quote or an item: `> `, `- `, `* `, or up to three digits and a dot. */
function leadOf(line: string): string {
  return /^(?:> |[-*•] |\d{1,3}\. )(?=\S)/.exec(line)?.[0] ?? ''
}

interface Open {
  mark: Mark | null
  children: Child[]
}

/** One line. Each mark is open at most once, so the stack never holds more than three. */
function inline(line: string): Child[] {
  const root: Open = { mark: null, children: [] }
  const stack = [root]
  let plain = 0
  let lastTick = line.lastIndexOf('`')
  const top = () => stack[stack.length - 1] ?? root
  const flush = (to: number) => {
    if (to > plain) top().children.push(line.slice(plain, to))
  }

  for (let at = 0; at < line.length; at++) {
    const char = line[at] ?? ''
    if (char === '`' && at < lastTick) {
      const close = line.indexOf('`', at + 1)
      if (close > at + 1) {
        flush(at)
        top().children.push(
          <code>
            <Hidden mark="`" />
            {line.slice(at + 1, close)}
            <Hidden mark="`" />
          </code>,
        )
        at = close
        plain = close + 1
      } else {
        at = close // an empty pair is text
        if (close < 0) lastTick = -1
      }
    } else if (startsLink(line, at)) {
      const link = linkAt(line, at)
      if (!link) continue
      flush(at)
      top().children.push(
        <a href={link} target="_blank" rel="noopener noreferrer nofollow">
          {link}
        </a>,
      )
      at += link.length - 1
      plain = at + 1
    } else if (isMark(char)) {
      const opened = stack.findIndex((open) => open.mark === char)
      if (opened > 0 && closes(line, at)) {
        flush(at)
        while (stack.length - 1 > opened) unwind(stack)
        const { children } = stack.pop() ?? root
        const Tag = MARKS[char]
        top().children.push(
          <Tag>
            <Hidden mark={char} />
            {children}
            <Hidden mark={char} />
          </Tag>,
        )
        plain = at + 1
      } else if (opened < 0 && opens(line, at)) {
        flush(at)
        stack.push({ mark: char, children: [] })
        plain = at + 1
      }
    }
  }
  flush(line.length)
  while (stack.length > 1) unwind(stack)
  return root.children
}

/** A mark that was never closed was only a character. */
function unwind(stack: Open[]): void {
  const open = stack.pop()
  if (open?.mark) stack[stack.length - 1]?.children.push(open.mark, ...open.children)
}

const isMark = (char: string): char is Mark => char in MARKS
const opens = (line: string, at: number) =>
  !WORD.test(line[at - 1] ?? ' ') && at + 1 < line.length && !SPACE.test(line[at + 1] ?? ' ')
const closes = (line: string, at: number) => !SPACE.test(line[at - 1] ?? ' ') && !WORD.test(line[at + 1] ?? ' ')

/** The first letters of our four schemes, at the start of a word: what is worth a closer look. */
function startsLink(line: string, at: number): boolean {
  const char = line[at] ?? ''
  return 'hmtHMT'.includes(char) && !WORD.test(line[at - 1] ?? ' ')
}

function linkAt(line: string, at: number): string | null {
  let link = LINK.exec(line.slice(at, at + LONGEST_LINK))?.[0] ?? ''
  while (link && TRAILING.has(link.at(-1) ?? '') && !(link.endsWith(')') && link.includes('(')))
    link = link.slice(0, -1)
  try {
    return SCHEMES.has(new URL(link).protocol) ? link : null
  } catch {
    return null
  }
}

function Hidden({ mark }: { mark: string }) {
  return <span class="mark">{mark}</span>
}
