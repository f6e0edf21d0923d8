import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Length, Limits } from '../channels/limits.ts'
import { whatsapp } from '../channels/whatsapp/whatsapp.ts'
import type { AppError } from './errors.ts'
import { type Buttons, buttons, card, type List, list, place } from './kinds.ts'
import type { Saying } from './messages.ts'

const limits = whatsapp.limits

/** What became of it: the message, or the code, field and reason of the refusal. */
function outcome(saying: Saying, by: Limits = limits) {
  try {
    saying.check(by)
    return saying.said
  } catch (error) {
    const { code, details } = error as AppError
    return [code, details.field, details.reason ?? details.limit].filter((part) => part !== undefined).join(' ')
  }
}

const somewhere = { latitude: -8.063149, longitude: -34.871139, name: 'Marco Zero', address: 'Recife' }
const threeButtons: Buttons = { body: 'Qual horário?', footer: '', titles: ['Manhã', 'Tarde', 'Noite'] }
const oneRow: List = { body: 'Escolha', footer: '', button: 'Ver', rows: [{ title: 'Padrão', description: '' }] }

/** A text of so many units, in whatever is more than one of them where that can be. */
const sized = ({ unit }: Length, length: number) => {
  const one = { utf16: '😀', code_points: '😀', bytes: 'é' }[unit]
  const each = unit === 'code_points' ? 1 : 2
  return one.repeat(Math.floor(length / each)) + 'a'.repeat(length % each)
}

describe('a place', () => {
  it('is where it is, and what people call it', () => {
    expect(outcome(place(somewhere))).toEqual({ type: 'location', body: null, content: { location: somewhere } })
    expect(outcome(place({ ...somewhere, name: ' ', address: '' }))).toMatchObject({
      content: { location: { latitude: -8.063149, longitude: -34.871139 } },
    })
  })

  it.each([
    [{ latitude: 90, longitude: -180 }, 'location'],
    [{ latitude: 90.000001, longitude: 0 }, 'invalid latitude coordinates'],
    [{ latitude: 0, longitude: 180.1 }, 'invalid longitude coordinates'],
    [{ latitude: Number.NaN, longitude: 0 }, 'invalid latitude coordinates'],
  ])('%j: %s', (where, expected) => {
    const got = outcome(place({ ...somewhere, ...where }))
    expect(typeof got === 'string' ? got : got.type).toBe(expected)
  })

  it('is refused where the channel has none', () => {
    expect(outcome(place(somewhere), { ...limits, location: false })).toBe('not_supported')
  })
})

describe('a card', () => {
  it('carries the number as it is written everywhere', () => {
    expect(outcome(card({ name: ' Maria  Souza ', phone: '(81) 98888-1000', country: 'BR' }))).toEqual({
      type: 'contacts',
      body: null,
      content: { contacts: [{ name: 'Maria Souza', phones: [{ number: '+5581988881000' }] }] },
    })
  })

  it.each([
    [{ name: '', phone: '81 98888-1000' }, 'invalid name empty'],
    [{ name: 'Maria', phone: '' }, 'invalid phone phoneEmpty'],
    [{ name: 'Maria', phone: '20 98888-1000' }, 'invalid phone badAreaCode'],
  ])('%j: %s', (typed, expected) => {
    expect(outcome(card({ ...typed, country: 'BR' }))).toBe(expected)
  })

  it('is refused where the channel has none', () => {
    expect(
      outcome(card({ name: 'Maria', phone: '81 98888-1000', country: 'BR' }), { ...limits, contacts: false }),
    ).toBe('not_supported')
  })
})

describe('buttons', () => {
  it('are named and numbered', () => {
    expect(outcome(buttons({ ...threeButtons, footer: 'Seg a sex' }))).toEqual({
      type: 'interactive',
      body: 'Qual horário?',
      content: {
        buttons: {
          footer: 'Seg a sex',
          buttons: [
            { id: 'b1', title: 'Manhã' },
            { id: 'b2', title: 'Tarde' },
            { id: 'b3', title: 'Noite' },
          ],
        },
      },
    })
  })

  it.each([
    [{ body: ' ' }, 'invalid body empty'],
    [{ titles: ['', ' '] }, 'invalid titles none'],
    [{ titles: ['Sim', ' Sim '] }, 'invalid titles twice'],
    [{ titles: ['1', '2', '3', '4'] }, 'invalid titles tooMany'],
  ])('%j: %s', (typed, expected) => {
    expect(outcome(buttons({ ...threeButtons, ...typed }))).toBe(expected)
  })

  it('are refused where the channel has none, and so is a footer', () => {
    expect(outcome(buttons(threeButtons), { ...limits, buttons: null })).toBe('not_supported')
    const footless = { ...limits, buttons: { ...limits.buttons, footer: null } } as Limits
    expect(outcome(buttons({ ...threeButtons, footer: 'Seg' }), footless)).toBe('not_supported')
  })
})

describe('a list', () => {
  it('has its rows, and what opens it', () => {
    expect(
      outcome(
        list({
          ...oneRow,
          rows: [...oneRow.rows, { title: '', description: '' }, { title: 'Expressa', description: '1 dia' }],
        }),
      ),
    ).toEqual({
      type: 'interactive',
      body: 'Escolha',
      content: {
        list: {
          button: 'Ver',
          sections: [
            {
              rows: [
                { id: 'r1', title: 'Padrão' },
                { id: 'r2', title: 'Expressa', description: '1 dia' },
              ],
            },
          ],
        },
      },
    })
  })

  it.each([
    [{ button: '' }, 'invalid button empty'],
    [{ rows: [] }, 'invalid rows none'],
    [{ rows: [{ title: '', description: 'o quê?' }] }, 'invalid rows untitled'],
    [{ rows: Array.from({ length: 11 }, (_, at) => ({ title: `${at}`, description: '' })) }, 'invalid rows tooMany'],
  ])('%j: %s', (typed, expected) => {
    expect(outcome(list({ ...oneRow, ...typed }))).toBe(expected)
  })

  it('is refused where the channel has none', () => {
    expect(outcome(list(oneRow), { ...limits, list: null })).toBe('not_supported')
  })
})

describe('a length, at its limit and over it, in whatever unit the provider counts', () => {
  const ofButtons = (unit: Length) =>
    ({ ...limits, buttons: { most: 3, title: unit, body: unit, footer: unit } }) satisfies Limits
  const ofList = (unit: Length) =>
    ({
      ...limits,
      list: { mostRows: 10, title: unit, description: unit, body: unit, button: unit, footer: unit },
    }) satisfies Limits

  const FIELDS: [string, (text: string) => Saying, (unit: Length) => Limits][] = [
    ['body', (body) => buttons({ ...threeButtons, titles: ['a'], body }), ofButtons],
    ['footer', (footer) => buttons({ body: 'a', titles: ['a'], footer }), ofButtons],
    ['titles', (title) => buttons({ body: 'a', footer: '', titles: [title] }), ofButtons],
    ['body', (body) => list({ body, footer: '', button: 'a', rows: [{ title: 'a', description: '' }] }), ofList],
    ['button', (button) => list({ body: 'a', footer: '', button, rows: [{ title: 'a', description: '' }] }), ofList],
    ['footer', (footer) => list({ body: 'a', footer, button: 'a', rows: [{ title: 'a', description: '' }] }), ofList],
    ['rows', (title) => list({ body: 'a', footer: '', button: 'a', rows: [{ title, description: '' }] }), ofList],
    [
      'rows',
      (description) => list({ body: 'a', footer: '', button: 'a', rows: [{ title: 'a', description }] }),
      ofList,
    ],
  ]

  it.each(FIELDS)('%s', (field, said, limitsOf) => {
    const unit = fc.constantFrom('utf16' as const, 'code_points' as const, 'bytes' as const)
    fc.assert(
      fc.property(unit, fc.integer({ min: 2, max: 200 }), (counted, length) => {
        const limit = { length, unit: counted }
        expect(outcome(said(sized(limit, length - 1)), limitsOf(limit))).toBeTypeOf('object')
        expect(outcome(said(sized(limit, length)), limitsOf(limit))).toBeTypeOf('object')
        expect(outcome(said(sized(limit, length + 1)), limitsOf(limit))).toBe(`too_long ${field} ${length}`)
      }),
    )
  })
})
