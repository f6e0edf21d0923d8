import { expect, test } from 'vitest'
import { channelNamed } from './index.ts'

const urls = {
  GRAPH_API_URL: 'https://graph.example',
  INSTAGRAM_API_URL: 'https://instagram.example',
  TELEGRAM_API_URL: 'https://telegram.example',
  EVOLUTION_API_URL: 'https://evolution.example',
}

test.each([
  ['whatsapp', {}, 'https://graph.example/v24.0'],
  ['messenger', {}, 'https://graph.example/v24.0'],
  ['instagram', {}, 'https://instagram.example/v24.0'],
  ['instagram', { login: 'instagram' }, 'https://instagram.example/v24.0'],
  ['instagram', { login: 'facebook' }, 'https://graph.example/v24.0'],
  ['evolution', {}, 'https://evolution.example'],
  ['evolution', { serverUrl: 'https://evolution.loja.example/api/' }, 'https://evolution.loja.example/api'],
] as const)('%s with %o is reached at %s', (channel, settings, url) => {
  expect(channelNamed(channel)?.baseUrl(urls, settings)).toBe(url)
})

test('one stand-in for the Graph API serves Instagram too', () => {
  const { INSTAGRAM_API_URL: _, ...one } = urls
  const other = { ...one, GRAPH_API_VERSION: 'v25.0' }
  expect(channelNamed('instagram')?.baseUrl(other, {})).toBe('https://graph.example/v25.0')
})
