import { expect, test } from 'vitest'
import { ok, PAGE, provider } from '../../../test/support/meta-messaging.ts'
import { messenger } from '../messenger/messenger.ts'
import { messageOf } from '../test-provider.ts'
import { pauseAfter } from './usage.ts'

const share = (of: object) => ({ call_count: 1, total_time: 2, total_cputime: 3, ...of })
const business = (...shares: object[]) => JSON.stringify({ '300000000000001': shares })

test.each<[string, Record<string, string>, number]>([
  ['nothing is said', {}, 0],
  ['there is room', { 'x-app-usage': JSON.stringify(share({ call_count: 89 })) }, 0],
  ['it is nearly used up', { 'x-app-usage': JSON.stringify(share({ total_time: 90 })) }, 5_000],
  ['by one of several', { 'x-business-use-case-usage': business(share({}), share({ total_cputime: 95 })) }, 5_000],
  ['it is used up', { 'x-app-usage': JSON.stringify(share({ call_count: 100 })) }, 60_000],
  [
    'it is used up until a moment that is told',
    { 'x-business-use-case-usage': business(share({ call_count: 130, estimated_time_to_regain_access: 12 })) },
    720_000,
  ],
  [
    'that moment is absurd',
    { 'x-business-use-case-usage': business(share({ call_count: 100, estimated_time_to_regain_access: 1e9 })) },
    3_600_000,
  ],
  ['it is no JSON', { 'x-app-usage': '{', 'x-business-use-case-usage': 'null' }, 0],
  ['it has another shape', { 'x-app-usage': '[1]', 'x-business-use-case-usage': '{"a":{"call_count":100}}' }, 0],
  ['it counts in words', { 'x-app-usage': '{"call_count":"100"}' }, 0],
])('%s', (_, headers, pause) => {
  expect(pauseAfter(new Headers(headers))).toBe(pause)
})

test('whoever sends hears of it', async () => {
  const answer = ok({ recipient_id: PAGE, message_id: 'm_1' })
  answer.headers.set('x-app-usage', JSON.stringify(share({ call_count: 92 })))
  const { reach } = provider(messenger, [answer])
  const heard: number[] = []
  await messenger.send({ ...reach, slowDown: (ms) => heard.push(ms) }, messageOf())
  expect(heard).toEqual([5_000])
})
