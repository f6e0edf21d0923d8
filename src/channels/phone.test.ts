import { expect, test } from 'vitest'
import { isPhone, phoneOf } from './phone.ts'

test.each([
  ['a mobile without its ninth digit', '553188880002', '+5531988880002'],
  ['a mobile with it', '5531988880002', '+5531988880002'],
  ['a São Paulo mobile', '5511999990001', '+5511999990001'],
  ['a landline, which never becomes a mobile', '553133330002', '+553133330002'],
  ['a landline that begins with five', '551155550002', '+551155550002'],
  ['an area code that cannot be', '550188880002', '+550188880002'],
  ['Portugal', '351912345678', '+351912345678'],
  ['a foreign number that happens to hold 55', '155318888000', '+155318888000'],
])('%s', (_, address, phone) => {
  expect(phoneOf(address)).toBe(phone)
})

test.each([
  '',
  '12345',
  '1234567890123456',
  'BR.13491208655302741918',
  '+5511999990001',
  '55 11 99999',
  'ana',
  '5511999990001\n',
])('%j is no phone', (value) => {
  expect(isPhone(value)).toBe(false)
  expect(phoneOf(value)).toBeNull()
})
