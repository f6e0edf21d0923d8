/** Not wanting to hear from somebody: one agent decides it, the other sees it, and what they write disturbs neither. */
import { expect, it } from 'vitest'
import { accessibilityProblems, type WatchedPage } from '../support/page.ts'
import { bubbleOf, eventually, open, rowOf, stage } from './stage.ts'

const prosa = stage()

const button = (page: WatchedPage, name: string) => page.getByRole('button', { name, exact: true })

async function isGood(page: WatchedPage): Promise<void> {
  expect(await accessibilityProblems(page)).toEqual([])
  expect(await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
}

it('a person is blocked by keyboard, heard in silence, and heard again once they are not', async () => {
  const [ana, bruno] = [await prosa.page('ana'), await prosa.page('bruno', { viewport: { width: 360, height: 740 } })]
  const rui = await prosa.customer('Rui Barreto', 'Oi')
  for (const page of [ana, bruno]) await open(page, rui)
  await rowOf(ana, rui).and(ana.locator('[data-unread="0"]')).waitFor()

  await ana.locator('[data-opens-panel]').press('Enter')
  await ana.getByRole('tab', { name: 'Dados' }).press('Enter')
  await ana.getByRole('link', { name: 'Bloquear contato' }).press('Enter')
  const question = ana.getByRole('dialog', { name: 'Bloquear contato' })
  await question.getByText('Bloquear Rui Barreto?').waitFor()
  await question.getByText('1 atendimento aberto é encerrado.').waitFor()
  await isGood(ana)
  await button(ana, 'Bloquear').press('Enter')
  await question.waitFor({ state: 'hidden' })
  await ana.locator('#contact-data').getByText('Bloqueado por Ana').waitFor()
  await ana.locator('button#contact-blocking:focus').waitFor()
  await isGood(ana)

  for (const page of [ana, bruno]) {
    await page.locator('.thread-head[data-blocked]').waitFor()
    await page.locator('#composer[data-shut=blocked]').waitFor()
    await page.locator('.event', { hasText: 'bloqueou este contato e encerrou o atendimento' }).waitFor()
  }
  await isGood(bruno)

  await ana.goto(`${prosa.url}/conversations?view=all`)
  await rui.writes('Tem alguém aí?')
  await bubbleOf(bruno, 'Tem alguém aí?').waitFor()
  expect(await bruno.locator('.thread-head[data-blocked]').count()).toBe(1)
  // Whoever writes after it is heard: so was this, and was no news.
  const eli = await prosa.customer('Eli Prado', 'Bom dia')
  await rowOf(ana, eli).waitFor()
  expect(await rowOf(ana, rui).count()).toBe(0)

  await bruno.locator('#composer').getByRole('button', { name: 'Desbloquear' }).press('Enter')
  await bruno.locator('#composer[data-shut=closed]').waitFor()
  await eventually(() => bruno.locator('.thread-head[data-blocked]').count()).toBe(0)
  expect(await rowOf(ana, rui).count()).toBe(0)
  await rui.writes('Agora sim?')
  await rowOf(ana, rui).and(ana.locator('[data-unread="1"]')).waitFor()
})
