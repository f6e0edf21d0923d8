/** What a person sees of each payload that WhatsApp is known to send. */
import { expect, test } from 'vitest'
import { whatsapp } from '../channels/whatsapp/whatsapp.ts'
import { inOrder, payloadsOf, rowsIn, type Shown, shownOf } from './test-fixtures.tsx'

const WAITS = 'Buscando o arquivo...'

const SHOWN: Shown = {
  account_partner_removed: [[]],
  batch_mixed: [
    ['bubble', 'bubble', 'bubble', 'bubble', 'bubble', 'bubble'],
    ...['segunda', 'primeira', 'oi', 'lida', 'entregue', 'outro número'],
  ],
  bsuid_status_no_phone: [['bubble'], 'entregue'],
  bsuid_text_no_phone: [['bubble'], 'Cliente', 'Tem em outra cor?'],
  button_reply: [['bubble'], 'Equipe', 'A pergunta', 'Opção escolhida', 'title'],
  call_connect: [['line'], 'O cliente ligou'],
  contact_request_shared: [['bubble'], 'Contato', '+55 11 99999-0007', 'celular'],
  ctwa_ad_text: [
    ['bubble'],
    ...['Veio do anúncio', 'Chat with us', 'Summer Succulents are here!', 'Ver de onde veio'],
    'Can I get more info about this?',
  ],
  echo_edit: [['bubble'], 'Text was edited', 'editada às 12:00'],
  echo_revoke: [['bubble'], 'Mensagem apagada'],
  echo_text: [['bubble'], 'Test message', 'Equipe', 'enviada'],
  edit_image_caption: [['bubble'], 'Updated image caption', 'editada às 12:00'],
  flow_completion: [
    ['bubble'],
    ...[
      'A pergunta',
      'Formulário respondido',
      'comment text',
      'Comment Text',
      'delivery rating',
      '4',
      'cs rating',
      '0',
    ],
  ],
  group_message: [['bubble'], 'What does everyone think about this?'],
  history_chunk: [
    ['bubble', 'bubble', 'bubble', 'bubble'],
    ...["Here's the info you requested!", 'Equipe', 'Mídia do histórico: não veio', 'Cliente', 'Thanks!', 'THANKS30'],
  ],
  history_declined: [[]],
  history_media: [['bubble'], 'Imagem', WAITS, 'Black Prince echeveria'],
  list_reply: [['bubble'], 'A pergunta', 'Opção escolhida', 'title', 'description'],
  msg_animated_sticker: [['bubble'], 'Figurinha', WAITS],
  msg_audio: [['bubble'], 'Encaminhada', 'Áudio', WAITS],
  msg_chosen_location: [
    ['bubble'],
    ...['Localização', 'Facebook HQ', '1 Hacker Way, Menlo Park, CA 94025', '37.46120, -122.21644', 'Abrir no mapa'],
  ],
  msg_contacts: [
    ['bubble'],
    ...['Chandler Bing', '+1 555-555-5555', 'celular', 'Monica', '+1 666-666-6666', 'casa'],
    ...['Rachel Green', '+1 777-777-7777', 'trabalho'],
  ],
  msg_current_location: [['bubble'], 'Localização', '12.25089, 43.90539', 'Abrir no mapa'],
  msg_document: [['bubble'], 'Documento', 'filename.pdf', WAITS, 'caption'],
  msg_forwarded: [['bubble'], 'Encaminhada', 'forwarded text'],
  msg_forwarded_many_times: [['bubble'], 'Encaminhada com frequência', 'text forwarded many times'],
  msg_image: [['bubble'], 'Imagem', WAITS],
  msg_interactive_message_with_err: [['bubble'], 'Mensagem não suportada (tipo interactive)', 'Detalhes', '131000'],
  msg_media_with_url: [['bubble'], 'Imagem', WAITS],
  msg_order: [
    ['bubble'],
    ...['Pedido de 7 itens', '3 × HAMBURGER', '₪ 90,00', '2 × FRENCH_FRIES', '₪ 70,00', '2 × SODA', '₪ 20,00'],
    ...['Total', '₪ 180,00'],
  ],
  msg_reaction: [['bubble'], 'Cliente reagiu com 😮'],
  msg_referral: [
    ['bubble'],
    ...['Veio do anúncio', 'Promoção de inverno', 'Fale com a gente', 'Ver de onde veio', 'Quero saber do anúncio'],
  ],
  msg_reply: [['bubble'], 'Equipe', 'A pergunta', 'replied text'],
  msg_static_sticker: [['bubble'], 'Figurinha', WAITS],
  msg_text: [['bubble'], 'Cliente', 'Body Text'],
  msg_unreaction_empty: [['bubble'], 'Mensagem 1'],
  msg_unreaction_no_emoji: [['bubble'], 'Mensagem 1'],
  msg_unsupported: [['bubble'], 'Mensagem não suportada (tipo desconhecido)', '131051', 'currently not supported'],
  msg_unsupported_with_type: [['bubble'], 'Mensagem não suportada (tipo pool)', '131051'],
  msg_video: [['bubble'], 'Encaminhada', 'Vídeo', WAITS, 'caption'],
  msg_voice: [['bubble'], 'Mensagem de voz', WAITS],
  product_enquiry: [['bubble'], 'A pergunta', 'Pergunta sobre um produto', 'di9ozbzfi4', 'Is this still available?'],
  revoke: [['bubble'], 'O cliente apagou esta mensagem'],
  smb_app_state_sync: [[]],
  status_delivered: [['bubble'], 'entregue'],
  status_failed: [
    ['bubble'],
    'falhou',
    'o WhatsApp não consegue entregar a este número',
    '130472',
    'part of an experiment',
  ],
  status_failed_131049: [['bubble'], 'falhou', 'para não cansar a pessoa', 'Espere pelo menos 24 horas', '131049'],
  status_group: [['bubble'], 'lida'],
  status_played: [['bubble'], 'lida'],
  status_read: [['bubble'], 'lida'],
  status_sent: [['bubble'], 'enviada'],
  status_with_tracker: [['bubble'], 'enviada'],
  system_identity_change: [['line'], 'O código de segurança do cliente mudou'],
  system_number_change: [['line'], 'O cliente mudou de número'],
  system_user_changed_user_id: [['line'], 'O cliente mudou de identificação no canal'],
  template_button: [['bubble'], 'A pergunta', 'Opção escolhida', 'title'],
  template_button_without_context: [['bubble'], 'Opção escolhida', 'title'],
  template_status_approved: [[]],
  template_status_rejected: [[]],
  user_preferences_resume: [[]],
  user_preferences_signup: [[]],
  value_errors_130429: [[]],
}

test('every payload has its line in the table, and every line its payload', () => {
  expect(payloadsOf(whatsapp).toSorted()).toEqual(Object.keys(SHOWN).toSorted())
})

test.each(Object.entries(SHOWN))('%s', async (payload, [rows, ...words]) => {
  const { words: read, html } = await shownOf(whatsapp, payload)
  expect(rowsIn(html)).toEqual(rows)
  expect(read).toMatch(inOrder(words))
  expect(html).not.toMatch(/ style=|<img|undefined|\[object/)
})
