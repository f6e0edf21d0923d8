/** What Evolution's fixtures do not say: other versions of its calls, and other kinds of messages. */
import { describe, expect, test } from 'vitest'
import { readFixture } from '../../../test/support/neutral-words.ts'
import type { InboundEvent } from '../events.ts'
import { parseEvolution } from './events.ts'

const INSTANCE = 'loja-centro'
const CHAT = '5511999990001@s.whatsapp.net'
const HIDDEN = '900000000000001@lid'

const parse = (body: unknown, accountId = INSTANCE) =>
  parseEvolution(new TextEncoder().encode(JSON.stringify(body)), accountId)
const call = (event: string, data: unknown, of: object = {}) => ({ event, instance: INSTANCE, data, ...of })
const fixture = (name: string) => parseEvolution(readFixture('evolution', name), INSTANCE)

const row = (
  messageType: string | undefined,
  message: unknown,
  of: Record<string, unknown> = {},
  key: object = {},
) => ({
  key: { remoteJid: CHAT, fromMe: false, id: '3EB0A', ...key },
  pushName: 'Mariana Teste',
  message,
  messageType,
  messageTimestamp: 1760000001,
  ...of,
})
const said = async (messageType: string | undefined, message: unknown, of = {}, key = {}) => {
  const events = await parse(call('messages.upsert', row(messageType, message, of, key)))
  expect(events).toHaveLength(1)
  return events[0] as InboundEvent
}

describe('one event has many spellings', () => {
  test.each(['messages.upsert', 'MESSAGES_UPSERT', 'messages-upsert', 'Messages.Upsert'])('%s', async (event) => {
    const events = await parse(call(event, row('conversation', { conversation: 'Oi' })))
    expect(events).toMatchObject([{ kind: 'message', text: 'Oi', accountId: INSTANCE }])
  })

  test('and comes alone or in a list', async () => {
    const rows = [
      row('conversation', { conversation: 'a' }),
      row('conversation', { conversation: 'b' }, {}, { id: 'B' }),
    ]
    expect(await parse(call('messages.upsert', rows))).toMatchObject([{ text: 'a' }, { text: 'b' }])
  })

  test.each([
    ['a number', 1760000001],
    ['a text', '1760000001'],
    ['two halves', { low: 1760000001, high: 0, unsigned: true }],
    ['milliseconds', 1760000001000],
  ])('its time is %s', async (_, messageTimestamp) => {
    expect(await said('conversation', { conversation: 'Oi' }, { messageTimestamp })).toMatchObject({
      occurredAt: 1760000001000,
    })
  })

  test('a clock that says nothing is no time', async () => {
    const of = { messageTimestamp: 'ontem', date_time: '2025-10-09T05:53:30.110Z' }
    expect(await said('conversation', { conversation: 'Oi' }, of)).toMatchObject({ occurredAt: null })
  })

  test('an instance that is another’s is no event of ours', async () => {
    const of = call('messages.upsert', row('conversation', { conversation: 'Oi' }))
    expect(await parse({ ...of, instance: 'outra' })).toMatchObject([{ accountId: 'outra' }])
    expect(await parse(of, `evolution.example/${INSTANCE}`)).toMatchObject([
      { accountId: `evolution.example/${INSTANCE}` },
    ])
  })

  test.each([
    'presence.update',
    'CHATS_SET',
    'group-participants.update',
    'labels.edit',
    'application.startup',
    'contacts.update',
  ])('%s is of no concern', async (event) => {
    expect(await parse(call(event, { id: 'x' }))).toEqual([])
  })
})

describe('who it is', () => {
  const peerOf = async (key: object, pushName = 'Mariana Teste') => {
    const event = await said('conversation', { conversation: 'Oi' }, { pushName }, key)
    return event.kind === 'message' ? event.peer : null
  }

  test('a number, and the id that hides it, are one person: the number comes first', async () => {
    const both = { externalIds: ['5511999990001', HIDDEN], phone: '+5511999990001' }
    expect(await peerOf({ remoteJid: HIDDEN, remoteJidAlt: CHAT, addressingMode: 'lid' })).toMatchObject(both)
    expect(await peerOf({ remoteJid: CHAT, remoteJidAlt: HIDDEN, addressingMode: 'pn' })).toMatchObject(both)
    expect(await peerOf({ remoteJid: HIDDEN, senderPn: CHAT })).toMatchObject(both)
  })

  test('the digits of a hidden id are no number', async () => {
    expect(await peerOf({ remoteJid: HIDDEN })).toEqual({
      externalIds: [HIDDEN],
      phone: null,
      profileName: 'Mariana Teste',
    })
  })

  test('a device is its person', async () => {
    expect(await peerOf({ remoteJid: '5511999990001:12@s.whatsapp.net' })).toMatchObject({
      externalIds: ['5511999990001'],
    })
  })

  test('the ninth digit is there for matching, and the address stays as it was given', async () => {
    expect(await peerOf({ remoteJid: '553188880002@s.whatsapp.net' })).toMatchObject({
      externalIds: ['553188880002'],
      phone: '+5531988880002',
    })
  })

  test.each(['+55 11 99999-0001', '5511999990001', ' ', ''])('a name that is no name: %j', async (pushName) => {
    expect(await peerOf({}, pushName)).toMatchObject({ profileName: null })
  })

  test('our own name renames nobody', async () => {
    expect(await peerOf({ fromMe: true }, 'Você')).toMatchObject({ profileName: null })
  })

  test('a group is one thread, and says who wrote', async () => {
    expect(await fixture('message_group')).toMatchObject([
      {
        group: true,
        peer: { externalIds: ['group:120363000000000001@g.us'], phone: null, profileName: null },
        content: { author: 'João Teste' },
      },
    ])
  })

  test.each(['status@broadcast', '120363000000000009@newsletter', '1234@broadcast'])(
    '%s is nobody',
    async (remoteJid) => {
      expect(
        await parse(call('messages.upsert', row('conversation', { conversation: 'Oi' }, {}, { remoteJid }))),
      ).toEqual([])
    },
  )
})

describe('what was said', () => {
  const file = (kind: string, of: object = {}) => ({
    ...{ kind, mimeType: null, fileName: null, bytes: null, voice: false, animated: false, trouble: null },
    handle: { id: '3EB0A' },
    ...of,
  })

  test.each<[string, string | undefined, object, object]>([
    [
      'a text with a link',
      'extendedTextMessage',
      { extendedTextMessage: { text: 'https://x.example' } },
      { type: 'text', text: 'https://x.example' },
    ],
    [
      'what stands behind the keys of a device',
      'conversation',
      { messageContextInfo: { deviceListMetadata: {} }, conversation: 'Oi' },
      { type: 'text', text: 'Oi' },
    ],
    [
      'a kind that nobody named',
      undefined,
      { messageContextInfo: {}, conversation: 'Oi' },
      { type: 'text', text: 'Oi' },
    ],
    [
      'a picture that is seen once',
      'viewOnceMessageV2',
      { viewOnceMessageV2: { message: { imageMessage: { mimetype: 'image/jpeg', caption: 'só uma vez' } } } },
      { type: 'image', text: 'só uma vez', media: [file('image', { mimeType: 'image/jpeg' })] },
    ],
    [
      'words that vanish',
      'ephemeralMessage',
      { ephemeralMessage: { message: { extendedTextMessage: { text: 'sumo' } } } },
      { type: 'text', text: 'sumo' },
    ],
    [
      'a document in its wrapping',
      'documentWithCaptionMessage',
      {
        documentWithCaptionMessage: {
          message: { documentMessage: { fileName: 'a.pdf', caption: 'Segue', fileLength: '12' } },
        },
      },
      { type: 'document', text: 'Segue', media: [file('document', { fileName: 'a.pdf', bytes: 12 })] },
    ],
    [
      'a voice note',
      'audioMessage',
      { audioMessage: { mimetype: 'audio/ogg; codecs=opus', ptt: true, seconds: 3, fileLength: { low: 9, high: 0 } } },
      { type: 'audio', media: [file('audio', { mimeType: 'audio/ogg', voice: true, bytes: 9 })] },
    ],
    [
      'a song',
      'audioMessage',
      { audioMessage: { mimetype: 'audio/mpeg' } },
      { media: [file('audio', { mimeType: 'audio/mpeg' })] },
    ],
    ['a round video', 'ptvMessage', { ptvMessage: { mimetype: 'video/mp4' } }, { type: 'video' }],
    [
      'a picture that moves',
      'videoMessage',
      { videoMessage: { gifPlayback: true } },
      { media: [file('video', { animated: true })] },
    ],
    [
      'a sticker that moves',
      'stickerMessage',
      { stickerMessage: { isAnimated: true } },
      { media: [file('sticker', { animated: true })] },
    ],
    [
      'a place that moves',
      'liveLocationMessage',
      { liveLocationMessage: { degreesLatitude: -23.5, degreesLongitude: -46.6, caption: 'a caminho' } },
      { type: 'location', text: 'a caminho', content: { location: { latitude: -23.5, longitude: -46.6 } } },
    ],
    [
      'two cards',
      'contactsArrayMessage',
      {
        contactsArrayMessage: {
          contacts: [
            {
              displayName: 'Ana',
              vcard:
                'BEGIN:VCARD\r\nFN:Ana\r\nitem1.TEL;type=CELL;waid=5511999990077:+55 11 99999-0077\r\nEMAIL:ana@x.example\r\nORG:Loja;Centro\r\nEND:VCARD',
            },
            { displayName: 'Beto', vcard: 'BEGIN:VCARD\nTEL:11 3333-0000\nEND:VCARD' },
          ],
        },
      },
      {
        type: 'contacts',
        content: {
          contacts: [
            {
              name: 'Ana',
              phones: [{ number: '+55 11 99999-0077', label: 'CELL' }],
              emails: ['ana@x.example'],
              organization: 'Loja, Centro',
            },
            { name: 'Beto', phones: [{ number: '11 3333-0000' }] },
          ],
        },
      },
    ],
    [
      'a button',
      'buttonsResponseMessage',
      { buttonsResponseMessage: { selectedButtonId: 'sim', selectedDisplayText: 'Sim' } },
      { type: 'interactive', text: 'Sim', content: { choice: { title: 'Sim', payload: 'sim' } } },
    ],
    [
      'a button of a template',
      'templateButtonReplyMessage',
      { templateButtonReplyMessage: { selectedId: '1', selectedDisplayText: 'Confirmo' } },
      { type: 'button', content: { choice: { title: 'Confirmo', payload: '1' } } },
    ],
    [
      'a poll',
      'pollCreationMessageV3',
      { pollCreationMessageV3: { name: 'Qual?', messageSecret: 'AAAA' } },
      { type: 'unsupported', text: null, content: { unsupported: { type: 'pollCreation' } } },
    ],
  ])('%s', async (_, type, message, wanted) => {
    expect(await said(type, message)).toMatchObject(wanted)
  })

  test('what cannot be shown is kept without its keys and files', async () => {
    const event = await said('pollCreationMessage', {
      pollCreationMessage: { name: 'Qual?', messageSecret: 'AAAA' },
      base64: 'AAAA',
    })
    expect(event).toMatchObject({ raw: { message: { pollCreationMessage: { name: 'Qual?' } } } })
    expect(JSON.stringify(event)).not.toContain('AAAA')
  })

  test.each([
    ['a vote', 'pollUpdateMessage'],
    ['a pin', 'pinInChatMessage'],
    ['keys for a group', 'senderKeyDistributionMessage'],
  ])('%s is no message', async (_, type) => {
    expect(await parse(call('messages.upsert', row(type, { [type]: { x: 1 } })))).toEqual([])
  })

  test('a message that has not arrived yet is no bubble that would stand in its way', async () => {
    const events = await parse(call('messages.upsert', row(undefined, null, { messageStubType: 2 })))
    expect(events).toMatchObject([{ kind: 'kept', what: 'unknown' }])
  })

  test('a file is had where the server keeps it, else within the call, else by the message’s id', async () => {
    const image = { imageMessage: { mimetype: 'image/jpeg' } }
    const handle = async (beside: object) => {
      const event = await said('imageMessage', { ...image, ...beside })
      return event.kind === 'message' ? event.media[0]?.handle : null
    }
    expect(await handle({ mediaUrl: 'https://s3.example/f?x=1', base64: '/9j/' })).toEqual({
      url: 'https://s3.example/f?x=1#3EB0A',
    })
    expect(await handle({ base64: '/9j/4AAQ' })).toEqual({ url: 'data:;base64,/9j/4AAQ' })
    expect(await handle({})).toEqual({ id: '3EB0A' })
    expect(await handle({ mediaUrl: 'ftp://x', base64: '<nope>' })).toEqual({ id: '3EB0A' })
  })
})

describe('what stands around it', () => {
  const around = (contextInfo: object) => said('conversation', { conversation: 'Oi' }, { contextInfo })

  test('a quote, wherever it stands', async () => {
    expect(await around({ stanzaId: '3EB0Q' })).toMatchObject({ replyTo: '3EB0Q' })
    const within = { extendedTextMessage: { text: 'Oi', contextInfo: { stanzaId: '3EB0Q' } } }
    expect(await said('extendedTextMessage', within)).toMatchObject({ replyTo: '3EB0Q' })
  })

  test('an advertisement, which is no quote', async () => {
    const externalAdReply = {
      ...{ title: 'Promoção', body: 'Só hoje', sourceUrl: 'https://fb.me/x', sourceId: '120', sourceType: 'ad' },
      ctwaClid: 'ARxx',
    }
    const referral = { source: 'ad', title: 'Promoção', body: 'Só hoje', url: 'https://fb.me/x', ref: '120' }
    expect(await around({ externalAdReply })).toMatchObject({ content: { referral }, replyTo: null })
    const quoting = await around({ externalAdReply, stanzaId: '3EB0Q' })
    expect(quoting).toMatchObject({ replyTo: '3EB0Q', content: {} })
    expect(await around({ externalAdReply: { title: 'Um link' } })).toMatchObject({ content: {} })
  })

  test('how it was passed on', async () => {
    expect(await around({ isForwarded: true, forwardingScore: 1 })).toMatchObject({ content: { forwarded: 'once' } })
    expect(await around({ isForwarded: true, forwardingScore: 5 })).toMatchObject({ content: { forwarded: 'often' } })
  })

  test('an answer to what we posted for a day', async () => {
    expect(await around({ stanzaId: '3EB0S', remoteJid: 'status@broadcast' })).toMatchObject({
      replyTo: null,
      content: { story: { kind: 'reply', id: '3EB0S' } },
    })
  })
})

describe('what was done with a message', () => {
  test.each([
    ['❤️', '❤️'],
    ['', null],
  ])('a reaction of %j', async (text, emoji) => {
    expect(
      await said('reactionMessage', { reactionMessage: { key: { id: '3EB0T' }, text } }, {}, { id: '3EB0R' }),
    ).toMatchObject({
      ...{ kind: 'reaction', target: '3EB0T', emoji, direction: 'incoming' },
    })
  })

  const edited = { conversation: 'outras palavras' }
  const about = { key: { id: '3EB0T', fromMe: false }, timestampMs: '1760000500000' }

  test.each<[string, unknown]>([
    ['as its own event', call('messages.edited', { ...about, type: 'MESSAGE_EDIT', editedMessage: edited })],
    [
      'by its number',
      call('messages.edited', {
        ...about,
        type: 14,
        editedMessage: { extendedTextMessage: { text: 'outras palavras' } },
      }),
    ],
    [
      'as a message',
      call(
        'messages.upsert',
        row('protocolMessage', { protocolMessage: { ...about, type: 14, editedMessage: edited } }),
      ),
    ],
    [
      'in its wrapping',
      call(
        'messages.upsert',
        row('editedMessage', {
          editedMessage: { message: { protocolMessage: { ...about, type: 14, editedMessage: edited } } },
        }),
      ),
    ],
  ])('other words, %s', async (_, body) => {
    expect(await parse(body)).toMatchObject([
      { kind: 'edit', target: '3EB0T', text: 'outras palavras', rank: 1760000500000, direction: 'incoming' },
    ])
  })

  test('every edit is an edit of its own, the same words again included', async () => {
    const at = async (timestampMs: number) =>
      (await parse(call('messages.edited', { ...about, timestampMs, type: 14, editedMessage: edited })))[0]?.dedupeKey
    expect(await at(1760000500000)).toBe(await at(1760000500000))
    expect(await at(1760000500000)).not.toBe(await at(1760000600000))
  })

  test.each<[string, unknown]>([
    ['by its key', call('messages.delete', { remoteJid: CHAT, fromMe: true, id: '3EB0T' })],
    [
      'through the server',
      call('messages.delete', { id: 'cm01', key: { remoteJid: CHAT, fromMe: true, id: '3EB0T' }, status: 'DELETED' }),
    ],
    ['in several', call('messages.delete', [{ remoteJid: CHAT, fromMe: true, id: '3EB0T' }])],
    ['as an edit without words', call('messages.edited', { key: { id: '3EB0T', fromMe: true }, type: 0 })],
    [
      'as a message',
      call(
        'messages.upsert',
        row('protocolMessage', { protocolMessage: { key: { id: '3EB0T', fromMe: true }, type: 'REVOKE' } }),
      ),
    ],
    ['as a status', call('messages.update', { keyId: '3EB0T', fromMe: true, status: 'DELETED' })],
    [
      'as a change of the row',
      call('messages.update', [{ key: { remoteJid: CHAT, fromMe: true, id: '3EB0T' }, update: { message: null } }]),
    ],
  ])('taken back, %s', async (_, body) => {
    expect(await parse(body)).toMatchObject([
      { kind: 'delete', target: '3EB0T', direction: 'outgoing', dedupeKey: 'del:3EB0T' },
    ])
  })

  test('a setting of the chat takes no message away', async () => {
    expect(
      await parse(call('messages.edited', { key: { id: '3EB0T' }, type: 'EPHEMERAL_SETTING', ephemeralExpiration: 1 })),
    ).toEqual([])
  })
})

describe('what became of ours', () => {
  test.each<[string | number, string | null]>([
    ['PENDING', null],
    ['SERVER_ACK', 'sent'],
    ['DELIVERY_ACK', 'delivered'],
    ['READ', 'read'],
    ['PLAYED', 'played'],
    ['ERROR', 'failed'],
    [0, 'failed'],
    [1, null],
    [2, 'sent'],
    [3, 'delivered'],
    [4, 'read'],
    [5, 'played'],
    ['HOLOGRAM', null],
  ])('%s', async (status, wanted) => {
    const flat = await parse(
      call('messages.update', { keyId: '3EB0O', messageId: 'cm01', fromMe: true, remoteJid: CHAT, status }),
    )
    const older = await parse(
      call('messages.update', [{ key: { remoteJid: CHAT, fromMe: true, id: '3EB0O' }, update: { status } }]),
    )
    expect(flat).toMatchObject(
      wanted ? [{ kind: 'status', target: '3EB0O', status: wanted, dedupeKey: `st:3EB0O:${wanted}` }] : [],
    )
    expect(older).toEqual(flat)
  })
})

describe('the connection', () => {
  const states = async (event: string, data: unknown, of = {}) =>
    (await parse(call(event, data, of))).map((one) => (one.kind === 'account' ? [one.what, one.code] : one))

  test.each([
    [401, 'disconnected'],
    [402, 'disconnected'],
    [403, 'disconnected'],
    [406, 'disconnected'],
    [408, 'connecting'],
    [428, 'connecting'],
    [500, 'connecting'],
    [515, 'connecting'],
  ])('closed with %i: %s', async (statusReason, what) => {
    expect(await states('connection.update', { state: 'close', statusReason })).toEqual([[what, String(statusReason)]])
  })

  test('lost twice is lost twice, and told twice is lost once', async () => {
    const told = async (date_time: string) =>
      (await parse(call('connection.update', { state: 'close', statusReason: 428 }, { date_time })))[0]?.dedupeKey
    expect(await told('2025-10-09T05:53:27.107Z')).toBe(await told('2025-10-09T05:53:27.107Z'))
    expect(await told('2025-10-09T05:53:27.107Z')).not.toBe(await told('2025-10-09T05:59:27.107Z'))
  })

  test.each(['logout.instance', 'remove.instance'])('%s', async (event) => {
    expect(await states(event, null, { data: { instance: INSTANCE } })).toEqual([['disconnected', 'removed']])
  })

  test('the code to scan is told to nobody', async () => {
    for (const name of ['qrcode_updated', 'qrcode_pairing_code', 'qrcode_limit'])
      expect(JSON.stringify(await fixture(name))).not.toMatch(/2@AbC|WZYEH1YY|iVBOR/)
    const unknown = await parse(
      call('qrcode.hologram', { qrcode: { code: '2@AbC', base64: 'iVBOR' } }, { apikey: 'segredo' }),
    )
    expect(JSON.stringify(unknown)).not.toMatch(/2@AbC|iVBOR|segredo/)
  })
})

describe('names', () => {
  test('of the phone’s address book are the business’s own', async () => {
    const rows = [
      { remoteJid: CHAT, pushName: 'Mariana da padaria' },
      { remoteJid: '5511999990002@s.whatsapp.net', pushName: '5511999990002' },
      { remoteJid: '120363000000000001@g.us', pushName: 'Grupo' },
    ]
    expect(await parse(call('contacts.upsert', rows))).toMatchObject([
      { kind: 'address_book', name: 'Mariana da padaria', peer: { externalIds: ['5511999990001'] } },
    ])
  })

  test('that come with a message are the message’s to say', async () => {
    expect(await parse(call('contacts.upsert', { remoteJid: CHAT, pushName: '😎' }))).toEqual([])
  })

  test('of groups', async () => {
    expect(
      await parse(call('groups.upsert', [{ id: '120363000000000001@g.us', subject: 'Condomínio' }])),
    ).toMatchObject([
      { kind: 'address_book', name: 'Condomínio', peer: { externalIds: ['group:120363000000000001@g.us'] } },
    ])
  })
})
