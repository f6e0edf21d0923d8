import { expect, test } from 'vitest'
import { type PhoneProblem, readPhone } from './phone-number.ts'

test.each([
  ['(11) 91234-5678', '+5511912345678'],
  ['11 9 1234 5678', '+5511912345678'],
  ['011 91234-5678', '+5511912345678'],
  ['0 15 11 91234-5678', '+5511912345678'],
  ['+55 (0)11 91234-5678', '+5511912345678'],
  ['5511912345678', '+5511912345678'],
  ['tel:+55-11-91234-5678', '+5511912345678'],
  ['\u202a+55 11 91234\u20115678\u202c', '+5511912345678'],
  ['１１９１２３４５６７８', '+5511912345678'],
  ['WhatsApp: 11 91234-5678', '+5511912345678'],
  ['55 91234-5678', '+5555912345678'],
  ['11 3123-4567', '+551131234567'],
  ['+1 (212) 736-5000', '+12127365000'],
  ['001 212 736 5000', '+12127365000'],
  ['+351 912 345 678', '+351912345678'],
])('%s is a number', (typed, phone) => {
  expect(readPhone(typed, 'BR')).toEqual({ phone, problem: null })
})

test('without a plus it is a number of the country that was chosen', () => {
  expect(readPhone('(212) 736-5000', 'US')).toEqual({ phone: '+12127365000', problem: null })
  expect(readPhone('912 345 678', 'PT').phone).toBe('+351912345678')
})

test('a mobile without its ninth digit is refused, and still found where it is known', () => {
  const meant = { phone: '+5511991234567', problem: 'needNinth' }
  expect(readPhone('(11) 9123-4567', 'BR')).toEqual(meant)
  expect(readPhone('+55 11 9123 4567', 'BR')).toEqual(meant)
  expect(readPhone('551191234567', 'BR')).toEqual(meant)
})

test.each<[string, PhoneProblem]>([
  ['', 'phoneEmpty'],
  ['   ', 'phoneEmpty'],
  ['(10) 91234-5678', 'badAreaCode'],
  ['(20) 3123-4567', 'badAreaCode'],
  ['91234-5678', 'needAreaCode'],
  ['3123-4567', 'needAreaCode'],
  ['(11) 1234-5678', 'badPhone'],
  ['(11) 81234-5678', 'badPhone'],
  ['190', 'badPhone'],
  ['+1 555', 'badPhone'],
  ['Maria', 'badPhone'],
  ['\ud800', 'badPhone'],
  ["'; DROP TABLE contacts; --", 'badPhone'],
  ['<b>11</b>', 'badPhone'],
  ['1'.repeat(200), 'badPhone'],
])('%s is refused, and it is said why', (typed, problem) => {
  expect(readPhone(typed, 'BR').problem).toBe(problem)
})

test('a country that is none is taken for home', () => {
  expect(readPhone('11 91234-5678', '__proto__').phone).toBe('+5511912345678')
})
