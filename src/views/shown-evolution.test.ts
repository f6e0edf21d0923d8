/** What a person sees of each payload that an Evolution server is known to send. */
import { expect, test } from 'vitest'
import { evolution } from '../channels/evolution/evolution.ts'
import { inOrder, payloadsOf, rowsIn, type Shown, shownOf } from './test-fixtures.tsx'

const WAITS = 'Buscando o arquivo...'

const SHOWN: Shown = {
  call_offer: [['line'], 'O cliente ligou'],
  connection_close_401: [[]],
  connection_connecting: [[]],
  connection_open: [[]],
  connection_refused: [[]],
  message_contact: [['bubble'], 'Contato Exemplo', '+55 11 99999-0077'],
  message_document_media_url: [['bubble'], 'Documento', 'orçamento.pdf', WAITS, 'Segue'],
  message_group: [['bubble'], 'Alguém recebeu a nota?', 'João Teste'],
  message_image_base64: [['bubble'], 'Imagem', WAITS, 'Comprovante'],
  message_list_response: [['bubble'], 'A pergunta', 'Opção escolhida', 'Segunda via'],
  message_location: [['bubble'], 'Localização', 'Praça da Sé', 'São Paulo - SP'],
  message_sticker: [['bubble'], 'Figurinha', WAITS],
  message_text: [['bubble'], 'Cliente', 'Bom dia! Vocês abrem sábado?'],
  message_text_reply: [['bubble'], 'A pergunta', 'esse mesmo'],
  messages_delete: [['bubble'], 'O cliente apagou esta mensagem'],
  messages_edited: [['bubble'], 'Bom dia! Vocês abrem domingo?', 'editada às 12:00'],
  messages_edited_is_revoke: [['bubble'], 'O cliente apagou esta mensagem'],
  messages_set_history: [['bubble', 'bubble', 'bubble'], 'mensagem antiga do cliente', 'resposta antiga', 'sábado?'],
  messages_update_delivered: [['bubble'], 'entregue'],
  messages_update_inbound_read: [[]],
  messages_update_read: [['bubble'], 'lida'],
  qrcode_limit: [[]],
  qrcode_pairing_code: [[]],
  qrcode_updated: [[]],
  send_message: [['bubble'], 'Abrimos das 9h às 13h.', 'Equipe', 'enviada'],
  status_instance_closed: [[]],
}

test('every payload has its line in the table, and every line its payload', () => {
  expect(payloadsOf(evolution).toSorted()).toEqual(Object.keys(SHOWN).toSorted())
})

test.each(Object.entries(SHOWN))('%s', async (payload, [rows, ...words]) => {
  const { words: read, html } = await shownOf(evolution, payload)
  expect(rowsIn(html)).toEqual(rows)
  expect(read).toMatch(inOrder(words))
  expect(html).not.toMatch(/ style=|<img|undefined|\[object/)
})
