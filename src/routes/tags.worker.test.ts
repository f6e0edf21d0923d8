import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { type Browser, browserOf, change, rowsOf } from '../../test/support/people.ts'
import { newShop, type Shop } from '../../test/support/workerd/workspace.ts'

const PART = { 'HX-Request': 'true', 'HX-Request-Type': 'partial', 'accept-language': 'pt-BR' }
const CONTACT = '01990000-0000-7000-8000-000000000001'

let shop: Shop
let ana: Browser
let bruno: Browser

beforeEach(async () => {
  shop = await newShop()
  ;[ana, bruno] = await Promise.all([browserOf(shop.people.Ana), browserOf(shop.people.Bruno)])
  await change(
    sql`INSERT INTO contacts (workspace_id, id, name, name_key, phone, created_at)
      VALUES (${shop.workspaceId}, ${CONTACT}, 'Maria', 'maria', '+5511912345678', 0)`,
  )
}, 30_000)

const tags = () =>
  rowsOf<{ id: string; name: string; color: string; version: number }>(
    sql`SELECT id, name, color, version FROM tags WHERE workspace_id = ${shop.workspaceId} ORDER BY name_key`,
  )

const chosen = async () =>
  (
    await rowsOf<{ name: string }>(sql`SELECT t.name FROM contact_tags c
      JOIN tags t ON t.workspace_id = c.workspace_id AND t.id = c.tag_id
      WHERE c.workspace_id = ${shop.workspaceId} ORDER BY t.name_key`)
  ).map(({ name }) => name)

describe('the tags of a person', () => {
  it('are a page without script, and the same dialog as a part', async () => {
    await ana.send('POST', '/tags', { name: 'VIP', color: 'amber' })
    const page = await (await ana.get(`/contacts/${CONTACT}/tags`, { 'accept-language': 'pt-BR' })).text()
    expect(page).toContain('<!doctype html>')
    const part = await (await ana.get(`/contacts/${CONTACT}/tags`, PART)).text()
    expect(part).not.toContain('<!doctype html>')
    expect(part).toContain('Selecionar uma tag')
    expect(part).toContain('VIP')
  })

  it('are saved by a plain form, which goes back to the person', async () => {
    const answer = await ana.send('POST', `/contacts/${CONTACT}/tags`, { _method: 'PUT', create: 'Nova' })
    expect([answer.status, answer.headers.get('location')]).toEqual([303, `/contacts/${CONTACT}`])
    expect(await chosen()).toEqual(['Nova'])
    const [tag] = await tags()
    await ana.send('POST', `/contacts/${CONTACT}/tags`, { _method: 'PUT', shown: tag?.id ?? '' })
    expect(await chosen()).toEqual([])
  })

  it('are saved from the dialog, which closes', async () => {
    const answer = await ana.send('PUT', `/contacts/${CONTACT}/tags`, { create: 'Nova' }, PART)
    expect([answer.status, answer.headers.get('HX-Trigger')]).toEqual([204, 'prosa:done'])
  })

  it('a name that is too long comes back with the reason and everything that was chosen', async () => {
    const name = `<b>${'x'.repeat(50)}</b>`
    const answer = await ana.send('PUT', `/contacts/${CONTACT}/tags`, { create: name }, PART)
    expect(answer.status).toBe(422)
    const html = await answer.text()
    expect(html).toContain('aria-invalid="true"')
    expect(html).not.toContain('<b>xxx')
    expect(await tags()).toEqual([])
  })

  it('a person of nobody’s is not found, and an id that is none neither', async () => {
    for (const id of ['01990000-0000-7000-8000-00000000ffff', 'new', '%27%3B--', 'a'.repeat(500)]) {
      expect((await ana.get(`/contacts/${id}/tags`)).status).toBe(404)
      expect((await ana.send('PUT', `/contacts/${id}/tags`, {})).status).toBe(404)
    }
  })

  it('fields that the form has not are refused', async () => {
    const answer = await ana.send('PUT', `/contacts/${CONTACT}/tags`, { tag: 'VIP' })
    expect(answer.status).toBe(422)
    const more = await ana.send('PUT', `/contacts/${CONTACT}/tags`, { workspaceId: 'another' })
    expect(more.status).toBe(422)
  })
})

describe('the page of tags', () => {
  it('says to those who lead how many have a tag, and to everyone else only what there is', async () => {
    await ana.send('PUT', `/contacts/${CONTACT}/tags`, { create: 'VIP' })
    const [tag] = await tags()
    const [leads, works] = await Promise.all(
      [ana, bruno].map(async (who) => (await who.get('/tags', { 'accept-language': 'pt-BR' })).text()),
    )
    expect(leads).toMatch(/1 (contato|contact)/)
    expect(works).toContain('VIP')
    expect(works).not.toContain(`/tags/${tag?.id}`)
  })

  it('makes, changes and deletes', async () => {
    expect((await ana.send('POST', '/tags', { name: 'Vip', color: 'amber' })).status).toBe(303)
    const [tag] = await tags()
    const path = `/tags/${tag?.id}`
    expect((await ana.send('PUT', path, { name: 'VIP', color: 'clay', version: '1' })).status).toBe(303)
    expect(await tags()).toMatchObject([{ name: 'VIP', color: 'clay', version: 2 }])
    expect((await ana.get(`${path}/deletion`)).status).toBe(200)
    expect((await ana.send('POST', path, { _method: 'DELETE' })).status).toBe(303)
    expect(await tags()).toEqual([])
  })

  it('shows the newest state to whoever edits an older one, and keeps what they wrote', async () => {
    await ana.send('POST', '/tags', { name: 'Vip', color: 'amber' })
    const [tag] = await tags()
    const path = `/tags/${tag?.id}`
    await ana.send('PUT', path, { name: 'Ouro', color: 'amber', version: '1' })
    const answer = await ana.send('PUT', path, { name: 'Prata', color: 'amber', version: '1' }, PART)
    expect(answer.status).toBe(409)
    const html = await answer.text()
    expect(html).toContain('value="Prata"')
    expect(html).toContain('name="version" value="2"')
    expect((await tags())[0]?.name).toBe('Ouro')
  })

  it('refuses agents, by every way', async () => {
    await ana.send('POST', '/tags', { name: 'VIP', color: 'amber' })
    const [tag] = await tags()
    const path = `/tags/${tag?.id}`
    const answers = await Promise.all([
      bruno.get('/tags/new'),
      bruno.get(path),
      bruno.get(`${path}/deletion`),
      bruno.send('POST', '/tags', { name: 'Minha', color: 'sea' }),
      bruno.send('PUT', path, { name: 'Minha', color: 'sea', version: '1' }),
      bruno.send('DELETE', path),
    ])
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403, 403])
    expect(await tags()).toMatchObject([{ name: 'VIP' }])
  })

  it.each([
    [{ name: 'VIP', color: 'javascript' }],
    [{ name: 'VIP' }],
    [{ name: 'VIP', color: 'sea', version: '1' }],
    [{ name: '\u202e\u200b', color: 'sea' }],
    [{ name: 'x'.repeat(5_000), color: 'sea' }],
  ])('%# stores nothing of a form that does not fit', async (fields) => {
    expect((await ana.send('POST', '/tags', fields as Record<string, string>)).status).toBe(422)
    expect(await tags()).toEqual([])
  })
})
