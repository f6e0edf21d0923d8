import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { bubbleOf, eventually, held, listening, open, rowOf, stage } from './stage.ts'

const prosa = stage()

/** Orders every Monday: 130 messages. */
const RESTAURANT = { name: 'Restaurante Sabor da Vila' }
const FIRST_PAGE = 60
const ALL = 130
const STILL_PX = 2

const bubbles = (page: Page) => page.locator('.messages > article')
const orders = (page: Page, selector: string) =>
  page
    .locator(selector)
    .evaluateAll((all: { dataset: Record<string, string> }[]) => all.map(({ dataset }) => dataset['order'] ?? ''))

it('older messages come while scrolling up, and what is read stays where it is', async () => {
  const ana = await prosa.page('ana')
  await open(ana, RESTAURANT)
  await eventually(() => bubbles(ana).count()).toBe(FIRST_PAGE)
  await eventually(() => ana.evaluate('fromTheEnd()')).toBeLessThan(STILL_PX)

  for (let loaded = FIRST_PAGE; loaded < ALL; ) {
    const before = await ana.evaluate<{ id: string; top: number }>('readAt(150)')
    await eventually(() => bubbles(ana).count()).toBeGreaterThan(loaded)
    const now = await ana.evaluate<number>(`topOf(${JSON.stringify(before.id)})`)
    expect(Math.abs(now - before.top)).toBeLessThanOrEqual(STILL_PX)
    loaded = await bubbles(ana).count()
  }
  expect(await bubbles(ana).count()).toBe(ALL)
  const shown = await orders(ana, '.messages > article')
  expect(shown).toEqual(shown.toSorted())
  expect(new Set(shown).size).toBe(ALL)
  const days = await ana.locator('.messages > .day').evaluateAll((all: { id: string }[]) => all.map(({ id }) => id))
  expect(new Set(days).size).toBe(days.length)
})

it('an earlier conversation is put above without moving what is new', async () => {
  // High enough for the top of the thread to be near without anybody's scrolling there.
  const ana = await prosa.page('ana', { viewport: { width: 1280, height: 1000 } })
  await open(ana, { name: 'Mariana Souza' })
  await ana.locator('.messages--earlier article').first().waitFor({ state: 'attached' })
  await eventually(() => ana.evaluate('isInSight(document.getElementById("first-unread"))')).toBe(true)
  expect(
    await ana.evaluate('isInSight(document.querySelector(".messages:not(.messages--earlier) > article:last-child"))'),
  ).toBe(true)
})

it('a thread that is drawn anew while its past is on the way has no hole', async () => {
  const bruno = await prosa.page('bruno')
  const noemi = await prosa.customer('Noemi Prado', 'Pedido 1')
  const said = Array.from({ length: 75 }, (_, at) => `Pedido ${at + 1}`)
  await noemi.writesMany(said.slice(1, 70))
  await rowOf(bruno, noemi).getByText('Pedido 70').waitFor()
  const older = await held(bruno, /\/messages\?before=/)
  await open(bruno, noemi)
  await bruno.evaluate('readAt(0)')
  await older.asked

  await noemi.writesMany(said.slice(70))
  await bubbleOf(bruno, 'Pedido 75').waitFor()
  // As where more was missed than can be caught up with: the thread begins further down than before.
  await bruno.evaluate(
    "htmx.ajax('GET', location.pathname, { source: '#conversation-socket', target: '#thread', swap: 'outerMorph' })",
  )
  await eventually(() => bubbles(bruno).count()).toBe(FIRST_PAGE)
  await bruno.evaluate('readAt(0)')
  await older.letGo()
  await eventually(() => bubbles(bruno).count()).toBe(said.length)
  expect(await bruno.locator('.messages > article .bubble-text').allTextContents()).toEqual(said)
})

it('the list goes on while it is scrolled', async () => {
  const ana = await prosa.page('ana')
  const rows = ana.locator('[data-conversation-id]')
  expect(await rows.count()).toBe(30)
  await rows.last().scrollIntoViewIfNeeded()
  await eventually(() => rows.count()).toBeGreaterThan(30)
  const shown = await orders(ana, '[data-conversation-id]')
  expect(new Set(shown).size).toBe(shown.length)
  expect(shown).toEqual(shown.toSorted().toReversed())
})

it('a link into the middle of a thread shows that part of it, and the way to both ends', async () => {
  const ana = await prosa.page('ana')
  await open(ana, RESTAURANT)
  const [middle] = await orders(ana, '.messages > article')
  await ana.goto(`${ana.url()}?before=${middle}`)
  await eventually(() => bubbles(ana).count()).toBeGreaterThanOrEqual(FIRST_PAGE)
  const shown = await orders(ana, '.messages > article')
  expect(shown.every((order) => order < (middle ?? ''))).toBe(true)

  await ana.getByRole('link', { name: 'Carregar mais recentes' }).click()
  await eventually(async () => (await orders(ana, '.messages > article')).at(-1)?.localeCompare(middle ?? '')).toBe(1)
})

it('going back, forward and loading anew show the same conversation again', async () => {
  const bruno = await prosa.page('bruno')
  const title = bruno.locator('#thread-title')
  const [tina, ugo] = [await prosa.customer('Tina Lobo', 'Da Tina'), await prosa.customer('Ugo Lima', 'Do Ugo')]
  await open(bruno, tina)
  await open(bruno, ugo)

  await bruno.goBack()
  await title.filter({ hasText: 'Tina Lobo' }).waitFor()
  await bubbleOf(bruno, 'Da Tina').waitFor()
  await rowOf(bruno, tina).locator('[aria-current=true]').waitFor()
  await eventually(() => bruno.title()).toContain('Tina Lobo')
  await bruno.goForward()
  await title.filter({ hasText: 'Ugo Lima' }).waitFor()
  await bruno.reload()
  await title.filter({ hasText: 'Ugo Lima' }).waitFor()
  await rowOf(bruno, ugo).locator('[aria-current=true]').waitFor()

  await listening(bruno)
  await ugo.writes('E ao vivo')
  await bubbleOf(bruno, 'E ao vivo').waitFor()
  expect(await bruno.locator('#main').count()).toBe(1)
  expect(await bruno.locator('#thread').count()).toBe(1)
})

it('who reads further up is told how much is new, and is not moved', async () => {
  const diego = await prosa.page('diego')
  const yara = await prosa.customer('Yara Pires')
  await yara.writesMany(Array.from({ length: 40 }, (_, at) => `Antes ${at + 1}`))
  await rowOf(diego, yara).getByText('Antes 40').waitFor()
  // These come after the thread was drawn, and before it is on the page: it opens with them.
  await diego.route(
    /\/conversations\/[^/]{36}$/,
    async (route) => {
      const drawn = await route.fetch()
      await yara.writesMany(Array.from({ length: 15 }, (_, at) => `Durante ${at + 1}`))
      await rowOf(diego, yara).getByText('Durante 15').waitFor()
      await route.fulfill({ response: drawn })
    },
    { times: 1 },
  )
  await open(diego, yara)
  await bubbleOf(diego, 'Durante 15').waitFor()
  const before = await diego.evaluate<{ id: string; top: number }>('readAt(300)')

  await yara.writes('Nova um')
  await yara.writes('Nova dois')
  const pill = diego.getByRole('button', { name: '2 novas mensagens' })
  await pill.waitFor()
  expect(
    Math.abs((await diego.evaluate<number>(`topOf(${JSON.stringify(before.id)})`)) - before.top),
  ).toBeLessThanOrEqual(STILL_PX)

  await pill.click()
  await pill.waitFor({ state: 'hidden' })
  await eventually(() => diego.evaluate('fromTheEnd()')).toBeLessThan(STILL_PX)
  await yara.writes('Nova três')
  await bubbleOf(diego, 'Nova três').waitFor()
  await eventually(() => diego.evaluate('fromTheEnd()')).toBeLessThan(STILL_PX)
})
