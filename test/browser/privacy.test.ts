/** What is kept of people, and how it goes, as administrators at their pages do it and colleagues see it. */
import { expect, it } from 'vitest'
import { accessibilityProblems, type WatchedPage } from '../support/page.ts'
import { bubbleOf, eventually, open, rowOf, stage } from './stage.ts'

const prosa = stage()

it('a customer is erased while a colleague reads, and comes back as somebody new', async () => {
  const [ana, bruno] = [await prosa.page('ana', { viewport: { width: 360, height: 740 } }), await prosa.page('bruno')]
  const dalva = await prosa.customer('Dalva Reis', 'Meu segredo é azul')
  await open(bruno, dalva)
  await bubbleOf(bruno, 'Meu segredo é azul').waitFor()
  const contact = await bruno.locator('.panel-opener').getAttribute('href')
  await bruno.locator('[data-opens-panel]').click()
  await bruno.locator('#contact-panel-title', { hasText: dalva.name }).waitFor()
  const contactId = await bruno.locator('#contact-panel').getAttribute('data-contact-id')
  expect(contact).toContain('panel=contact')

  await ana.goto(`${prosa.url}/contacts/${contactId}?tab=data`)
  await ana.getByRole('link', { name: 'Excluir dados desta pessoa' }).click()
  const dialog = ana.locator('#dialog-frame')
  await dialog.getByText('1 mensagem').waitFor()
  expect(await accessibilityProblems(ana)).toEqual([])
  prosa.expectComplaints(ana, /status of 422/)
  const name = dialog.getByRole('textbox')
  await name.fill('Outra pessoa')
  await ana.keyboard.press('Enter')
  await dialog.getByText('Não é o mesmo nome.').waitFor()
  await name.fill(dalva.name.toLowerCase())
  await ana.keyboard.press('Enter')
  await ana.locator('#erasure[data-done="true"]').waitFor()
  const proof = ana.getByRole('link', { name: 'Baixar o comprovante' })
  const [saved] = await Promise.all([ana.waitForEvent('download'), proof.click()])
  expect(saved.suggestedFilename()).toMatch(/^erasure-.*\.json$/)
  expect(await accessibilityProblems(ana)).toEqual([])

  await bruno.locator('article[data-message-id]', { hasText: 'Conteúdo excluído' }).waitFor()
  await bruno.locator('#contact-panel', { hasText: 'Os dados desta pessoa foram excluídos' }).waitFor()
  await eventually(() => linesWith(bruno, 'Meu segredo é azul')).toEqual([])
  await eventually(() => bruno.title()).not.toContain(dalva.name)
  await eventually(() => linesWith(bruno, dalva.name)).toEqual([])

  await dalva.writes('Sou eu de novo')
  await rowOf(bruno, dalva).waitFor()
  await open(bruno, dalva)
  await bubbleOf(bruno, 'Sou eu de novo').waitFor()
  expect(await bruno.locator('article[data-message-id]').count()).toBe(1)
  expect(await bruno.locator('.panel-opener').getAttribute('href')).not.toBe(contact)
})

it('whoever has the link takes the file once, and is told why not again', async () => {
  const ana = await prosa.page('ana')
  const elza = await prosa.customer('Elza Prado', 'Quero meus dados')
  await open(ana, elza)
  await ana.locator('[data-opens-panel]').click()
  await ana.getByRole('tab', { name: 'Dados' }).click()
  await ana.getByRole('link', { name: 'Exportar dados desta pessoa' }).click()
  await ana.getByRole('button', { name: 'Criar link' }).click()
  const link = await ana.getByRole('textbox', { name: 'Link do arquivo' }).inputValue()

  const stranger = await prosa.visitor({ acceptDownloads: true, viewport: { width: 360, height: 740 } })
  prosa.expectComplaints(stranger, /status of 410/)
  await stranger.goto(link)
  expect(await accessibilityProblems(stranger)).toEqual([])
  const take = stranger.getByRole('button', { name: 'Baixar o arquivo' })
  const [file] = await Promise.all([stranger.waitForEvent('download'), take.click()])
  expect(file.suggestedFilename()).toBe('prosa-data.zip')
  expect(await file.failure()).toBeNull()
  await stranger.goto(link)
  await stranger.getByRole('heading', { name: 'Este link não vale mais' }).waitFor()
})

const linesWith = async (page: WatchedPage, word: string) =>
  (await page.content())
    .split(/(?=<)/)
    .filter((tag) => tag.includes(word))
    .map((tag) => tag.slice(0, 200))
