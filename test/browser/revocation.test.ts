import { expect, it } from 'vitest'
import { accessibilityProblems } from '../support/page.ts'
import { eventually, listening, open, rowOf, stage } from './stage.ts'

const prosa = stage()

/** Whoever is not told at once finds out by themselves, which takes the better part of a minute. */
const TOLD_MS = 20_000

it('who is deactivated is shown the door at once, and what they had goes to whom it was given', async () => {
  const [ana, bruno] = [await prosa.page('ana', { at: '/settings/agents' }), await prosa.page('bruno')]
  const diego = await prosa.page('diego')
  prosa.expectComplaints(bruno, /status of 401/)
  const wilma = await prosa.customer('Wilma Rosa')
  await open(bruno, wilma)
  await listening(bruno)
  await bruno.keyboard.press('i')
  await bruno.locator('.thread-head').getByText('Bruno Alves').waitFor()
  const where = new URL(bruno.url()).pathname
  await rowOf(diego, wilma).waitFor()

  await ana.getByRole('link', { name: 'Desativar Bruno' }).click()
  const dialog = ana.getByRole('dialog', { name: 'Desativar Bruno Alves' })
  await dialog.getByText(/Tem \d+ atendimentos? abertos?\./).waitFor()
  expect(await accessibilityProblems(ana)).toEqual([])
  const to = dialog.getByLabel('Para onde vai o que está aberto')
  const names = await to.locator('option').allTextContents()
  await to.selectOption(names.find((name) => name.startsWith('Diego')) ?? '')
  await dialog.getByRole('button', { name: 'Desativar' }).press('Enter')
  await ana.getByText('Desativado em').waitFor()
  await ana.getByText(/Bruno Alves foi desativado\. \d+ atendimentos? (mudou|mudaram) de mãos\./).waitFor()
  await diego.getByText(/transferiu .+ para você/).waitFor()
  await open(diego, wilma)
  await diego.locator('.event', { hasText: 'passou o atendimento de Bruno Alves para Diego' }).waitFor()
  await bruno.waitForURL('**/sign-in**', { timeout: TOLD_MS, waitUntil: 'commit' })
  expect(new URL(bruno.url()).searchParams.get('next')).toBe(where)

  await bruno.goto(`${prosa.url}/conversations`)
  expect(new URL(bruno.url()).pathname).toBe('/sign-in')
  await bruno.getByLabel('E-mail').fill('bruno@prosa.test')
  await bruno.getByLabel('Senha').fill('prosa-demo-2026')
  await bruno.getByRole('button', { name: 'Entrar' }).click()
  await bruno.getByRole('alert').filter({ hasText: 'E-mail ou senha incorretos' }).waitFor()

  await ana.getByRole('button', { name: 'Reativar Bruno' }).click()
  await ana.getByRole('dialog').getByRole('button', { name: 'Reativar' }).click()
  await ana.getByText('Desativado em').waitFor({ state: 'detached' })
})

it('signing out everywhere ends the other browser too', async () => {
  const [desk, sofa] = [await prosa.visitor(), await prosa.visitor()]
  for (const page of [desk, sofa]) {
    await page.goto(`${prosa.url}/sign-in`)
    await page.getByLabel('E-mail').fill('diego@prosa.test')
    await page.getByLabel('Senha').fill('prosa-demo-2026')
    await page.getByRole('button', { name: 'Entrar' }).click()
    await page.waitForURL('**/conversations**')
    prosa.expectComplaints(page, /status of 401/)
  }
  const xica = await prosa.customer('Xica Faria')
  await open(sofa, xica)

  await desk.goto(`${prosa.url}/settings/profile`)
  await desk.getByRole('button', { name: 'Sair de todos' }).click()
  await desk.getByRole('dialog').getByRole('button', { name: 'Sair de todos' }).click()
  await desk.waitForURL('**/sign-in**')
  await sofa.waitForURL('**/sign-in**', { timeout: TOLD_MS, waitUntil: 'commit' })
  await sofa.goto(`${prosa.url}/settings/profile`)
  await eventually(() => new URL(sofa.url()).pathname).toBe('/sign-in')
})
