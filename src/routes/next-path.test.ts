import { expect, test } from 'vitest'
import { nextPath, signInPath } from './next-path.ts'

test.each([
  ['/conversations', '/conversations'],
  ['/conversations/018f?view=mine&q=a%20b', '/conversations/018f?view=mine&q=a%20b'],
  ['/settings/agents', '/settings/agents'],
])('after signing in one goes on to %s', (wanted, path) => {
  expect(nextPath(wanted)).toBe(path)
})

test.each([
  ['nothing', undefined],
  ['an empty text', ''],
  ['another site', 'https://evil.example/'],
  ['another scheme', 'javascript:alert(1)'],
  ['no scheme', '//evil.example'],
  ['slashes three deep', '///evil.example'],
  ['a backslash', '/\\evil.example'],
  ['a tab', '/\t/evil.example'],
  ['a line break', '/\n/evil.example'],
  ['a dot that goes away', '/.//evil.example'],
  ['a parent that goes away', '/x/..//evil.example'],
  ['an encoded dot', '/%2e//evil.example'],
  ['a relative path', 'conversations'],
  ['a space before', ' //evil.example'],
  ['userinfo', '/@evil.example', '/@evil.example'],
  ['sign-in again', '/sign-in?next=/sign-in'],
  ['sign-out', '/sign-out/everywhere'],
  ['something endless', `/${'a'.repeat(5_000)}`],
])('%s does not lead off the site', (_, wanted, path = '/conversations') => {
  expect(nextPath(wanted)).toBe(path)
})

test('the way to sign in carries the way back, and only where there is one', () => {
  expect(signInPath('/contacts/7?tab=a&b=1')).toBe('/sign-in?next=%2Fcontacts%2F7%3Ftab%3Da%26b%3D1')
  expect(signInPath('/conversations')).toBe('/sign-in')
  expect(signInPath('//evil.example')).toBe('/sign-in')
  expect(signInPath()).toBe('/sign-in')
})
