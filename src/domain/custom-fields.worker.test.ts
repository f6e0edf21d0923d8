import { sql } from 'drizzle-orm'
import { uuidv7 } from 'uuidv7'
import { beforeEach, describe, expect, it } from 'vitest'
import { TEXTS } from '../../test/faults/corpus/texts.ts'
import { type Browser, browserOf, change, rowsOf } from '../../test/support/people.ts'
import { newShop, type Shop, scopeOf } from '../../test/support/workerd/workspace.ts'
import { contactsPage } from '../db/queries/contacts.ts'
import { foldedKey, nameText } from './text.ts'

const PATH = '/settings/contact-fields'

let shop: Shop
let ana: Browser
let bruno: Browser

beforeEach(async () => {
  shop = await newShop()
  ;[ana, bruno] = [await browserOf(shop.people.Ana), await browserOf(shop.people.Bruno)]
})

async function field(name: string, kind = 'text', choices = ''): Promise<string> {
  const id = crypto.randomUUID()
  expect((await ana.send('POST', PATH, { id, name, kind, choices })).status).toBe(303)
  return id
}

async function contact(name: string): Promise<string> {
  const id = uuidv7()
  await change(sql`INSERT INTO contacts (workspace_id, id, name, name_key, created_at)
    VALUES (${shop.workspaceId}, ${id}, ${name}, ${foldedKey(name)}, 0)`)
  return id
}

const fillIn = (contactId: string, fieldId: string, value: string, was = '', by = bruno) =>
  by.send('PUT', `/contacts/${contactId}/fields`, { [`value.${fieldId}`]: value, [`was.${fieldId}`]: was })

const known = async (contactId: string) =>
  (
    await rowsOf<{ value: string }>(
      sql`SELECT value FROM contact_field_values WHERE contact_id = ${contactId} ORDER BY value`,
    )
  ).map(({ value }) => value)

const names = () =>
  rowsOf<{ name: string }>(
    sql`SELECT name FROM custom_fields WHERE workspace_id = ${shop.workspaceId} ORDER BY position`,
  )

const foundBy = async (q: string) =>
  Array.from(
    (await (await bruno.get(`/contacts?q=${encodeURIComponent(q)}`)).text()).matchAll(/data-contact-id="([^"]+)"/g),
    ([, id]) => id,
  )

describe('a field', () => {
  it('is made once, renamed, moved and removed, with what is known in it said first', async () => {
    const [city, birthday] = [await field('Cidade'), await field('Aniversário', 'date')]
    expect((await ana.send('POST', PATH, { id: city, name: 'Cidade', kind: 'text' })).status).toBe(303)
    const taken = await ana.send('POST', PATH, { id: crypto.randomUUID(), name: ' CIDADE ', kind: 'text' })
    expect([taken.status, await taken.text()]).toEqual([422, expect.stringContaining('already a field of this name')])
    await ana.send('PUT', `${PATH}/${birthday}/position`, { by: 'up' })
    await ana.send('PUT', `${PATH}/${birthday}/position`, { by: 'up' })
    expect(await names()).toEqual([{ name: 'Aniversário' }, { name: 'Cidade' }])
    expect((await ana.send('PUT', `${PATH}/${city}`, { name: 'Município', version: '1' })).status).toBe(303)
    expect((await ana.send('PUT', `${PATH}/${city}`, { name: 'Vila', version: '1' })).status).toBe(409)
    const maria = await contact('Maria')
    await fillIn(maria, city, 'Recife')
    expect(await (await ana.get(`${PATH}/${city}/removal`)).text()).toContain('1 contact has this field filled in.')
    expect((await ana.send('DELETE', `${PATH}/${city}`)).status).toBe(303)
    expect([await known(maria), await foundBy('recife')]).toEqual([[], []])
    expect(await names()).toEqual([{ name: 'Aniversário' }])
  })

  it('of choices has some, and no other answer', async () => {
    const without = await ana.send('POST', PATH, {
      id: crypto.randomUUID(),
      name: 'Plano',
      kind: 'choice',
      choices: ' \n ',
    })
    expect([without.status, await without.text()]).toEqual([422, expect.stringContaining('at least one choice')])
    const plan = await field('Plano', 'choice', 'Ouro\nPrata\n\nouro')
    const maria = await contact('Maria')
    expect((await fillIn(maria, plan, 'Bronze')).status).toBe(422)
    expect((await fillIn(maria, plan, 'ouro')).status).toBe(303)
    expect(await known(maria)).toEqual(['ouro'])
  })

  it.each([...new Set(TEXTS)].filter((_, at) => at % 9 === 0))(
    'may be called %j, or is refused beside the field',
    async (text) => {
      const answer = await ana.send('POST', PATH, { id: crypto.randomUUID(), name: text, kind: 'text' })
      const html = await answer.text()
      expect([303, 422]).toContain(answer.status)
      expect(html).not.toMatch(/<script>|onerror=/)
      if (answer.status === 303) expect(await names()).toEqual([{ name: nameText(text) }])
      else expect(await names()).toEqual([])
    },
  )
})

describe('what is known of a contact', () => {
  it('is filled in by whoever sees them, shown in the panel, and found by search', async () => {
    const [city, since, debt] = [
      await field('Cidade'),
      await field('Cliente desde', 'date'),
      await field('Limite', 'number'),
    ]
    const maria = await contact('Maria')
    for (const [id, value] of [
      [city, 'São Luís <b>'],
      [since, '5/11/2026'],
      [debt, '1.500,50'],
    ] as const)
      expect((await fillIn(maria, id, value)).status).toBe(303)
    expect(await known(maria)).toEqual(['1500.5', '2026-11-05', 'São Luís <b>'])
    const html = await (await bruno.get(`/contacts/${maria}?tab=data`)).text()
    for (const shown of ['São Luís &lt;b&gt;', '2026-11-05', '1,500.5']) expect(html).toContain(shown)
    for (const q of ['sao luis', '05/11/2026', '1500,5', 'maria luis']) expect(await foundBy(q)).toEqual([maria])
    expect(
      await rowsOf(
        sql`SELECT detail FROM audit_log WHERE action = 'contact.fields_changed' AND target_id = ${maria} ORDER BY id LIMIT 1`,
      ),
    ).toEqual([{ detail: '{"fields":"Cidade"}' }])
    await fillIn(maria, city, '', 'São Luís <b>')
    expect(await foundBy('sao luis')).toEqual([])
  })

  it('is refused beside its field with what was typed, and never written over what a colleague wrote', async () => {
    const [city, since] = [await field('Cidade'), await field('Cliente desde', 'date')]
    const maria = await contact('Maria')
    const wrong = await fillIn(maria, since, '31/02/2026')
    expect([wrong.status, await wrong.text()]).toEqual([422, expect.stringContaining('value="31/02/2026"')])
    await fillIn(maria, city, 'Recife')
    const late = await fillIn(maria, city, 'Olinda', '', ana)
    expect([late.status, await late.text()]).toEqual([409, expect.stringContaining('value="Olinda"')])
    expect((await fillIn(maria, city, 'Recife', '', ana)).status).toBe(303)
    expect(await known(maria)).toEqual(['Recife'])
  })

  it('stays known when two contacts turn out to be one, and is parted again', async () => {
    const [city, since] = [await field('Cidade'), await field('Cliente desde', 'date')]
    const [kept, merged] = [await contact('Maria'), await contact('Maria S.')]
    await fillIn(kept, city, 'Recife')
    await fillIn(merged, city, 'Olinda')
    await fillIn(merged, since, '2026-11-05')
    const id = crypto.randomUUID()
    expect((await bruno.send('POST', `/contacts/${kept}/merges`, { id, mergedId: merged })).status).toBe(303)
    expect(await known(kept)).toEqual(['2026-11-05', 'Recife'])
    expect((await bruno.send('DELETE', `/contacts/${kept}/merges/${id}`)).status).toBe(303)
    expect([await known(kept), await known(merged)]).toEqual([['Recife'], ['2026-11-05', 'Olinda']])
  })

  it('goes out with the contacts', async () => {
    const city = await field('Cidade')
    const maria = await contact('Maria')
    await fillIn(maria, city, '=Recife')
    const csv = await (await ana.send('POST', '/contacts/export')).text()
    expect(csv.split('\r\n').slice(0, 2)).toEqual([
      expect.stringContaining('Name,Phone,Tags,Groups,Cidade,Added on'),
      expect.stringContaining("Maria,,,,'=Recife,"),
    ])
  })
})

describe('the page of contacts, by a choice', () => {
  let plan: string
  let people: { gold: string; golden: string; silver: string }

  beforeEach(async () => {
    plan = await field('Plano', 'choice', 'Ouro\nPrata\n10 - 20\n+')
    // One who is only called so, and one of whom another field says it.
    const named = await contact('Ouro Branco')
    const other = await field('Metal', 'choice', 'Ouro')
    people = { gold: await contact('Maria'), golden: await contact('João Ouro'), silver: await contact('Bia') }
    await fillIn(named, other, 'Ouro')
    await fillIn(people.gold, plan, 'Ouro')
    await fillIn(people.golden, plan, 'ouro')
    await fillIn(people.silver, plan, 'Prata')
  })

  const chosen = async (choice: string, more = '') => {
    const answer = await bruno.get(`/contacts?field=${encodeURIComponent(`${plan}:${choice}`)}${more}`)
    const html = await answer.text()
    return { html, ids: Array.from(html.matchAll(/data-contact-id="([^"]+)"/g), ([, id]) => id) }
  }

  it('shows who has it, and nobody who is only called so', async () => {
    const { ids, html } = await chosen('Ouro')
    expect(ids.toSorted()).toEqual([people.gold, people.golden].toSorted())
    expect(html).toContain(`<option value="${plan}:Ouro" selected`)
    expect((await chosen('Prata')).ids).toEqual([people.silver])
    expect((await chosen('Bronze')).ids).toEqual([])
  })

  it('finds choices that are numbers or signs as well', async () => {
    for (const [id, choice] of [
      [people.gold, '10 - 20'],
      [people.golden, '+'],
    ] as const) {
      await fillIn(id, plan, choice, 'Ouro')
      expect((await chosen(choice)).ids).toEqual([id])
    }
  })

  it('narrows a search, and whom a tag is put on', async () => {
    expect((await chosen('Ouro', '&q=joao')).ids).toEqual([people.golden])
    expect((await chosen('Ouro', '&q=bia')).ids).toEqual([])
    const tag = uuidv7()
    await change(sql`INSERT INTO tags (workspace_id, id, name, name_key, created_at)
      VALUES (${shop.workspaceId}, ${tag}, 'VIP', 'vip', 0)`)
    const form = { q: '', group: '', field: `${plan}:Ouro`, act: 'put', mark: `tag:${tag}`, all: 'on' }
    expect((await bruno.send('POST', '/contacts/marks', form)).status).toBe(200)
    const marked = await rowsOf<{ contact_id: string }>(sql`SELECT contact_id FROM contact_tags WHERE tag_id = ${tag}`)
    expect(marked.map(({ contact_id }) => contact_id).toSorted()).toEqual([people.gold, people.golden].toSorted())
  })

  it('is refused what is no field and choice', async () => {
    for (const wrong of ['x', `${plan}`, ':Ouro', '1:Ouro'])
      expect((await bruno.get(`/contacts?field=${wrong}`)).status).toBe(422)
  })

  it('looks at those alone whom the full-text index finds, each by its primary key', async () => {
    const filter = { terms: ['ouro'], groupId: null, field: { id: plan, value: 'Ouro' } }
    const asked = contactsPage(await scopeOf(shop.people.Ana), filter, null)
    const steps = await rowsOf<{ detail: string }>(sql`EXPLAIN QUERY PLAN ${asked.sql}`)
    const details = steps.map(({ detail }) => detail)
    expect(
      details.filter((step) => step.startsWith('SCAN') && !/ f$|VIRTUAL TABLE|json_each|\(subquery/.test(step)),
    ).toEqual([])
    expect(details.find((step) => step.startsWith('SEARCH v '))).toContain(
      'workspace_id=? AND contact_id=? AND field_id=?',
    )
  })
})
