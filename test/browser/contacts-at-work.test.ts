/** Contacts at work: brought in from a file, marked several at once, known by what the team wants to know. */
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { accessibilityProblems } from '../support/page.ts'
import { stage } from './stage.ts'

const prosa = stage()

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true })
const link = (page: Page, name: string) => page.getByRole('link', { name, exact: true })

async function isGood(page: Page): Promise<void> {
  expect(await accessibilityProblems(page)).toEqual([])
  expect(await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0)
}

let told = 0

it('a file is chosen, its columns confirmed, tried out, brought in, and its people found by a colleague', async () => {
  // Told again, it brings in others.
  told += 1
  const from = 50_000_000 + told * 1_000
  const ana = await prosa.page('ana', { at: '/contacts', viewport: { width: 360, height: 740 } })
  await link(ana, 'Importar').click()
  const lines = Array.from({ length: 300 }, (_, at) => `Cliente ${at} da Lista;(11) 9${String(from + at)};Feira`)
  await ana.getByLabel('Arquivo CSV').setInputFiles({
    name: 'feira.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(`Nome;Celular;Etiquetas\n${lines.join('\n')}\nSem Número;;Feira\n`, 'latin1'),
  })
  await isGood(ana)
  await button(ana, 'Enviar arquivo').click()

  expect(await ana.getByLabel('Celular').inputValue()).toBe('phone')
  expect(await ana.getByLabel('Etiquetas').inputValue()).toBe('tags')
  await isGood(ana)
  await button(ana, 'Conferir').press('Enter')

  await ana.getByText('300 contatos novos').waitFor()
  await ana.getByText('Linha 302: sem telefone.').waitFor()
  await isGood(ana)
  const [file] = await Promise.all([ana.waitForEvent('download'), link(ana, 'Baixar estas linhas (CSV)').click()])
  expect(file.suggestedFilename()).toBe('linhas-com-problema.csv')
  await button(ana, 'Importar 300 contatos').click()
  await ana.getByText('300 contatos criados').waitFor()
  await isGood(ana)

  const bruno = await prosa.page('bruno', { at: `/contacts?q=${from + 123}` })
  await link(bruno, 'Cliente 123 da Lista').waitFor()
  expect(await link(bruno, 'Importar').count()).toBe(0)
})

it('several people are tagged by keyboard alone, and that is taken back', async () => {
  const bruno = await prosa.page('bruno', { at: '/contacts' })
  const boxes = bruno.getByRole('checkbox', { name: /^Escolher / })
  await boxes.nth(0).focus()
  await bruno.keyboard.press('Space')
  await boxes.nth(1).press('Space')
  await isGood(bruno)
  const mark = bruno.getByRole('combobox', { name: 'Tag ou grupo' })
  const tag = (await mark.locator('optgroup[label=Tags] option').first().textContent()) ?? ''
  await mark.selectOption({ label: tag })
  await button(bruno, 'Aplicar').press('Enter')
  await bruno.getByText(`Adicionado: ${tag}.`).waitFor()
  await isGood(bruno)
  const undo = button(bruno, 'Desfazer')
  if (await undo.count()) {
    await undo.press('Enter')
    await bruno.getByText('Desfeito em').waitFor()
  }
  await button(bruno, 'Aplicar').press('Enter')
  await bruno.getByText('Escolha uma tag ou um grupo.').waitFor()
  prosa.expectComplaints(bruno, /status of 422/)
})

let made = 0

it('a field is made, filled in for somebody, and finds them', async () => {
  // Told again, it is another field with another word in it.
  made += 1
  const name = `Cidade ${made}`
  const ana = await prosa.page('ana', { at: '/settings/contact-fields', viewport: { width: 360, height: 740 } })
  await ana.getByLabel('Nome do campo').fill(name)
  await button(ana, 'Criar').press('Enter')
  await ana.getByText(name, { exact: true }).waitFor()
  await isGood(ana)

  await ana.goto(`${prosa.url}/contacts`)
  await ana.locator('.contact-row a').first().click()
  await ana.getByRole('tab', { name: 'Dados' }).click()
  await link(ana, 'Editar dados').press('Enter')
  await ana.getByLabel(name).fill(`Xique${made}-Xique`)
  await isGood(ana)
  await ana.keyboard.press('Enter')
  await ana.getByText(`Xique${made}-Xique`).waitFor()
  await isGood(ana)
  await ana.goto(`${prosa.url}/contacts?q=xique${made}`)
  expect(await ana.locator('.contact-row').count()).toBe(1)
})
