/** Administrators say who works where, and everyone's open pages follow. */
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { accessibilityProblems, problemsInTheDark, STILL } from '../support/page.ts'
import { eventually, open, rowOf, stage } from './stage.ts'

const prosa = stage()

const field = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true })
const choice = (page: Page, name: string) => page.getByRole('combobox', { name, exact: true })
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const link = (page: Page, name: string) => page.getByRole('link', { name, exact: true })

it('whoever is taken out of a department loses its conversations at once, wherever they are open', async () => {
  const ana = await prosa.page('ana', { at: '/settings/inboxes' })
  await link(ana, 'WhatsApp 1').click()
  await choice(ana, 'Departamento dos novos atendimentos').selectOption({ label: 'Suporte' })
  await button(ana, 'Salvar').click()
  await eventually(() => ana.locator('[name=version]').inputValue()).not.toBe('1')

  const [bruno, carla] = [await prosa.page('bruno'), await prosa.page('carla')]
  const customer = await prosa.customer('Helena Prado')
  await open(bruno, customer)
  expect(await rowOf(carla, customer).count()).toBe(0)
  prosa.expectComplaints(bruno, /status of 404/, /WebSocket/)

  await ana.goto(`${prosa.url}/settings/departments`)
  await link(ana, 'Suporte').click()
  await choice(ana, 'Adicionar uma pessoa').selectOption({ label: 'Carla Dias' })
  await button(ana, 'Adicionar').click()
  await ana.locator('#department-members').getByText('Carla Dias').waitFor()
  await carla.reload()
  await rowOf(carla, customer).waitFor()

  await button(ana, 'Remover Bruno Alves do departamento Suporte').click()
  // Whoever is not told at once finds out by themselves, which takes the better part of a minute.
  await bruno.getByText('Você não tem mais acesso a esta conversa').waitFor({ timeout: 20_000 })

  await choice(ana, 'Adicionar uma pessoa').selectOption({ label: 'Bruno Alves' })
  await button(ana, 'Adicionar').click()
  await ana.locator('#department-members').getByText('Bruno Alves').waitFor()
  await bruno.goto(`${prosa.url}/conversations`)
  await open(bruno, customer)
})

it('a department is made, renamed and removed by keyboard alone, with what uses it said first', async () => {
  const ana = await prosa.page('ana', { at: '/settings/departments' })
  await field(ana, 'Novo departamento').focus()
  await ana.keyboard.type('Pós-venda')
  await ana.keyboard.press('Enter')
  await link(ana, 'Pós-venda').waitFor()
  await eventually(() => field(ana, 'Novo departamento').inputValue()).toBe('')

  await ana.keyboard.type('SUPORTE')
  await ana.keyboard.press('Enter')
  await ana.getByText('Já existe um com este nome.').waitFor()
  expect(await field(ana, 'Novo departamento').inputValue()).toBe('SUPORTE')
  prosa.expectComplaints(ana, /status of 422/)

  await link(ana, 'Pós-venda').press('Enter')
  await field(ana, 'Nome').press('ControlOrMeta+a')
  await ana.keyboard.type('Retenção')
  await ana.keyboard.press('Enter')
  await ana.getByRole('heading', { level: 1, name: 'Retenção' }).waitFor()

  await link(ana, 'Remover Retenção').press('Enter')
  const dialog = ana.getByRole('dialog')
  await dialog.getByText('Nenhum atendimento e nenhum número usa este departamento.').waitFor()
  expect(await accessibilityProblems(ana)).toEqual([])
  await ana.keyboard.press('Escape')
  await dialog.waitFor({ state: 'hidden' })

  await link(ana, 'Remover Retenção').press('Enter')
  await dialog.getByRole('button', { name: 'Remover', exact: true }).press('Enter')
  await ana.waitForURL(`${prosa.url}/settings/departments`)
  expect(await link(ana, 'Retenção').count()).toBe(0)
})

let told = 0

it('a department that is removed hands on its conversations, and colleagues see them at once', async () => {
  // Told again, another one is made and removed.
  told += 1
  const department = `Plantão ${told}`
  const ana = await prosa.page('ana', { at: '/settings/departments' })
  await field(ana, 'Novo departamento').fill(department)
  await button(ana, 'Criar').click()
  await link(ana, department).waitFor()
  await ana.goto(`${prosa.url}/settings/inboxes`)
  await link(ana, 'WhatsApp 1').click()
  const version = await ana.locator('[name=version]').inputValue()
  await choice(ana, 'Departamento dos novos atendimentos').selectOption({ label: department })
  await button(ana, 'Salvar').click()
  await eventually(() => ana.locator('[name=version]').inputValue()).not.toBe(version)

  const customer = await prosa.customer('Vera Antunes')
  await ana.goto(`${prosa.url}/conversations?view=all`)
  await rowOf(ana, customer).waitFor()
  const carla = await prosa.page('carla', { at: '/conversations?view=all' })
  expect(await rowOf(carla, customer).count()).toBe(0)
  await ana.goto(`${prosa.url}/settings/departments`)
  await link(ana, department).click()
  await link(ana, `Remover ${department}`).click()
  await ana.getByText('1 número: WhatsApp 1').waitFor()
  await choice(ana, 'Para onde vão os atendimentos e números').selectOption({ label: 'Financeiro' })
  await ana.getByRole('dialog').getByRole('button', { name: 'Remover', exact: true }).click()
  await ana.waitForURL(`${prosa.url}/settings/departments`)
  await rowOf(carla, customer).waitFor()
  expect(await link(ana, department).count()).toBe(0)
})

it('everything works without script: names, people, numbers, reasons, removal', async () => {
  const ana = await prosa.page('ana', { at: '/settings/close-reasons', javaScriptEnabled: false })
  await field(ana, 'Novo motivo').fill('Resolvido')
  await button(ana, 'Criar').click()
  await field(ana, 'Renomear Resolvido').fill('Resolvido na hora')
  await button(ana, 'Renomear').click()
  await field(ana, 'Renomear Resolvido na hora').waitFor()
  await link(ana, 'Remover Resolvido na hora').click()
  await ana.getByText('Nenhum atendimento foi encerrado com este motivo.').waitFor()
  await button(ana, 'Remover').click()
  await ana.getByText('Nenhum motivo ainda.').waitFor()

  await ana.goto(`${prosa.url}/settings/agents`)
  await link(ana, 'Carla Dias').click()
  await choice(ana, 'Adicionar a um departamento').selectOption({ label: 'Vendas' })
  await button(ana, 'Adicionar').first().click()
  await button(ana, 'Remover Vendas').click()
  expect(await button(ana, 'Remover Vendas').count()).toBe(0)

  await ana.goto(`${prosa.url}/settings/inboxes`)
  await link(ana, 'WhatsApp 2').click()
  await field(ana, 'Nome').fill('WhatsApp Vendas')
  await button(ana, 'Salvar').click()
  await ana.getByRole('heading', { level: 1, name: 'WhatsApp Vendas' }).waitFor()
})

it('every page can be used by everyone, in the light and in the dark, at 360 px', async () => {
  const ana = await prosa.page('ana', { ...STILL, viewport: { width: 360, height: 720 }, at: '/settings/profile' })
  // From link to link: each whole load would open a socket anew.
  for (const [title, name] of [
    ['Perfil', null],
    ['Atendentes', 'Bruno Alves'],
    ['Departamentos', 'Financeiro'],
    ['Números', 'WhatsApp 1'],
    ['Respostas rápidas', null],
    ['Horários e saudações', null],
    ['Motivos de encerramento', null],
    ['Campos do contato', null],
    ['Privacidade', null],
    ['Eventos separados', null],
    ['Registro de atividades', null],
    ['Situação', null],
  ] as const) {
    await ana.locator('.settings-menu summary').click()
    await ana.locator('.settings-nav').getByRole('link', { name: title, exact: true }).click()
    await fitsEveryone(ana, title)
    if (name === null) continue
    await link(ana, name).click()
    await fitsEveryone(ana, name)
  }
})

async function fitsEveryone(page: Page, title: string): Promise<void> {
  await page.getByRole('heading', { level: 1, name: title }).waitFor()
  expect([title, await accessibilityProblems(page)]).toEqual([title, []])
  expect([title, await problemsInTheDark(page)]).toEqual([title, []])
  expect([title, await page.evaluate('document.scrollingElement.scrollWidth')]).toEqual([title, 360])
}

it.each([
  [
    'pt-BR',
    [
      'Primeiros passos',
      'Perfil',
      'Atendentes',
      'Departamentos',
      'Números',
      'Respostas rápidas',
      'Horários e saudações',
      'Motivos de encerramento',
      'Campos do contato',
      'Privacidade',
      'Eventos separados',
      'Registro de atividades',
      'Situação',
    ],
  ],
  [
    'en',
    [
      'Getting started',
      'Profile',
      'Agents',
      'Departments',
      'Numbers',
      'Quick replies',
      'Hours and greetings',
      'Reasons for ending',
      'Contact fields',
      'Privacy',
      'Events set aside',
      'Activity log',
      'Status',
    ],
  ],
  [
    'es',
    [
      'Primeros pasos',
      'Perfil',
      'Agentes',
      'Departamentos',
      'Números',
      'Respuestas rápidas',
      'Horarios y saludos',
      'Motivos de finalización',
      'Campos del contacto',
      'Privacidad',
      'Eventos apartados',
      'Registro de actividad',
      'Estado',
    ],
  ],
] as const)('the settings are called as people say in %s', async (locale, names) => {
  const ana = await prosa.page('eva', { locale, at: '/settings/departments' })
  expect(await ana.locator('.settings-nav a').allTextContents()).toEqual(names)
})

it('supervisors look, agents are told that they may not', async () => {
  const diego = await prosa.page('diego', { at: '/settings/departments' })
  await diego.getByText('Só administradores alteram isto.').waitFor()
  expect(await diego.locator('.settings-nav a').allTextContents()).toEqual([
    'Perfil',
    'Atendentes',
    'Departamentos',
    'Respostas rápidas',
  ])
  const bruno = await prosa.page('bruno', { at: '/settings/agents' })
  prosa.expectComplaints(bruno, /status of 403/)
  await bruno.goto(`${prosa.url}/settings/departments`)
  await bruno.getByText('Seu perfil não permite fazer isso.').waitFor()
})
