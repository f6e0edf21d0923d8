/** A message of ours after it was sent: in other words, and taken back, on the channels that allow it. */
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterEach, expect, it } from 'vitest'
import { accessibilityProblems } from '../support/page.ts'
import {
  answer,
  bubbleOf,
  composerOf,
  eventually,
  open,
  openByLink,
  reaches,
  reloadUntil,
  rowOf,
  stage,
} from './stage.ts'

const prosa = stage()
const INBOX = 'demo-tg'
const ASSETS = join(import.meta.dirname, '..', '..', 'simulator', 'assets')

afterEach(() => prosa.simulator.calm())

const form = (page: Page) => page.locator('#rewording-form')
const field = (page: Page) => page.locator('#rewording-text')
const menu = (page: Page) => page.locator('#bubble-menu')

async function openMenu(page: Page, text: string) {
  await bubbleOf(page, text).hover()
  await bubbleOf(page, text).getByRole('link', { name: 'Opções desta mensagem' }).click()
  await menu(page).locator(':focus').waitFor()
}

it('is edited and taken back before everyone’s eyes, by mouse and by keyboard', async () => {
  const ana = await prosa.page('ana')
  const bruno = await prosa.page('bruno')
  const bia = await prosa.customerOf(INBOX, 'Bia Troca', 'Quanto custa?')
  await open(ana, bia)
  await open(bruno, bia)
  await answer(ana, 'Custa R$ 10')
  await reaches(ana, 'Custa R$ 10', 'sent')

  await composerOf(ana).fill('um rascunho')
  await openMenu(ana, 'Custa R$ 10')
  await menu(ana).getByRole('link', { name: 'Editar' }).click()
  expect(await field(ana).inputValue()).toBe('Custa R$ 10')
  await field(ana).and(ana.locator(':focus')).waitFor()
  expect(await composerOf(ana).isVisible()).toBe(false)
  expect(await accessibilityProblems(ana)).toEqual([])
  await field(ana).fill('Custa R$ 12')
  await field(ana).press('Enter')
  for (const page of [ana, bruno]) await bubbleOf(page, 'Custa R$ 12').getByText('editada às').waitFor()
  await rowOf(bruno, bia).getByText('Custa R$ 12').waitFor()
  await form(ana).waitFor({ state: 'detached' })
  expect(await composerOf(ana).inputValue()).toBe('um rascunho')
  // The thread says so at once, the phone once the provider took it.
  await eventually(async () => (await bia.received()).map(({ text }) => text)).toEqual(['Custa R$ 12'])

  await bubbleOf(bruno, 'Custa R$ 12').getByRole('link', { name: 'editada às' }).click()
  await bruno.getByRole('heading', { name: 'Versões desta mensagem' }).waitFor()
  await bruno.locator('#dialog').getByText('Custa R$ 10').waitFor()
  expect(await accessibilityProblems(bruno)).toEqual([])
  await bruno.keyboard.press('Escape')

  await composerOf(ana).fill('')
  await composerOf(ana).press('ArrowUp')
  await field(ana).and(ana.locator(':focus')).waitFor()
  await field(ana).fill('nunca dito')
  await field(ana).press('Escape')
  await form(ana).waitFor({ state: 'detached' })
  await composerOf(ana).and(ana.locator(':focus')).waitFor()
  await composerOf(ana).press('ArrowUp')
  await prosa.simulator.fault({
    kind: 'code',
    channel: 'telegram',
    code: 400,
    words: "Bad Request: message can't be edited",
  })
  await field(ana).fill('recusa isto')
  await ana.keyboard.press('Enter')
  await bubbleOf(ana, 'Custa R$ 12').getByText('A edição não foi aceita: o Telegram não deixa mais').waitFor()
  await bubbleOf(ana, 'Custa R$ 12').getByRole('link', { name: 'Editar de novo' }).click()
  await field(ana).and(ana.locator(':focus')).waitFor()
  expect(await field(ana).inputValue()).toBe('recusa isto')
  await ana.keyboard.press('Escape')

  await bubbleOf(ana, 'Custa R$ 12').getByRole('link', { name: 'Opções desta mensagem' }).focus()
  await ana.keyboard.press('Enter')
  await menu(ana).getByRole('button', { name: 'Apagar para todos' }).focus()
  await ana.keyboard.press('Enter')
  await ana.locator('#confirm').getByRole('button', { name: 'Apagar para todos' }).waitFor()
  expect(await accessibilityProblems(ana)).toEqual([])
  await ana.locator('#confirm').getByRole('button', { name: 'Apagar para todos' }).click()
  for (const page of [ana, bruno]) await page.getByText(/Mensagem apagada por Ana \S+ às/).waitFor()
  await eventually(async () => (await bia.received()).map(({ text }) => text)).toEqual([''])
  expect(await bubbleOf(bruno, 'Custa R$').count()).toBe(0)
})

it.each([
  ['demo-tg', 'sent'],
  ['demo-evo', 'delivered'],
])('%s: the words under a photo are put otherwise, and both are taken back', async (inbox, state) => {
  const bruno = await prosa.page('bruno')
  const lia = await prosa.customerOf(inbox, 'Lia Legenda', 'Tem foto?')
  await open(bruno, lia)
  await bruno.locator('#attach-input').setInputFiles(join(ASSETS, 'photo.jpg'))
  await bruno.locator('.chosen-file[data-upload]').waitFor()
  await answer(bruno, 'O azul')
  await reaches(bruno, 'O azul', state)
  await openMenu(bruno, 'O azul')
  await menu(bruno).getByRole('link', { name: 'Editar' }).click()
  await field(bruno).fill('O azul-marinho')
  await field(bruno).press('Enter')
  await bubbleOf(bruno, 'O azul-marinho').getByText('editada às').waitFor()
  await bubbleOf(bruno, 'O azul-marinho').locator('.media--image img').waitFor()
  await eventually(() => lia.received()).toMatchObject([{ kind: 'image', text: 'O azul-marinho' }])

  await openMenu(bruno, 'O azul-marinho')
  await menu(bruno).getByRole('button', { name: 'Apagar para todos' }).click()
  await bruno.locator('#confirm').getByRole('button', { name: 'Apagar para todos' }).click()
  await bruno.getByText(/Mensagem apagada por Bruno \S+ às/).waitFor()
  expect(await bruno.locator('article[data-direction="outgoing"] .media--image').count()).toBe(0)
  await eventually(async () => (await lia.received()).map(({ text }) => text)).toEqual([''])
})

it('is edited and taken back without script, on the smallest phone', async () => {
  const caio = await prosa.customerOf(INBOX, 'Caio Troca', 'Tem em azul?')
  const ana = await prosa.page('ana', {
    javaScriptEnabled: false,
    viewport: { width: 360, height: 740 },
    colorScheme: 'dark',
  })
  prosa.expectComplaints(ana, /status of 422/)
  const more = (text: string) => bubbleOf(ana, text).getByRole('link', { name: 'Opções desta mensagem' })
  await openByLink(ana, caio)
  await ana.getByRole('textbox', { name: 'Responder' }).fill('Tem sim')
  await ana.getByRole('button', { name: 'Enviar' }).click()
  await bubbleOf(ana, 'Tem sim').waitFor()
  await reloadUntil(ana, () => more('Tem sim').isVisible())
  await more('Tem sim').click()
  await ana.getByRole('link', { name: 'Editar' }).click()
  await field(ana).fill(' ')
  await ana.getByRole('button', { name: 'Salvar edição' }).click()
  await form(ana).getByRole('alert').getByText('Escreva').waitFor()
  await field(ana).fill('Tem em azul e verde')
  await ana.getByRole('button', { name: 'Salvar edição' }).click()
  await bubbleOf(ana, 'Tem em azul e verde').waitFor()
  await more('Tem em azul e verde').click()
  await ana.getByRole('button', { name: 'Apagar para todos' }).click()
  await ana.locator('#thread-title').waitFor()
  await reloadUntil(ana, () => ana.getByText(/Mensagem apagada por Ana/).isVisible())
})
