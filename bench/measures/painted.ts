/** From the provider's call to the bubble on a colleague's screen. */
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { median, pause, percentile, until } from '../numbers.ts'
import { type Metric, metric } from '../report.ts'
import { benchConversation, benchInbox, benchPeer } from '../seed/plan.ts'
import { nameOf } from '../seed/workspace.ts'
import type { People } from '../stand.ts'
import { type Visitor, visit } from '../visitor.ts'
import { call, textBody } from '../webhooks.ts'

/** Owner and agent may both see it. */
const CONVERSATION = 1
const SAMPLES = 25
const BETWEEN_MS = 600

export async function paintedMetrics(people: People, executablePath: string): Promise<Metric[]> {
  const browser = await chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
  try {
    await open(browser, people.owner)
    const second = await open(browser, people.agent)
    const times = await samples(second, people.owner.origin)
    return [
      metric('webhook → bubble painted in a second browser, p50', 'ms', median(times)),
      metric('webhook → bubble painted in a second browser, p95', 'ms', percentile(times, 0.95)),
    ]
  } finally {
    await browser.close()
  }
}

async function open(browser: Browser, visitor: Visitor): Promise<Page> {
  const context: BrowserContext = await browser.newContext({ locale: 'pt-BR' })
  await context.addCookies(visitor.cookies().map(({ name, value }) => ({ name, value, url: visitor.origin })))
  const page = await context.newPage()
  const socket = page.waitForEvent('websocket', {
    predicate: (one) => one.url().includes(benchConversation(CONVERSATION)),
  })
  await page.goto(`${visitor.origin}/conversations/${benchConversation(CONVERSATION)}`)
  await socket
  await pause(1_000)
  return page
}

async function samples(page: Page, origin: string): Promise<number[]> {
  const visitor = visit(origin)
  const inbox = benchInbox(CONVERSATION)
  const times: number[] = []
  for (let at = 0; at < SAMPLES; at += 1) {
    const text = `Pintado ${process.pid} ${at}`
    const id = `wamid.bench-paint-${process.pid}-${at}`
    await watchFor(page, text)
    const calledAt = performance.timeOrigin + performance.now()
    const { status } = await call(
      visitor,
      inbox,
      textBody(inbox, { from: benchPeer(CONVERSATION), name: nameOf(CONVERSATION), id, text }),
    )
    if (status !== 200) throw new Error(`A webhook was answered ${status}.`)
    const paintedAt = await until('The bubble is painted', () => page.evaluate<number | undefined>('window.paintedAt'))
    times.push(paintedAt - calledAt)
    await pause(BETWEEN_MS)
  }
  visitor.leave()
  return times
}

/** Sets `paintedAt` once the frame with the bubble has been drawn. Runs in the page, so it is text here. */
const watchFor = (page: Page, text: string) =>
  page.evaluate(`
    delete window.paintedAt
    const watcher = new MutationObserver(() => {
      const bubbles = [...document.querySelectorAll('article[data-message-id]')].slice(-3)
      if (!bubbles.some((bubble) => bubble.textContent.includes(${JSON.stringify(text)}))) return
      watcher.disconnect()
      // The first task after the frame: by then it is drawn.
      requestAnimationFrame(() => setTimeout(() => {
        window.paintedAt = performance.timeOrigin + performance.now()
      }))
    })
    watcher.observe(document.body, { childList: true, subtree: true, characterData: true })
  `)
