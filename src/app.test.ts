import { expect, test } from 'vitest'
import { baseUrlOf } from './app.ts'

const env = {
  GRAPH_API_URL: 'https://graph.example',
  INSTAGRAM_API_URL: 'https://instagram.example',
  TELEGRAM_API_URL: 'https://telegram.example',
}

test.each([
  ['whatsapp', {}, 'https://graph.example/v24.0'],
  ['messenger', {}, 'https://graph.example/v24.0'],
  ['instagram', {}, 'https://instagram.example/v24.0'],
  ['instagram', { login: 'instagram' }, 'https://instagram.example/v24.0'],
  ['instagram', { login: 'facebook' }, 'https://graph.example/v24.0'],
  ['telegram', {}, 'https://telegram.example'],
] as const)('%s with %o is reached at %s', (channel, inboxSettings, url) => {
  expect(baseUrlOf(env, { channel, inboxSettings })).toBe(url)
})

test('one stand-in for the Graph API serves Instagram too', () => {
  const { INSTAGRAM_API_URL: _, ...one } = env
  expect(baseUrlOf({ ...one, GRAPH_API_VERSION: 'v25.0' }, { channel: 'instagram', inboxSettings: {} })).toBe(
    'https://graph.example/v25.0',
  )
})
