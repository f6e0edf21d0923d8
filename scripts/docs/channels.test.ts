import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { whatsapp } from '../../src/channels/whatsapp/whatsapp.ts'
import { channelsPage } from './channels.ts'

it('docs/channels.md says what the channels’ limits say now (npm run docs)', () => {
  expect(readFileSync(new URL('../../docs/channels.md', import.meta.url), 'utf8')).toBe(channelsPage())
})

it('says of every limit what it is', () => {
  const page = channelsPage([
    { ...whatsapp, limits: { ...whatsapp.limits, textLength: 4711, textUnit: 'bytes', location: false } },
  ])
  expect(page).toContain('| text | 4711 bytes |')
  expect(page).toContain('| location | – |')
  expect(page).toContain('| after one that came from an ad | 72 h |')
})
