/** A number as a whole: it rests, goes on and is removed, and whoever answers on it sees that. */
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { accessibilityProblems } from '../support/page.ts'
import { answer, bubbleOf, eventually, open, openByLink, reaches, stage } from './stage.ts'

const prosa = stage()

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const link = (page: Page, name: string) => page.getByRole('link', { name, exact: true })

it('paused by keyboard, a number lets answers wait, and sends them when it goes on; each tells its way', async () => {
  const olga = await prosa.customer('Olga Pires')
  const bruno = await prosa.page('bruno')
  await open(bruno, olga)
  const ana = await prosa.page('ana', { at: '/settings/inboxes' })
  await link(ana, 'WhatsApp 1').press('Enter')
  await button(ana, 'Pausar este número').press('Enter')
  await button(ana, 'Retomar este número').waitFor()
  expect(await accessibilityProblems(ana)).toEqual([])
  await bruno.getByText('As mensagens esperam na fila até ele voltar').waitFor()

  await answer(bruno, 'Um instante')
  await reaches(bruno, 'Um instante', 'queued')
  await olga.writes('Sem pressa')
  await bubbleOf(bruno, 'Sem pressa').waitFor()
  await button(ana, 'Retomar este número').press('Enter')
  await eventually(() => bubbleOf(bruno, 'Um instante').getAttribute('data-state')).toMatch(/sent|delivered|read/)
  await bruno.getByText('As mensagens esperam na fila até ele voltar').waitFor({ state: 'hidden' })

  await bubbleOf(bruno, 'Um instante').locator('.bubble-time').press('Enter')
  const way = bruno.getByRole('dialog', { name: 'Detalhes da mensagem' })
  await way.getByText('Escrita por Bruno Alves e posta na fila').waitFor()
  await way.getByText('Aceita pelo provedor').waitFor()
  expect(await accessibilityProblems(bruno)).toEqual([])

  await ana.goto(`${prosa.url}/settings/audit`)
  await ana.locator('.audit-entry', { hasText: 'retomou o número' }).waitFor()
  await ana.getByLabel('O quê').selectOption({ label: 'pausou o número' })
  await button(ana, 'Filtrar').press('Enter')
  await eventually(() => ana.locator('.audit-entry').count()).toBe(1)
  const saving = ana.waitForEvent('download')
  await button(ana, 'Exportar CSV').press('Enter')
  expect((await saving).suggestedFilename()).toMatch(/^registro-de-atividades-\d{4}-\d\d-\d\d\.csv$/)
})

it('removed without script, with its name typed, a number leaves what was said on it to be read', async () => {
  const rui = await prosa.customerOf('demo-wa-2', 'Rui Barros', 'Ainda estão aí?')
  const ana = await prosa.page('ana', { at: '/settings/inboxes', javaScriptEnabled: false })
  await link(ana, 'WhatsApp 2').click()
  await link(ana, 'Remover WhatsApp 2').click()
  const name = ana.getByRole('textbox', { name: 'Para confirmar, escreva o nome do número: WhatsApp 2' })
  await name.fill('WhatsApp')
  await button(ana, 'Remover este número').click()
  await ana.getByText('Não é o nome deste número.').waitFor()
  prosa.expectComplaints(ana, /status of 422/)
  await name.fill('WhatsApp 2')
  await button(ana, 'Remover este número').click()
  await ana.waitForURL(`${prosa.url}/settings/inboxes`)
  expect(await link(ana, 'WhatsApp 2').count()).toBe(0)

  await ana.goto(`${prosa.url}/conversations?view=closed`)
  await openByLink(ana, rui)
  await bubbleOf(ana, 'Ainda estão aí?').waitFor()
  await ana.getByText('Este número foi removido.').waitFor()
})
