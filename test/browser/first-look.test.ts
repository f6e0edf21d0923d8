import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { accessibilityProblems, newPage, signIn } from '../support/page.ts'
import { type Prosa, startProsa } from '../support/prosa.ts'

let browser: Browser
let prosa: Prosa

beforeAll(async () => {
  ;[browser, prosa] = await Promise.all([launchBrowser(), startProsa()])
})

afterAll(async () => {
  await browser.close()
  await prosa.stop()
})

it('Ana signs in and sees conversations, and the browser has nothing to complain of', async () => {
  const page = await newPage(browser)
  await signIn(page, prosa.url, 'ana@prosa.test')
  await page.locator('[data-conversation-id]').first().waitFor()
  expect(page.complaints).toEqual([])
})

it.each(['light', 'dark'] as const)(
  'sign-in, list and thread can be used by everyone, in the %s',
  async (colorScheme) => {
    const page = await newPage(browser, { colorScheme })
    await page.goto(`${prosa.url}/sign-in`)
    expect(await accessibilityProblems(page)).toEqual([])

    await signIn(page, prosa.url, 'ana@prosa.test')
    expect(await accessibilityProblems(page)).toEqual([])

    await page.locator('[data-conversation-id] a, a[data-conversation-id]').first().click()
    await page.locator('article[data-message-id]').first().waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    expect(page.complaints).toEqual([])
  },
)
