/** The second step of signing in, from turning it on to being let off. */
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { DEMO_PASSWORD } from '../../scripts/demo.ts'
import { accessibilityProblems } from '../support/page.ts'
import { codeOf, nextCodeOf } from '../support/totp.ts'
import { stage } from './stage.ts'

const prosa = stage()

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

/** Up to where a code is asked for. */
async function entersPassword(page: Page): Promise<void> {
  await page.goto(`${prosa.url}/sign-in`)
  await page.getByLabel('E-mail').fill('carla@prosa.test')
  await page.getByLabel('Senha').fill(DEMO_PASSWORD)
  await button(page, 'Entrar').click()
}

it('it is turned on with an app, asked for with and without script, and taken off by an administrator', async () => {
  const [carla, phone] = [
    await prosa.visitor({ viewport: { width: 360, height: 740 } }),
    await prosa.visitor({ javaScriptEnabled: false }),
  ]
  prosa.expectComplaints(carla, /status of 40[13]/, /status of 422/)
  prosa.expectComplaints(phone, /status of 401/)
  const isGood = async (what: string) => {
    expect([what, await accessibilityProblems(carla)]).toEqual([what, []])
    expect([what, await carla.evaluate('document.scrollingElement.scrollWidth')]).toEqual([what, 360])
  }
  await entersPassword(carla)
  await carla.waitForURL('**/conversations**')
  await carla.goto(`${prosa.url}/settings/profile`)
  await carla.getByRole('link', { name: 'Ativar', exact: true }).press('Enter')
  await carla.getByLabel('Senha atual').fill('não é esta senha')
  await button(carla, 'Ativar').click()
  await carla.getByText('A senha atual não confere.').waitFor()
  await isGood('off')
  await carla.getByLabel('Senha atual').fill(DEMO_PASSWORD)
  await carla.keyboard.press('Enter')

  const secret = await carla.getByRole('textbox', { name: 'Chave' }).inputValue()
  await carla.getByRole('img', { name: 'QR code para o aplicativo autenticador' }).waitFor()
  await isGood('begun')
  await carla.getByLabel('Código de 6 dígitos').fill('000000')
  await carla.keyboard.press('Enter')
  await carla.getByText('O código não confere.').waitFor()
  expect(await carla.getByRole('textbox', { name: 'Chave' }).inputValue()).toBe(secret)
  await carla.getByLabel('Código de 6 dígitos').fill(await codeOf(secret))
  await carla.keyboard.press('Enter')

  await carla.getByRole('heading', { level: 1, name: 'Códigos de recuperação' }).waitFor()
  const codes = await carla.locator('.recovery-codes code').allTextContents()
  expect(codes).toHaveLength(10)
  await isGood('codes')
  const [file] = await Promise.all([
    carla.waitForEvent('download'),
    carla.getByRole('link', { name: 'Baixar' }).click(),
  ])
  expect(await readFile(await file.path(), 'utf8')).toBe(`${codes.join('\n')}\n`)
  await carla.getByRole('link', { name: 'Já guardei' }).click()
  await carla.getByText('Ativada: ao entrar').waitFor()

  await carla.getByRole('button', { name: 'Sair', exact: true }).click()
  await entersPassword(carla)
  await carla.getByRole('heading', { level: 1, name: 'Segunda etapa' }).waitFor()
  await isGood('second step')
  await carla.getByLabel('Código').fill('000000')
  await carla.keyboard.press('Enter')
  await carla.getByText('O código não confere.').waitFor()
  await carla.getByLabel('Código').fill(await nextCodeOf(secret))
  await carla.keyboard.press('Enter')
  await carla.waitForURL('**/conversations**')

  await entersPassword(phone)
  await phone.getByLabel('Código').fill(codes[0] ?? '')
  await button(phone, 'Entrar').click()
  await phone.waitForURL('**/conversations**')

  const ana = await prosa.page('ana', { at: '/settings/agents' })
  await ana.getByRole('link', { name: 'Carla Dias', exact: true }).click()
  await button(ana, 'Redefinir a verificação em duas etapas').click()
  await ana.getByRole('dialog').getByRole('button', { name: 'Redefinir a verificação em duas etapas' }).click()
  await ana.getByText('A verificação em duas etapas está desativada.').waitFor()
  await carla.waitForURL('**/sign-in**', { waitUntil: 'commit' })
  await entersPassword(carla)
  await carla.waitForURL('**/conversations**')
})

it('who forgot the password chooses another by the link that an administrator made', async () => {
  const ana = await prosa.page('ana', { at: '/settings/agents' })
  await ana.getByRole('link', { name: 'Bruno Alves', exact: true }).click()
  await button(ana, 'Criar link de nova senha').click()
  const link = await ana.getByRole('textbox', { name: 'Link de nova senha' }).inputValue()

  const bruno = await prosa.visitor({ viewport: { width: 360, height: 740 } })
  prosa.expectComplaints(bruno, /status of 422/, /status of 404/)
  await bruno.goto(link)
  await bruno.getByLabel('Nova senha').fill('senha123456789')
  await bruno.keyboard.press('Enter')
  await bruno.getByText('Esta senha é comum demais.').waitFor()
  expect(await accessibilityProblems(bruno)).toEqual([])
  expect(await bruno.evaluate('document.scrollingElement.scrollWidth')).toBe(360)
  await bruno.getByLabel('Nova senha').fill('uma frase só do Bruno')
  await bruno.keyboard.press('Enter')
  await bruno.getByText('Senha trocada. Entre com ela.').waitFor()
  await bruno.getByLabel('Senha').fill('uma frase só do Bruno')
  await bruno.keyboard.press('Enter')
  await bruno.waitForURL('**/conversations**')
  await bruno.goto(link)
  await bruno.getByRole('heading', { level: 1, name: 'Este link não vale mais' }).waitFor()
})
