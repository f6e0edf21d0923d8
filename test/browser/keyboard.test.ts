/** The flows of the chat area without a mouse: keys, Tab and what has the focus. Tags and names have theirs beside them. */
import { expect, it } from 'vitest'
import type { WatchedPage } from '../support/page.ts'
import { storedIn } from '../support/stored.ts'
import { bubbleOf, eventually, held, open, rowOf, stage } from './stage.ts'

const prosa = stage()

const MOST_STOPS = 80

/** From stop to stop until the one of this name has the focus; whoever gets lost on the way is told where. */
async function tabTo(page: WatchedPage, name: string | RegExp): Promise<void> {
  const passed: string[] = []
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    const here = await page.evaluate<string>('nameOfFocused()')
    if (typeof name === 'string' ? here === name : name.test(here)) return
    passed.push(here)
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab never came to ${name}: ${passed.join(' | ')}`)
}

async function activate(page: WatchedPage, name: string | RegExp): Promise<void> {
  await tabTo(page, name)
  await page.keyboard.press('Enter')
}

const dialog = (page: WatchedPage) => page.locator('#dialog-frame')
const heading = (page: WatchedPage, name: string) => dialog(page).getByRole('heading', { name }).waitFor()
const head = (page: WatchedPage) => page.locator('.thread-head')

/** A person of one's own in the open thread, once nothing more changes by itself. */
async function reading(page: WatchedPage, name: string) {
  const customer = await prosa.customer(name)
  await open(page, customer)
  await rowOf(page, customer).and(page.locator('[data-unread="0"]')).waitFor()
  return customer
}

/** As if nobody had ever asked the provider for them. */
async function forgetTemplates() {
  const stored = storedIn(prosa.prosa.databaseUrl)
  await stored.client.execute('DELETE FROM templates')
  stored.close()
}

it('Novo Contato and Nova Conversa, by keyboard alone', async () => {
  const ana = await prosa.page('ana')
  const { keyboard } = ana
  await keyboard.press('c')
  await heading(ana, 'Nova Conversa')
  await activate(ana, 'Novo Contato')
  await heading(ana, 'Novo Contato')
  await tabTo(ana, 'DDD e Número')
  await keyboard.type('11991234571')
  await tabTo(ana, 'Nome')
  await keyboard.type('Tecla Nova')
  await activate(ana, 'Adicionar')
  await dialog(ana).getByRole('button', { name: 'Iniciar conversa' }).waitFor()
  await tabTo(ana, 'Selecione um departamento')
  await keyboard.type('Sup')
  await forgetTemplates()
  const templates = await held(ana, /\/templates\/refresh/)
  await activate(ana, 'Iniciar conversa')
  await ana.locator('#thread-title', { hasText: 'Tecla Nova' }).waitFor()
  await head(ana).getByText('Suporte').waitFor()
  // Nobody wrote here in the last 24 hours: what may be sent is offered at once, and asked for by itself.
  await heading(ana, 'Enviar um modelo')
  await templates.asked
  await keyboard.press('Escape')
  await eventually(() => dialog(ana).isVisible()).toBe(false)
  await templates.letGo()
  expect(await dialog(ana).isVisible()).toBe(false)
  const first = ana.url()

  await keyboard.press('c')
  await heading(ana, 'Nova Conversa')
  await tabTo(ana, 'Buscar um contato')
  await keyboard.type('tecla nova')
  await eventually(() => dialog(ana).locator('[data-contact-id]').count()).toBe(1)
  await activate(ana, /Tecla Nova/)
  await dialog(ana).getByRole('button', { name: 'Iniciar conversa' }).waitFor()
  await activate(ana, 'Iniciar conversa')
  await eventually(() => dialog(ana).isVisible()).toBe(false)
  expect(ana.url()).toBe(first)
})

it('what a dialog asked for before it was dismissed does not take the place of another', async () => {
  const ana = await prosa.page('ana')
  const { keyboard } = ana
  const link = await held(ana, /\/contacts\/new/)
  await keyboard.press('c')
  await heading(ana, 'Nova Conversa')
  await activate(ana, 'Novo Contato')
  await link.asked
  await keyboard.press('Escape')
  await eventually(() => dialog(ana).isVisible()).toBe(false)
  await keyboard.press('c')
  await heading(ana, 'Nova Conversa')
  await link.letGo()
  await heading(ana, 'Nova Conversa')
})

it('Aceitar, Encerrar Atendimento and back again, by keyboard alone', async () => {
  const ana = await prosa.page('ana', { at: '/conversations?view=all' })
  const { keyboard } = ana
  await reading(ana, 'Encerra Tecla')
  await keyboard.press('i')
  await head(ana).getByText('Em atendimento por Ana Lima').waitFor()

  await keyboard.press('.')
  await activate(ana, 'Encerrar Atendimento')
  await heading(ana, 'Encerrar Atendimento')
  await tabTo(ana, /^Mensagem de despedida/)
  await keyboard.type('Até logo!')
  await activate(ana, 'Encerrar')
  await bubbleOf(ana, 'Até logo!').waitFor()
  await head(ana).getByText('Encerrado').waitFor()
  await eventually(() => dialog(ana).isVisible()).toBe(false)

  await keyboard.press('.')
  await activate(ana, 'Reabrir atendimento')
  await head(ana).getByText('Em atendimento por Ana Lima').waitFor()
})

it('Transferir Atendimento and Sincronizar Mensagens, by keyboard alone', async () => {
  const [ana, carla] = [await prosa.page('ana'), await prosa.page('carla')]
  const { keyboard } = ana
  await reading(ana, 'Transfere Tecla')
  await keyboard.press('Shift+R')
  await ana.locator('.toast', { hasText: 'Tudo em dia' }).waitFor()

  await keyboard.press('t')
  await heading(ana, 'Transferir Atendimento')
  await tabTo(ana, 'Selecione um departamento')
  await keyboard.type('Fin')
  await tabTo(ana, 'Selecione um atendente')
  await keyboard.type('Carla')
  await tabTo(ana, /^Nota para quem vai atender/)
  await keyboard.type('Só teclado')
  await activate(ana, 'Transferir')
  await carla.locator('.toast', { hasText: 'transferiu Transfere Tecla para você' }).waitFor()
  await activate(carla, 'Abrir')
  await carla.locator('.event', { hasText: 'Nota: Só teclado' }).waitFor()
})

it('the panel takes the focus once it is there, whatever is drawn anew while it is asked for', async () => {
  const ana = await prosa.page('ana')
  const customer = await reading(ana, 'Apressa Tecla')
  const panel = await held(ana, /\/contacts\/[^/]+\/panel/)
  await ana.keyboard.press('d')
  await panel.asked
  await customer.writes('Ainda está aí?')
  await bubbleOf(ana, 'Ainda está aí?').waitFor()
  await panel.letGo()
  await ana.locator('#contact-panel-title:focus').waitFor()
})

it('Comentários: written for here alone, highlighted, edited and deleted, by keyboard alone', async () => {
  const ana = await prosa.page('ana')
  const { keyboard } = ana
  await reading(ana, 'Comenta Tecla')
  await keyboard.press('d')
  await ana.locator('#contact-panel-title:focus').waitFor()
  await tabTo(ana, 'Comentário')
  await keyboard.type('Prefere teclado')
  await tabTo(ana, 'Exibir apenas nesta conversa')
  await keyboard.press('Space')
  await activate(ana, 'Adicionar Comentário')
  const comment = (text: string) => ana.locator('#comments .comment', { hasText: text })
  await comment('Prefere teclado').getByText('Visível só nesta conversa').waitFor()
  const menu = /^Opções do comentário/

  await activate(ana, menu)
  await activate(ana, 'Destacar')
  await ana.locator('.strip', { hasText: 'Prefere teclado' }).waitFor()

  await activate(ana, menu)
  await activate(ana, 'Editar')
  await ana.locator('#comment-edit-text:focus').waitFor()
  await keyboard.press('ControlOrMeta+a')
  await keyboard.type('Só usa teclado')
  await activate(ana, 'Salvar')
  await comment('Só usa teclado').getByText('editado').waitFor()
  await eventually(() => dialog(ana).isVisible()).toBe(false)

  await activate(ana, menu)
  await activate(ana, 'Excluir')
  await ana.locator('#confirm').getByRole('button', { name: 'Excluir' }).waitFor()
  await activate(ana, 'Excluir')
  await comment('Só usa teclado').waitFor({ state: 'detached' })
})

it('Grupos: made, joined and left, by keyboard alone', async () => {
  const ana = await prosa.page('ana', { at: '/groups' })
  const { keyboard } = ana
  await activate(ana, 'Novo grupo')
  await ana.getByLabel('Nome do grupo').waitFor()
  await tabTo(ana, 'Nome do grupo')
  await keyboard.type('Zeladoria')
  await activate(ana, 'Criar grupo')
  await ana.locator('#groups', { hasText: 'Zeladoria' }).waitFor()

  await ana.goto(`${prosa.url}/conversations`)
  await reading(ana, 'Agrupa Tecla')
  await keyboard.press('d')
  await ana.locator('#contact-panel-title:focus').waitFor()
  await tabTo(ana, 'Comentários')
  await keyboard.press('ArrowRight')
  await activate(ana, 'Grupos')
  await ana.locator('#group-select').waitFor()
  await tabTo(ana, 'Selecionar Grupo')
  await keyboard.type('Zela')
  await activate(ana, 'Adicionar ao grupo')
  const chip = ana.locator('.group-chip', { hasText: 'Zeladoria' })
  await chip.waitFor()
  await activate(ana, 'Remover do grupo Zeladoria')
  await chip.waitFor({ state: 'detached' })
})
