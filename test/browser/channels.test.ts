/** What each channel can do, from the customer's phone to the agent's screen and back to the tick. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createClient } from '@libsql/client'
import type { Locator, Page } from 'playwright-core'
import { afterEach, expect, it } from 'vitest'
import { DEMO_APP_ID } from '../../scripts/demo.ts'
import { answer, bubbleOf, eventually, listening, open, reaches, rowOf, stage } from './stage.ts'

const prosa = stage()
const ASSETS = join(import.meta.dirname, '..', '..', 'simulator', 'assets')

afterEach(() => prosa.simulator.calm())

const incoming = (page: Page, having: Locator) => page.locator('article[data-direction="incoming"]', { has: having })
const outgoing = (page: Page, having: Locator) => page.locator('article[data-direction="outgoing"]', { has: having })
const inState = (page: Page, bubble: Locator, state: string) =>
  bubble.and(page.locator(`[data-state="${state}"]`)).waitFor()
const reactionOn = (page: Page, text: string, side: 'customer' | 'team', emoji: string) =>
  bubbleOf(page, text).locator(`.reaction[data-side="${side}"]`, { hasText: emoji })

/** Chosen, uploaded, and sent with whatever the composer holds. */
async function send(page: Page, file: string, mimeType: string) {
  const buffer = await readFile(join(ASSETS, file))
  await page.locator('#attach-input').setInputFiles([{ name: file, mimeType, buffer }])
  await page.locator('.chosen-file[data-upload]', { hasText: file }).waitFor()
  await page.getByRole('button', { name: 'Enviar', exact: true }).click()
}

async function react(page: Page, text: string, emoji: string) {
  await bubbleOf(page, text).hover()
  await bubbleOf(page, text).getByRole('button', { name: 'Reagir a esta mensagem' }).click()
  await page.locator('#reaction-picker').getByRole('button', { name: emoji }).click()
  await reactionOn(page, text, 'team', emoji).waitFor()
}

/** Everything that the page has is compared with what there is, and what there was. */
async function synchronize(page: Page) {
  const answered = page.evaluate('nextAnswer(/sync$/)')
  await page.getByRole('button', { name: 'Três pontos: mais ações' }).click()
  await page.getByRole('button', { name: 'Sincronizar Mensagens' }).click()
  await answered
}

/** As if they had written so many hours earlier than they did, and an agent came only now. */
async function comesBackAfter(page: Page, { name }: { name: string }, hours: number) {
  const database = createClient({ url: prosa.prosa.databaseUrl })
  await database.execute({
    sql: `UPDATE conversations SET last_incoming_at = last_incoming_at - ?
      WHERE contact_id IN (SELECT id FROM contacts WHERE profile_name = ?)`,
    args: [hours * 3_600_000, name],
  })
  database.close()
  await page.reload()
  await listening(page)
}

/** What day it is in the shop at each of these, in order: hours between messages may hold a midnight. */
const daysOf = (page: Page, among: string) =>
  page.locator(`.messages ${among} time`).evaluateAll((times) =>
    times.map((time) => {
      const said = time.getAttribute('datetime') ?? ''
      return said.length > 10 ? new Date(said).toLocaleDateString('sv', { timeZone: 'America/Sao_Paulo' }) : said
    }),
  )

it('WhatsApp: what stands on the phone comes, dated and silent, and what is typed there', async () => {
  const bruno = await prosa.page('bruno')
  const rui = await prosa.customer('Rui Convive', 'Voltei!')
  await open(bruno, rui)
  await rowOf(bruno, rui).and(bruno.locator('[data-unread="0"]')).waitFor()
  await rui.remembers(4)
  await prosa.simulator.tells('demo-wa-1', 'history')
  await eventually(async () => {
    const closed = await bruno.context().request.get(`${prosa.url}/conversations?view=closed`)
    return (await closed.text()).includes(rui.name)
  }).toBe(true)
  expect(await bubbleOf(bruno, 'Pergunta antiga 1').count()).toBe(0)

  await synchronize(bruno)
  await bruno.locator('.toast', { hasText: '4 mensagens recuperadas' }).waitFor()
  const said = () => bruno.locator('article .bubble-text').allTextContents()
  await eventually(said).toEqual(['Pergunta antiga 1', 'Resposta antiga 1', 'Resposta antiga 2', 'Voltei!'])
  await bruno.getByText('Mídia do histórico').waitFor()
  await prosa.simulator.tells('demo-wa-1', 'history_media')
  await eventually(async () => {
    await synchronize(bruno)
    return bruno.locator('article[data-direction="incoming"] .media--image img').count()
  }).toBe(1)
  expect(await daysOf(bruno, '.day')).toEqual([...new Set(await daysOf(bruno, 'article'))])
  expect(await rowOf(bruno, rui).getAttribute('data-unread')).toBe('0')

  await rui.isAnsweredElsewhere('text', 'Respondi pelo celular')
  await bubbleOf(bruno, 'Respondi pelo celular').waitFor()
  await rui.isAnsweredElsewhere('edit', 'Respondi do celular')
  await bubbleOf(bruno, 'Respondi do celular').getByText('editada às').waitFor()
})

it('WhatsApp: a photo comes, a document leaves with its words, and a template after 24 hours', async () => {
  const ana = await prosa.page('ana')
  const davi = await prosa.customer('Davi Zap', 'Vocês têm este vaso?')
  await open(ana, davi)
  await davi.says('image')
  await inState(ana, incoming(ana, ana.locator('.media--image img')), 'received')

  await ana.locator('#composer-text').fill('O *orçamento* que pediu')
  await send(ana, 'document.pdf', 'application/pdf')
  const offer = outgoing(ana, ana.locator('strong', { hasText: 'orçamento' }))
  await inState(ana, offer, 'delivered')
  await offer.getByText('document.pdf').waitFor()
  await davi.reads()
  await inState(ana, offer, 'read')

  const [received] = await davi.received()
  expect(received).toMatchObject({ kind: 'document', text: 'O *orçamento* que pediu' })
  await davi.reacts(received?.id ?? '', '🙏')
  await offer.locator('.reaction[data-side="customer"]', { hasText: '🙏' }).waitFor()
  await react(ana, 'Vocês têm este vaso?', '👍')

  await comesBackAfter(ana, davi, 25)
  await davi.lastWrote(25)
  await ana.locator('.composer--shut', { hasText: 'A janela de 24 h fechou' }).waitFor()
  await ana.getByRole('link', { name: 'Escolher um modelo' }).click()
  await ana
    .getByRole('dialog')
    .getByRole('link', { name: /pedido_pronto/ })
    .click()
  await ana.getByLabel('Campo 1').fill('Davi')
  await ana.getByLabel('Campo 2').fill('1042')
  await ana.getByRole('dialog').getByRole('button', { name: 'Enviar', exact: true }).click()
  const template = outgoing(ana, ana.getByText('Olá, Davi! O pedido 1042 está pronto'))
  await inState(ana, template, 'delivered')
  await davi.reads()
  await inState(ana, template, 'read')
})

it('Messenger: the past comes, a video comes, a photo leaves before its words, and after 24 hours only the customer may write', async () => {
  const diego = await prosa.page('diego')
  const mara = await prosa.customerOf('demo-fb', 'Mara Página', 'Vi vocês no Facebook')
  await mara.remembers(4)
  await open(diego, mara)
  await synchronize(diego)
  await diego.locator('.toast', { hasText: '4 mensagens recuperadas' }).waitFor()
  await bubbleOf(diego, 'Pergunta antiga 1').waitFor()
  expect(await diego.locator('article .bubble-text').last().textContent()).toBe('Vi vocês no Facebook')
  await mara.says('video')
  await inState(diego, incoming(diego, diego.locator('video')), 'received')

  await diego.locator('#composer-text').fill('Esta é a nossa loja')
  await send(diego, 'photo.jpg', 'image/jpeg')
  const photo = outgoing(diego, diego.locator('.media--image img'))
  await inState(diego, photo, 'delivered')
  await reaches(diego, 'Esta é a nossa loja', 'delivered')
  await mara.reads()
  await inState(diego, photo, 'read')
  await reaches(diego, 'Esta é a nossa loja', 'read')

  const received = (await mara.received()).slice(-2)
  expect(received.map(({ kind }) => kind)).toEqual(['image', 'text'])
  await mara.reacts(received[1]?.id ?? '', '😍')
  await reactionOn(diego, 'Esta é a nossa loja', 'customer', '😍').waitFor()

  await comesBackAfter(diego, mara, 25)
  await diego.locator('.composer--shut', { hasText: 'Só o cliente pode retomar' }).waitFor()
  expect(await diego.getByRole('link', { name: 'Escolher um modelo' }).count()).toBe(0)
  await mara.writes('Ainda estão aí?')
  await answer(diego, 'Estamos!')
  await reaches(diego, 'Estamos!', 'delivered')
})

it('Instagram: a story is answered, a photo leaves, each is read by itself, and a refusal tells why', async () => {
  const diego = await prosa.page('diego')
  const nina = await prosa.customerOf('demo-ig', 'Nina Stories', 'Amei o perfil')
  await open(diego, nina)
  await nina.says('story_reply', { text: 'Que cor linda' })
  await bubbleOf(diego, 'Que cor linda').getByText('Respondeu ao story de vocês').waitFor()

  await send(diego, 'photo.jpg', 'image/jpeg')
  const photo = outgoing(diego, diego.locator('.media--image img'))
  await inState(diego, photo, 'sent')
  await answer(diego, 'É o azul da coleção nova')
  await reaches(diego, 'É o azul da coleção nova', 'sent')
  // Instagram does not tell that it delivered: the phone knows.
  await eventually(async () => (await nina.received()).map(({ state }) => state)).toEqual(['delivered', 'delivered'])
  await nina.reads()
  await inState(diego, photo, 'read')
  await reaches(diego, 'É o azul da coleção nova', 'read')

  await react(diego, 'Que cor linda', '❤️')
  const received = await nina.received()
  await nina.reacts(received.at(-1)?.id ?? '', '❤️')
  await reactionOn(diego, 'É o azul da coleção nova', 'customer', '❤️').waitFor()

  await nina.lastWrote(25)
  await answer(diego, 'Chegou mais uma cor')
  await reaches(diego, 'Chegou mais uma cor', 'failed')
  await bubbleOf(diego, 'Chegou mais uma cor').getByText('passou o prazo que o Instagram dá para responder').waitFor()
})

it('Messenger: answers to choose from are pressed, and with the permission a person answers on the third day', async () => {
  const ana = await prosa.page('ana', { at: '/settings/inboxes' })
  await ana.locator('#main').getByRole('link', { name: 'Messenger', exact: true }).click()
  await ana.getByRole('link', { name: 'Conexão e saúde' }).click()
  await ana.getByText('Credenciais e ajustes da conexão').click()
  await ana.getByLabel('O app tem a permissão “human_agent”').check()
  await ana.getByLabel('ID do app').fill(DEMO_APP_ID)
  await ana.getByRole('button', { name: 'Salvar e reconectar' }).click()
  await ana.locator('.credentials:not([open])').waitFor()

  const teo = await prosa.customerOf('demo-fb', 'Téo Terceiro', 'Qual cor combina?')
  await ana.goto(`${prosa.url}/conversations?view=all`)
  await open(ana, teo)
  await ana.getByRole('button', { name: 'Mais formas de responder' }).click()
  await ana.locator('#compose-menu').getByRole('link', { name: 'Botões', exact: true }).click()
  await ana.getByRole('dialog').getByLabel('Texto').fill('Escolha uma')
  await ana.getByRole('dialog').getByLabel('Botão 1 (').fill('Verde')
  await ana.getByRole('dialog').getByRole('button', { name: 'Enviar', exact: true }).click()
  await reaches(ana, 'Escolha uma', 'delivered')
  const [offered] = await teo.received()
  await teo.presses(offered?.id ?? '', 'b1')
  await incoming(ana, ana.locator('.bubble-text', { hasText: 'Verde' })).waitFor()

  await comesBackAfter(ana, teo, 50)
  await teo.lastWrote(50)
  await answer(ana, 'O verde chegou hoje')
  await reaches(ana, 'O verde chegou hoje', 'delivered')
})
