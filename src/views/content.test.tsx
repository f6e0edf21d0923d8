/** @jsxImportSource hono/jsx */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { TEXTS } from '../../test/faults/corpus/texts.ts'
import type { ThreadMessage } from '../db/records.ts'
import { Bubble } from './bubble.tsx'
import { attachment, i18n, incoming, outgoing, tagsOf } from './test-cast.ts'

const drawn = (message: ThreadMessage) => String(<Bubble i18n={i18n} message={message} />)

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }
const decoded = (html: string) =>
  html.replaceAll(/<[^>]*>/g, '').replaceAll(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => ENTITIES[name] ?? '')
/** What stands where text from outside may stand. */
const wordsIn = (html: string) =>
  Array.from(html.matchAll(/<bdi[^>]*>(.*?)<\/bdi>/gs), ([, inner = '']) => decoded(inner))
const hrefsIn = (html: string) => Array.from(html.matchAll(/ href="([^"]*)"/g), ([, href = '']) => decoded(href))
/** Of its way to the customer, which every bubble has. */
const DETAILS = '/conversations/c1/messages/m1/details'

type Over = Partial<ThreadMessage>
const content = (type: string, of: ThreadMessage['content']): Over => ({ type, body: null, content: of })

/** Every place where somebody else's text comes in. */
const FIELDS: Record<string, (text: string) => Over> = {
  body: (body) => ({ body, channel: 'instagram' }),
  'place name': (name) => content('location', { location: { latitude: 1, longitude: 2, name } }),
  'place address': (address) => content('location', { location: { latitude: 1, longitude: 2, address } }),
  'person name': (name) => content('contacts', { contacts: [{ name, phones: [] }] }),
  // With a word before it, for what can be dialled has buttons of its own.
  'person number': (number) =>
    content('contacts', { contacts: [{ name: 'a', phones: [{ number: `ramal ${number}` }] }] }),
  'number label': (label) => content('contacts', { contacts: [{ name: 'a', phones: [{ number: 'b', label }] }] }),
  'person e-mail': (email) => content('contacts', { contacts: [{ name: 'a', phones: [], emails: [email] }] }),
  organization: (organization) => content('contacts', { contacts: [{ name: 'a', phones: [], organization }] }),
  choice: (title) => ({ ...content('button', { choice: { title } }), channel: 'messenger' }),
  'choice beside other words': (title) => ({ ...content('button', { choice: { title } }), body: 'other' }),
  'choice description': (description) => content('interactive', { choice: { title: 'a', description } }),
  'field name': (name) => content('interactive', { form: { fields: [{ name: `${name} ?`, value: 'a' }] } }),
  'field value': (value) => content('interactive', { form: { fields: [{ name: 'a', value }] } }),
  'ordered item': (id) => content('order', { order: { items: [{ id, quantity: 1, price: 2, currency: 'BRL' }] } }),
  'ad title': (title) => content('text', { referral: { source: 'ad', title } }),
  'ad body': (body) => content('text', { referral: { source: 'ad', body } }),
  'link reference': (ref) => content('text', { referral: { source: 'link', ref } }),
  'post title': (title) => content('share', { share: { kind: 'post', title, url: 'https://a.test/' } }),
  'buttons header': (header) => content('interactive', { buttons: { header, buttons: [] } }),
  'buttons footer': (footer) => content('interactive', { buttons: { footer, buttons: [] } }),
  'button title': (title) => content('interactive', { buttons: { buttons: [{ id: 'a', title }] } }),
  'list button': (button) => content('interactive', { list: { button, sections: [] } }),
  'list section': (title) => content('interactive', { list: { button: 'a', sections: [{ title, rows: [] }] } }),
  'list row': (title) => content('interactive', { list: { button: 'a', sections: [{ rows: [{ id: 'a', title }] }] } }),
  'row description': (description) =>
    content('interactive', { list: { button: 'a', sections: [{ rows: [{ id: 'a', title: 'b', description }] }] } }),
  'template name': (name) => content('template', { template: { name, language: 'pt_BR' } }),
  'template header': (header) => content('template', { template: { name: 'a', language: 'pt_BR', header } }),
  'template button': (title) => content('template', { template: { name: 'a', language: 'a', buttons: [{ title }] } }),
  'unsupported type': (type) => content('unsupported', { unsupported: { type } }),
  'unsupported code': (code) => content('unsupported', { unsupported: { code } }),
  'unsupported detail': (detail) => content('unsupported', { unsupported: { detail } }),
  'unknown kind': (type) => ({ type: `x ${type}`, body: null }),
  'file name': (fileName) => ({ type: 'document', attachments: [attachment({ kind: 'document', fileName })] }),
  emoji: (emoji) => ({ reactions: [{ side: 'customer', emoji, state: 'received' }] }),
}

/** Longer than any address, and without one, so that only its marks could make it more than text. */
const naughty = fc
  .oneof(
    fc.constantFrom(...TEXTS),
    fc.constantFrom('<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', '</bdi></article>', '{name}', '$&'),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
  )
  .map((text) => text.slice(0, 2_000).replaceAll(/https?:\/\/|mailto:|tel:/gi, ''))
  .filter((text) => text.trim() !== '')

describe('what comes from outside', () => {
  it.each(Object.entries(FIELDS))('is text and nothing else: %s (P13)', (_, field) => {
    const plain = tagsOf(withoutValues(drawn(incoming(1, field('palavra qualquer')))))
    fc.assert(
      fc.property(naughty, (text) => {
        const html = drawn(incoming(1, field(text)))
        expect(wordsIn(html).some((words) => words.includes(text))).toBe(true)
        expect(tagsOf(withoutValues(html))).toEqual(plain)
      }),
      { numRuns: 60 },
    )
  })

  it('is never a link to anything but a page', () => {
    const addresses = fc.oneof(
      naughty,
      fc.webUrl(),
      fc.constantFrom(
        'javascript:alert(1)',
        'JAVASCRIPT:alert(1)',
        'data:text/html,x',
        '//evil.test',
        '/sign-in',
        'ftp://a.b',
      ),
    )
    fc.assert(
      fc.property(addresses, (url) => {
        for (const over of [
          content('text', { referral: { source: 'link', url } }),
          content('story_mention', { story: { kind: 'mention', url } }),
          content('share', { share: { kind: 'post', url } }),
        ]) {
          const html = drawn(incoming(1, over))
          for (const href of hrefsIn(html)) {
            expect(
              href.startsWith('/assets/') || href === DETAILS || /^https?:$/.test(new URL(href).protocol),
              href,
            ).toBe(true)
          }
          for (const tag of tagsOf(html).filter((tag) => tag.includes('target="_blank"')))
            expect(tag).toContain('rel="noopener noreferrer nofollow"')
        }
      }),
      { numRuns: 200 },
    )
  })

  it('has no style of its own and draws no picture of somebody else’s', () => {
    for (const field of Object.values(FIELDS))
      expect(drawn(incoming(1, field('x')))).not.toMatch(/ style=|<img|<iframe/)
  })
})

/** Where a title or a label repeats what stands in the text. */
const withoutValues = (html: string) => html.replaceAll(/ (title|data-said|alt)="[^"]*"/g, ' $1=""')

describe('what a message says', () => {
  it.each<[string, Over, string[]]>([
    [
      'a place',
      content('location', { location: { latitude: -23.5265, longitude: -46.66741, name: 'Barra Funda' } }),
      ['Localização', 'Barra Funda', '-23.52650, -46.66741', 'Abrir no mapa', 'query=-23.5265,-46.66741'],
    ],
    [
      'a person',
      content('contacts', {
        contacts: [
          {
            name: 'Rose',
            phones: [{ number: '+5511900000399', label: 'CELL' }, { number: 'ramal 12' }],
            emails: ['rose@loja.test', 'a@b?bcc=c'],
            organization: 'Loja',
          },
        ],
      }),
      ['Rose', 'Loja', '+55 11 90000-0399', 'celular', 'ramal 12', 'href="mailto:rose@loja.test"'],
    ],
    [
      'an order',
      content('order', {
        order: {
          items: [
            { id: 'TACA', quantity: 3, price: 30, currency: 'BRL' },
            { id: 'PRATO', quantity: 1.5, price: 10, currency: 'BRL' },
          ],
        },
      }),
      ['3 × TACA', 'R$ 90,00', '1,5 × PRATO', 'Total', 'R$ 105,00'],
    ],
    [
      'an ad',
      { body: 'Oi', content: { referral: { source: 'ad', title: 'Verão', body: 'Até 30%', url: 'https://fb.me/x' } } },
      ['Veio do anúncio', 'Verão', 'Até 30%', 'href="https://fb.me/x"', 'Oi'],
    ],
    [
      'a story',
      { type: 'text', body: 'Lindo!', content: { story: { kind: 'reply', url: 'https://lookaside.test/s' } } },
      ['Respondeu ao story de vocês', 'O link expira com o story.', 'Lindo!'],
    ],
    ['a story that is gone', content('story_mention', { story: { kind: 'mention' } }), ['não está mais disponível']],
    [
      'a choice',
      content('interactive', { choice: { title: 'Azul', description: '20 cm' } }),
      ['Opção escolhida', 'Azul', '20 cm'],
    ],
    [
      'a template',
      {
        type: 'template',
        body: 'Seu pedido saiu',
        content: {
          template: {
            name: 'saiu',
            language: 'pt_BR',
            header: 'Oba',
            footer: 'Casa',
            buttons: [{ title: 'Rastrear' }],
          },
        },
      },
      ['Modelo saiu', 'Oba', 'Seu pedido saiu', 'Casa', 'Rastrear'],
    ],
    ['what was passed on', { content: { forwarded: 'often' } }, ['Encaminhada com frequência']],
    ['what another app has', { content: { standby: true } }, ['Outro aplicativo está com esta conversa']],
    [
      'what cannot be shown',
      content('unsupported', { unsupported: { type: 'poll', code: '131051', detail: 'Unknown' } }),
      ['Mensagem não suportada (tipo poll)', 'Código do provedor: 131051', 'Unknown'],
    ],
    ['what nobody named', content('unsupported', {}), ['Mensagem não suportada (tipo desconhecido)']],
    ['a kind of the future', { type: 'constructor', body: null }, ['Mensagem não suportada (tipo constructor)']],
    ['a file that never came', { type: 'image', body: 'a caixa' }, ['Imagem: o arquivo não veio', 'a caixa']],
    ['a file of the past', content('media_placeholder', {}), ['Mídia do histórico: não veio']],
  ])('%s', (_, over, words) => {
    const html = drawn(incoming(1, over))
    const found = `${wordsOf(html)} ${html}`
    for (const word of words) expect(found).toContain(word)
  })

  it('offers to write to a number, and to nothing that is none', () => {
    const html = drawn(
      incoming(
        1,
        content('contacts', {
          contacts: [{ name: 'Rose & Cia', phones: [{ number: '+55 11 90000-0399' }, { number: 'ramal 12' }] }],
        }),
      ),
    )
    expect(hrefsIn(html).filter((href) => !href.startsWith('/assets/') && href !== DETAILS)).toEqual([
      '/contacts/new?phone=%2B55+11+90000-0399&name=Rose+%26+Cia',
    ])
    expect(html.match(/data-copy-text/g)).toHaveLength(1)
  })

  it('shows the answers of a form, and not what the form keeps for itself', () => {
    const html = drawn(
      incoming(1, {
        type: 'interactive',
        body: 'Sent',
        content: {
          form: {
            fields: [
              { name: 'delivery_rating', value: '4' },
              { name: 'flow_token', value: 'SECRET' },
              { name: '', value: 'solta' },
              { name: 'obs', value: '' },
            ],
          },
        },
      }),
    )
    expect(html).toContain('delivery rating')
    expect(html).toContain('sem resposta')
    expect(html).not.toMatch(/SECRET|flow|Sent/)
  })

  it('adds up no order that has no one price', () => {
    const mixed = [
      { id: 'A', quantity: 1, price: 1, currency: 'BRL' },
      { id: 'B', quantity: 1, price: 1, currency: 'not a currency' },
    ]
    const html = drawn(incoming(1, content('order', { order: { items: mixed } })))
    expect(html).toContain('1 not a currency')
    expect(html).not.toContain('Total')
  })

  it('never shows what a button carries for the program that sent it', () => {
    expect(drawn(incoming(1, content('button', { choice: { title: 'Sim', payload: 'SECRET' } })))).not.toContain(
      'SECRET',
    )
  })

  it('says once what a card and the text say alike', () => {
    const place = { location: { latitude: 1, longitude: 2, name: 'Praça da Sé' } }
    const html = drawn(incoming(1, { type: 'location', body: 'Praça da Sé', content: place }))
    expect(html.match(/Praça da Sé/g)).toHaveLength(1)
  })

  it('reads marks where people write them, and elsewhere only links', () => {
    const body = '*oi* https://prosa.test'
    expect(drawn(incoming(1, { body }))).toContain('<strong>')
    for (const channel of ['instagram', 'messenger'] as const) {
      const html = drawn(incoming(1, { body, channel }))
      expect(html).toContain('*oi* <a href="https://prosa.test"')
      expect(html).not.toContain('<strong>')
    }
  })

  it('is told to whoever cannot see it: its kind, where it is not all words', () => {
    const said = (over: Over) => / data-said="([^"]*)"/.exec(drawn(outgoing(1, over)))?.[1]
    expect(said({})).toBeUndefined()
    expect(said({ type: 'audio', attachments: [attachment({ kind: 'audio', voice: true })] })).toBe('Mensagem de voz')
    expect(said({ type: 'location' })).toBe('Localização')
    expect(said({ deletedAt: 1 })).toBe('Mensagem apagada')
  })
})

/** As a person reads it: the names of signs among the words. */
const wordsOf = (html: string) =>
  decoded(
    html.replaceAll(/<svg[^>]* aria-label="([^"]*)"[^>]*>/g, ' $1 ').replaceAll(/<(p|li|dt|dd|div)\b/g, ' <$1'),
  ).replaceAll(/\s+/g, ' ')
