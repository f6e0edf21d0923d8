import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mapPlace } from './map-link.ts'

describe('a place on a map', () => {
  it.each([
    ['-8.063149, -34.871139', -8.063149, -34.871139, ''],
    ['-8.063149,-34.871139', -8.063149, -34.871139, ''],
    ['12,50', 12, 50, ''],
    [
      'https://www.google.com/maps/place/Marco+Zero/@-8.0631,-34.8733,17z/data=!3m1!4b1!4m6!3m5!3d-8.063149!4d-34.871139',
      -8.063149,
      -34.871139,
      'Marco Zero',
    ],
    [
      'https://www.google.com/maps/place/Pra%C3%A7a+da+S%C3%A9/@-23.5503,-46.6339,17z',
      -23.5503,
      -46.6339,
      'Praça da Sé',
    ],
    ['https://www.google.com.br/maps/@-8.0631,-34.8733,17z', -8.0631, -34.8733, ''],
    ['www.google.com/maps/@-8.0631,-34.8733,17z', -8.0631, -34.8733, ''],
    ['https://maps.google.com/?q=-8.063149,-34.871139', -8.063149, -34.871139, ''],
    ['https://maps.google.com/maps?q=loc:-8.063149,-34.871139', -8.063149, -34.871139, ''],
    ['https://www.google.com/maps/search/?api=1&query=-8.063149%2C-34.871139', -8.063149, -34.871139, ''],
    ['https://www.google.com/maps/search/-8.063149,+-34.871139', -8.063149, -34.871139, ''],
    ['https://www.google.com/maps/dir/?api=1&destination=-8.06,-34.87', -8.06, -34.87, ''],
    ['https://www.openstreetmap.org/?mlat=-8.06&mlon=-34.87#map=17/-8.1/-34.9', -8.06, -34.87, ''],
    ['https://www.openstreetmap.org/#map=17/-8.1/-34.9', -8.1, -34.9, ''],
    ['https://maps.apple.com/?ll=-8.06,-34.87', -8.06, -34.87, ''],
  ])('%s', (text, latitude, longitude, name) => {
    expect(mapPlace(text)).toEqual({ latitude, longitude, name })
  })

  it.each([['https://maps.app.goo.gl/AbCdEf'], ['https://goo.gl/maps/AbCdEf']])('%s does not tell', (text) => {
    expect(mapPlace(text)).toBe('short')
  })

  it.each([
    '',
    'Rua do Sol, 10',
    'https://loja.test',
    'javascript:1',
    '1,2,3',
    'https://www.google.com/maps/place/%E0%A4%A',
  ])('%j is none', (text) => {
    expect(mapPlace(text)).toBe(null)
  })

  it('is never a surprise, whatever is pasted', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl({ withQueryParameters: true, withFragments: true })), (text) => {
        const found = mapPlace(text)
        if (found && found !== 'short') expect([found.latitude, found.longitude].every(Number.isFinite)).toBe(true)
      }),
    )
  })
})
