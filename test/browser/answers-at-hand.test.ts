import { expect, it } from 'vitest'
import { accessibilityProblems } from '../support/page.ts'
import { bubbleOf, composerOf, eventually, open, reaches, stage } from './stage.ts'

const prosa = stage()

const textsOn = async (customer: Awaited<ReturnType<typeof prosa.customer>>) =>
  (await customer.received()).map(({ text }) => text)

it('a quick reply goes from a slash to the customer, and no blank goes with it', async () => {
  const bruno = await prosa.page('bruno', { at: '/settings/quick-replies' })
  await bruno.getByRole('link', { name: 'Nova resposta rápida' }).click()
  await bruno.getByRole('textbox', { name: 'Atalho' }).fill('cobrança')
  await bruno.getByRole('textbox', { name: 'Texto' }).fill('Oi, {{primeiro_nome}}! O valor é {{valor}}.')
  await bruno.getByRole('button', { name: 'Salvar' }).click()
  await bruno.getByRole('heading', { name: 'Resposta rápida /cobrança' }).waitFor()

  const lia = await prosa.customer('Lia Prado')
  await bruno.goto(`${prosa.url}/conversations`)
  await open(bruno, lia)
  const composer = composerOf(bruno)
  await composer.pressSequentially('/cobr')
  const option = bruno.getByRole('option', { name: /\/cobrança/ })
  await option.waitFor()
  expect(await option.getAttribute('aria-selected')).toBe('true')
  expect(await composer.getAttribute('aria-activedescendant')).toBe(await option.getAttribute('id'))
  expect(await accessibilityProblems(bruno)).toEqual([])
  await composer.press('Escape')
  await option.waitFor({ state: 'hidden' })
  await composer.press('Backspace')
  await option.waitFor()
  await composer.press('Enter')
  expect(await composer.inputValue()).toBe('Oi, Lia! O valor é {{valor}}.')

  await composer.press('Enter')
  await bruno.getByText('Preencha {{valor}} antes de enviar.').waitFor()
  expect(await composer.getAttribute('aria-invalid')).toBe('true')
  expect(await textsOn(lia)).toEqual([])
  // The blank is selected: what is typed takes its place.
  await bruno.keyboard.type('R$ 50')
  await composer.press('Enter')
  await reaches(bruno, 'O valor é R$ 50.', 'delivered')
  expect(await textsOn(lia)).toEqual(['Oi, Lia! O valor é R$ 50.'])

  await bruno.locator('#choose-quick-reply').click()
  await option.waitFor()
  expect(await composer.inputValue()).toBe('/')
  // That it was used is told beside: who leaves the page at once is not counted.
  const counted = bruno.waitForResponse((answer) => answer.url().endsWith('/uses'))
  await option.click()
  expect(await composer.inputValue()).toBe('Oi, Lia! O valor é {{valor}}.')
  await counted
  await bruno.goto(`${prosa.url}/settings/quick-replies`)
  await bruno.getByText('Só eu · usada 2 vezes').waitFor()
})

it('without script it is chosen on a page, and stands in the composer', async () => {
  const lia = await prosa.customer('Lia Prado')
  const ana = await prosa.page('ana', { javaScriptEnabled: false, at: '/settings/quick-replies/new' })
  await ana.getByRole('textbox', { name: 'Atalho' }).fill('três-dias')
  await ana.getByRole('textbox', { name: 'Texto' }).fill('Em três dias, {{primeiro_nome}}.')
  await ana.getByRole('button', { name: 'Salvar' }).click()
  await ana.waitForURL(/quick-replies\/[0-9a-f-]+$/)
  await ana.goto(`${prosa.url}/conversations`)
  await ana.locator('.row-link', { hasText: lia.name }).click()
  await ana.getByRole('link', { name: 'Respostas rápidas' }).click()
  await ana.getByRole('button', { name: 'Usar /três-dias' }).click()
  await ana.locator('#thread-title', { hasText: lia.name }).waitFor()
  expect(await composerOf(ana).inputValue()).toBe(`Em três dias, ${lia.name.split(' ')[0]}.`)
})

it('whoever writes after hours is greeted, told so once, and still waits', async () => {
  const ana = await prosa.page('ana', { at: '/settings/hours' })
  prosa.expectComplaints(ana, /status of 422/)
  const inThreeDays = new Date(Date.now() + 3 * 86_400_000).getUTCDay()
  await ana.getByRole('link', { name: 'Editar Toda a equipe' }).click()
  await ana.locator(`#day${inThreeDays}`).fill('3h')
  await ana.getByLabel('Resposta fora do horário').fill('{{saudacao}}! Voltamos em breve.')
  await ana.getByRole('button', { name: 'Salvar' }).click()
  await ana.getByText('sem horários que se cruzam').waitFor()
  await ana.locator(`#day${inThreeDays}`).fill('08:00-08:30')
  await ana.getByRole('button', { name: 'Salvar' }).click()
  await ana.getByRole('link', { name: 'Editar WhatsApp 1' }).click()
  await ana.locator('textarea').fill('Oi, {{primeiro_nome}}! Aqui é a loja.')
  await ana.getByRole('button', { name: 'Salvar' }).click()
  // Saved: the list is back. The same words stand beside the choice in the form.
  await ana.getByRole('link', { name: 'Editar WhatsApp 1' }).waitFor()
  await ana.getByText('No primeiro contato do cliente').waitFor()

  const rui = await prosa.customer('Rui Sales', 'Vocês abrem hoje?')
  await eventually(() => textsOn(rui)).toHaveLength(2)
  const [greeting, answer] = await textsOn(rui)
  expect(greeting).toBe('Oi, Rui! Aqui é a loja.')
  expect(answer).toMatch(/^(bom dia|boa tarde|boa noite)! Voltamos em breve\.$/)
  await rui.writes('E amanhã?')
  await ana.goto(`${prosa.url}/conversations`)
  await open(ana, rui)
  await bubbleOf(ana, 'E amanhã?').waitFor()
  await bubbleOf(ana, 'Voltamos em breve').getByText('Automática: fora do horário').waitFor()
  await bubbleOf(ana, 'Aqui é a loja').getByText('Automática: saudação').waitFor()
  expect(await textsOn(rui)).toHaveLength(2)
})
