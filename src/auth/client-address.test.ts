import { expect, test } from 'vitest'
import { clientAddressOf } from './client-address.ts'

const from = (address: string) => clientAddressOf(new Headers({ 'cf-connecting-ip': address }))

test.each([
  ['203.0.113.9', '203.0.113.9'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:1:2::1', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['::ffff:203.0.113.9', '203.0.113.9'],
  ['::ffff:cb00:7109', '203.0.113.9'],
])('%s counts as %s', (address, counted) => {
  expect(from(address)).toBe(counted)
})

test('only the header of the platform is believed', () => {
  expect(clientAddressOf(new Headers({ 'x-forwarded-for': '203.0.113.9', 'x-real-ip': '203.0.113.9' }))).toBe('local')
})
