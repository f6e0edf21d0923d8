/** What a person sees of each payload that Telegram is known to send. */
import { expect, test } from 'vitest'
import { telegram } from '../channels/telegram/telegram.ts'
import { inOrder, payloadsOf, rowsIn, type Shown, shownOf } from './test-fixtures.tsx'

const WAITS = 'Buscando o arquivo...'

const SHOWN: Shown = {
  animation: [['bubble'], 'Vídeo', 'ola.mp4', WAITS],
  audio: [['bubble'], 'Áudio', 'jingle.mp3', WAITS],
  callback_query: [['bubble'], 'A pergunta', 'Opção escolhida', 'Sim'],
  channel_post: [[]],
  contact_shared: [['bubble'], 'Contato', 'Joana Exemplo', '+55 11 99999-0021'],
  document: [['bubble'], 'Documento', 'orçamento 2026.pdf', WAITS, 'segue'],
  edited_message: [['bubble'], 'texto corrigido', 'editada às 12:00'],
  forwarded_user: [['bubble'], 'Encaminhada', 'encaminhada'],
  group_new_members: [[]],
  group_text: [['bubble'], 'Joana Exemplo', 'oi pessoal'],
  location: [['bubble'], 'Localização', '-23.56141, -46.65588'],
  media_group_1: [['bubble'], 'Imagem', WAITS, 'álbum'],
  media_group_2: [['bubble'], 'Imagem', WAITS],
  message_reaction: [['bubble'], 'Cliente reagiu com 👍'],
  my_chat_member_blocked: [['line'], 'O cliente bloqueou este bot'],
  photo_caption: [['bubble'], 'Imagem', WAITS, 'nota fiscal'],
  poll: [[]],
  reply: [['bubble'], 'A pergunta', 'essa aqui'],
  reply_quote: [['bubble'], '3 dias', 'sobre isto'],
  start_deeplink: [['bubble'], 'Veio por um link', 'campanha_42', '/start campanha_42'],
  sticker: [['bubble'], 'Figurinha', WAITS],
  sticker_animated: [['bubble'], 'Figurinha', WAITS, '🎉'],
  text: [['bubble'], 'Cliente', 'Olá, tudo bem?'],
  text_entities: [['bubble'], 'Veja https://exemplo.test e isto'],
  venue: [['bubble'], 'Loja Centro', 'Av. Exemplo, 1000'],
  video: [['bubble'], 'Vídeo', 'IMG_2170.MOV', WAITS],
  video_note: [['bubble'], 'Vídeo', WAITS],
  video_too_big: [['bubble'], 'Vídeo', 'Mídia indisponível', 'grande demais (80 MB) e o Telegram não o entrega'],
  voice: [['bubble'], 'Mensagem de voz', WAITS],
}

test('every payload has its line in the table, and every line its payload', () => {
  expect(payloadsOf(telegram).toSorted()).toEqual(Object.keys(SHOWN).toSorted())
})

test.each(Object.entries(SHOWN))('%s', async (payload, [rows, ...words]) => {
  const { words: read, html } = await shownOf(telegram, payload)
  expect(rowsIn(html)).toEqual(rows)
  expect(read).toMatch(inOrder(words))
  expect(html).not.toMatch(/ style=|<img|undefined|\[object/)
})

test('what was told beside the words is seen in them', async () => {
  const { html } = await shownOf(telegram, 'text_entities')
  expect(html).toContain('<strong>isto</strong>')
  expect(html).toContain('<a href="https://exemplo.test"')
})
