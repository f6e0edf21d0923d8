import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { browserOf } from '../../test/support/people.ts'
import { writtenTo } from '../../test/support/workerd/files.ts'
import { newShop, rowOf } from '../../test/support/workerd/workspace.ts'
import { limited } from '../auth/limit.ts'

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

it('people are looked for as fast as anybody types; what is more is refused where they would stand, and the text stays', async () => {
  const shop = await newShop()
  const { conversationId } = await writtenTo(shop.inbox)
  const { contact } = await rowOf<{ contact: string }>(
    sql`SELECT contact_id AS contact FROM conversations WHERE id = ${conversationId}`,
  )
  const [ana, bruno] = [await browserOf(shop.people.Ana), await browserOf(shop.people.Bruno)]
  const contacts = '/contacts?q=zelda'
  const elsewhere = [
    '/conversations/new?q=zelda',
    `/contacts/${contact}/merge?q=zelda`,
    `/conversations/${conversationId}/messages/new?kind=card&replyToId=&q=zelda`,
  ]
  // Eight a second, for fifteen of them: nobody types that fast, with a pause after every letter.
  for (let n = 0; n < 119; n += 1) await limited(env, 'search', shop.people.Ana.agentId)
  expect((await ana.get(contacts)).status).toBe(200)
  for (const path of [contacts, ...elsewhere]) {
    const answer = await ana.get(path)
    const html = await answer.text()
    expect([path, answer.status]).toEqual([path, 429])
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(html).toMatch(/class="field-problem"[^>]*>Too many tries/)
    expect(html).toContain('value="zelda"')
  }
  // What is no search is none: the whole list, the next page of what was found.
  expect((await ana.get('/contacts')).status).toBe(200)
  expect((await ana.get(`${contacts}&after=${contact}`)).status).toBe(200)
  expect((await bruno.get(contacts)).status).toBe(200)
})
