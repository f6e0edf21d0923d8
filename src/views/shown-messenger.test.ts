/** What a person sees of each payload that Messenger is known to send. */
import { expect, test } from 'vitest'
import { messenger } from '../channels/messenger/messenger.ts'
import { inOrder, payloadsOf, rowsIn, type Shown, shownOf } from './test-fixtures.tsx'

const WAITS = 'Buscando o arquivo...'

const SHOWN: Shown = {
  ads_referral_message: [['bubble'], 'Veio do anúncio', 'Anúncio exemplo', 'Vi o anúncio'],
  appointment: [['bubble'], 'Mensagem não suportada (tipo appointment_booking)'],
  attachment_audio: [['bubble'], 'Áudio', WAITS],
  attachment_file: [['bubble'], 'Documento', 'contrato.pdf', WAITS],
  attachment_image: [['bubble'], 'Imagem', WAITS],
  attachment_video: [['bubble'], 'Vídeo', WAITS],
  batch_two_pages: [['bubble', 'bubble'], 'página 1', 'página 2'],
  delivery: [['bubble'], 'entregue'],
  delivery_watermark_only: [['bubble'], 'entregue'],
  echo_our_app: [['bubble'], 'Entregamos sim!', 'Equipe', 'enviada'],
  echo_page_inbox: [['bubble'], 'Respondido pelo Business Suite', 'Equipe', 'enviada'],
  echo_template: [['bubble'], 'Modelo', 'Equipe'],
  edit: [['bubble'], 'Olá, vocês entregam amanhã?', 'editada às 12:00'],
  fallback_link: [['bubble'], 'Link', 'Vídeo exemplo', 'youtu.be', 'Quero isto: https://youtu.be/exemplo'],
  feed_change: [[]],
  optin_notification: [[]],
  pass_thread_control: [[]],
  policy_enforcement: [[]],
  post_share: [['bubble'], 'Publicação', 'Promoção', 'www.facebook.com'],
  postback: [['bubble'], 'Opção escolhida', 'Falar com atendente'],
  postback_get_started: [['bubble'], 'Veio por um link', 'camp-7', 'Opção escolhida', 'Começar'],
  quick_reply: [['bubble'], 'Opção escolhida', 'Vermelho'],
  reaction: [['bubble'], 'Cliente reagiu com ❤️'],
  read: [['bubble'], 'lida'],
  referral: [['line'], 'O cliente abriu a conversa por um link', 'camp-8'],
  reply_to: [['bubble'], 'A pergunta', 'essa mesmo'],
  shop_product_message: [['bubble'], 'Pergunta sobre um produto', '556677', 'Ainda tem?'],
  standby: [['bubble'], 'Outro aplicativo está com esta conversa', 'estou com outro app'],
  sticker: [['bubble'], 'Figurinha', WAITS],
  sticker_transition: [['bubble'], 'Figurinha', WAITS],
  text: [['bubble'], 'Cliente', 'Olá, vocês entregam hoje?'],
  two_images: [['bubble'], 'Imagem', WAITS, 'Imagem', WAITS],
  unreaction: [['bubble'], 'Mensagem 1'],
}

test('every payload has its line in the table, and every line its payload', () => {
  expect(payloadsOf(messenger).toSorted()).toEqual(Object.keys(SHOWN).toSorted())
})

test.each(Object.entries(SHOWN))('%s', async (payload, [rows, ...words]) => {
  const { words: read, html } = await shownOf(messenger, payload)
  expect(rowsIn(html)).toEqual(rows)
  expect(read).toMatch(inOrder(words))
  expect(html).not.toMatch(/ style=|<img|undefined|\[object/)
})
