/** A number by QR code, through its whole life: linked, heard, answered, lost, found again, brought up to date, closed. */
import type { Page } from 'playwright-core'
import { afterEach, expect, it } from 'vitest'
import { DEMO_INBOXES } from '../../scripts/demo.ts'
import { answer, bubbleOf, eventually, open, reaches, reloadUntil, stage } from './stage.ts'

const prosa = stage()
const KEY = DEMO_INBOXES.flatMap((inbox) => (inbox.channel === 'evolution' ? inbox.accessToken : []))[0] ?? ''

afterEach(() => prosa.simulator.calm())

const squares = (page: Page) => page.locator('.link-squares path').getAttribute('d')
const numberRow = (page: Page, name: string) => page.locator('.person', { hasText: name })
const linked = (page: Page) => page.locator('[data-link="open"]').waitFor()
const numbers = (page: Page) => page.goto(`${prosa.url}/settings/inboxes`)
const conversations = (page: Page) => page.goto(`${prosa.url}/conversations`)

async function connection(page: Page, name: string) {
  await numberRow(page, name).getByRole('link', { name }).click()
  await page.getByRole('link', { name: 'Conexão e saúde' }).click()
}

async function menu(page: Page, item: string) {
  await page.locator('.menu-button').click()
  await page.locator('.menu').getByText(item, { exact: true }).click()
}

it('is linked by a code that changes, heard and answered, lost and found again without a message missing', async () => {
  const instance = `loja-${crypto.randomUUID().slice(0, 8)}`
  const name = `Loja por QR ${instance}`
  const atProvider = `evolution-${instance}`
  await prosa.simulator.behave({ codeSeconds: 2 })
  const ana = await prosa.page('ana', { at: '/settings/inboxes/new/evolution' })
  await ana.locator('.channel-notice', { hasText: 'Evolution API' }).waitFor()
  await ana.getByLabel('Nome do número no Prosa').fill(name)
  await ana.getByLabel('Endereço do servidor Evolution API').fill(`${prosa.prosa.simulatorUrl}/evolution`)
  await ana.getByLabel('Chave de API').fill(KEY)
  await ana.getByLabel('Nome da instância').fill(instance)
  await ana.getByRole('button', { name: 'Conectar', exact: true }).click()

  const first = await squares(ana)
  await eventually(() => squares(ana)).not.toBe(first)
  await prosa.simulator.behave({ codeSeconds: 30 })
  await prosa.simulator.tells(atProvider, 'scan')
  await linked(ana)
  await ana.locator('.inbox-state', { hasText: 'Conectado' }).waitFor()
  await ana.getByText('Celular conectado: +55 11 90000-0055').waitFor()
  const nina = await prosa.customerOf(atProvider, `Nina de ${instance}`, 'Vocês têm vasos?')
  await ana.getByText(`Última mensagem recebida: de Nina de ${instance}`).waitFor()

  await conversations(ana)
  await open(ana, nina)
  await nina.says('image')
  await ana.locator('article[data-direction="incoming"] .media--image img').waitFor()
  await answer(ana, 'Temos, de três tamanhos')
  await reaches(ana, 'Temos, de três tamanhos', 'delivered')
  await nina.reads()
  await reaches(ana, 'Temos, de três tamanhos', 'read')

  await prosa.simulator.tells(atProvider, 'logged_out')
  await nina.writes('Qual o preço do grande?')
  await answer(ana, 'Já te passo a tabela')
  await reaches(ana, 'Já te passo a tabela', 'queued')
  await numbers(ana)
  await reloadUntil(ana, () => numberRow(ana, name).getByText('Desconectado desde').isVisible())
  await connection(ana, name)
  await ana.locator('#connection-link').getByText('Este aparelho foi desconectado do celular').waitFor()
  await ana.getByRole('button', { name: 'Gerar código', exact: true }).click()
  await ana.locator('.link-squares').waitFor()
  await prosa.simulator.tells(atProvider, 'scan')
  await linked(ana)

  await conversations(ana)
  await open(ana, nina)
  await bubbleOf(ana, 'Qual o preço do grande?').waitFor()
  await reaches(ana, 'Já te passo a tabela', 'delivered')
  expect((await nina.received()).map(({ text }) => text)).toEqual(['Temos, de três tamanhos', 'Já te passo a tabela'])

  await nina.remembers(2)
  await menu(ana, 'Sincronizar Mensagens')
  await bubbleOf(ana, 'Pergunta antiga 1').waitFor()
  expect(await bubbleOf(ana, 'Qual o preço do grande?').count()).toBe(1)
  await nina.isAnsweredElsewhere('text', 'Respondi pelo celular')
  await bubbleOf(ana, 'Respondi pelo celular').waitFor()

  await menu(ana, 'Encerrar Atendimento')
  await ana.getByRole('button', { name: 'Encerrar', exact: true }).click()
  await ana.locator('.thread-head').getByText('Encerrado').waitFor()
  await nina.writes('Obrigada!')
  await bubbleOf(ana, 'Obrigada!').waitFor()

  await numbers(ana)
  await numberRow(ana, name).getByText('Conectado', { exact: false }).first().waitFor()
  await connection(ana, name)
  await ana.getByText('1 mensagem recuperada').waitFor()
})
