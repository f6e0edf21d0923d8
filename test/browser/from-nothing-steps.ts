/** What somebody who begins from nothing does again and again, and how they connect a number of each channel. */
import type { Locator, Page } from 'playwright-core'
import { expect } from 'vitest'
import { DEMO_APP_ID, DEMO_INBOXES, DEMO_SECRETS } from '../../scripts/demo.ts'

export const button = (page: Page | Locator, name: string | RegExp) => page.getByRole('button', { name, exact: true })
export const link = (page: Page, name: string) => page.getByRole('link', { name, exact: true })

/** By the links, as people go: an agent who loads page after page has too many sockets. */
export async function goesTo(page: Page, title: string): Promise<void> {
  const pages = page.locator('.settings-nav')
  if (!(await pages.isVisible())) {
    await link(page, 'Ajustes').click()
    await page.getByRole('heading', { name: 'Perfil' }).waitFor()
  }
  await pages.getByRole('link', { name: title, exact: true }).click()
  await page.getByRole('heading', { name: title, exact: true, level: 1 }).waitFor()
}

export async function finds(page: Page, who: string): Promise<void> {
  await link(page, 'Contatos').click()
  await page.getByLabel('Buscar por nome ou número').fill(who)
  await button(page, 'Buscar').click()
  await page.waitForURL(/[?&]q=/)
}

export async function fills(page: Page, fields: Record<string, string>): Promise<void> {
  for (const [label, value] of Object.entries(fields)) await page.getByLabel(label).fill(value)
}

const accountOf = (key: string) => {
  const account = DEMO_INBOXES.find((one) => one.key === key)
  if (!account) throw new Error(`The simulator has no ${key}.`)
  return account
}

/** By the pages alone; answers with the simulator's key of each, and how the team calls it. */
export async function connectsEach(ana: Page, phones: Page): Promise<[key: string, name: string][]> {
  const ofMeta = {
    'Token de acesso': DEMO_SECRETS.accessToken,
    'Chave secreta do app': DEMO_SECRETS.appSecret,
    'ID do app': DEMO_APP_ID,
  }
  const whatsApp = accountOf('demo-wa-1')
  await connects(ana, 'whatsapp', 'Zap da loja', {
    'ID do número de telefone': whatsApp.accountId,
    'ID da conta do WhatsApp Business': 'businessAccountId' in whatsApp ? whatsApp.businessAccountId : '',
    ...ofMeta,
  })
  await ana.getByRole('heading', { name: 'Diga quem da equipe usa' }).waitFor()
  await button(ana, 'Verificar agora').click()
  await ana.locator('[data-check="token"][data-ok="true"]').waitFor()
  expect(await ana.locator('[data-check][data-ok="false"]').allInnerTexts()).toEqual([])
  await connects(ana, 'messenger', 'Página da loja', { 'ID da página': accountOf('demo-fb').accountId, ...ofMeta })
  await pastes(ana, phones, 'demo-fb')
  const profile = { 'ID da conta do Instagram': accountOf('demo-ig').accountId, ...ofMeta }
  await connects(ana, 'instagram', 'Perfil da loja', profile)
  await pastes(ana, phones, 'demo-ig')
  const bot = accountOf('demo-tg')
  await connects(ana, 'telegram', 'Bot da loja', { 'Token do bot': 'accessToken' in bot ? bot.accessToken : '' })
  const server = accountOf('demo-evo')
  await connects(ana, 'evolution', 'Zap do balcão', {
    'Endereço do servidor Evolution API': `${new URL(phones.url()).origin}/evolution`,
    'Chave de API': 'accessToken' in server ? server.accessToken : '',
    'Nome da instância': 'balcao',
  })
  await ana.getByText('Aguardando: escaneie o código').waitFor()
  await button(phones, 'Ajustes').click()
  await phones.locator('#replay [name=inbox]').selectOption('evolution-balcao')
  await button(phones, 'Escanear o QR code com o celular').click()
  await button(phones.locator('#behaviour'), 'Fechar').click()
  await ana.getByText('Aguardando: escaneie o código').waitFor({ state: 'hidden' })
  return [
    ['demo-wa-1', 'Zap da loja'],
    ['demo-fb', 'Página da loja'],
    ['demo-ig', 'Perfil da loja'],
    ['demo-tg', 'Bot da loja'],
    ['evolution-balcao', 'Zap do balcão'],
  ]
}

async function connects(ana: Page, channel: string, name: string, fields: Record<string, string>): Promise<void> {
  await goesTo(ana, 'Números')
  await link(ana, 'Conectar um número').click()
  await ana.locator(`.choice[href$="/${channel}"]`).click()
  await fills(ana, { 'Nome do número no Prosa': name, ...fields })
  await button(ana, 'Conectar').click()
  await ana.getByRole('heading', { name: `Conexão de ${name}` }).waitFor()
}

/** As into Meta's dashboard. */
async function pastes(ana: Page, phones: Page, key: string): Promise<void> {
  const address = await ana.getByLabel('Endereço do webhook', { exact: true }).inputValue()
  const token = await ana.getByLabel('Token de verificação', { exact: true }).inputValue()
  await button(phones, 'Ajustes').click()
  await phones.locator('#replay [name=inbox]').selectOption(key)
  await fills(phones, { 'Endereço do webhook': address, 'Token de verificação': token })
  await button(phones, 'Verificar e salvar').click()
  await phones.getByText('a Prosa respondeu, e é avisada neste endereço').waitFor()
  await button(phones.locator('#behaviour'), 'Fechar').click()
}
