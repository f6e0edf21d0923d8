import { join } from 'node:path'
import { createClient } from '@libsql/client'
import type { Page } from 'playwright-core'
import { afterEach, describe, expect, it } from 'vitest'
import { accessibilityProblems } from '../support/page.ts'
import { answer, composerOf, eventually, listening, open, reaches, stage } from './stage.ts'

const prosa = stage()

afterEach(() => prosa.simulator.calm())

const dialogOf = (page: Page) => page.getByRole('dialog')
const ofOurs = (page: Page, text: string) =>
  page.locator('article[data-direction="outgoing"][data-message-id]', { hasText: text })

async function compose(page: Page, what: string) {
  await page.getByRole('button', { name: 'Mais formas de responder' }).click()
  await page.locator('#compose-menu').getByRole('link', { name: what, exact: true }).click()
  await dialogOf(page).getByRole('heading', { level: 1 }).waitFor()
}

const send = (page: Page) => dialogOf(page).getByRole('button', { name: 'Enviar', exact: true }).click()

async function delivered(page: Page, text: string) {
  await ofOurs(page, text).and(page.locator('[data-state="delivered"]')).waitFor()
  await dialogOf(page).waitFor({ state: 'hidden' })
  expect(await ofOurs(page, text).count()).toBe(1)
}

/** As if the customer had written so long ago. */
async function wrote(name: string, ms: number) {
  const database = createClient({ url: prosa.prosa.databaseUrl })
  await database.execute({
    sql: 'UPDATE conversations SET last_incoming_at = ? WHERE contact_id IN (SELECT id FROM contacts WHERE profile_name = ?)',
    args: [Date.now() - ms, name],
  })
  database.close()
}

const HOUR = 3_600_000
const DAY = 24 * HOUR
const ASSETS = join(import.meta.dirname, '..', '..', 'simulator', 'assets')

describe('besides words', () => {
  it('a place, out of the link of a map', async () => {
    const bruno = await prosa.page('bruno')
    const customer = await prosa.customer('Lia Mapas')
    await open(bruno, customer)
    prosa.expectComplaints(bruno, /status of 422/)

    const asked = bruno.locator('article[data-direction="incoming"]').last()
    await asked.hover()
    await asked.getByRole('button', { name: 'Responder', exact: false }).click()
    await bruno.locator('#composer-quote').waitFor()
    await compose(bruno, 'Localização')
    await dialogOf(bruno).locator('.composer-quote').waitFor()
    await bruno.getByLabel('Link do Google Maps ou coordenadas').fill('https://maps.app.goo.gl/AbCd')
    await send(bruno)
    await dialogOf(bruno).getByText('Links curtos não dizem o lugar').waitFor()
    await bruno
      .getByLabel('Link do Google Maps ou coordenadas')
      .fill('https://www.google.com/maps/place/Marco+Zero/@-8.0631,-34.8733,17z')
    await bruno.locator('#preview', { hasText: 'Marco Zero' }).waitFor()
    expect(await accessibilityProblems(bruno)).toEqual([])
    await send(bruno)
    await delivered(bruno, 'Marco Zero')
    await ofOurs(bruno, 'Marco Zero').locator('.quote').waitFor()
    expect(await bruno.locator('#composer-quote').isVisible()).toBe(false)
  })

  it('a card of somebody of the workspace', async () => {
    const bruno = await prosa.page('bruno')
    await prosa.customer('Otávio Cartão')
    const customer = await prosa.customer('Nina Pede')
    await open(bruno, customer)

    await compose(bruno, 'Contato')
    await bruno.getByLabel('Buscar entre os contatos').fill('otávio cart')
    await dialogOf(bruno)
      .getByRole('link', { name: /Otávio Cartão/ })
      .click()
    await bruno.locator('#preview', { hasText: 'Otávio Cartão' }).waitFor()
    expect(await accessibilityProblems(bruno)).toEqual([])
    await send(bruno)
    await delivered(bruno, 'Otávio Cartão')
  })

  it('buttons, one field after the other, and a list', async () => {
    const bruno = await prosa.page('bruno', { viewport: { width: 360, height: 740 } })
    const customer = await prosa.customer('Beto Botões')
    await open(bruno, customer)
    prosa.expectComplaints(bruno, /status of 422/)

    await compose(bruno, 'Botões')
    const third = bruno.getByLabel('Botão 3')
    expect(await third.isVisible()).toBe(false)
    await bruno.getByLabel('Texto').fill('Qual horário prefere?')
    await bruno.getByLabel('Botão 1').fill('Manhã')
    await bruno.getByLabel('Botão 2').fill('Um horário que é longo demais')
    await third.waitFor()
    expect(await bruno.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    await send(bruno)
    await dialogOf(bruno).getByText('passa do limite de 20').waitFor()
    await bruno.getByLabel('Botão 2').fill('Tarde')
    await bruno.locator('#preview', { hasText: 'Tarde' }).waitFor()
    await send(bruno)
    await delivered(bruno, 'Qual horário prefere?')

    await compose(bruno, 'Lista')
    await bruno.getByLabel('Texto').fill('Qual entrega prefere?')
    await bruno.getByLabel('Botão que abre a lista').fill('Ver opções')
    await bruno.getByLabel('Opção 1', { exact: false }).first().fill('Expressa')
    await bruno.locator('#preview', { hasText: 'Ver opções' }).waitFor()
    expect(await accessibilityProblems(bruno)).toEqual([])
    await send(bruno)
    await delivered(bruno, 'Qual entrega prefere?')
  })

  it('a reaction: chosen, changed, taken back', async () => {
    const [ana, bruno] = [await prosa.page('ana'), await prosa.page('bruno')]
    const customer = await prosa.customer('Rita Reage', 'Chegou tudo certo!')
    for (const page of [ana, bruno]) await open(page, customer)
    const theirs = (page: Page) => page.locator('article[data-direction="incoming"]', { hasText: 'Chegou tudo certo!' })
    const ours = (page: Page) => theirs(page).locator('.reaction[data-side="team"]')
    const choose = async (name: string) => {
      await theirs(bruno).hover()
      await theirs(bruno).getByRole('button', { name: 'Reagir a esta mensagem' }).click()
      await bruno.locator('#reaction-picker').getByRole('button', { name }).click()
      await bruno.locator('#reaction-picker').waitFor({ state: 'hidden' })
    }

    await choose('👍')
    for (const page of [ana, bruno]) await ours(page).filter({ hasText: '👍' }).waitFor()
    await choose('🙏')
    for (const page of [ana, bruno]) await ours(page).filter({ hasText: '🙏' }).waitFor()
    await choose('Retirar a reação')
    for (const page of [ana, bruno]) await ours(page).waitFor({ state: 'detached' })
    expect(await ofOurs(bruno, '').count()).toBe(0)
  })

  it('marks around words, and a sign to the customer that somebody writes', async () => {
    const bruno = await prosa.page('bruno')
    const customer = await prosa.customer('Fred Formata')
    await open(bruno, customer)
    const told = bruno.waitForRequest((request) => request.url().endsWith('/typing') && request.method() === 'POST')
    await composerOf(bruno).fill('Muito obrigado')
    expect((await (await told).response())?.status()).toBe(204)
    await composerOf(bruno).press('ControlOrMeta+a')
    await composerOf(bruno).press('ControlOrMeta+b')
    expect(await composerOf(bruno).inputValue()).toBe('*Muito obrigado*')
    await composerOf(bruno).press('ControlOrMeta+b')
    expect(await composerOf(bruno).inputValue()).toBe('Muito obrigado')
    await answer(bruno, 'Muito obrigado')
    await reaches(bruno, 'Muito obrigado', 'delivered')
  })
})

describe('a template', () => {
  it('with a picture in its header, from the picker to the bubble', async () => {
    const bruno = await prosa.page('bruno', { viewport: { width: 360, height: 740 } })
    const customer = await prosa.customer('Ivo Inverno')
    await open(bruno, customer)
    prosa.expectComplaints(bruno, /status of 422/)

    await compose(bruno, 'Modelo')
    await dialogOf(bruno)
      .getByRole('link', { name: /promocao_inverno/ })
      .click()
    for (const [field, text] of Object.entries({ 'Campo nome': 'Ivo', 'Campo data': 'sexta', 'Campo desconto': '10%' }))
      await bruno.getByLabel(field).fill(text)
    await bruno.getByLabel('Botão Ver na loja').fill('inverno')
    await send(bruno)
    await dialogOf(bruno).getByText('Escolha o arquivo que este modelo leva').waitFor()

    const header = bruno.getByLabel('Imagem do cabeçalho')
    await header.setInputFiles(join(ASSETS, 'document.pdf'))
    await dialogOf(bruno).getByText('leva uma imagem JPEG ou PNG').waitFor()
    await header.setInputFiles(join(ASSETS, 'photo.jpg'))
    await dialogOf(bruno).locator('.chosen-file[data-upload]', { hasText: 'photo.jpg' }).waitFor()
    await bruno.locator('#preview img').waitFor()
    expect(await dialogOf(bruno).locator('.chosen-file').count()).toBe(1)
    await bruno.locator('#preview', { hasText: 'Oi, Ivo! Até sexta' }).waitFor()
    expect(await bruno.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    expect(await accessibilityProblems(bruno)).toEqual([])
    await send(bruno)
    await delivered(bruno, 'Oi, Ivo! Até sexta')
    await ofOurs(bruno, 'Oi, Ivo!').locator('.media--image img').waitFor()
    expect(await bruno.locator('#composer .chosen-file').count()).toBe(0)
  })
})

describe('a reply window', () => {
  it('that ends shuts the composer by itself, and keeps what was being written', async () => {
    const bruno = await prosa.page('bruno')
    const customer = await prosa.customer('Tom Tarde')
    await open(bruno, customer)
    await wrote(customer.name, DAY - HOUR)
    await bruno.reload()
    await listening(bruno)
    await bruno.locator('.chip--window[data-ui-soon]').waitFor()
    await composerOf(bruno).fill('Ainda escrevo')
    // What is told of the conversation from now on says that it ends in a moment, or has ended.
    await wrote(customer.name, DAY - 2_000)
    await customer.isAnsweredElsewhere('text', 'Do celular da loja')
    const shut = bruno.locator('.composer--shut', { hasText: 'A janela de 24 h fechou' })
    await shut.locator('.composer-kept', { hasText: 'Ainda escrevo' }).waitFor()
    await shut.getByRole('link', { name: 'Escolher um modelo' }).waitFor()
    expect(await bruno.locator('.chip--window').isVisible()).toBe(false)

    await customer.writes('Voltei!')
    await eventually(() => composerOf(bruno).inputValue()).toBe('Ainda escrevo')
  })

  it('that is over leaves templates: looked for, filled in, seen before they are sent', async () => {
    const bruno = await prosa.page('bruno')
    const customer = await prosa.customer('Mel Modelo')
    await open(bruno, customer)
    await wrote(customer.name, 2 * DAY)
    await bruno.reload()
    await listening(bruno)
    prosa.expectComplaints(bruno, /status of 422/)

    await bruno.getByRole('link', { name: 'Escolher um modelo' }).click()
    await dialogOf(bruno).getByText('pedido_pronto').waitFor()
    expect(await dialogOf(bruno).getByText('aviso_pausado').count()).toBe(0)
    expect(await accessibilityProblems(bruno)).toEqual([])
    await bruno.getByLabel('Buscar um modelo').fill('retirada')
    await dialogOf(bruno).getByText('boas_vindas').waitFor({ state: 'detached' })
    await dialogOf(bruno)
      .getByRole('link', { name: /pedido_pronto/ })
      .click()
    await bruno.getByLabel('Campo 1').fill('Mel')
    await bruno.locator('#preview', { hasText: 'Olá, Mel!' }).waitFor()
    await send(bruno)
    await dialogOf(bruno).getByText('Preencha este campo.').waitFor()
    await bruno.getByLabel('Campo 2').fill('1042')
    expect(await accessibilityProblems(bruno)).toEqual([])
    await send(bruno)
    await delivered(bruno, 'Olá, Mel! O pedido 1042 está pronto')
  })
})
