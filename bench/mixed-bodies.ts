/** A thousand events of a channel, as its provider tells them: most are words, and something is done to some of them. */

export type MixedChannel = 'whatsapp' | 'messenger' | 'instagram'

export const MIXED = 1_000
/** A provider puts several into one call. */
export const A_CALL = 50
const PEOPLE = 40

/** The bodies of the calls, and the id of the last message: once it is stored, all are. */
export function mixedCalls(channel: MixedChannel, accountId: string): { bodies: string[]; lastId: string } {
  const start = Date.now() - MIXED
  const lastId = `${channel}.last`
  const rows = Array.from({ length: MIXED }, (_, n) => {
    const id = n === MIXED - 1 ? lastId : `${channel}.${n}`
    const at = start + n
    return channel === 'whatsapp' ? ofWhatsApp(n, id, at) : ofPage(channel, accountId, n, id, at)
  })
  const bodies = Array.from({ length: MIXED / A_CALL }, (_, call) => rows.slice(call * A_CALL, (call + 1) * A_CALL))
  return { lastId, bodies: bodies.map((some) => JSON.stringify(envelope(channel, accountId, some, start))) }
}

/** Files are fetched by a pass of their own, and are measured there. Of ten: six texts, a place or link, an echo, a reaction, and an edit or a deletion. */
const kindOf = (n: number) => (n === MIXED - 1 ? 0 : n % 10)
/** An earlier text of the same person. */
const target = (channel: MixedChannel, n: number) => `${channel}.${Math.floor(n / 10) * 10}`
const personOf = (n: number) => Math.floor(n / 10) % PEOPLE

function ofWhatsApp(n: number, id: string, at: number): object {
  const from = `55119${80_000_000 + personOf(n)}`
  const of = { id, from, timestamp: String(Math.floor(at / 1_000)) }
  const original_message_id = target('whatsapp', n)
  switch (kindOf(n)) {
    case 6:
      return { ...of, type: 'location', location: { latitude: -23.5, longitude: -46.6, name: 'Praça da Sé' } }
    case 7:
      return { ...of, to: from, type: 'text', text: { body: 'Do celular' } }
    case 8:
      return { ...of, type: 'reaction', reaction: { message_id: original_message_id, emoji: '👍' } }
    case 9:
      return n % 20 < 10
        ? { ...of, type: 'edit', edit: { original_message_id, message: { type: 'text', text: { body: 'Melhor' } } } }
        : { ...of, type: 'revoke', revoke: { original_message_id } }
    default:
      return { ...of, type: 'text', text: { body: `Mensagem ${n}` } }
  }
}

function ofPage(channel: MixedChannel, accountId: string, n: number, mid: string, timestamp: number): object {
  const [us, them] = [{ id: accountId }, { id: `77000000000${personOf(n) + 100}` }]
  const incoming = { sender: them, recipient: us, timestamp }
  switch (kindOf(n)) {
    case 6:
      return {
        ...incoming,
        message: { mid, text: 'Veja', attachments: [{ type: 'fallback', payload: null, title: 'Bolo' }] },
      }
    case 7:
      return { sender: us, recipient: them, timestamp, message: { mid, is_echo: true, text: 'Do celular' } }
    case 8:
      return { ...incoming, reaction: { mid: target(channel, n), action: 'react', reaction: 'like', emoji: '👍' } }
    case 9:
      if (n % 20 < 10) return { ...incoming, message_edit: { mid: target(channel, n), text: 'Melhor', num_edit: 1 } }
      return channel === 'instagram'
        ? { ...incoming, message: { mid: target(channel, n), is_deleted: true } }
        : { ...incoming, read: { watermark: timestamp } }
    default:
      return { ...incoming, message: { mid, text: `Mensagem ${n}` } }
  }
}

function envelope(channel: MixedChannel, accountId: string, rows: object[], time: number): object {
  if (channel !== 'whatsapp')
    return { object: channel === 'messenger' ? 'page' : 'instagram', entry: [{ id: accountId, time, messaging: rows }] }
  const of = { messaging_product: 'whatsapp', metadata: { phone_number_id: accountId } }
  const [echoes, messages] = [rows.filter((row) => 'to' in row), rows.filter((row) => !('to' in row))]
  const changes = [
    { field: 'messages', value: { ...of, messages } },
    { field: 'smb_message_echoes', value: { ...of, message_echoes: echoes } },
  ]
  return { object: 'whatsapp_business_account', entry: [{ id: '200000000000900', changes }] }
}
