/** A bot's whole life: connected by its token alone, everything a customer can do to it, and what it can do in return. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterEach, expect, it } from 'vitest'
import { answer, bubbleOf, composerOf, eventually, listening, open, reaches, stage } from './stage.ts'

const prosa = stage()
const ASSETS = join(import.meta.dirname, '..', '..', 'simulator', 'assets')
const TOKEN = '300000077:prosa-demo-bot-token'

afterEach(() => prosa.simulator.calm())

/** Of a message of the team's: the menu in its bubble. */
async function chooses(page: Page, text: string, what: string) {
  await bubbleOf(page, text).hover()
  await bubbleOf(page, text).getByRole('link', { name: 'Opções desta mensagem' }).click()
  await page.locator('#bubble-menu').getByRole('link', { name: what }).click()
}

it('Telegram: from the link that began it to the block that ended it', async () => {
  const ana = await prosa.page('ana')
  const duda = await prosa.customerOf('demo-tg', 'Duda Azul', '/start vitrine_azul')
  await open(ana, duda)
  await bubbleOf(ana, '/start vitrine_azul').getByText('Veio por um link').waitFor()

  const question = await duda.says('formatted')
  const styled = bubbleOf(ana, 'Veja isto')
  await styled.locator('strong', { hasText: 'negrito' }).waitFor()
  await styled.locator('.spoiler', { hasText: 'segredo' }).waitFor()
  await duda.edits(question, 'Vocês têm o vaso azul?')
  await bubbleOf(ana, 'Vocês têm o vaso azul?').getByText('editada às').waitFor()
  await duda.says('album')
  await eventually(() => ana.locator('article[data-album] .media--image img').count()).toBe(2)
  await duda.says('big_video')
  await ana.getByText('o Telegram não o entrega').waitFor()

  await answer(ana, 'Temos *sim*, 2*3 de cada')
  await reaches(ana, 'Temos', 'sent')
  await ana
    .locator('#attach-input')
    .setInputFiles([{ name: 'photo.jpg', mimeType: 'image/jpeg', buffer: await readFile(join(ASSETS, 'photo.jpg')) }])
  await ana.locator('.chosen-file[data-upload]').waitFor()
  await answer(ana, 'Este aqui')
  await reaches(ana, 'Este aqui', 'sent')
  const [words, photo] = await duda.received()
  expect(words).toMatchObject({ text: 'Temos sim, 2*3 de cada' })
  expect(photo).toMatchObject({ kind: 'image', text: 'Este aqui' })

  await duda.reacts(words?.id ?? '', '❤️')
  const heart = bubbleOf(ana, 'Temos').locator('.reaction[data-side="customer"]')
  await heart.filter({ hasText: '❤️' }).waitFor()
  await duda.reacts(words?.id ?? '', null)
  await heart.waitFor({ state: 'detached' })
  await bubbleOf(ana, 'Vocês têm o vaso azul?').hover()
  await bubbleOf(ana, 'Vocês têm o vaso azul?').getByRole('button', { name: 'Reagir a esta mensagem' }).click()
  await ana.locator('#reaction-picker').getByRole('button', { name: '👍' }).click()
  await bubbleOf(ana, 'Vocês têm o vaso azul?').locator('.reaction[data-side="team"]', { hasText: '👍' }).waitFor()

  await chooses(ana, 'Temos', 'Editar')
  await ana.locator('#rewording-text').fill('Temos *muitos*')
  await ana.locator('#rewording-text').press('Enter')
  await eventually(async () => (await duda.received())[0]?.text).toBe('Temos muitos')

  await ana.getByRole('button', { name: 'Mais formas de responder' }).click()
  await ana.locator('#compose-menu').getByRole('link', { name: 'Botões', exact: true }).click()
  await ana.getByRole('dialog').getByLabel('Texto').fill('Qual tamanho?')
  await ana.getByRole('dialog').getByLabel('Botão 1 (').fill('Grande')
  await ana.getByRole('dialog').getByRole('button', { name: 'Enviar', exact: true }).click()
  await reaches(ana, 'Qual tamanho?', 'sent')
  const offered = (await duda.received()).at(-1)
  const press = await duda.presses(offered?.id ?? '', 'b1')
  await bubbleOf(ana, 'Grande').getByText('Opção escolhida').waitFor()
  await eventually(() => duda.wrote(press)).toMatchObject({ mark: 'Botão apertado' })

  await duda.does('block')
  await ana.locator('.event', { hasText: 'O cliente bloqueou este bot' }).waitFor()
  await answer(ana, 'Ainda está aí?')
  await reaches(ana, 'Ainda está aí?', 'failed')
  await bubbleOf(ana, 'Ainda está aí?').getByText('o cliente bloqueou este bot').waitFor()
  await duda.does('unblock')
  await ana.locator('.event', { hasText: 'O cliente desbloqueou este bot' }).waitFor()
  await bubbleOf(ana, 'Ainda está aí?').getByRole('button', { name: 'Tentar novamente' }).click()
  await reaches(ana, 'Ainda está aí?', 'sent')
  expect((await duda.received()).filter(({ text }) => text === 'Ainda está aí?')).toHaveLength(1)
})

it('Telegram: a bot is connected by its token and nothing else, and found again after an outage', async () => {
  const ana = await prosa.page('ana', { at: '/settings/inboxes/new/telegram' })
  prosa.expectComplaints(ana, /status of 422/) // the token that is none
  await ana.getByLabel('Nome do número no Prosa').fill('Bot da loja')
  await ana.getByLabel('Token do bot').fill('isto não é um token')
  await ana.getByRole('button', { name: 'Conectar', exact: true }).click()
  await ana.locator('.problem, [aria-invalid="true"]').first().waitFor()
  await ana.getByLabel('Token do bot').fill(TOKEN)
  await ana.getByRole('button', { name: 'Conectar', exact: true }).click()
  await ana.getByRole('heading', { name: 'Conexão de Bot da loja' }).waitFor()
  await ana.locator('[data-check="webhook"][data-ok="true"]').waitFor()
  expect(await ana.locator('[data-check][data-ok="false"]').count()).toBe(0)
  expect(await ana.content()).not.toContain(TOKEN)

  const key = await prosa.simulator.keyOf('300000077')
  const levi = await prosa.customerOf(key, 'Levi Bot', 'Este bot é de vocês?')
  await ana.getByText('Última mensagem recebida: de Levi Bot').waitFor()

  await prosa.simulator.forgets(key)
  await levi.writes('Alguém aí?')
  await ana.getByRole('button', { name: 'Verificar agora' }).click()
  await ana.getByText('O provedor não nos avisava das mensagens').waitFor()
  await ana.goto(`${prosa.url}/conversations?view=all`)
  await open(ana, levi)
  await bubbleOf(ana, 'Alguém aí?').waitFor()
  await listening(ana)
  await composerOf(ana).waitFor()
  await answer(ana, 'Estamos sim')
  await reaches(ana, 'Estamos sim', 'sent')
  await eventually(async () => (await levi.received()).map(({ text }) => text)).toEqual(['Estamos sim'])
})
