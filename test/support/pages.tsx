/** @jsxImportSource hono/jsx */
/** What holds of every page, whatever is on it: the tests of a topic name its pages here, drawn with what may stand on them. */
import type { Child } from 'hono/jsx'
import { describe, expect, it } from 'vitest'
import { Layout } from '../../src/views/layout.tsx'
import { ana, i18n } from '../../src/views/test-cast.ts'

/** `headings`: how many of the first order each has; what is shown within a page has none of its own. */
export function describePages(pages: Record<string, Child>, headings = 1): void {
  describe.each(Object.entries(pages))('the page %s', (_, page) => {
    const html = String(
      <Layout i18n={i18n} title="Título" viewer={ana}>
        {page}
      </Layout>,
    )

    it('holds nothing that the content policy would have to allow', () => {
      expect(html).not.toMatch(/\shx-on|["\s]js:|javascript:|\sstyle=|\shx-live|hx-trigger="[^"]*\[/)
      const script = expect.stringMatching(/^<script src="\/assets\/[\w.-]+" defer="">$/)
      expect(html.match(/<script[^>]*>/g)).toEqual([script])
      expect(html).not.toMatch(/<style|\son[a-z]+=/)
    })

    it('gives every id once', () => {
      const ids = Array.from(html.matchAll(/\sid="([^"]+)"/g), (match) => match[1])
      expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([])
    })

    it(headings === 1 ? 'has one heading of the first order' : 'has no heading of the first order', () => {
      expect(html.match(/<h1/g) ?? []).toHaveLength(headings)
    })

    it('leaves no value out of a sentence', () => {
      const shown = html.replace(/content="[^"]*"/g, '').replace(/\sdata-[\w-]+="[^"]*"/g, '')
      expect(shown).not.toMatch(/(?<!\{)\{[a-z]+\}|undefined|\[object|NaN/)
    })
  })
}
