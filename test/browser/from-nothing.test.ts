/** The README's way of a stranger, whole: from an empty database to three people, five channels, and an account of it all. */
import type { Browser, Page } from 'playwright-core'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { newPage, type WatchedPage } from '../support/page.ts'
import { type Prosa, startProsa } from '../support/prosa.ts'
import { contactsFile } from './from-nothing-contacts.ts'
import { button, connectsEach, fills, finds, goesTo, link } from './from-nothing-steps.ts'
import { answer, composerOf, IN_PAGE, listening, PATIENCE } from './stage.ts'

let prosa: Prosa
let browser: Browser
const pages: WatchedPage[] = []

/** Told again, it begins from nothing again. */
beforeEach(async () => {
  ;[browser, prosa] = await Promise.all([launchBrowser(), startProsa({ seed: 'empty' })])
})

afterEach(async () => {
  pages.length = 0
  await browser?.close()
  await prosa?.stop()
})

/** A browser of somebody's own. */
async function sitsDown(address: string): Promise<WatchedPage> {
  const page = await newPage(browser)
  page.setDefaultTimeout(PATIENCE)
  await page.addInitScript({ path: IN_PAGE })
  pages.push(page)
  await page.goto(address)
  return page
}

const goes = (page: Page, path: string) => page.goto(`${prosa.url}${path}`)

it('a stranger goes from a clone to a shop at work, by the README alone', async () => {
  const ana = await setUp()
  const phones = await sitsDown(prosa.simulatorUrl)
  await makesDepartment(ana, 'Vendas')
  const numbers = await connectsEach(ana, phones)
  const [bia, caio] = await invites(ana)
  await isReady(ana)

  for (const [key, name] of numbers) {
    await writes(phones, key, `Olá, ${name}`)
    await phoneOf(phones).getByText(`Olá, ${name}`).waitFor()
  }
  await goes(bia, '/conversations')
  for (const [, name] of numbers) await rowAt(bia, name).waitFor()
  await goes(caio, '/conversations')
  for (const [, name] of numbers) await rowAt(caio, name).waitFor()
  for (const [key, name] of numbers.slice(1)) await answers(bia, phones, key, name)

  await imports(ana)
  await finds(caio, 'conceicao 4999')
  await link(caio, 'Ângela da Conceição 4999').waitFor()

  await answersQuickly(ana, bia, phones)
  await erases(ana, bia)
  await showsWhoDidWhat(ana)
  expect(pages.flatMap(({ complaints }) => complaints)).toEqual([])
})

async function setUp(): Promise<WatchedPage> {
  const code = /set up +\S+\/setup +code (\S+)/.exec(prosa.output())?.[1] ?? ''
  const ana = await sitsDown(prosa.url)
  await ana.waitForURL(`${prosa.url}/setup`)
  await fills(ana, {
    'Código de instalação': code,
    'Nome da empresa': 'Padaria São João',
    'Primeiro departamento': 'Atendimento',
    'Seu nome': 'Ana Souza',
    'Seu e-mail': 'ana@padaria.test',
    Senha: 'um pão quente às sete',
  })
  await button(ana, 'Criar e entrar').click()
  await ana.getByRole('heading', { name: 'Primeiros passos' }).waitFor()
  expect(await ana.locator('.choice[data-done="true"]').count()).toBe(0)
  return ana
}

async function makesDepartment(ana: Page, name: string): Promise<void> {
  await goesTo(ana, 'Departamentos')
  await ana.getByLabel('Novo departamento').fill(name)
  await button(ana, 'Criar').click()
  await link(ana, name).waitFor()
}

async function invites(ana: Page): Promise<[bia: WatchedPage, caio: WatchedPage]> {
  const bia = await joins(await invitationFor(ana, 'Atendente', 'Atendimento'), 'Bia Lopes')
  const caio = await joins(await invitationFor(ana, 'Supervisor', 'Vendas'), 'Caio Reis')
  return [bia, caio]
}

async function invitationFor(ana: Page, role: string, department: string): Promise<string> {
  await goesTo(ana, 'Atendentes')
  await ana.getByLabel('Papel').selectOption({ label: role })
  await ana.getByRole('checkbox', { name: department }).check()
  await button(ana, 'Criar convite').click()
  return ana.getByLabel('Link do convite', { exact: true }).inputValue()
}

async function joins(invitation: string, name: string): Promise<WatchedPage> {
  const page = await sitsDown(invitation)
  const email = `${name.split(' ')[0]?.toLowerCase()}@padaria.test`
  await fills(page, { 'Seu nome': name, 'Seu e-mail': email, Senha: `${name} chega cedo` })
  await button(page, 'Entrar na equipe').click()
  await page.waitForURL(`${prosa.url}/conversations`)
  return page
}

async function isReady(ana: Page): Promise<void> {
  await goesTo(ana, 'Primeiros passos')
  const open = ana.locator('.choice[data-done="false"] strong')
  expect(await open.allTextContents()).toEqual(['Criar respostas rápidas'])
}

const phoneOf = (phones: Page) => phones.getByRole('article', { name: 'Celular de Mariana Costa' })
const rowAt = (page: Page, inbox: string) => page.locator('[data-conversation-id]', { hasText: inbox })

async function writes(phones: Page, key: string, text: string): Promise<void> {
  const phone = phoneOf(phones)
  await phone.getByLabel('Conversa com').selectOption(key)
  await phone.getByRole('textbox', { name: 'Mensagem' }).fill(text)
  await button(phone, 'Enviar').click()
}

async function opens(page: Page, inbox: string): Promise<void> {
  await rowAt(page, inbox).locator('.row-link').click()
  await page.locator('.thread-head', { hasText: inbox }).waitFor()
  await listening(page)
}

async function answers(bia: Page, phones: Page, key: string, inbox: string): Promise<void> {
  await opens(bia, inbox)
  await answer(bia, `Bom dia, aqui é a ${inbox}`)
  await phoneOf(phones).getByLabel('Conversa com').selectOption(key)
  await phoneOf(phones).getByText(`Bom dia, aqui é a ${inbox}`).waitFor()
}

async function imports(ana: WatchedPage): Promise<void> {
  await link(ana, 'Contatos').click()
  await link(ana, 'Importar').click()
  const { bytes, people, refused } = contactsFile()
  await ana.getByLabel('Arquivo CSV').setInputFiles({ name: 'freguesia.csv', mimeType: 'text/csv', buffer: bytes })
  await button(ana, 'Enviar arquivo').click()
  expect(await ana.getByLabel('Telefone', { exact: true }).inputValue()).toBe('phone')
  expect(await ana.getByLabel('Etiquetas').inputValue()).toBe('tags')
  await button(ana, 'Conferir').click()
  const number = (n: number) => new Intl.NumberFormat('pt-BR').format(n)
  await ana.getByText(`${number(people)} contatos novos`).waitFor()
  await ana.getByText(`${number(refused)} linhas ficam de fora`).waitFor()
  await ana.getByText('Linha 3: mesmo telefone da linha 2.').waitFor()
  await ana.getByText('Linha 4: sem telefone.').waitFor()
  const [file] = await Promise.all([ana.waitForEvent('download'), link(ana, 'Baixar estas linhas (CSV)').click()])
  expect(await file.failure()).toBeNull()
  await button(ana, `Importar ${number(people)} contatos`).click()
  await ana.getByText(`${number(people)} contatos criados`).waitFor()
}

async function answersQuickly(ana: Page, bia: Page, phones: Page): Promise<void> {
  await goesTo(ana, 'Respostas rápidas')
  await link(ana, 'Nova resposta rápida').click()
  await ana.getByRole('textbox', { name: 'Atalho' }).fill('abre')
  await ana.getByRole('textbox', { name: 'Texto' }).fill('Oi, {{primeiro_nome}}! Abrimos às {{hora}}.')
  await button(ana, 'Salvar').click()
  await ana.getByRole('heading', { name: 'Resposta rápida /abre' }).waitFor()

  await opens(bia, 'Zap da loja')
  await composerOf(bia).pressSequentially('/ab')
  await bia.getByRole('option', { name: /\/abre/ }).waitFor()
  await bia.keyboard.press('Enter')
  await bia.keyboard.press('Enter')
  await bia.getByText('Preencha {{hora}} antes de enviar.').waitFor()
  await bia.keyboard.type('7h')
  await bia.keyboard.press('Enter')
  await phoneOf(phones).getByLabel('Conversa com').selectOption('demo-wa-1')
  await phoneOf(phones).getByText('Oi, Mariana! Abrimos às 7h.').waitFor()
}

async function erases(ana: WatchedPage, bia: Page): Promise<void> {
  await finds(ana, '99999-0001')
  await ana.locator('.contact-row a', { hasText: 'Mariana Costa' }).click()
  await ana.getByRole('tab', { name: 'Dados' }).click()
  await link(ana, 'Excluir dados desta pessoa').click()
  const dialog = ana.locator('#dialog-frame')
  await dialog.getByRole('textbox').fill('Mariana Costa')
  await button(dialog, 'Excluir definitivamente').click()
  await ana.locator('#erasure[data-done="true"]').waitFor()
  await bia.locator('article[data-message-id]', { hasText: 'Conteúdo excluído' }).first().waitFor()
  await goes(bia, '/conversations')
  await rowAt(bia, 'Bot da loja').waitFor()
  expect(await rowAt(bia, 'Zap da loja').count()).toBe(0)
  await finds(ana, '99999-0001')
  await ana.locator('.contact-row').waitFor({ state: 'hidden' })
}

const DONE = [
  'Ana Souza apagou os dados do contato: Dados excluídos',
  'Ana Souza criou a resposta rápida: /abre',
  'Ana Souza importou contatos de uma tabela: freguesia.csv',
  'Caio Reis aceitou o convite e entrou na equipe',
  'Ana Souza criou um convite',
  'Bia Lopes aceitou o convite e entrou na equipe',
  'Ana Souza conectou o número: Zap do balcão',
  'Ana Souza conectou o número: Zap da loja',
  'Ana Souza criou o departamento: Vendas',
  'Ana Souza criou o espaço',
]

/** In that order, whatever stands between them or is told again. */
async function showsWhoDidWhat(ana: Page): Promise<void> {
  await goesTo(ana, 'Registro de atividades')
  const lines = await ana.locator('.audit-entry p:first-child').allInnerTexts()
  expect(lines.filter((line, at) => DONE.includes(line) && lines.indexOf(line) === at)).toEqual(DONE)
  expect(lines.join('\n')).not.toContain('Mariana')
}
