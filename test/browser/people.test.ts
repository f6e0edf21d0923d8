/** Tags, new contacts and new conversations, as people at their pages do them. */
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { accessibilityProblems } from '../support/page.ts'
import { eventually, open, rowOf, stage } from './stage.ts'

const prosa = stage()
const dialogOf = (page: Page) => page.locator('#dialog-frame')
const chipsOf = (page: Page, customer: { name: string }) => rowOf(page, customer).locator('.tag')
const REFUSED = /status of (409|422)/

/** Everything in it lies within the width of the window. */
const sideways = (page: Page) =>
  page.evaluate<number>(
    'Math.max(document.documentElement.scrollWidth - innerWidth, document.querySelector("#dialog-frame").scrollWidth - document.querySelector("#dialog-frame").clientWidth)',
  )

describe('tags', () => {
  it('several are put on by keyboard alone, and stand on both screens at once', async () => {
    const rita = await prosa.customer('Rita das Tags')
    const [ana, bruno] = [await prosa.page('ana'), await prosa.page('bruno')]
    await open(bruno, rita)
    await rowOf(ana, rita).waitFor()

    await rowOf(ana, rita).locator('.row-link').focus()
    await ana.keyboard.press('Tab')
    expect(await ana.evaluate('document.activeElement.getAttribute("aria-label")')).toBe('Selecionar uma tag')
    await ana.keyboard.press('Enter')
    await dialogOf(ana).getByRole('heading', { name: 'Selecionar uma tag' }).waitFor()
    expect(await accessibilityProblems(ana)).toEqual([])
    await ana.keyboard.type('Casamento')
    await ana.keyboard.press('Enter')
    await ana.keyboard.type('urgente')
    await ana.keyboard.press('Enter')
    await dialogOf(ana).getByRole('button', { name: 'Salvar' }).focus()
    await ana.keyboard.press('Enter')

    for (const page of [ana, bruno]) {
      await eventually(() => chipsOf(page, rita).allTextContents()).toEqual(['Casamento', 'Urgente'])
    }
    await eventually(() => bruno.locator('.thread-head .tag').allTextContents()).toEqual(['Casamento', 'Urgente'])
    await eventually(() => dialogOf(ana).isVisible()).toBe(false)
    await eventually(() => ana.evaluate('document.activeElement.getAttribute("aria-label")')).toBe('Selecionar uma tag')
  })

  it('two agents who save at once both get what they chose', async () => {
    const rosa = await prosa.customer('Rosa das Tags')
    const [ana, bruno] = [await prosa.page('ana'), await prosa.page('bruno')]
    for (const page of [ana, bruno]) {
      await open(page, rosa)
      await page.keyboard.press('l')
      await dialogOf(page).getByRole('heading', { name: 'Selecionar uma tag' }).waitFor()
    }
    await dialogOf(ana).getByRole('checkbox', { name: 'VIP' }).check()
    await dialogOf(bruno).getByRole('checkbox', { name: 'Boleto' }).check()
    await Promise.all([ana, bruno].map((page) => dialogOf(page).getByRole('button', { name: 'Salvar' }).click()))
    for (const page of [ana, bruno]) {
      await eventually(() => chipsOf(page, rosa).allTextContents()).toEqual(['Boleto', 'VIP'])
    }
  })

  it('renamed, recoloured and deleted, a tag changes for everyone; its uses are said first', async () => {
    const regina = await prosa.customer('Regina das Tags')
    const [ana, bruno] = [await prosa.page('ana'), await prosa.page('bruno')]
    await open(ana, regina)
    await ana.keyboard.press('l')
    await ana.locator('#tag-search').fill('Passageira')
    await ana.keyboard.press('Enter')
    await dialogOf(ana).getByRole('button', { name: 'Salvar' }).click()
    await eventually(() => chipsOf(bruno, regina).allTextContents()).toEqual(['Passageira'])

    await ana.goto(`${prosa.url}/tags`)
    await ana.getByRole('link', { name: 'Editar a tag Passageira' }).click()
    await ana.getByRole('textbox', { name: 'Nome da tag' }).fill('vip')
    await ana.getByRole('button', { name: 'Salvar' }).click()
    await ana.getByText('Já existe uma tag com este nome.').waitFor()
    await ana.getByRole('textbox', { name: 'Nome da tag' }).fill('Viajante')
    await ana.getByRole('radio', { name: 'Ameixa' }).check()
    await ana.getByRole('button', { name: 'Salvar' }).click()
    await eventually(() => chipsOf(bruno, regina).allTextContents()).toEqual(['Viajante'])
    expect(await chipsOf(bruno, regina).first().getAttribute('data-color')).toBe('plum')

    await ana.getByRole('link', { name: 'Excluir a tag Viajante' }).click()
    await ana.getByText('Ela sai de 1 contato').waitFor()
    await dialogOf(ana).getByRole('button', { name: 'Excluir' }).click()
    await eventually(() => chipsOf(bruno, regina).count()).toBe(0)
    await eventually(() => ana.getByText('Viajante').count()).toBe(0)

    await ana.keyboard.press('c')
    await dialogOf(ana).getByRole('heading', { name: 'Nova Conversa' }).waitFor()
    prosa.expectComplaints(ana, REFUSED)
  })
})

describe('a new conversation', () => {
  it('begins with a new contact, whose number is explained until it is one, and everyone sees it', async () => {
    const [ana, bruno] = [await prosa.page('ana'), await prosa.page('bruno')]
    await ana.locator('#conversation-list .row-link').first().waitFor()
    await ana.keyboard.press('c')
    await dialogOf(ana).getByRole('heading', { name: 'Nova Conversa' }).waitFor()
    expect(await accessibilityProblems(ana)).toEqual([])
    await dialogOf(ana).getByRole('link', { name: 'Novo Contato' }).click()

    const phone = dialogOf(ana).getByRole('textbox', { name: 'DDD e Número' })
    await phone.pressSequentially('10912345678')
    expect(await phone.inputValue()).toBe('(10) 91234-5678')
    await dialogOf(ana).getByRole('textbox', { name: 'Nome' }).fill('Noêmia Nova')
    await dialogOf(ana).getByRole('button', { name: 'Adicionar' }).click()
    await ana.getByText('DDD inexistente').waitFor()
    await eventually(() => ana.evaluate('document.activeElement.id')).toBe('contact-phone')
    await phone.fill('(11) 9123-4599')
    await ana.keyboard.press('Enter')
    await ana.getByText('Celular no Brasil tem 9 dígitos').waitFor()
    expect(await accessibilityProblems(ana)).toEqual([])
    await phone.fill('+55 11 99123-4599')
    await dialogOf(ana).getByRole('button', { name: 'Adicionar' }).click()

    await dialogOf(ana)
      .getByLabel('Número de Envio')
      .selectOption({ label: 'WhatsApp 2 · +55 11 90000-0002 · WhatsApp' })
    await dialogOf(ana).getByText('A janela de 24 h está fechada').waitFor()
    await dialogOf(ana).getByLabel('Selecione um departamento').selectOption('Suporte')
    expect(await accessibilityProblems(ana)).toEqual([])
    await dialogOf(ana).getByRole('button', { name: 'Iniciar conversa' }).dblclick()

    await ana.locator('#thread-title', { hasText: 'Noêmia Nova' }).waitFor()
    await ana.getByText('A janela de 24 h fechou').waitFor()
    await dialogOf(ana).getByRole('heading', { name: 'Enviar um modelo' }).waitFor()
    await dialogOf(ana).getByRole('link', { name: 'Fechar' }).click()
    await rowOf(bruno, { name: 'Noêmia Nova' }).waitFor()
    expect(await rowOf(bruno, { name: 'Noêmia Nova' }).textContent()).toContain('WhatsApp 2')
    await rowOf(ana, { name: 'Noêmia Nova' }).waitFor()
    expect(await rowOf(ana, { name: 'Noêmia Nova' }).count()).toBe(1)
    prosa.expectComplaints(ana, REFUSED)
  })

  it('offers who is there already, and opens the conversation that is open', async () => {
    const olga = await prosa.customer('Olga Conhecida')
    const bruno = await prosa.page('bruno')
    await rowOf(bruno, olga).waitFor()
    const conversationId = await rowOf(bruno, olga).getAttribute('data-conversation-id')

    await bruno.getByRole('link', { name: 'Nova Conversa' }).click()
    await bruno.getByRole('searchbox', { name: 'Buscar um contato' }).fill('olga conh')
    await dialogOf(bruno)
      .getByRole('link', { name: /Olga Conhecida/ })
      .click()
    await dialogOf(bruno).getByRole('button', { name: 'Iniciar conversa' }).click()
    await bruno.waitForURL(`${prosa.url}/conversations/${conversationId}`)
    await bruno.locator('#thread-title', { hasText: 'Olga Conhecida' }).waitFor()

    await eventually(() => dialogOf(bruno).isVisible()).toBe(false)
    const phone = await bruno.locator('.thread-phone').textContent()
    await bruno.keyboard.press('c')
    await dialogOf(bruno).getByRole('link', { name: 'Novo Contato' }).click()
    await dialogOf(bruno)
      .getByRole('textbox', { name: 'DDD e Número' })
      .fill(phone?.replace(' · +55', '') ?? '')
    await dialogOf(bruno).getByRole('textbox', { name: 'Nome' }).fill('Outra Olga')
    await dialogOf(bruno).getByRole('button', { name: 'Adicionar' }).click()
    await dialogOf(bruno).getByText('Já existe: Olga Conhecida.').waitFor()
    await dialogOf(bruno).getByRole('link', { name: 'Conversar com Olga Conhecida' }).click()
    await dialogOf(bruno).getByRole('button', { name: 'Iniciar conversa' }).waitFor()
    prosa.expectComplaints(bruno, REFUSED)
  })

  it('fits a narrow phone, and closes with Escape where nothing is lost', async () => {
    const ana = await prosa.page('ana', { viewport: { width: 360, height: 640 } })
    await ana.getByRole('link', { name: 'Nova Conversa' }).click()
    await dialogOf(ana).getByRole('heading', { name: 'Nova Conversa' }).waitFor()
    expect(await sideways(ana)).toBeLessThanOrEqual(0)
    await dialogOf(ana).locator('[data-contact-id]', { hasText: '+55' }).first().getByRole('link').click()
    await dialogOf(ana).getByRole('button', { name: 'Iniciar conversa' }).waitFor()
    expect(await sideways(ana)).toBeLessThanOrEqual(0)
    await ana.keyboard.press('Escape')
    await eventually(() => dialogOf(ana).isVisible()).toBe(false)
    await eventually(() => dialogOf(ana).locator('h1').count()).toBe(0)
  })
})

describe('without script', () => {
  it('tags are chosen and a conversation begun on pages of their own', async () => {
    const ana = await prosa.page('ana', { javaScriptEnabled: false })
    await ana.getByRole('link', { name: 'Nova Conversa' }).click()
    await ana.getByRole('link', { name: 'Novo Contato' }).click()
    await ana.getByLabel('DDD e Número').fill('11 9912-3455')
    await ana.getByLabel('Nome').fill('Sem Script')
    await ana.getByRole('button', { name: 'Adicionar' }).click()
    await ana.getByText('Celular no Brasil tem 9 dígitos').waitFor()
    expect(await ana.getByLabel('Nome').inputValue()).toBe('Sem Script')
    await ana.getByLabel('DDD e Número').fill('11 99912-3455')
    await ana.getByRole('button', { name: 'Adicionar' }).click()
    await ana.getByRole('button', { name: 'Iniciar conversa' }).click()
    await ana.getByRole('heading', { name: 'Sem Script' }).waitFor()

    await ana.locator('.thread-head .tag-button').click()
    await ana.getByLabel('VIP').check()
    await ana.getByLabel('Buscar ou criar uma tag').fill('Sem JS')
    await ana.getByRole('button', { name: 'Salvar' }).click()
    await ana.waitForURL(/\/contacts\/[^/]+$/)
    await ana.goto(`${prosa.url}/conversations`)
    expect(await chipsOf(ana, { name: 'Sem Script' }).allTextContents()).toEqual(['Sem JS', 'VIP'])
    prosa.expectComplaints(ana, REFUSED)
  })
})

it.each([
  ['en-US', 'New conversation', 'New contact', 'Add', 'Select a tag', 'Save'],
  ['es-MX', 'Nueva conversación', 'Nuevo contacto', 'Agregar', 'Seleccionar una etiqueta', 'Guardar'],
])('%s has its own words', async (locale, newConversation, newContact, add, selectTag, save) => {
  const diego = await prosa.page('diego', { locale })
  await diego.getByRole('link', { name: newConversation }).click()
  await dialogOf(diego).getByRole('heading', { name: newConversation }).waitFor()
  await dialogOf(diego).getByRole('link', { name: newContact }).click()
  await dialogOf(diego).getByRole('button', { name: add }).waitFor()
  await diego.keyboard.press('Escape')
  await diego.locator('.row').first().hover()
  await diego.getByRole('link', { name: selectTag }).first().click()
  await dialogOf(diego).getByRole('button', { name: save }).waitFor()
})
