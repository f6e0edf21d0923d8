import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { ADDING_A_CHANNEL, withSizes } from './adding-a-channel.ts'

it('docs/adding-a-channel.md says how large its example is now (npm run docs)', () => {
  const page = readFileSync(ADDING_A_CHANNEL, 'utf8')
  expect(page).toBe(withSizes(page))
  expect(page).toMatch(/\| adapter \(`src\/channels\/waha\/`\) \| \d+ \| \d{3,} \|/)
})
