/** What the strict Content-Security-Policy would break in a browser, found before it gets there. */
import { isTest, lineOf, type Source, withoutComments } from './sources.ts'

const FORBIDDEN: [RegExp, string][] = [
  [/\bhx-on\b/g, 'hx-on runs text as code'],
  [/\bhx-live\b/g, 'hx-live runs text as code'],
  [/["'`](?:js|javascript):/g, 'a js: value runs text as code'],
  [/\bhx-trigger=["'{`][^"'`}\n]*\w\[/g, 'a filter in hx-trigger runs text as code'],
  [/<[a-z][^<>\n]*\sstyle=/g, 'an inline style is refused by the policy'],
  [/<script(?![^>]*\ssrc=)[^>]*>/g, 'an inline script is refused by the policy'],
  [/<style\b/g, 'an inline stylesheet is refused by the policy'],
  [/\bon(?:click|submit|change|input|load|error)=/g, 'an inline handler is refused by the policy'],
  [/(?<![.\w])raw\(/g, 'raw HTML: text from outside must always be a child'],
  [/\bdangerouslySetInnerHTML\b/g, 'raw HTML: text from outside must always be a child'],
]

/** Draws what is in our own sprite, and nothing from outside. */
const MAY_BE_RAW = ['src/views/icon.tsx']

export function forbiddenMarkup(sources: Source[]): string[] {
  return sources
    .filter((source) => !isTest(source) && !MAY_BE_RAW.includes(source.path))
    .flatMap(({ path, text }) => {
      const code = withoutComments(text)
      return FORBIDDEN.flatMap(([pattern, why]) =>
        [...code.matchAll(pattern)].map((found) => `${path}:${lineOf(code, found.index)} ${why}.`),
      )
    })
}
