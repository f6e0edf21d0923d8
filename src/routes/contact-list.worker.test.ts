/** The page of contacts, narrowed to those who are blocked. */
import { sql } from 'drizzle-orm'
import { uuidv7 } from 'uuidv7'
import { beforeEach, expect, it } from 'vitest'
import { type Browser, browserOf, change, rowsOf } from '../../test/support/people.ts'
import { newShop, type Shop, scopeOf } from '../../test/support/workerd/workspace.ts'
import { type ContactFilter, contactsPage } from '../db/queries/contacts.ts'

const PART = { 'HX-Request': 'true', 'HX-Request-Type': 'partial' }

let shop: Shop
let ana: Browser
let bruno: Browser

beforeEach(async () => {
  shop = await newShop()
  ;[ana, bruno] = [await browserOf(shop.people.Ana), await browserOf(shop.people.Bruno)]
})

async function known(name: string, blocked: boolean): Promise<string> {
  const id = uuidv7()
  await change(sql`INSERT INTO contacts (workspace_id, id, name, name_key, blocked_at, created_at)
    VALUES (${shop.workspaceId}, ${id}, ${name}, ${name.toLowerCase()}, ${blocked ? 1 : null}, 0)`)
  return id
}

async function groupOf(...ids: string[]): Promise<string> {
  const group = uuidv7()
  await change(
    sql`INSERT INTO groups (workspace_id, id, name, name_key, created_at) VALUES (${shop.workspaceId}, ${group}, 'VIP', 'vip', 0)`,
    ...ids.map(
      (id) => sql`INSERT INTO contact_groups (workspace_id, contact_id, group_id, created_at)
        VALUES (${shop.workspaceId}, ${id}, ${group}, 0)`,
    ),
  )
  return group
}

async function listed(query: string, by = ana): Promise<{ ids: (string | undefined)[]; html: string }> {
  const html = await (await by.get(`/contacts?${query}`, PART)).text()
  return { html, ids: Array.from(html.matchAll(/data-contact-id="([^"]+)"/g), ([, id]) => id) }
}

it('shows those who are blocked alone, together with what else was chosen', async () => {
  const [bia, bea, caio] = [await known('Bia', true), await known('Bea', true), await known('Caio', true)]
  const free = await known('Bianca', false)
  const group = await groupOf(bia, caio, free)
  expect((await listed('')).ids).toEqual([bea, bia, free, caio])
  expect((await listed('blocked=on')).ids).toEqual([bea, bia, caio])
  expect((await listed(`blocked=on&group=${group}`)).ids).toEqual([bia, caio])
  expect((await listed('blocked=on&q=b')).ids).toEqual([bea, bia])
  expect((await listed(`blocked=on&q=b&group=${group}`)).ids).toEqual([bia])
  expect((await listed('q=bi')).ids).toEqual([free, bia])
})

it('is in the address, ticked on the page, and goes along to the next page, the file and the tags', async () => {
  await Promise.all(Array.from({ length: 60 }, (_, n) => known(`B${String(n).padStart(2, '0')}`, true)))
  await known('Livre', false)
  const first = await listed('blocked=on')
  expect(first.ids).toHaveLength(50)
  const [, more = ''] = /hx-get="\/contacts\?([^"]+)"/.exec(first.html) ?? []
  const rest = await listed(more.replaceAll('&amp;', '&'))
  expect(rest.ids).toHaveLength(10)
  expect(new Set([...first.ids, ...rest.ids]).size).toBe(60)

  const page = await (await ana.get('/contacts?blocked=on')).text()
  expect(page).toMatch(/<input type="checkbox" name="blocked" value="on" checked=""\/> *Blocked/)
  expect(page).toContain('<input type="hidden" name="blocked" value="on"/>')

  const file = await (await ana.send('POST', '/contacts/export', { blocked: 'on' })).text()
  expect([file.match(/B\d\d/g)?.length, file.includes('Livre')]).toEqual([60, false])

  const tag = uuidv7()
  await change(
    sql`INSERT INTO tags (workspace_id, id, name, name_key, created_at) VALUES (${shop.workspaceId}, ${tag}, 'Golpe', 'golpe', 0)`,
  )
  const form = { blocked: 'on', act: 'put', mark: `tag:${tag}`, all: 'on' }
  const answer = await ana.send('POST', '/contacts/marks', form, PART)
  expect(await answer.text()).toContain('name="blocked" value="on" checked=""')
  const [marked] = await rowsOf<{ n: number }>(sql`SELECT count(*) AS n FROM contact_tags WHERE tag_id = ${tag}`)
  expect(marked?.n).toBe(60)
})

it('says that nobody is blocked, where nobody is', async () => {
  await known('Bia', false)
  expect((await listed('blocked=on')).html).toContain('No blocked contacts.')
  expect((await listed('blocked=on&q=bia')).html).toContain('No contact found')
  expect((await ana.get('/contacts?blocked=off')).status).toBe(422)
  expect((await ana.get('/contacts?blocked=on&blocked=on')).status).toBe(422)
})

it('shows nobody to whom they are not to be seen', async () => {
  const { workspaceId } = shop
  const [theirs, free] = [await known('Bia', true), await known('Bea', true)]
  await change(
    sql`INSERT INTO identities (workspace_id, id, contact_id, inbox_id, principal_id, external_id, created_at)
      VALUES (${workspaceId}, ${theirs}, ${theirs}, ${shop.inbox.id}, ${theirs}, ${theirs}, 0)`,
    sql`INSERT INTO conversations (workspace_id, id, inbox_id, identity_id, contact_id, department_id, last_at, opened_at)
      VALUES (${workspaceId}, ${theirs}, ${shop.inbox.id}, ${theirs}, ${theirs}, ${shop.financeiro}, 0, 0)`,
  )
  expect((await listed('blocked=on')).ids).toEqual([free, theirs])
  expect((await listed('blocked=on', bruno)).ids).toEqual([free])
  expect((await listed('blocked=on&q=b', bruno)).ids).toEqual([free])
})

it.each<[string, ContactFilter]>([
  ['all of them', { terms: [], groupId: null, blocked: true }],
  ['of a group', { terms: [], groupId: 'g', blocked: true }],
  ['found by words', { terms: ['bi'], groupId: null, blocked: true }],
  [
    'found by words, of a group and a field',
    { terms: ['bi'], groupId: 'g', field: { id: 'f', value: 'x' }, blocked: true },
  ],
])('reads nobody else: %s', async (_, filter) => {
  for (const after of [null, 'k']) {
    const scope = await scopeOf(shop.people.Bruno)
    const plan = await rowsOf<{ detail: string }>(sql`EXPLAIN QUERY PLAN ${contactsPage(scope, filter, after).sql}`)
    const steps = plan.map(({ detail }) => detail)
    const gathered = steps.flatMap((step) => /^(?:CO-ROUTINE|MATERIALIZE) (\w+)$/.exec(step)?.[1] ?? [])
    const read = steps.filter((step) => /^(SCAN|SEARCH) (k|t|m|v)\b/.test(step) && !gathered.includes(step.slice(5)))
    expect(read.some((step) => step.includes('contacts_blocked'))).toBe(true)
    // Everything else is looked up row by row.
    for (const step of read) expect(step).toMatch(/contacts_blocked|\(workspace_id=\? AND \w+=\?|rowid=\?/)
  }
})
