import { expect, it } from 'vitest'
import type { WatchedPage } from '../support/page.ts'
import { answer, bubbleOf, composerOf, eventually, open, pendingBubbles, reaches, rowOf, stage } from './stage.ts'

const prosa = stage()

/** In the order in which they may follow one another: none ever turns back. */
const CLIMB = ['pending', 'queued', 'sending', 'sent', 'delivered', 'read']

it('a message stands on both screens at once, and its answer turns from queued to read on both', async () => {
  const [ana, bruno] = [await prosa.page('ana'), await prosa.page('bruno')]
  const before = new Map([
    [ana, await unreadIn(ana)],
    [bruno, await unreadIn(bruno)],
  ])
  const moreThanBefore = (page: WatchedPage) => async () => (await unreadIn(page)) - (before.get(page) ?? 0)

  const rita = await prosa.customer('Rita Moura', 'Vocês abrem no feriado?')
  for (const page of [ana, bruno]) {
    await rowOf(page, rita).waitFor()
    await eventually(() => page.locator('.row-name').first().textContent()).toBe('Rita Moura')
    expect(await rowOf(page, rita).locator('.badge').textContent()).toContain('1')
    await eventually(moreThanBefore(page)).toBe(1)
  }

  await open(ana, rita)
  await open(bruno, rita)
  for (const page of [ana, bruno]) {
    await bubbleOf(page, 'Vocês abrem no feriado?').waitFor()
    await rowOf(page, rita).and(page.locator('[data-unread="0"]')).waitFor()
    await eventually(moreThanBefore(page)).toBe(0)
    await page.evaluate("window.seen = statesOf('Abrimos, das 10h às 16h')")
  }

  await answer(ana, 'Abrimos, das 10h às 16h')
  await bubbleOf(bruno, 'Abrimos, das 10h às 16h').waitFor()
  for (const page of [ana, bruno]) await reaches(page, 'Abrimos, das 10h às 16h', 'delivered')
  await rita.reads()
  for (const page of [ana, bruno]) {
    await reaches(page, 'Abrimos, das 10h às 16h', 'read')
    const seen = await page.evaluate<string[]>('window.seen')
    expect(seen.map((state) => CLIMB.indexOf(state))).toEqual(seen.map((state) => CLIMB.indexOf(state)).toSorted())
    // Of two states that follow one another at once a page may be told the later alone.
    expect(seen).toEqual(expect.arrayContaining(['delivered', 'read']))
    await rowOf(page, rita).getByText('você: Abrimos, das 10h às 16h').waitFor()
  }
  expect((await ana.evaluate<string[]>('window.seen'))[0]).toBe('pending')
  expect(await pendingBubbles(ana).count()).toBe(0)
  expect(await composerOf(ana).inputValue()).toBe('')
})

it('an answer quotes the message that it answers, on both screens and on the phone', async () => {
  const [ana, bruno] = [await prosa.page('ana'), await prosa.page('bruno')]
  const sofia = await prosa.customer('Sofia Prado', 'Tem cortina verde?')
  const asked = await sofia.writes('E almofadas?')
  for (const page of [ana, bruno]) await open(page, sofia)

  await bubbleOf(ana, 'Tem cortina verde?').hover()
  await bubbleOf(ana, 'E almofadas?').getByRole('button', { name: 'Responder a esta mensagem' }).click()
  await ana.locator('#composer-quote', { hasText: 'E almofadas?' }).waitFor()
  await answer(ana, 'Temos em linho')
  for (const page of [ana, bruno])
    await bubbleOf(page, 'Temos em linho').locator('.quote', { hasText: 'E almofadas?' }).waitFor()
  await ana.locator('#composer-quote').waitFor({ state: 'hidden' })
  await eventually(async () => (await sofia.received()).map(({ replyTo }) => replyTo)).toEqual([asked])

  await bubbleOf(bruno, 'Temos em linho').locator('.quote').click()
  await bubbleOf(bruno, 'E almofadas?').and(bruno.locator('.bubble--flash')).waitFor()
})

it('whoever answers in the simulator’s own page is read there, and answered back', async () => {
  const ana = await prosa.page('ana')
  const phones = await prosa.visitor()
  await phones.goto(prosa.prosa.simulatorUrl)
  const phone = phones.getByRole('article', { name: 'Celular de Luzia Ferreira' })
  await phone.getByRole('textbox', { name: 'Mensagem' }).fill('Bom dia! Meu pedido saiu?')
  await phone.getByRole('button', { name: 'Enviar' }).click()

  const luzia = { name: 'Luzia Ferreira' }
  await open(ana, luzia)
  await bubbleOf(ana, 'Bom dia! Meu pedido saiu?').waitFor()
  await answer(ana, 'Saiu hoje cedo')
  await phone.getByText('Saiu hoje cedo').waitFor()
  await reaches(ana, 'Saiu hoje cedo', 'read')
})

/** As the page's title says it. */
const unreadIn = async (page: WatchedPage) => Number(/^\((\d+)\)/.exec(await page.title())?.[1] ?? 0)
