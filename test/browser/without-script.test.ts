import type { Page } from 'playwright-core'
import { afterEach, expect, it } from 'vitest'
import { DEMO_PASSWORD } from '../../scripts/demo.ts'
import { bubbleOf, openByLink, reloadUntil, stage } from './stage.ts'

const prosa = stage()

afterEach(() => prosa.simulator.calm())

const withoutScript = { javaScriptEnabled: false }

/** To the page behind a link, until all of it is there: what comes of it can be read before. */
async function follow(page: Page, name: string) {
  await page.getByRole('link', { name }).click()
  await page.waitForLoadState()
}

const stateOf = (page: Page, text: string) => bubbleOf(page, text).getAttribute('data-state')

it('signs in, answers, and signs out', async () => {
  const zeca = await prosa.customer('Zeca Dutra', 'Alguém aí?')
  const ana = await prosa.visitor(withoutScript)
  prosa.expectComplaints(ana, /status of 401/)
  await ana.goto(`${prosa.url}/conversations`)
  await ana.getByLabel('E-mail').fill('ana@prosa.test')
  await ana.getByLabel('Senha').fill('errada mesmo')
  await ana.getByRole('button', { name: 'Entrar' }).click()
  await ana.getByText('E-mail ou senha incorretos').waitFor()
  await ana.getByLabel('Senha').fill(DEMO_PASSWORD)
  await ana.getByRole('button', { name: 'Entrar' }).click()
  await ana.waitForURL('**/conversations')

  await openByLink(ana, zeca)
  await ana.getByRole('textbox', { name: 'Responder' }).fill('Estamos, sim!\nEm que ajudo?')
  await ana.getByRole('button', { name: 'Enviar' }).click()
  await bubbleOf(ana, 'Estamos, sim!').waitFor()
  await reloadUntil(ana, async () => (await stateOf(ana, 'Estamos, sim!')) === 'delivered')
  expect((await zeca.received()).map(({ text }) => text)).toEqual(['Estamos, sim!\nEm que ajudo?'])

  await ana.getByRole('button', { name: 'Sair' }).click()
  await ana.waitForURL('**/sign-in**')
  await ana.goto(`${prosa.url}/conversations`)
  expect(new URL(ana.url()).pathname).toBe('/sign-in')
})

it('pages through the list and through a thread by links', async () => {
  const ana = await prosa.page('ana', withoutScript)
  const names = () => ana.locator('.row-name').allTextContents()
  const first = await names()
  await follow(ana, 'Carregar conversas anteriores')
  const second = await names()
  expect(second.length).toBeGreaterThan(0)
  expect(second).not.toEqual(first)
  await follow(ana, 'Voltar às mais recentes')
  expect(await names()).toEqual(first)

  await ana.goto(`${prosa.url}/conversations`)
  await openByLink(ana, { name: 'Restaurante Sabor da Vila' })
  const bubbles = () => ana.locator('article').evaluateAll((all: { id: string }[]) => all.map(({ id }) => id))
  const newest = await bubbles()
  await follow(ana, 'Carregar anteriores')
  const older = await bubbles()
  expect(older.filter((id) => newest.includes(id))).toEqual([])
  await follow(ana, 'Carregar mais recentes')
  expect(await bubbles()).toEqual(newest)
})

it('keeps what was written when it is refused, and says why', async () => {
  const iara = await prosa.customer('Iara Sena')
  const bruno = await prosa.page('bruno', withoutScript)
  prosa.expectComplaints(bruno, /status of 422/)
  await openByLink(bruno, iara)
  const field = bruno.getByRole('textbox', { name: 'Responder' })
  await field.fill('b'.repeat(4_100))
  await bruno.getByRole('button', { name: 'Enviar' }).click()
  await bruno.getByRole('alert').filter({ hasText: '4096' }).waitFor()
  expect(await field.inputValue()).toBe('b'.repeat(4_100))
  await field.fill('Mais curta')
  await bruno.getByRole('button', { name: 'Enviar' }).click()
  await bubbleOf(bruno, 'Mais curta').waitFor()
})

it('tries again, sends again, marks as sent and takes back by plain forms', async () => {
  const nilo = await prosa.customer('Nilo Cruz')
  const diego = await prosa.page('diego', withoutScript)
  await openByLink(diego, nilo)
  const write = async (text: string) => {
    await diego.getByRole('textbox', { name: 'Responder' }).fill(text)
    await diego.getByRole('button', { name: 'Enviar' }).click()
  }
  const becomes = (text: string, state: string) =>
    reloadUntil(diego, async () => (await stateOf(diego, text)) === state)
  const act = (text: string, name: string) => bubbleOf(diego, text).getByRole('button', { name, exact: true }).click()

  await prosa.simulator.fault({ kind: 'code', code: 131026, as: 'status' })
  await write('Recusada primeiro')
  await becomes('Recusada primeiro', 'failed')
  await act('Recusada primeiro', 'Tentar novamente')
  await becomes('Recusada primeiro', 'delivered')

  await prosa.simulator.fault({ kind: 'http_502', count: 2 })
  await write('Sem resposta')
  await becomes('Sem resposta', 'unknown')
  await act('Sem resposta', 'Reenviar')
  await becomes('Sem resposta', 'unknown')
  await act('Sem resposta', 'Marcar como enviada')
  await becomes('Sem resposta', 'sent')

  await prosa.simulator.fault({ kind: 'code', code: 131056, retryAfter: '3600' })
  await write('Na fila por uma hora')
  await reloadUntil(diego, () => bubbleOf(diego, 'Na fila por uma hora').getByText('Nova tentativa às').isVisible())
  await act('Na fila por uma hora', 'Cancelar')
  await becomes('Na fila por uma hora', 'failed')
})

it('changes the language and the look of every page', async () => {
  const carla = await prosa.page('carla', { ...withoutScript, at: '/settings/profile' })
  await carla.getByLabel('Idioma').selectOption('en')
  await carla.getByLabel('Aparência').selectOption('dark')
  await carla.getByRole('button', { name: 'Salvar' }).click()
  await carla.getByRole('heading', { name: 'Profile' }).waitFor()
  expect(await carla.locator('html').getAttribute('lang')).toBe('en')
  expect(await carla.locator('html').getAttribute('data-theme')).toBe('dark')
  await carla.goto(`${prosa.url}/conversations`)
  expect(await carla.locator('html').getAttribute('lang')).toBe('en')
})
