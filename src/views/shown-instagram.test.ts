/** What a person sees of each payload that Instagram is known to send. */
import { expect, test } from 'vitest'
import { instagram } from '../channels/instagram/instagram.ts'
import { inOrder, payloadsOf, rowsIn, type Shown, shownOf } from './test-fixtures.tsx'

const WAITS = 'Buscando o arquivo...'
const EXPIRES = 'O link expira com o story.'

const SHOWN: Shown = {
  audio: [['bubble'], 'Mensagem de voz', WAITS],
  comment_facebook_login: [[]],
  comment_instagram_login: [[]],
  ctd_ad: [['bubble'], 'Veio do anúncio', 'Anúncio', 'vi no anúncio'],
  deleted: [['bubble'], 'O cliente apagou esta mensagem'],
  echo: [['bubble'], 'Custa R$ 50', 'Equipe', 'enviada'],
  echo_self_test: [[]],
  edit: [['bubble'], 'Oi! Qual o valor?', 'editada às 12:00'],
  ephemeral: [['bubble'], 'Mensagem não suportada (tipo ephemeral)'],
  ig_post_share: [['bubble'], 'Publicação', 'Legenda do post', 'cdn.example'],
  ig_reel: [['bubble'], 'Reel', 'cdn.example'],
  image: [['bubble'], 'Imagem', WAITS],
  image_and_video: [['bubble'], 'Imagem', WAITS, 'Vídeo', WAITS],
  inline_reply: [['bubble'], 'A pergunta', 'essa'],
  postback_icebreaker: [['bubble'], 'Opção escolhida', 'Qual o horário?'],
  quick_reply: [['bubble'], 'Opção escolhida', 'Sim'],
  reaction: [['bubble'], 'Cliente reagiu com ❤️'],
  referral_igme: [['line'], 'O cliente abriu a conversa por um link', 'bio-link', 'Ver de onde veio'],
  seen: [['bubble'], 'lida'],
  share_legacy: [['bubble'], 'Publicação', 'www.instagram.com'],
  standby: [['bubble'], 'Outro aplicativo está com esta conversa', 'com outro app'],
  story_mention: [['bubble'], 'Mencionou vocês no story', 'Ver o story', EXPIRES],
  story_reply: [['bubble'], 'Respondeu ao story de vocês', 'Ver o story', EXPIRES, 'amei!'],
  text: [['bubble'], 'Cliente', 'Oi! Qual o preço?'],
  unreaction: [['bubble'], 'Mensagem 1'],
  unsupported: [['bubble'], 'Mensagem não suportada (tipo desconhecido)'],
}

test('every payload has its line in the table, and every line its payload', () => {
  expect(payloadsOf(instagram).toSorted()).toEqual(Object.keys(SHOWN).toSorted())
})

test.each(Object.entries(SHOWN))('%s', async (payload, [rows, ...words]) => {
  const { words: read, html } = await shownOf(instagram, payload)
  expect(rowsIn(html)).toEqual(rows)
  expect(read).toMatch(inOrder(words))
  expect(html).not.toMatch(/ style=|<img|undefined|\[object/)
})
