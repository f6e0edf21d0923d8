/** What a person sees of each payload that a WAHA server is known to send. */
import { expect, test } from 'vitest'
import { waha } from '../channels/waha/waha.ts'
import { inOrder, payloadsOf, rowsIn, type Shown, shownOf } from './test-fixtures.tsx'

const WAITS = 'Buscando o arquivo...'

const SHOWN: Shown = {
  message_ack_read: [['bubble'], 'lida'],
  message_image: [['bubble'], 'Imagem', WAITS, 'Legenda da foto'],
  message_reaction: [['bubble'], 'Cliente reagiu com 🙏'],
  message_reply: [['bubble'], 'A pergunta', 'Sim!'],
  message_text: [['bubble'], 'Cliente', 'Oi, tem vaga hoje?'],
  session_scan_qr: [[]],
  session_working: [[]],
}

test('every payload has its line in the table, and every line its payload', () => {
  expect(payloadsOf(waha).toSorted()).toEqual(Object.keys(SHOWN).toSorted())
})

test.each(Object.entries(SHOWN))('%s', async (payload, [rows, ...words]) => {
  const { words: read, html } = await shownOf(waha, payload)
  expect(rowsIn(html)).toEqual(rows)
  expect(read).toMatch(inOrder(words))
  expect(html).not.toMatch(/ style=|<img|undefined|\[object/)
})
