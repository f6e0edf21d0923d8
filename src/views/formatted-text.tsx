/**
 * A message's text as it was written, with its marks (channels/marked-text.ts) or with the styles that came beside it. No
 * character is added or lost: the marks stay in the page, only hidden, so that what is copied, searched and compared is
 * what was written.
 */
import type { Child } from 'hono/jsx'
import type { Style } from '../channels/content.ts'
import { channelNamed } from '../channels/index.ts'
import { linksIn, type Marked, type MarkedPart, readMarks, withoutMarks } from '../channels/marked-text.ts'
import type { ThreadMessage } from '../db/records.ts'

export function FormattedText({ text }: { text: string }) {
  return <>{readMarks(text).map(drawn)}</>
}

/** Elsewhere a star is a star: the addresses alone are more than text. */
export function LinkedText({ text }: { text: string }) {
  return <>{linksIn(text).map(drawn)}</>
}

/** Is this written with marks? Where a channel tells the looks of words beside them, the team alone writes so. */
export function readsMarks({ channel, direction }: Pick<ThreadMessage, 'channel' | 'direction'>): boolean {
  const limits = channelNamed(channel)?.limits
  return limits?.marks !== undefined && (direction === 'outgoing' || limits.looksBeside !== true)
}

/** The same in one plain line, where nothing can be drawn. */
export const plainText = withoutMarks

function drawn(piece: Marked): Child {
  if (typeof piece === 'string') return piece
  const { kind, opened, closed, inside } = piece
  if (kind === 'link') return <OutLink href={String(inside[0])}>{inside.map(drawn)}</OutLink>
  if (kind === 'item') {
    return (
      <span class="item">
        <span class="item-mark">{opened}</span>
        {inside.map(drawn)}
      </span>
    )
  }
  const { Tag, ...looks } = LOOKS[kind]
  return (
    <Tag {...looks}>
      <Hidden mark={opened} />
      {inside.map(drawn)}
      <Hidden mark={closed} />
    </Tag>
  )
}

const LOOKS = {
  bold: { Tag: 'strong' },
  italic: { Tag: 'em' },
  strike: { Tag: 's' },
  code: { Tag: 'code' },
  fence: { Tag: 'code', class: 'fence' },
  quote: { Tag: 'span', class: 'quoted' },
} as const satisfies Partial<Record<MarkedPart['kind'], { Tag: string; class?: string }>>

function Hidden({ mark }: { mark: string }) {
  return mark && <span class="mark">{mark}</span>
}

function OutLink({ href, children }: { href: string; children: Child }) {
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  )
}

/** Words whose looks were told beside them: cut where any style begins or ends, each piece wearing all that reach over it. */
export function StyledText({ text, styles }: { text: string; styles: Style[] }) {
  const edges = new Set([0, text.length, ...styles.flatMap(({ from, length }) => [from, from + length])])
  const cuts = [...edges].filter((edge) => edge <= text.length).sort((a, b) => a - b)
  return (
    <>
      {cuts.slice(1).map((end, at) => {
        const from = cuts[at] ?? 0
        const worn = styles.filter((style) => style.from <= from && end <= style.from + style.length)
        return wearing(text.slice(from, end), worn)
      })}
    </>
  )
}

function wearing(words: string, [style, ...more]: Style[]): Child {
  if (!style) return <LinkedText text={words} />
  if (style.kind === 'link')
    return style.url ? <OutLink href={style.url}>{dressed(words, more)}</OutLink> : wearing(words, more)
  const { Tag, ...looks } = STYLES[style.kind]
  return <Tag {...looks}>{wearing(words, more)}</Tag>
}

/** Inside of a link there is no other. */
const dressed = (words: string, styles: Style[]): Child => {
  const others = styles.filter(({ kind }) => kind !== 'link')
  return others.length > 0 ? wearing(words, others) : words
}

/** What is hidden until somebody wants to see it needs no hand on the mouse for that. */
const STYLES = {
  ...{
    bold: LOOKS.bold,
    italic: LOOKS.italic,
    strike: LOOKS.strike,
    code: LOOKS.code,
    pre: LOOKS.fence,
    quote: LOOKS.quote,
  },
  underline: { Tag: 'u' },
  spoiler: { Tag: 'span', class: 'spoiler', tabindex: 0 },
} as const
