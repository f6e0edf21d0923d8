/** @jsxImportSource hono/jsx */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bodyText } from '../domain/text.ts'
import { FormattedText, plainText } from './formatted-text.tsx'

const drawn = (text: string) => String(<FormattedText text={text} />)

const ALLOWED = [
  /^<\/?(?:strong|em|s)>$/,
  /^<\/?code(?: class="fence")?>$/,
  /^<\/?span(?: class="(?:mark|quoted|item|item-mark)")?>$/,
  /^<a href="(?:https?:|mailto:|tel:)[^"<>]*" target="_blank" rel="noopener noreferrer nofollow">$/i,
  /^<\/a>$/,
]
const ENTITIES: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" }

/** What a browser shows: our tags taken away, entities read. Any other tag or entity is a failure. */
function textOf(html: string): string {
  const bare = html.replace(/<[^>]*>/g, (tag) => {
    expect(ALLOWED.some((allowed) => allowed.test(tag))).toBe(true)
    return ''
  })
  expect(bare).not.toMatch(/[<>]/)
  return bare.replace(/&[^;]*;/g, (entity) => {
    expect(ENTITIES).toHaveProperty([entity])
    return ENTITIES[entity] ?? ''
  })
}

const pieces = fc.oneof(
  fc.constantFrom(
    '*',
    '_',
    '~',
    '`',
    '```',
    '> ',
    '- ',
    '1. ',
    '\n',
    ' ',
    '\n\n',
    '(',
    ')',
    '.',
    '"',
    "'",
    '&',
    '&amp;',
  ),
  fc.constantFrom(
    'a',
    'olá',
    'مرحبا',
    '👩‍👩‍👧',
    '<b>',
    '<script>alert(1)</script>',
    '<img onerror=x>',
    '</bdi>',
    '<hx-partial>',
  ),
  fc.constantFrom(
    'https://prosa.test/a?b=1&c="x',
    'http://a.b',
    'mailto:a@b.c',
    'tel:+5511',
    'javascript:alert(1)',
    'HTTPS://X.Y/(z)',
  ),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
)
const texts = fc.array(pieces, { maxLength: 40 }).map((all) => bodyText(all.join('')))

describe('a message as it is drawn', () => {
  it('has the text that was written, and no node that was not ours (P13)', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(textOf(drawn(text))).toBe(text)
      }),
      { numRuns: 5_000 },
    )
  })

  it.each([
    ['*negrito*', '<strong>'],
    ['um _itálico_ aqui', '<em>'],
    ['~riscado~', '<s>'],
    ['`código`', '<code>'],
    ['```\nbloco\n```', '<code class="fence">'],
    ['> citado', '<span class="quoted">'],
    ['- um\n- dois', '<span class="item">'],
    ['veja https://prosa.test/x.', '<a href="https://prosa.test/x"'],
    ['(https://pt.wikipedia.org/wiki/Prosa_(texto))', 'href="https://pt.wikipedia.org/wiki/Prosa_(texto)'],
    ['mailto:ana@prosa.test', '<a href="mailto:ana@prosa.test"'],
  ])('%s is formatted', (text, tag) => {
    expect(drawn(text)).toContain(tag)
  })

  it.each([
    '2*3*4',
    'snake_case_name',
    'um * solto',
    'a ~ b ~ c',
    '``',
    'javascript:alert(1)',
    'xhttps://a.b',
    '*sem fim',
    '**',
  ])('%s is only text', (text) => {
    expect(drawn(text)).toBe(text)
  })

  it('nests what is nested, and closes what was left open', () => {
    expect(textOf(drawn('*a _b ~c~ d_ e*'))).toBe('*a _b ~c~ d_ e*')
    expect(drawn('*a _b ~c~ d_ e*')).toMatch(/<strong>.*<em>.*<s>/)
    expect(drawn('*a _b* c_')).toContain('<strong>')
  })

  it.each([
    '*a '.repeat(20_000),
    '`'.repeat(65_000),
    '```'.repeat(20_000),
    'http://'.repeat(9_000),
    '> '.repeat(30_000),
    '*_~'.repeat(20_000),
  ])('comes to an end with hostile text (%#), well before the runner gives up', (text) => {
    expect(textOf(drawn(text))).toBe(text)
  })
})

describe('a message in one plain line', () => {
  it.each([
    ['Pedido *#48025* confirmado', 'Pedido #48025 confirmado'],
    ['*a _b_ c*, ~d~', 'a b c, d'],
    ['2*3*4 e snake_case_name', '2*3*4 e snake_case_name'],
    ['um * solto * aqui', 'um * solto * aqui'],
    ['*sem fim', '*sem fim'],
    ['**', '**'],
    ['*a\nb*', '*a\nb*'],
  ])('%s', (text, plain) => {
    expect(plainText(text)).toBe(plain)
  })
})
