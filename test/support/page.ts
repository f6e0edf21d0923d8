/** A page that remembers what the browser complained about, and what everyone does on it. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, BrowserContextOptions, ConsoleMessage, Page } from 'playwright-core'
import { DEMO_PASSWORD } from '../../scripts/demo.ts'

export interface WatchedPage extends Page {
  /** Errors, refusals of the policy and htmx's warnings, in the order in which they came. */
  complaints: string[]
}

/** The look of whoever asked for less motion, in the light. */
export const STILL = { colorScheme: 'light', reducedMotion: 'reduce' } as const

/** A browser of one person: its own cookies, Brazilian Portuguese unless told otherwise. */
export async function newPage(browser: Browser, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext({ locale: 'pt-BR', viewport: { width: 1280, height: 800 }, ...options })
  const page: WatchedPage = Object.assign(await context.newPage(), { complaints: [] as string[] })
  page.on('pageerror', (error) => page.complaints.push(error.message))
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) page.complaints.push(withItsAddress(message))
  })
  return page
}

/** Of an answer that was a refusal the browser says the status alone. */
function withItsAddress(message: ConsoleMessage): string {
  const { url } = message.location()
  return message.text().includes('status of') && url ? `${message.text()} ${url}` : message.text()
}

/** As a person would: the form, the button, and then the page they wanted. */
export async function signIn(page: Page, url: string, email: string, path = '/conversations'): Promise<void> {
  await page.goto(`${url}/sign-in?next=${encodeURIComponent(path)}`)
  await page.fill('input[name="email"]', email)
  await page.fill('input[name="password"]', DEMO_PASSWORD)
  await page.click('button[type="submit"]')
  await page.waitForURL(`${url}${path}`)
}

interface AxeResult {
  violations: { id: string; help: string; nodes: { html: string }[] }[]
}

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const EVERYTHING = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
/** What may be wrong in the dark where nothing is in the light: the same document in other colours. */
const COLOURS = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] }

/** What WCAG 2.2 AA finds wrong with the page as it stands, one line a place. */
export const accessibilityProblems = (page: Page): Promise<string[]> => problemsOf(page, EVERYTHING)

/** As it would stand there in the dark, where nothing moves: colours go over into each other otherwise. */
export async function problemsInTheDark(page: Page): Promise<string[]> {
  await page.emulateMedia({ colorScheme: 'dark' })
  const problems = await problemsOf(page, COLOURS)
  await page.emulateMedia({ colorScheme: 'light' })
  return problems
}

async function problemsOf(page: Page, runOnly: string[] | typeof COLOURS): Promise<string[]> {
  // It is long: a document is given it once.
  if (!(await page.evaluate<boolean>("'axe' in globalThis"))) await page.evaluate(`${AXE};0`)
  const { violations } = await page.evaluate<AxeResult>(
    `axe.run(document, { resultTypes: ['violations'], runOnly: ${JSON.stringify(runOnly)} }).then(({ violations }) => ({ violations }))`,
  )
  return violations.flatMap(({ id, help, nodes }) => nodes.map(({ html }) => `${id}: ${help}: ${html.slice(0, 160)}`))
}
