import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TemplateComponent } from '../channels/channel.ts'
import type { AppError } from './errors.ts'
import {
  asksForPlace,
  blanksOf,
  checkFilled,
  hasForeignButton,
  headerMediaOf,
  rendered,
  type Template,
  type Values,
} from './template-text.ts'

const template = (...components: TemplateComponent[]): Template => ({
  ...{ id: 't', channel: 'whatsapp', name: 'pedido_pronto', language: 'pt_BR', category: 'UTILITY', components },
})

const order = template(
  { type: 'header', format: 'text', text: 'Pedido {{1}}' },
  { type: 'body', text: 'Olá, {{1}}! Seu pedido {{2}} está pronto, {{1}}.' },
  { type: 'footer', text: 'Loja da Ana' },
  {
    type: 'buttons',
    buttons: [
      { type: 'quick_reply', text: 'Obrigada' },
      { type: 'url', text: 'Acompanhar', url: 'https://loja.test/p/{{1}}' },
      { type: 'url', text: 'Loja', url: 'https://loja.test' },
      { type: 'copy_code', text: 'Copiar cupom' },
    ],
  },
)
const VALUES = { 'header.1': '88', 'body.1': 'Maria', 'body.2': '88', 'button.1': '88?x', 'button.3': 'VOLTE10' }

const refusal = (of: Template, values: Values, header: { media?: boolean; place?: boolean } = {}) => {
  try {
    checkFilled(of, values, { media: false, place: false, ...header })
    return null
  } catch (error) {
    const { code, details } = error as AppError
    return [code, details.field, details.reason ?? details.limit].filter((part) => part !== undefined).join(' ')
  }
}

describe('a template', () => {
  it('has its blanks once each, in the order in which they are read', () => {
    expect(blanksOf(order).map(({ key, name }) => [key, name])).toEqual([
      ['header.1', '1'],
      ['body.1', '1'],
      ['body.2', '2'],
      ['button.1', 'Acompanhar'],
      ['button.3', 'Copiar cupom'],
    ])
  })

  it('is read as the customer will read it, and keeps what fills it', () => {
    expect(rendered(order, VALUES)).toEqual({
      body: 'Olá, Maria! Seu pedido 88 está pronto, Maria.',
      template: {
        name: 'pedido_pronto',
        language: 'pt_BR',
        header: 'Pedido 88',
        footer: 'Loja da Ana',
        buttons: [
          { title: 'Obrigada' },
          { title: 'Acompanhar', url: 'https://loja.test/p/88?x' },
          { title: 'Loja', url: 'https://loja.test' },
          { title: 'Copiar cupom' },
        ],
        variables: {
          header: [{ name: '1', value: '88' }],
          body: [
            { name: '1', value: 'Maria' },
            { name: '2', value: '88' },
          ],
          buttons: [
            { index: 1, value: '88?x' },
            { index: 3, value: 'VOLTE10' },
          ],
        },
      },
    })
    expect(refusal(order, VALUES)).toBe(null)
  })

  it('shows what a blank is called until it is filled', () => {
    expect(rendered(template({ type: 'body', text: 'Olá, {{ nome }}!' }), {}).body).toBe('Olá, {{ nome }}!')
  })

  it('without variables needs nothing', () => {
    const plain = template({ type: 'body', text: 'Voltamos!' })
    expect(rendered(plain, {})).toEqual({ body: 'Voltamos!', template: { name: 'pedido_pronto', language: 'pt_BR' } })
    expect(refusal(plain, {})).toBe(null)
  })

  it('with a file in its header wants one', () => {
    const pictured = template({ type: 'header', format: 'image' }, { type: 'body', text: 'Veja' })
    expect(headerMediaOf(pictured)).toBe('image')
    expect(refusal(pictured, {})).toBe('invalid media media')
    expect(refusal(pictured, {}, { media: true })).toBe(null)
  })

  it('with a place in its header wants one', () => {
    const placed = template({ type: 'header', format: 'location' }, { type: 'body', text: 'Veja' })
    expect([asksForPlace(placed), headerMediaOf(placed)]).toEqual([true, null])
    expect(refusal(placed, {}, { media: true })).toBe('invalid where coordinates')
    expect(refusal(placed, {}, { place: true })).toBe(null)
  })

  it('with a button of a kind that we do not know cannot be sent from here', () => {
    const foreign = template({ type: 'buttons', buttons: [{ type: 'other', text: 'OTP' }] })
    expect([hasForeignButton(foreign), hasForeignButton(order)]).toEqual([true, false])
    expect(refusal(foreign, {})).toBe('not_supported')
  })
})

describe('what a blank refuses', () => {
  it.each([
    [{ 'body.2': '' }, 'invalid body.2 empty'],
    [{ 'body.1': 'Maria\nSouza' }, 'invalid body.1 lines'],
    [{ 'body.1': 'Maria\tSouza' }, 'invalid body.1 lines'],
    [{ 'body.1': 'Maria    Souza' }, 'invalid body.1 lines'],
    [{ 'header.1': 'x'.repeat(54) }, 'too_long header.1 60'],
    [{ 'button.3': 'x'.repeat(16) }, 'too_long button.3 15'],
    [{ 'button.1': 'x'.repeat(2001) }, 'too_long button.1 2000'],
  ])('%j: %s', (wrong, expected) => {
    expect(refusal(order, { ...VALUES, ...wrong })).toBe(expected)
  })

  it('a body is within the limit, at it, and over it, in all', () => {
    const open = template({ type: 'body', text: 'Oi {{1}}' })
    const filled = (length: number) => refusal(open, { 'body.1': 'x'.repeat(length) })
    expect([filled(1020), filled(1021), filled(1022)]).toEqual([null, null, 'too_long body.1 1024'])
  })
})

const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
const variable = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/)

describe('whatever fills it', () => {
  const pieces = fc.array(
    fc.oneof(
      word.map((text) => text.replaceAll('{', '(')),
      variable.map((name) => ({ name })),
    ),
    {
      maxLength: 12,
    },
  )

  it('stands in its place as it was given, also where it looks like a variable itself', () => {
    fc.assert(
      fc.property(
        pieces,
        fc.dictionary(variable, fc.constantFrom('$&', '{{1}}', '{{nome}}', '$1', 'Ana')),
        (text, given) => {
          const body = text.map((piece) => (typeof piece === 'string' ? piece : `{{${piece.name}}}`)).join('')
          const values: Values = Object.fromEntries(
            Object.entries(given).map(([name, value]) => [`body.${name}`, value]),
          )
          const expected = text
            .map((piece) => (typeof piece === 'string' ? piece : (values[`body.${piece.name}`] ?? `{{${piece.name}}}`)))
            .join('')
          expect(rendered(template({ type: 'body', text: body }), values).body).toBe(expected)
        },
      ),
    )
  })

  it('names every blank that the text has, and no other', () => {
    fc.assert(
      fc.property(pieces, (text) => {
        const body = text.map((piece) => (typeof piece === 'string' ? piece : `{{${piece.name}}}`)).join('')
        const names = new Set(text.flatMap((piece) => (typeof piece === 'string' ? [] : [piece.name])))
        expect(blanksOf(template({ type: 'body', text: body })).map(({ name }) => name)).toEqual([...names])
      }),
    )
  })
})
