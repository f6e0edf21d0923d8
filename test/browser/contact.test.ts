import { expect, it } from 'vitest'
import { accessibilityProblems, type WatchedPage } from '../support/page.ts'
import { bubbleOf, eventually, open, rowOf, stage } from './stage.ts'

const prosa = stage()

const openPanel = async (page: WatchedPage) => {
  await page.locator('[data-opens-panel]').click()
  await page.locator('#contact-panel .tabs').waitFor()
}

const commentIn = (page: WatchedPage, text: string) => page.locator('#comments .comment', { hasText: text })

async function addComment(page: WatchedPage, text: string, { onlyHere = false } = {}) {
  const only = page.getByRole('switch', { name: 'Exibir apenas nesta conversa' })
  if ((await only.isChecked()) !== onlyHere) await only.click()
  await page.getByLabel('Comentário', { exact: true }).fill(text)
  await page.getByRole('button', { name: 'Adicionar Comentário' }).click()
  await commentIn(page, text).waitFor()
}

async function chooseFor(page: WatchedPage, text: string, what: string) {
  await commentIn(page, text)
    .getByRole('button', { name: /^Opções do comentário/ })
    .click()
  await commentIn(page, text).getByText(what, { exact: true }).click()
}

it('what one agent comments, highlights, edits and deletes, the other sees without a reload', async () => {
  const [ana, bruno] = [await prosa.page('ana'), await prosa.page('bruno')]
  const lia = await prosa.customer('Lia Campos')
  for (const page of [ana, bruno]) {
    await open(page, lia)
    await openPanel(page)
  }
  await addComment(ana, 'Prefere boleto, @Bruno sabe')
  await commentIn(bruno, 'Prefere boleto').locator('mark', { hasText: '@Bruno' }).waitFor()
  expect(await ana.getByText('Visível em todas as conversas').isVisible()).toBe(true)
  await eventually(() => ana.getByLabel('Comentário', { exact: true }).inputValue()).toBe('')

  await addComment(ana, 'Troca combinada', { onlyHere: true })
  expect(await ana.locator('#comment-effect').innerText()).toBe('Visível só nesta conversa')
  await bruno.locator('.event--comment', { hasText: 'Troca combinada' }).waitFor()
  expect(await commentIn(bruno, 'Troca combinada').innerText()).toContain('Visível só nesta conversa')
  expect(await bruno.locator('#comments .comment').first().innerText()).toContain('Troca combinada')

  await chooseFor(ana, 'Prefere boleto', 'Destacar')
  // On both: a list that moves closes the menu that was opened in it.
  for (const page of [ana, bruno]) {
    await page.locator('.strip', { hasText: 'Prefere boleto' }).waitFor()
    await eventually(() => page.locator('#comments .comment').first().innerText()).toContain('Prefere boleto')
  }

  await chooseFor(ana, 'Troca combinada', 'Editar')
  await ana.locator('#comment-edit-text').fill('Troca feita')
  await ana.getByRole('button', { name: 'Salvar' }).click()
  await bruno.locator('.event--comment', { hasText: 'Troca feita' }).waitFor()
  for (const page of [ana, bruno]) await commentIn(page, 'Troca feita').getByText('editado').waitFor()

  await chooseFor(ana, 'Troca feita', 'Excluir')
  await ana.locator('#confirm').getByRole('button', { name: 'Excluir' }).click()
  for (const page of [ana, bruno]) await commentIn(page, 'Troca feita').waitFor({ state: 'detached' })
  await bruno.locator('.event--comment').waitFor({ state: 'detached' })

  await chooseFor(ana, 'Prefere boleto', 'Remover destaque')
  await eventually(() => bruno.locator('.strip').isVisible()).toBe(false)
  expect(await lia.received()).toEqual([])
})

it('a name is edited in its place, by keyboard, and stands everywhere at once', async () => {
  const [ana, bruno] = [await prosa.page('ana'), await prosa.page('bruno')]
  const nina = await prosa.customer('nina do perfil')
  for (const page of [ana, bruno]) {
    await open(page, nina)
    // What being read changes has arrived: nothing is drawn again under the keys that follow.
    await rowOf(page, nina).and(page.locator('[data-unread="0"]')).waitFor()
  }
  await ana.locator('[data-opens-panel]').focus()
  await ana.keyboard.press('Enter')
  await ana.locator('#contact-panel-title:focus').waitFor()
  await ana.keyboard.press('Tab')
  await ana.keyboard.press('Enter')
  await ana.locator('#contact-name-text:focus').waitFor()
  await ana.keyboard.press('Escape')
  await ana.locator('#contact-name-text').waitFor({ state: 'detached' })
  await ana.keyboard.press('Enter')
  await ana.locator('#contact-name-text:focus').waitFor()
  await ana.keyboard.type('Nina Prado')
  await ana.keyboard.press('Enter')
  await ana.locator('#contact-panel-title', { hasText: 'Nina Prado' }).waitFor()
  await rowOf(bruno, { name: 'Nina Prado' }).waitFor()
  await bruno.locator('#thread-title', { hasText: 'Nina Prado' }).waitFor()
  await nina.writes('ainda sou eu')
  await bubbleOf(bruno, 'ainda sou eu').waitFor()
  expect(await ana.locator('#contact-name').innerText()).toContain('No perfil: nina do perfil')
})

it('a group is created, joined from the panel, and narrows contacts and conversations', async () => {
  const ana = await prosa.page('ana')
  const rosa = await prosa.customer('Rosa Atacadista')
  await ana.goto(`${prosa.url}/groups`)
  await ana.getByRole('link', { name: 'Novo grupo' }).click()
  await ana.getByLabel('Nome do grupo').fill('Atacado do Sul')
  await ana.getByRole('button', { name: 'Criar grupo' }).click()
  await ana.locator('#groups', { hasText: 'Atacado do Sul' }).waitFor()

  await ana.goto(`${prosa.url}/conversations`)
  await open(ana, rosa)
  await openPanel(ana)
  await ana.getByRole('tab', { name: 'Grupos' }).click()
  await ana.getByLabel('Selecionar Grupo').selectOption({ label: 'Atacado do Sul' })
  await ana.getByRole('button', { name: 'Adicionar ao grupo' }).click()
  const chip = ana.locator('.group-chip', { hasText: 'Atacado do Sul' })
  await chip.getByRole('link').click()
  await ana.locator('.contact-row', { hasText: 'Rosa Atacadista' }).waitFor()
  expect(await ana.locator('.contact-row').count()).toBe(1)
})

it('contacts are found by name without accents and by number, merged, and taken apart again', async () => {
  const ana = await prosa.page('ana', { at: '/conversations' })
  // Whoever searches before they are stored finds nobody.
  for (const name of ['Zuleica Conceição', 'Zuleica Repetida']) await rowOf(ana, await prosa.customer(name)).waitFor()
  await ana.goto(`${prosa.url}/contacts`)
  await ana.getByLabel('Buscar por nome ou número').fill('zuleica conceicao')
  await eventually(() => ana.locator('.contact-row').count()).toBe(1)
  await ana.locator('.contact-row a', { hasText: 'Zuleica Conceição' }).click()
  await ana.getByRole('tab', { name: 'Dados' }).click()
  await ana.getByRole('link', { name: 'Mesclar com outro contato' }).click()
  await ana.getByLabel('Buscar o contato repetido').fill('repetida')
  await ana.getByRole('button', { name: 'Mesclar Zuleica Repetida' }).click()
  await ana
    .locator('#confirm')
    .getByRole('button', { name: /Mesclar/ })
    .click()
  await ana.getByText('Zuleica Repetida foi mesclado aqui').waitFor()
  expect(await ana.locator('.address').count()).toBe(2)
  await ana.getByRole('button', { name: 'Desfazer' }).click()
  await eventually(() => ana.locator('.address').count()).toBe(1)
})

it('panel and pages can be used by everyone, wide, narrow and on a phone', async () => {
  const ana = await prosa.page('ana')
  const iris = await prosa.customer('Iris Acessível')
  await open(ana, iris)
  await openPanel(ana)
  await addComment(ana, 'Olá, equipe')
  for (const [width, height] of [
    [1400, 850],
    [900, 800],
    [360, 740],
  ] as const) {
    await ana.setViewportSize({ width, height })
    await ana.locator('#contact-panel').waitFor()
    expect(await ana.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    expect(await accessibilityProblems(ana)).toEqual([])
  }
  await ana.locator('.panel-close').click()
  await ana.locator('#log').waitFor()
  for (const path of ['/contacts', '/groups']) {
    await ana.goto(`${prosa.url}${path}`)
    expect(await ana.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    expect(await accessibilityProblems(ana)).toEqual([])
  }
})

it('without script a comment is written, a name saved, and a group joined', async () => {
  const bia = await prosa.customer('Bia Sem Script')
  const ana = await prosa.page('ana')
  await rowOf(ana, bia).waitFor()
  const href = await rowOf(ana, bia).locator('.row-link').getAttribute('href')
  const plain = await prosa.page('ana', { javaScriptEnabled: false, at: `${href}?panel=contact&tab=comments` })
  await plain.getByLabel('Comentário', { exact: true }).fill('sem script')
  await plain.getByRole('button', { name: 'Adicionar Comentário' }).click()
  await plain.locator('.comment', { hasText: 'sem script' }).waitFor()
  await plain.getByRole('link', { name: 'Editar nome' }).click()
  await plain.getByLabel('Nome', { exact: true }).fill('Bia Plana')
  await plain.getByRole('button', { name: 'Salvar' }).click()
  await plain.locator('#contact-panel-title', { hasText: 'Bia Plana' }).waitFor()
})

it('without script, what is refused stays beside the thread, with what was typed and the reason', async () => {
  const gil = await prosa.customer('Gil Sem Script', 'Primeira palavra')
  const ana = await prosa.page('ana')
  await rowOf(ana, gil).waitFor()
  const href = await rowOf(ana, gil).locator('.row-link').getAttribute('href')
  const plain = await prosa.page('ana', { javaScriptEnabled: false, at: `${href}?panel=contact&tab=comments` })
  prosa.expectComplaints(plain, /status of 422/)
  const besideThread = async (reason: string) => {
    await plain.locator('#contact-panel .field-problem', { hasText: reason }).waitFor()
    await bubbleOf(plain, 'Primeira palavra').waitFor()
    await rowOf(plain, gil).waitFor()
  }
  const tooLong = 'a'.repeat(4_001)
  await plain.getByLabel('Exibir apenas nesta conversa').check()
  await plain.getByLabel('Comentário', { exact: true }).fill(tooLong)
  await plain.getByRole('button', { name: 'Adicionar Comentário' }).click()
  await besideThread('4000')
  expect(await plain.getByLabel('Comentário', { exact: true }).inputValue()).toBe(tooLong)
  expect(await plain.getByLabel('Exibir apenas nesta conversa').isChecked()).toBe(true)

  await plain.getByRole('link', { name: 'Editar nome' }).click()
  await bubbleOf(plain, 'Primeira palavra').waitFor()
  await plain.getByLabel('Nome', { exact: true }).fill('\u200b')
  await plain.getByRole('button', { name: 'Salvar' }).click()
  await besideThread('Escreva um nome')
  expect(await plain.getByLabel('Nome', { exact: true }).inputValue()).toBe('\u200b')

  await plain.getByRole('tab', { name: 'Grupos' }).click()
  await plain.getByRole('button', { name: 'Adicionar ao grupo' }).click()
  await besideThread('Escolha um grupo')
})

it.each([
  ['en', ['Comments', 'Groups', 'Details', 'History'], 'Add comment', 'Show only in this conversation'],
  ['es', ['Comentarios', 'Grupos', 'Datos', 'Historial'], 'Agregar comentario', 'Mostrar solo en esta conversación'],
] as const)('the panel speaks %s', async (locale, tabs, add, only) => {
  const page = await prosa.page('diego', { locale })
  await page.locator('.row-link').first().click()
  await openPanel(page)
  for (const name of tabs) await page.getByRole('tab', { name, exact: true }).waitFor()
  await page.getByRole('button', { name: add }).waitFor()
  await page.getByRole('switch', { name: only }).waitFor()
})
