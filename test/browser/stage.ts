/** What the stories of one file share: a Prosa with its simulator, a Chromium, and the people of the demo at their pages. */
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, inject } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { type Demo, startDemo } from '../support/demo.ts'
import { newPage, signIn, type WatchedPage } from '../support/page.ts'
import type { PersonName } from '../support/seeded.ts'
import { type Customer, type Simulator, simulatorAt } from './simulator.ts'

/** Long enough for a busy machine; whoever waits goes on as soon as it is so. */
export const PATIENCE = 45_000

/** What runs inside the pages, in words of their own. */
export const IN_PAGE = fileURLToPath(new URL('./in-page/watching.js', import.meta.url))

interface PageOptions extends BrowserContextOptions {
  /** Where to begin; the list, unless said otherwise. */
  at?: string
}

export interface Stage {
  readonly url: string
  readonly prosa: Demo
  readonly browser: Browser
  readonly simulator: Simulator
  /** A browser of their own, in which they have signed in. */
  page(person: PersonName, options?: PageOptions): Promise<WatchedPage>
  /** Somebody's browser before they have signed in. */
  visitor(options?: BrowserContextOptions): Promise<WatchedPage>
  /** Somebody who never wrote before, and the conversation that their first words began. */
  customer(name: string, firstWords?: string): Promise<Customer>
  /** As `customer`, to another inbox than the first. */
  customerOf(inbox: string, name: string, firstWords: string): Promise<Customer>
  /** What the browser may complain of in this test, because the story is about it. */
  expectComplaints(page: WatchedPage, ...patterns: RegExp[]): void
}

/** One for all files of this process, and gone with it. */
let shared: Promise<Browser> | undefined
function sharedBrowser(): Promise<Browser> {
  shared ??= launchBrowser()
  return shared
}

/**
 * The browser that each person left as it was: it is there in the next story too, also in another file. Prosa stores
 * nothing in it but cookies, and these are set anew.
 */
const atRest = new Map<PersonName, WatchedPage>()
const asItWas = new WeakSet<WatchedPage>()

/** What a story does to a browser that would still be so in the next. */
const CHANGES = {
  page: ['route', 'routeWebSocket', 'addInitScript', 'setViewportSize', 'emulateMedia', 'close'],
  context: ['route', 'setOffline', 'grantPermissions', 'newCDPSession', 'newPage'],
} as const

function noticeChanges(page: WatchedPage): void {
  asItWas.add(page)
  const notice = <Of extends object>(of: Of, names: readonly (keyof Of)[]) => {
    for (const name of names) {
      const act = of[name] as (...given: unknown[]) => unknown
      const noticed = (...given: unknown[]) => {
        asItWas.delete(page)
        return act.apply(of, given)
      }
      Object.assign(of, { [name]: noticed })
    }
  }
  notice<Page>(page, CHANGES.page)
  notice<BrowserContext>(page.context(), CHANGES.context)
}

/** Nothing that was under way goes on; where more than one was open, one is enough. */
async function rest(page: WatchedPage, person: PersonName, quietPlace: string): Promise<void> {
  await page.goto(quietPlace)
  if (atRest.has(person)) await page.context().close()
  else atRest.set(person, page)
}

const isUsual = (options: BrowserContextOptions) => Object.keys(options).length === 0

/** htmx begins in a task of its own, which may come after the page has loaded: until then a link is a link. */
const isAlive = (page: WatchedPage) => page.evaluate('new Promise((done) => setTimeout(done))')

/** Called once a file. Each test must leave its pages without a complaint of the browser. */
export function stage(): Stage {
  let prosa: Demo
  let browser: Browser
  let simulator: Simulator
  const names = new Map<string, number>()
  /** A story that is told again meets somebody of another name: whoever the first go left behind is still there. */
  const unused = (name: string) => {
    const told = (names.get(name) ?? 0) + 1
    names.set(name, told)
    return told === 1 ? name : `${name} ${'I'.repeat(told)}`
  }
  const signedIn = inject('signedIn')
  const pages = new Map<WatchedPage, RegExp[]>()
  const owners = new Map<WatchedPage, PersonName>()

  const watched = async (options: BrowserContextOptions) => {
    const page = await newPage(browser, options)
    page.setDefaultTimeout(PATIENCE)
    await page.addInitScript({ path: IN_PAGE })
    pages.set(page, [])
    return page
  }

  /** The one that they have, unless it is in use or they need a special one. */
  const browserOf = async (person: PersonName, options: BrowserContextOptions) => {
    const left = isUsual(options) ? atRest.get(person) : undefined
    if (left) atRest.delete(person)
    const page = left ?? (await watched(options))
    if (left) {
      await left.context().clearCookies()
      left.complaints.length = 0
      pages.set(left, [])
    } else if (isUsual(options)) noticeChanges(page)
    owners.set(page, person)
    await page.context().addCookies([{ ...signedIn[person], url: prosa.url, httpOnly: true, sameSite: 'Lax' }])
    return page
  }

  beforeAll(async () => {
    ;[browser, prosa] = await Promise.all([sharedBrowser(), startDemo(inject('seededFolder'))])
    simulator = simulatorAt(prosa.simulatorUrl)
  })

  afterEach(async ({ task }) => {
    const complaints = [...pages].flatMap(([page, expected]) =>
      page.complaints.filter((complaint) => !expected.some((pattern) => pattern.test(complaint))),
    )
    const isOver = task.result?.state === 'fail' || complaints.length > 0
    await Promise.all(
      [...pages.keys()].map((page) => {
        const owner = asItWas.has(page) && !isOver ? owners.get(page) : undefined
        return owner ? rest(page, owner, `${prosa.url}/healthz`) : page.context().close()
      }),
    )
    pages.clear()
    owners.clear()
    expect(complaints).toEqual([])
  })

  afterAll(async () => {
    await prosa?.stop()
  })

  return {
    get url() {
      return prosa.url
    },
    get prosa() {
      return prosa
    },
    get browser() {
      return browser
    },
    get simulator() {
      return simulator
    },
    visitor: (options = {}) => watched(options),
    async page(person, { at = '/conversations', ...options } = {}) {
      const page = await browserOf(person, options)
      await page.goto(`${prosa.url}${at}`)
      // Told again, a story may have ended the session that they began with.
      if (new URL(page.url()).pathname === '/sign-in') await signIn(page, prosa.url, `${person}@prosa.test`, at)
      if (options.javaScriptEnabled !== false) await isAlive(page)
      return page
    },
    customer: (name, firstWords = `Oi, aqui é ${name}`) => firstHeard(simulator.newCustomer(unused(name)), firstWords),
    customerOf: (inbox, name, firstWords) => firstHeard(simulator.newCustomer(unused(name), inbox), firstWords),
    expectComplaints(page, ...patterns) {
      pages.get(page)?.push(...patterns)
    },
  }
}

async function firstHeard(arriving: Promise<Customer>, firstWords: string): Promise<Customer> {
  const customer = await arriving
  await customer.writes(firstWords)
  return customer
}

/** The conversation's line in the list. */
export const rowOf = (page: Page, customer: { name: string }): Locator =>
  page.locator('[data-conversation-id]', { has: page.locator('.row-name', { hasText: customer.name }) })

/** The message with these words: asking for it fails where they stand on the page twice. */
export const bubbleOf = (page: Page, text: string): Locator =>
  page.locator('article[data-message-id]', { has: page.locator('.bubble-text', { hasText: text }) })

/** Submitted, and not stored yet. */
export const pendingBubbles = (page: Page): Locator => page.locator('.bubble--pending')

export const composerOf = (page: Page): Locator => page.locator('#composer-text')

export async function open(page: Page, customer: { name: string }): Promise<void> {
  await rowOf(page, customer).locator('.row-link').click()
  await page.locator('#thread-title', { hasText: customer.name }).waitFor()
  await listening(page)
}

/** A page drawn now: without script nobody tells it anything. */
export const reloadUntil = (page: Page, isThere: () => Promise<boolean>) =>
  eventually(async () => {
    await page.reload()
    return isThere()
  }).toBe(true)

/** From the list, without script: what somebody just wrote may reach it after it was drawn. */
export async function openByLink(page: Page, customer: { name: string }): Promise<void> {
  const link = rowOf(page, customer).locator('.row-link')
  await reloadUntil(page, () => link.isVisible())
  await link.click()
  await page.locator('#thread-title', { hasText: customer.name }).waitFor()
}

/** The conversation's socket is open: what happens from now on is told without being asked for. */
export const listening = (page: Page) => eventually(() => page.evaluate('isListening()')).toBe(true)

/** Written and sent as most people do. */
export async function answer(page: Page, text: string): Promise<void> {
  await composerOf(page).fill(text)
  await composerOf(page).press('Enter')
}

export async function reaches(page: Page, text: string, state: string): Promise<void> {
  await bubbleOf(page, text)
    .and(page.locator(`[data-state="${state}"]`))
    .waitFor()
}

/** The answer to what the page asks of that address, until it is let go; then the page has drawn it, or has not. */
export async function held(page: Page, address: RegExp) {
  const asked = Promise.withResolvers<void>()
  const answered = Promise.withResolvers<void>()
  await page.route(address, async (route) => {
    asked.resolve()
    await answered.promise
    await route.continue()
  })
  await page.evaluate(`void hasAnswered(${address})`)
  return {
    asked: asked.promise,
    letGo: async () => {
      answered.resolve()
      await page.evaluate(`hasAnswered(${address})`)
    },
  }
}

/** Asks until the answer is this one. */
export const eventually = <T>(ask: () => T | Promise<T>, message?: string) =>
  expect.poll(ask, { timeout: PATIENCE, interval: 50, ...(message ? { message } : {}) })
