/** What customers and the business's own phone do on WhatsApp, against Prosa's own reading of it. */
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { codeOf, simulated, until } from '../small-prosa.ts'
import { SAYS } from './kinds.ts'
import { asset, conversation, heard, INBOX, item, NUMBER, said } from './small-number.ts'

describe('a customer says', () => {
  test.each(Object.keys(SAYS))('%s: Prosa’s adapter reads one message of that person', async (kind) => {
    const there = await said(kind, kind === 'text' ? { text: 'oi' } : {})
    expect(there.webhooks[0]?.signed).toBe(true)
    const events = await heard(there)
    expect(events).toHaveLength(1)
    expect(events[0]).toMatchObject({
      kind: 'message',
      direction: 'incoming',
      externalId: there.message.id,
      peer: { phone: '+5511999990001', profileName: 'Mariana Costa' },
    })
  })

  test.each<[string, object]>([
    ['image', { type: 'image', image: { mime_type: 'image/jpeg', id: expect.stringMatching(/^\d+$/) } }],
    ['video', { type: 'video', video: { mime_type: 'video/mp4' } }],
    ['voice', { type: 'audio', audio: { mime_type: 'audio/ogg; codecs=opus', voice: true } }],
    ['audio', { type: 'audio', audio: { mime_type: 'audio/mpeg', voice: false } }],
    ['document', { type: 'document', document: { filename: 'pedido-1042.pdf' } }],
    ['sticker', { type: 'sticker', sticker: { animated: false } }],
    ['animated_sticker', { type: 'sticker', sticker: { animated: true } }],
    ['location', { type: 'location', location: { name: 'MASP' } }],
    ['contacts', { type: 'contacts', contacts: [{ name: { formatted_name: 'Rita Moura' } }] }],
    ['contact_shared', { contacts: [{ origin: 'contact_request' }] }],
    ['order', { type: 'order', order: { product_items: [{ quantity: 2 }, { quantity: 1 }] } }],
    ['product', { type: 'text', context: { referred_product: { product_retailer_id: 'vaso-azul' } } }],
    ['ad', { type: 'text', referral: { source_type: 'ad' } }],
    ['button_reply', { interactive: { type: 'button_reply' } }],
    ['list_reply', { interactive: { list_reply: { title: 'Manhã' } } }],
    ['flow', { interactive: { nfm_reply: { response_json: expect.stringContaining('nota') } } }],
    ['template_button', { type: 'button', button: { payload: 'SABER_MAIS' } }],
    ['lost_media', { type: 'video', errors: [{ code: 131052 }] }],
    ['unsupported', { type: 'unsupported', errors: [{ code: 131051 }] }],
    ['poll', { type: 'unsupported', unsupported: { type: 'poll_creation' } }],
  ])('%s in the provider’s words', async (kind, wire) => {
    expect(item(await said(kind))).toMatchObject(wire)
  })

  test('a caption, a quote, a forward', async () => {
    const there = await said('image', { text: 'Olha só', replyTo: 'wamid.QUOTED', forwarded: 'often' })
    expect(item(there)).toMatchObject({
      image: { caption: 'Olha só' },
      context: { id: 'wamid.QUOTED', frequently_forwarded: true },
    })
    const forwarded = await said('text', { text: 'Veja', forwarded: 'once' })
    expect(item(forwarded)).toMatchObject({ type: 'text', text: { body: 'Veja' }, context: { forwarded: true } })
    expect(item(forwarded)).not.toHaveProperty('context.id')
  })

  test('a file of one’s own', async () => {
    const there = await simulated()
    const { body: file } = await there.api('POST', 'files?kind=image&name=minha.jpg', asset('photo-2.jpg'))
    await there.write('luzia', 'a minha', { kind: 'image', file: file.id })
    await until(() => expect(item(there)).toMatchObject({ image: { id: file.id, caption: 'a minha' } }))
  })

  test('two people at once to one number share nothing', async () => {
    const there = await simulated()
    await Promise.all([there.write('mariana', 'sou eu'), there.write('luzia', 'e eu')])
    await until(() => expect(there.webhooks).toHaveLength(2))
    const events = (await heard(there)).filter((event) => event.kind === 'message')
    const people = events.map(({ peer, text }) => [peer.phone, text])
    expect(people.sort()).toEqual([
      ['+5511999990001', 'sou eu'],
      ['+5585997770003', 'e eu'],
    ])
    expect(new Set(events.flatMap(({ peer }) => peer.externalIds)).size).toBe(
      events.flatMap(({ peer }) => peer.externalIds).length,
    )
  })
})

describe('a customer does', () => {
  test('a reaction: put, changed, taken back', async () => {
    const there = await conversation()
    const { messages } = (await (await there.send({ type: 'text', text: { body: 'Olá!' } })).json()) as {
      messages: [{ id: string }]
    }
    const [{ id }] = messages
    for (const emoji of ['👍', '❤️', null]) {
      await there.api('POST', 'customers/mariana/reactions', { inbox: INBOX, message: id, emoji })
      const reaction = emoji === null ? { message_id: id } : { message_id: id, emoji }
      await until(() =>
        expect(there.webhooks.map(({ value }) => value?.messages?.[0]?.['reaction'])).toContainEqual(reaction),
      )
    }
  })

  test('an edit and a deletion, told only where the number is on the business’s phone too', async () => {
    const there = await conversation()
    const of = { inbox: INBOX, message: there.question }
    await there.api('POST', 'customers/mariana/edits', { ...of, text: 'oi!' })
    await until(() =>
      expect(item(there)).toMatchObject({
        type: 'edit',
        edit: { original_message_id: there.question, message: { type: 'text', text: { body: 'oi!' } } },
      }),
    )
    await there.api('POST', 'customers/mariana/deletions', of)
    await until(() =>
      expect(item(there)).toMatchObject({ type: 'revoke', revoke: { original_message_id: there.question } }),
    )
    expect((await there.phone())[0]).toMatchObject({ deleted: true, text: '' })
    expect((await there.api('POST', 'customers/mariana/deletions', of)).status).toBe(409)

    const alone = await conversation({ coexistence: false })
    await alone.api('POST', 'customers/mariana/deletions', { inbox: INBOX, message: alone.question })
    expect((await alone.phone())[0]).toMatchObject({ deleted: true })
    expect(alone.webhooks).toHaveLength(1)
  })

  test('presses a button, chooses a row, answers a template', async () => {
    const there = await conversation()
    const action = { buttons: [{ type: 'reply', reply: { id: 'sim', title: 'Sim' } }] }
    await there.send({ type: 'interactive', interactive: { type: 'button', body: { text: 'Confirma?' }, action } })
    const asked = (await there.phone()).at(-1)
    expect(asked).toMatchObject({ kind: 'buttons', text: 'Confirma?', buttons: [{ id: 'sim', title: 'Sim' }] })
    await there.api('POST', 'customers/mariana/presses', { inbox: INBOX, message: asked.id, button: 'sim' })
    await until(() =>
      expect(item(there)).toMatchObject({
        context: { id: asked.id },
        interactive: { type: 'button_reply', button_reply: { id: 'sim', title: 'Sim' } },
      }),
    )
    const nothing = { inbox: INBOX, message: asked.id, button: 'talvez' }
    expect((await there.api('POST', 'customers/mariana/presses', nothing)).status).toBe(404)
  })

  test.each<[string, object]>([
    ['number_changed', { system: { type: 'user_changed_number' } }],
    ['id_changed', { system: { type: 'user_changed_user_id', user_id: expect.stringMatching(/^BR\./) } }],
    ['security_code', { system: { type: 'customer_identity_changed' } }],
  ])('%s', async (act, wire) => {
    const there = await simulated()
    expect((await there.api('POST', 'customers/mariana/acts', { inbox: INBOX, act })).status).toBe(204)
    await until(() =>
      expect(there.webhooks.flatMap(({ value }) => value?.messages ?? [])).toMatchObject([
        { from: '5511999990001', type: 'system', ...wire },
      ]),
    )
  })

  test('after a new number they write from that', async () => {
    const there = await simulated()
    await there.api('POST', 'customers/mariana/acts', { inbox: INBOX, act: 'number_changed' })
    await until(() => expect(there.webhooks).toHaveLength(1))
    const { system } = z.looseObject({ system: z.object({ wa_id: z.string() }) }).parse(item(there))
    await there.write('mariana', 'sou eu')
    await until(() => expect(item(there)).toMatchObject({ from: system.wa_id }))
  })

  test('a call, and a word about promotions', async () => {
    const there = await simulated()
    await there.api('POST', 'customers/mariana/acts', { inbox: INBOX, act: 'call' })
    await until(() => expect(there.webhooks[0]?.value?.['calls']).toMatchObject([{ event: 'connect' }]))
    await there.api('POST', 'customers/mariana/acts', { inbox: INBOX, act: 'stop' })
    await until(() => expect(there.webhooks[1]?.value?.['user_preferences']).toMatchObject([{ value: 'stop' }]))
    expect((await there.api('POST', 'customers/mariana/acts', { inbox: INBOX, act: 'sing' })).status).toBe(422)
  })
})

describe('the business, without Prosa', () => {
  test('types, edits and takes back on its own phone', async () => {
    const there = await simulated()
    const echo = (kind: string, text?: string) =>
      there.api('POST', 'customers/mariana/elsewhere', { inbox: INBOX, kind, ...(text ? { text } : {}) })
    const echoes = () =>
      there.webhooks.flatMap(({ value }) => z.array(z.looseObject({})).parse(value?.['message_echoes']))
    await echo('text', 'Do celular')
    await echo('edit', 'Do celular!')
    await echo('revoke')
    await until(() => expect(echoes()).toHaveLength(3))
    const sorted = echoes().sort((a, b) => String(b['type']).localeCompare(String(a['type'])))
    const [text, revoke, edit] = sorted
    expect(text).toMatchObject({ from: '5511900000001', to: '5511999990001', text: { body: 'Do celular' } })
    expect(edit).toMatchObject({
      edit: { original_message_id: text?.['id'], message: { text: { body: 'Do celular!' } } },
    })
    expect(revoke).toMatchObject({ revoke: { original_message_id: text?.['id'] } })
  })

  test('shares its past once: words, then files, then the address book', async () => {
    const there = await simulated()
    await there.api('POST', 'customers/luzia/past', { inbox: INBOX, count: 4 })
    const sync = (sync_type: string) =>
      there.graph('POST', `${NUMBER}/smb_app_data`, { messaging_product: 'whatsapp', sync_type })
    expect((await sync('history')).status).toBe(200)
    await until(() => expect(there.webhooks).toHaveLength(1))
    expect(there.webhooks[0]?.value?.['history']).toMatchObject([
      {
        threads: [{ id: '558597770003', messages: [{}, {}, { type: 'media_placeholder' }, { from: '5511900000001' }] }],
      },
    ])
    expect(await codeOf(await sync('history'))).toBe(2593107)
    await there.api('POST', `inboxes/${INBOX}/news`, { what: 'history_media' })
    await until(() => expect(item(there)).toMatchObject({ type: 'image', image: { id: expect.any(String) } }))
    expect((await sync('smb_app_state_sync')).status).toBe(200)
    await until(() => expect(there.webhooks.at(-1)?.value?.['state_sync']).toHaveLength(3))
  })

  test.each<[string, object]>([
    ['template_approved', { event: 'APPROVED' }],
    ['template_rejected', { event: 'REJECTED' }],
    ['partner_removed', { event: 'PARTNER_REMOVED' }],
    ['account_restricted', { event: 'ACCOUNT_RESTRICTION' }],
    ['history_declined', { history: [{ errors: [{ code: 2593109 }] }] }],
    ['rate_error', { errors: [{ code: 130429 }] }],
  ])('hears of %s', async (what, value) => {
    const there = await simulated()
    await there.api('POST', `inboxes/${INBOX}/news`, { what })
    await until(() => expect(there.webhooks[0]?.value).toMatchObject(value))
  })
})
