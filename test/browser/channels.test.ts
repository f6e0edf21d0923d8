/** What each channel can do, from the customer's phone to the agent's screen and back to the tick. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createClient } from '@libsql/client'
import type { Locator, Page } from 'playwright-core'
import { afterEach, expect, it } from 'vitest'
import { DEMO_APP_ID, DEMO_SECRETS } from '../../scripts/demo.ts'
import { answer, bubbleOf, eventually, listening, open, reaches, stage } from './stage.ts'

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
  const ana = await prosa.page('ana')
  const mara = await prosa.customerOf('demo-fb', 'Mara Página', 'Vi vocês no Facebook')
  await mara.remembers(4)
  await open(ana, mara)
  await ana.getByRole('button', { name: 'Três pontos: mais ações' }).click()
  await ana.getByRole('button', { name: 'Sincronizar Mensagens' }).click()
  await ana.locator('.toast', { hasText: '4 mensagens recuperadas' }).waitFor()
  await bubbleOf(ana, 'Pergunta antiga 1').waitFor()
  expect(await ana.locator('article .bubble-text').last().textContent()).toBe('Vi vocês no Facebook')
  await mara.says('video')
  await inState(ana, incoming(ana, ana.locator('video')), 'received')

  await ana.locator('#composer-text').fill('Esta é a nossa loja')
  await send(ana, 'photo.jpg', 'image/jpeg')
  const photo = outgoing(ana, ana.locator('.media--image img'))
  await inState(ana, photo, 'delivered')
  await reaches(ana, 'Esta é a nossa loja', 'delivered')
  await mara.reads()
  await inState(ana, photo, 'read')
  await reaches(ana, 'Esta é a nossa loja', 'read')

  const received = (await mara.received()).slice(-2)
  expect(received.map(({ kind }) => kind)).toEqual(['image', 'text'])
  await mara.reacts(received[1]?.id ?? '', '😍')
  await reactionOn(ana, 'Esta é a nossa loja', 'customer', '😍').waitFor()

  await comesBackAfter(ana, mara, 25)
  await ana.locator('.composer--shut', { hasText: 'Só o cliente pode retomar' }).waitFor()
  expect(await ana.getByRole('link', { name: 'Escolher um modelo' }).count()).toBe(0)
  await mara.writes('Ainda estão aí?')
  await answer(ana, 'Estamos!')
  await reaches(ana, 'Estamos!', 'delivered')
})

it('Instagram: a story is answered, a photo leaves, each is read by itself, and a refusal tells why', async () => {
  const ana = await prosa.page('ana')
  const nina = await prosa.customerOf('demo-ig', 'Nina Stories', 'Amei o perfil')
  await open(ana, nina)
  await nina.says('story_reply', { text: 'Que cor linda' })
  await bubbleOf(ana, 'Que cor linda').getByText('Respondeu ao story de vocês').waitFor()

  await send(ana, 'photo.jpg', 'image/jpeg')
  const photo = outgoing(ana, ana.locator('.media--image img'))
  await inState(ana, photo, 'sent')
  await answer(ana, 'É o azul da coleção nova')
  await reaches(ana, 'É o azul da coleção nova', 'sent')
  // Instagram does not tell that it delivered: the phone knows.
  await eventually(async () => (await nina.received()).map(({ state }) => state)).toEqual(['delivered', 'delivered'])
  await nina.reads()
  await inState(ana, photo, 'read')
  await reaches(ana, 'É o azul da coleção nova', 'read')

  await react(ana, 'Que cor linda', '❤️')
  const received = await nina.received()
  await nina.reacts(received.at(-1)?.id ?? '', '❤️')
  await reactionOn(ana, 'É o azul da coleção nova', 'customer', '❤️').waitFor()

  await nina.lastWrote(25)
  await answer(ana, 'Chegou mais uma cor')
  await reaches(ana, 'Chegou mais uma cor', 'failed')
  await bubbleOf(ana, 'Chegou mais uma cor').getByText('passou o prazo que o Instagram dá para responder').waitFor()
})

it('a number is connected: what to tell the provider, the check, the first message and an answer to try it', async () => {
  const ana = await prosa.page('ana', { at: '/settings/inboxes' })
  await ana.getByRole('link', { name: 'Conectar um número' }).click()
  await ana
    .getByRole('link', { name: /WhatsApp/ })
    .filter({ hasText: 'API oficial' })
    .click()
  await ana.getByLabel('Nome do número no Prosa').fill('Loja do centro')
  await ana.getByLabel('ID do número de telefone').fill('100000000000077')
  await ana.getByLabel('ID da conta do WhatsApp Business').fill('100000000000177')
  await ana.getByLabel('Token de acesso').fill(DEMO_SECRETS.accessToken)
  await ana.getByLabel('Chave secreta do app').fill(DEMO_SECRETS.appSecret)
  await ana.getByLabel('ID do app').fill(DEMO_APP_ID)
  await ana.getByRole('button', { name: 'Conectar', exact: true }).click()

  await ana.getByRole('heading', { name: 'Conexão de Loja do centro' }).waitFor()
  const address = await ana.getByLabel('Endereço do webhook', { exact: true }).inputValue()
  expect(address.startsWith(`${prosa.url}/webhooks/whatsapp/`)).toBe(true)
  const key = address.split('/').at(-1) ?? ''
  await prosa.simulator.newAccount({
    ...{ key, channel: 'whatsapp', accountId: '100000000000077', businessAccountId: '100000000000177' },
    ...{ name: 'Loja do centro', address: '+55 11 90000-0077' },
  })

  await ana.getByRole('button', { name: 'Verificar agora' }).click()
  await ana.locator('[data-check="token"][data-ok="true"]').waitFor()
  expect(await ana.locator('[data-check][data-ok="false"]').allInnerTexts()).toEqual([])

  await ana.getByText('Escreva de outro celular para este número').waitFor()
  const gil = await prosa.customerOf(key, 'Gil Primeiro', 'Este número é de vocês?')
  await ana.getByText('Última mensagem recebida: de Gil Primeiro').waitFor()
  await ana.getByRole('button', { name: 'Responder com uma mensagem de teste' }).click()
  await ana.locator('#thread-title', { hasText: 'Gil Primeiro' }).waitFor()
  await listening(ana)
  const test = 'Mensagem de teste: esta conversa já chega à nossa equipe.'
  await reaches(ana, test, 'delivered')
  await gil.reads()
  await reaches(ana, test, 'read')
  await eventually(async () => (await gil.received()).map(({ text }) => text)).toEqual([test])
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
  await bubbleOf(ana, 'Verde').first().waitFor()

  await comesBackAfter(ana, teo, 50)
  await teo.lastWrote(50)
  await answer(ana, 'O verde chegou hoje')
  await reaches(ana, 'O verde chegou hoje', 'delivered')
})
