import { expect, it } from 'vitest'
import { accessibilityProblems, type WatchedPage } from '../support/page.ts'
import { answer, bubbleOf, composerOf, eventually, open, openByLink, rowOf, stage } from './stage.ts'

const prosa = stage()

const menu = async (page: WatchedPage, item: string) => {
  await page.locator('.menu-button').click()
  await page.locator('.menu').getByText(item, { exact: true }).click()
}
const head = (page: WatchedPage) => page.locator('.thread-head')

it('Aceitar: one gets it, the other sees who has it', async () => {
  const [ana, bruno] = [await prosa.page('ana'), await prosa.page('bruno')]
  const customer = await prosa.customer('Lívia Prates')
  for (const page of [ana, bruno]) await open(page, customer)

  await bruno.getByRole('button', { name: 'Aceitar' }).click()
  for (const page of [ana, bruno]) {
    await head(page).getByText('Em atendimento por Bruno Alves').waitFor()
    await page.locator('.event', { hasText: 'aceitou o atendimento' }).waitFor()
    await rowOf(page, customer).getByText('Bruno Alves').waitFor()
  }
  expect(await ana.getByRole('button', { name: 'Aceitar' }).count()).toBe(0)
})

it('Encerrar Atendimento: said to the customer, seen by everyone, undone, and closed for good', async () => {
  const [ana, bruno] = [await prosa.page('ana', { at: '/conversations?view=all' }), await prosa.page('bruno')]
  const customer = await prosa.customer('Otávio Nunes')
  for (const page of [ana, bruno]) await open(page, customer)

  await menu(ana, 'Encerrar Atendimento')
  await ana.getByRole('textbox', { name: 'Mensagem de despedida' }).fill('Obrigada pelo contato!')
  expect(await accessibilityProblems(ana)).toEqual([])
  await ana.getByRole('button', { name: 'Encerrar', exact: true }).click()
  // Whoever has the hand on it keeps it: left alone it goes by itself, however slow the rest is.
  await ana.locator('.toast', { has: ana.getByRole('button', { name: 'Desfazer' }) }).hover()

  await bubbleOf(bruno, 'Obrigada pelo contato!').waitFor()
  await bruno.locator('.event', { hasText: 'encerrou o atendimento' }).waitFor()
  await head(bruno).getByText('Encerrado').waitFor()
  await eventually(async () => (await customer.received()).map(({ text }) => text)).toEqual(['Obrigada pelo contato!'])

  await ana.getByRole('button', { name: 'Desfazer' }).click()
  await head(bruno).getByText('Aguardando').waitFor()
  await composerOf(ana).waitFor()
})

it('an open page moves on to the new conversation by itself, draft and all, the old one above', async () => {
  const [ana, bruno] = [await prosa.page('ana', { at: '/conversations?view=all' }), await prosa.page('bruno')]
  const customer = await prosa.customer('Cecília Barros', 'Chegou quebrado')
  for (const page of [ana, bruno]) await open(page, customer)
  const first = bruno.url()

  await composerOf(bruno).fill('Vou verificar')
  await menu(ana, 'Encerrar Atendimento')
  await ana.getByRole('button', { name: 'Encerrar', exact: true }).click()
  await head(bruno).getByText('Encerrado').waitFor()

  await customer.writes('E agora?')
  await bubbleOf(bruno, 'E agora?').waitFor()
  await eventually(() => composerOf(bruno).inputValue()).toBe('Vou verificar')
  await eventually(() => bruno.url()).not.toBe(first)
  await bubbleOf(bruno, 'Chegou quebrado').waitFor()
  await bruno.locator('.event', { hasText: 'encerrou o atendimento' }).waitFor()
  await answer(bruno, 'Troco hoje')
  await bubbleOf(ana, 'Troco hoje').waitFor()
})

it('Transferir Atendimento: the receiver is told, and whoever cannot follow loses it at once', async () => {
  const [ana, bruno, carla] = [await prosa.page('ana'), await prosa.page('bruno'), await prosa.page('carla')]
  const customer = await prosa.customer('Raul Teles')
  for (const page of [ana, bruno]) await open(page, customer)
  prosa.expectComplaints(bruno, /status of 404/, /WebSocket/)

  await menu(ana, 'Transferir Atendimento')
  await ana.getByRole('combobox', { name: 'Selecione um departamento' }).selectOption({ label: 'Financeiro' })
  const carlas = ana.locator('[name=agentId] option', { hasText: 'Carla Dias' })
  await ana
    .getByRole('combobox', { name: 'Selecione um atendente' })
    .selectOption((await carlas.getAttribute('value')) ?? '')
  await ana.getByRole('textbox', { name: 'Nota para quem vai atender' }).fill('Quer segunda via')
  await ana.getByRole('button', { name: 'Transferir', exact: true }).click()

  await carla.locator('.toast', { hasText: 'Ana Lima transferiu Raul Teles para você.' }).waitFor()
  await carla.locator('.toast').getByRole('link', { name: 'Abrir' }).click()
  await carla.locator('.event', { hasText: 'Nota: Quer segunda via' }).waitFor()
  await eventually(() => rowOf(bruno, customer).count()).toBe(0)
  await bruno.getByText('Você não tem mais acesso a esta conversa').first().waitFor()
  await head(ana).getByText('Em atendimento por Carla Dias').waitFor()
})

it('Sincronizar Mensagens: says what was recovered, and ten times changes nothing', async () => {
  const ana = await prosa.page('ana')
  const customer = await prosa.customer('Nina Sales')
  await open(ana, customer)
  for (let time = 0; time < 10; time += 1) {
    await Promise.all([ana.evaluate('nextAnswer(/sync$/)'), menu(ana, 'Sincronizar Mensagens')])
    await ana.locator('.toast', { hasText: 'Tudo em dia' }).first().waitFor()
  }
  expect(await ana.locator('article[data-message-id]').count()).toBe(1)
})

it('views, numbers and filters are addresses, remembered for the agent, and live', async () => {
  const diego = await prosa.page('diego')
  await diego.getByRole('link', { name: /^Fila/ }).click()
  await diego.waitForURL(/view=queue/)
  await diego.getByRole('button', { name: 'Números' }).click()
  const remembered = diego.waitForResponse(
    (answer) =>
      answer.url().endsWith('/conversations/filters') && answer.request().postData()?.includes('inbox') === true,
  )
  await diego.locator('#numbers').getByText('WhatsApp 2', { exact: true }).click()
  await remembered
  await diego.waitForURL(/inbox=/)
  await diego.getByRole('link', { name: 'Remover filtro: WhatsApp 2' }).waitFor()
  const [ana, other] = [await prosa.page('ana'), await prosa.customer('Vera Nogueira')]
  await rowOf(ana, other).waitFor()
  // Whoever writes after her, to the chosen number, is told of: so would she have been.
  await rowOf(diego, await prosa.customerOf('demo-wa-2', 'Vânia Torres', 'Bom dia')).waitFor()
  expect(await rowOf(diego, other).count(), 'she wrote to the other number').toBe(0)

  await diego.goto(`${prosa.url}/conversations`)
  await diego.getByRole('link', { name: 'Remover filtro: WhatsApp 2' }).click()
  await rowOf(diego, other).waitFor()
  await diego.getByRole('link', { name: 'Filtrar' }).click()
  await diego.getByRole('combobox', { name: 'Departamento' }).selectOption({ label: 'Suporte' })
  await diego.getByRole('button', { name: 'Aplicar filtros' }).click()
  await diego.getByRole('link', { name: 'Remover filtro: Suporte' }).waitFor()
  expect(await accessibilityProblems(diego)).toEqual([])
  const clear = diego.getByRole('link', { name: 'Limpar filtros' })
  await clear.click()
  await clear.waitFor({ state: 'detached' })
  await diego.getByRole('link', { name: /^Todas/ }).click()
  await diego.waitForURL(/view=all/)
})

it('works without script: taken, closed and opened again by plain forms', async () => {
  const customer = await prosa.customer('Saulo Reis')
  const ana = await prosa.page('ana', { javaScriptEnabled: false, at: '/conversations?view=all' })
  await openByLink(ana, customer)
  await ana.getByRole('button', { name: 'Aceitar' }).click()
  await head(ana).getByText('Em atendimento por Ana Lima').waitFor()
  await menu(ana, 'Encerrar Atendimento')
  await ana.getByRole('button', { name: 'Encerrar', exact: true }).click()
  await head(ana).getByText('Encerrado').waitFor()
  await menu(ana, 'Reabrir atendimento')
  await head(ana).getByText('Em atendimento por Ana Lima').waitFor()
})
