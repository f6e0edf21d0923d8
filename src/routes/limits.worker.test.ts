import { expect, it } from 'vitest'
import { browserOf } from '../../test/support/people.ts'
import { writtenTo } from '../../test/support/workerd/files.ts'
import { newShop } from '../../test/support/workerd/workspace.ts'

it.each([
  ['sync', 20, { seq: '0' }],
  ['typing', 30, {}],
] as const)('%s is asked for so often a minute by one agent, and no more', async (what, most, fields) => {
  const shop = await newShop()
  const { conversationId } = await writtenTo(shop.inbox)
  const [ana, bruno] = [await browserOf(shop.people.Ana), await browserOf(shop.people.Bruno)]
  const ask = async (browser = ana) =>
    browser.send('POST', `/conversations/${conversationId}/${what}`, fields, { 'HX-Request': 'true' })
  const answers = await Promise.all(Array.from({ length: most + 1 }, () => ask()))
  const refused = answers.filter(({ status }) => status === 429)
  expect(refused).toHaveLength(1)
  expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0)
  expect((await ask(bruno)).ok).toBe(true)
})
