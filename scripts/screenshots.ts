/**
 * Takes the README's pictures from a demo of its own: an answer in the inbox, light and dark, on a phone, in the three
 * languages, and the simulator beside it. They are written anew each time, and committed.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { launchBrowser } from '../test/support/browser.ts'
import { newPage, signIn } from '../test/support/page.ts'
import { type Prosa, startProsa } from '../test/support/prosa.ts'
import { smaller } from './screenshots/png.ts'

const FOLDER = join(import.meta.dirname, '..', 'docs', 'screenshots')
const DESKTOP = { viewport: { width: 1280, height: 800 } }
const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true }
/** Hers is the thread with a quote, formatted words and ticks of every kind. */
const CUSTOMER = 'Mariana Souza'

/** What the customers of the simulator say, and what Ana answers. */
const DIALOGUE = [
  {
    customer: 'mariana',
    name: 'Mariana Costa',
    says: 'Oi! O vaso azul ainda tem?',
    hears: 'Tem sim, o último! Separo para você?',
  },
  {
    customer: 'joao',
    name: 'João Pedro Souza',
    says: 'Bom dia, meu pedido já saiu?',
    hears: 'Saiu hoje cedo, chega até sexta.',
  },
  {
    customer: 'luzia',
    name: 'Luzia Ferreira',
    says: 'Vocês abrem no sábado?',
    hears: 'Abrimos, das 9h às 14h. Te esperamos!',
  },
] as const

console.log('screenshots starting a demo')
const [browser, prosa] = await Promise.all([launchBrowser(), startProsa()])
try {
  await mkdir(FOLDER, { recursive: true })
  await inbox('inbox-light', 'pt-BR', DESKTOP)
  await inbox('inbox-dark', 'pt-BR', { ...DESKTOP, colorScheme: 'dark' })
  await inbox('phone', 'pt-BR', PHONE)
  for (const locale of ['en', 'es']) {
    await inbox(`inbox-light.${locale}`, locale, DESKTOP)
    await inbox(`phone.${locale}`, locale, PHONE)
  }
  await simulator(browser, prosa)
} finally {
  await browser.close()
  await prosa.stop()
}

async function inbox(name: string, locale: string, options: BrowserContextOptions): Promise<void> {
  const page = await newPage(browser, { locale, reducedMotion: 'reduce', ...options })
  await signIn(page, prosa.url, 'ana@prosa.test')
  await page.locator('.row-link', { hasText: CUSTOMER }).click()
  await page.locator('#thread-title', { hasText: CUSTOMER }).waitFor()
  // Drawn once it is in view: on a phone the thread alone fills the screen.
  if (options !== PHONE) await page.locator('.messages--earlier article').first().waitFor({ state: 'attached' })
  await keep(page, name)
}

/** Three phones in the middle of a conversation. */
async function simulator(browser: Browser, { url, simulatorUrl }: Prosa): Promise<void> {
  const ana = await newPage(browser, { reducedMotion: 'reduce' })
  await signIn(ana, url, 'ana@prosa.test')
  const phones = await newPage(browser, { reducedMotion: 'reduce', ...DESKTOP })
  await phones.goto(simulatorUrl)
  for (const { customer, name, says, hears } of DIALOGUE) {
    await fetch(`${simulatorUrl}/api/customers/${customer}/messages`, {
      method: 'POST',
      body: JSON.stringify({ inbox: 'demo-wa-1', text: says }),
    })
    await ana.locator('.row-link', { hasText: name }).click()
    await ana.locator('article', { hasText: says }).waitFor()
    await ana.fill('#composer-text', hears)
    await ana.press('#composer-text', 'Enter')
    await ana.locator('article[data-state="read"]', { hasText: hears }).waitFor()
  }
  await keep(phones, 'simulator')
}

async function keep(page: Page, name: string): Promise<void> {
  await page.mouse.move(0, 0)
  await page.evaluate('document.activeElement?.blur()')
  await page.evaluate('document.fonts.ready')
  const picture = smaller(await page.screenshot({ animations: 'disabled' }))
  await writeFile(join(FOLDER, `${name}.png`), picture)
  console.log(`${name.padEnd(18)}${Math.round(picture.length / 1024)} KB`)
  await page.context().close()
}
