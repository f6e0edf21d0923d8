import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { DEMO_PASSWORD } from '../../scripts/demo.ts'
import { demoId } from '../../scripts/seed/identifiers.ts'
import { CATALOGS } from '../../src/i18n/index.ts'
import { accessibilityProblems, problemsInTheDark, STILL } from '../support/page.ts'
import { bubbleOf, composerOf, eventually, open, rowOf, stage } from './stage.ts'

const prosa = stage()

interface Size {
  viewport: { width: number; height: number }
  customer: string
}

/** At each size a thread that has something of its own: a failed answer, one never confirmed, a quote. */
const WIDE = { viewport: { width: 1440, height: 900 }, customer: 'Paulo Sérgio Amaral' }
const MIDDLE = { viewport: { width: 900, height: 800 }, customer: 'Beatriz Antunes' }
const NARROW = { viewport: { width: 360, height: 740 }, customer: 'Mariana Souza' }
const SIZES = [WIDE, MIDDLE, NARROW]

const PAGES = ['/conversations', '/contacts', '/settings/profile', '/settings/agents', '/settings/quick-replies/new']
/** For whoever administrates. */
const ADMINISTRATION = ['/settings/hours', '/settings/hours/workspace', '/settings/privacy']

const sideways = (page: Page) => page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')

it('everyone can use every page, in the light and in the dark, at every size', async () => {
  // Whoever turns the lights off looks at once, not while colours go over into each other.
  const [door, ana] = [await prosa.visitor(STILL), await prosa.page('ana', STILL)]
  await withoutSockets(ana)
  const isGood = async (page: Page, what: string, { viewport }: Size) => {
    const where = `${what} at ${viewport.width}`
    await page.setViewportSize(viewport)
    expect(await accessibilityProblems(page), where).toEqual([])
    expect(await sideways(page), where).toBeLessThanOrEqual(0)
    if (viewport !== MIDDLE.viewport) expect(await problemsInTheDark(page), `${where}, in the dark`).toEqual([])
  }
  await door.goto(`${prosa.url}/sign-in`)
  for (const size of SIZES) await isGood(door, 'the door', size)
  for (const path of [...PAGES, ...ADMINISTRATION]) {
    await ana.goto(`${prosa.url}${path}`)
    for (const size of SIZES) await isGood(ana, path, size)
  }
  for (const size of SIZES) {
    const { customer } = size
    await ana.goto(`${prosa.url}/conversations/${demoId('conversation', 'demo-wa-1', customer, 'open')}`)
    await ana.locator('#thread-title', { hasText: customer }).waitFor()
    await isGood(ana, customer, size)
  }
})

it('the smallest screens need no scrolling sideways', async () => {
  const bruno = await prosa.page('bruno', { viewport: { width: 320, height: 568 } })
  for (const path of PAGES) {
    await bruno.goto(`${prosa.url}${path}`)
    expect(await sideways(bruno), path).toBeLessThanOrEqual(0)
  }
  await bruno.goto(`${prosa.url}/conversations`)
  await bruno.locator('.row-link', { hasText: 'Mariana Souza' }).click()
  await bruno.locator('#thread-title').waitFor()
  expect(await sideways(bruno)).toBeLessThanOrEqual(0)
})

it('the keyboard alone will do: sign in, walk, open, answer, step back', async () => {
  const diego = await prosa.visitor()
  await diego.goto(`${prosa.url}/sign-in`)
  const { keyboard } = diego
  await diego.locator('input[name="email"]:focus').waitFor()
  await keyboard.type('diego@prosa.test')
  await keyboard.press('Tab')
  await keyboard.type(DEMO_PASSWORD)
  await keyboard.press('Enter')
  await diego.waitForURL('**/conversations**')

  const vito = await prosa.customer('Vito Salles', 'Respondem por aqui?')
  await rowOf(diego, vito).waitFor()
  await keyboard.press('j')
  const focused = () => diego.evaluate<string>("document.activeElement?.id ?? ''")
  const first = await focused()
  expect(first).toMatch(/^open-/)
  await keyboard.press('j')
  expect(await focused()).not.toBe(first)
  await keyboard.press('k')
  expect(await focused()).toBe(first)
  expect(await hasVisibleFocus(diego)).toBe(true)

  await keyboard.press('Enter')
  await diego.locator('#thread-title', { hasText: 'Vito Salles' }).waitFor()
  await eventually(focused).toBe('thread-title')
  await keyboard.press('r')
  await keyboard.type('Respondemos!')
  await keyboard.press('Enter')
  await bubbleOf(diego, 'Respondemos!').waitFor()
  expect(await focused()).toBe('composer-text')
  await keyboard.press('Escape')
  expect(await focused()).toBe('log')
  await keyboard.press('Escape')
  expect(await focused()).toBe(first)

  await keyboard.press('?')
  const sheet = diego.getByRole('dialog', { name: 'Atalhos do teclado' })
  await sheet.waitFor()
  expect(await accessibilityProblems(diego)).toEqual([])
  await keyboard.press('Escape')
  await sheet.waitFor({ state: 'hidden' })
  expect(await focused()).toBe(first)
})

it('the first stops of the Tab key lead over what repeats on every page', async () => {
  const carla = await prosa.page('carla')
  const otto = await prosa.customer('Otto Braga')
  await open(carla, otto)
  await carla.reload()
  const skips: string[] = []
  for (let stop = 0; stop < 4; stop += 1) {
    await carla.keyboard.press('Tab')
    skips.push(await carla.evaluate<string>("document.activeElement?.textContent ?? ''"))
    expect(await hasVisibleFocus(carla)).toBe(true)
    expect(await carla.evaluate('document.activeElement.getBoundingClientRect().top >= 0')).toBe(true)
  }
  expect(skips).toEqual(['Ir para o conteúdo', 'Ir para a lista', 'Ir para a conversa', 'Ir para a resposta'])
  await carla.keyboard.press('Enter')
  await eventually(() => carla.evaluate("document.activeElement?.id ?? ''")).toBe('composer-text')
})

it('what arrives takes nobody’s focus, and is read out', async () => {
  const ana = await prosa.page('ana')
  const [rosa, saul] = [await prosa.customer('Rosa Maia'), await prosa.customer('Saul Pena')]
  await open(ana, rosa)
  await composerOf(ana).fill('Estou escrev')
  await rosa.writes('Mais uma coisa')
  await bubbleOf(ana, 'Mais uma coisa').waitFor()
  await ana
    .locator('#announcer', { hasText: 'Nova mensagem de Rosa Maia: Mais uma coisa' })
    .waitFor({ state: 'attached' })
  await ana.keyboard.type('endo')
  expect(await composerOf(ana).inputValue()).toBe('Estou escrevendo')

  await rowOf(ana, saul).locator('.row-link').focus()
  await saul.writes('Eu também')
  await rowOf(ana, saul).filter({ hasText: 'Eu também' }).waitFor()
  await eventually(() => ana.locator('.row-name').first().textContent()).toBe('Saul Pena')
  expect(await rowOf(ana, saul).locator('.row-link:focus').count()).toBe(1)
})

it.each(['pt-BR', 'en', 'es'] as const)('every page speaks %s, and says so', async (locale) => {
  const page = await prosa.visitor({ locale, extraHTTPHeaders: { 'accept-language': locale } })
  const { t } = { t: CATALOGS[locale] }
  await page.goto(`${prosa.url}/sign-in`)
  expect(await page.locator('html').getAttribute('lang')).toBe(locale)
  await page.getByLabel(t.signIn.email).fill('eva@prosa.test')
  await page.getByLabel(t.signIn.password).fill(DEMO_PASSWORD)
  await page.getByRole('button', { name: t.signIn.submit }).click()
  await page.waitForURL('**/conversations**')
  const seen: string[] = []
  const read = async () => {
    expect(await page.locator('html').getAttribute('lang')).toBe(locale)
    seen.push(await page.locator('body').evaluate((body: { innerHTML: string }) => body.innerHTML))
  }
  await read()
  await page.locator('.row-link').first().click()
  await page.locator('article').first().waitFor()
  await page.getByRole('textbox', { name: t.composer.label }).waitFor()
  await read()
  for (const [path, title] of [
    ['/settings/profile', t.profile.title],
    ['/settings/agents', t.agents.title],
  ] as const) {
    await page.goto(`${prosa.url}${path}`)
    await page.getByRole('heading', { name: title, level: 1 }).waitFor()
    await read()
  }
  for (const html of seen) expect(html).not.toMatch(/undefined|\[object |\bt\.\w+\.\w+/)
})

it('nothing moves for who asked for less motion', async () => {
  const bruno = await prosa.page('bruno', { reducedMotion: 'reduce' })
  const moving = await bruno.evaluate<string[]>('whatMoves()')
  expect(moving).toEqual([])
})

/** So many pages in a minute would be more upgrades than an agent is given. */
const withoutSockets = (page: Page) => page.routeWebSocket(/\/rooms\//, () => {})

/** Whoever walks by keyboard sees where they are. */
const hasVisibleFocus = (page: Page) => page.evaluate<boolean>('showsFocus()')
