/** @jsxImportSource hono/jsx */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { describePages } from '../../test/support/pages.tsx'
import { i18nFor } from '../i18n/index.ts'
import { ErrorPage, Notice } from './errors.tsx'
import { ICONS } from './icon.tsx'
import { Layout } from './layout.tsx'
import { ana, i18n } from './test-cast.ts'

describePages({ error: <ErrorPage i18n={i18n} code="not_found" requestId="r1" /> })
// It is put above whatever page there is.
describePages({ notice: <Notice i18n={i18n} code="forbidden" requestId="r1" /> }, 0)

describe('the document', () => {
  const drawn = (theme: 'system' | 'dark', locale: 'pt-BR' | 'es') =>
    String(<Layout i18n={i18nFor(locale, 'UTC')} title="Conversas" viewer={{ ...ana, theme, locale }} unread={4} />)

  it('speaks the language and wears the theme that the person chose', () => {
    expect(drawn('dark', 'es')).toMatch(/^<html lang="es" data-theme="dark">/)
    expect(drawn('system', 'pt-BR')).toMatch(/^<html lang="pt-BR">/)
    expect(drawn('system', 'pt-BR')).toContain('4 não lidas')
  })

  it('keeps what must outlive a navigation outside of what is swapped', () => {
    const html = drawn('system', 'pt-BR')
    const main = html.slice(html.indexOf('<main'), html.indexOf('</main>'))
    for (const id of ['workspace-socket', 'toasts', 'announcer', 'connection', 'confirm', 'counts']) {
      expect(html).toContain(`id="${id}"`)
      expect(main).not.toContain(`id="${id}"`)
    }
    expect(html).toContain('hx-boost:inherited="target:#main select:#main swap:outerHTML"')
  })

  it('opens no socket for somebody who is not signed in', () => {
    const html = String(<Layout i18n={i18n} title="Entrar" />)
    expect(html).not.toContain('hx-ws:connect')
    expect(html).not.toContain('/sign-out')
  })
})

it('the sprite holds the icons that the pages use', () => {
  const listed = JSON.parse(readFileSync(new URL('../assets/icons/icons.json', import.meta.url), 'utf8'))
  expect(listed).toEqual([...ICONS])
})
