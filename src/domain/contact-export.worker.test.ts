import { parse } from 'csv-parse/browser/esm/sync'
import { sql } from 'drizzle-orm'
import { uuidv7 } from 'uuidv7'
import { beforeEach, expect, it } from 'vitest'
import { TEXTS } from '../../test/faults/corpus/texts.ts'
import { browserOf, change, rowsOf } from '../../test/support/people.ts'
import { newShop, type Shop } from '../../test/support/workerd/workspace.ts'
import { rowsIn } from './csv.ts'
import { foldedKey, nameText } from './text.ts'

let shop: Shop

beforeEach(async () => {
  shop = await newShop()
})

async function known(
  name: string | null,
  phone: string | null,
  more: { tag?: string; group?: string } = {},
): Promise<string> {
  const [id, { workspaceId }] = [uuidv7(), shop]
  const marks = Object.entries(more).flatMap(([mark, called]) => [
    sql`INSERT INTO ${sql.raw(`${mark}s`)} (workspace_id, id, name, name_key, created_at) VALUES (${workspaceId}, ${uuidv7()}, ${called}, ${called}, 0) ON CONFLICT DO NOTHING`,
    sql`INSERT INTO ${sql.raw(`contact_${mark}s`)} (workspace_id, contact_id, ${sql.raw(mark)}_id, created_at)
      SELECT workspace_id, ${id}, id, 0 FROM ${sql.raw(`${mark}s`)} WHERE workspace_id = ${workspaceId} AND name_key = ${called}`,
  ])
  await change(
    sql`INSERT INTO contacts (workspace_id, id, name, name_key, phone, created_at)
      VALUES (${workspaceId}, ${id}, ${name}, ${foldedKey(name ?? phone ?? '')}, ${phone}, ${Date.UTC(2026, 10, 20, 12)})`,
    ...marks,
  )
  return id
}

async function exported(by = shop.people.Ana, fields: Record<string, string> = {}) {
  const browser = await browserOf(by)
  const answer = await browser.send('POST', '/contacts/export', fields, { 'accept-language': 'en' })
  return { answer, text: await answer.text() }
}

it('is a table of those whom the list shows, that a spreadsheet takes for nothing but text', async () => {
  await known('=1+1', '+5511912345678', { tag: 'a, b', group: 'Clientes' })
  await known('Rui "o Bom"', null)
  await change(sql`UPDATE contacts SET blocked_at = 1 WHERE workspace_id = ${shop.workspaceId} AND phone IS NULL`)
  const { answer, text } = await exported()
  expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8')
  expect(answer.headers.get('content-disposition')).toMatch(
    /^attachment; filename\*=UTF-8''contacts-\d{4}-\d\d-\d\d\.csv$/,
  )
  expect(text).toBe(
    `Name,Phone,Tags,Groups,Added on,Blocked\r\n'=1+1,5511912345678,"a, b |",Clientes,2026-11-20,\r\n"Rui ""o Bom""",,,,2026-11-20,yes\r\n`,
  )
  expect((await exported(shop.people.Ana, { q: 'rui' })).text.split('\r\n')).toHaveLength(3)
  expect(
    await rowsOf(sql`SELECT action, detail FROM audit_log WHERE workspace_id = ${shop.workspaceId} ORDER BY id`),
  ).toEqual([
    { action: 'contacts.exported', detail: '{"searched":false,"group":false}' },
    { action: 'contacts.exported', detail: '{"searched":true,"group":false}' },
  ])
})

it('names nobody whom its reader may not see, and is not for agents', async () => {
  const hidden = await known('Escondida', '+5511912345678')
  await known('Nova', '+5511912345679')
  const identity = uuidv7()
  await change(
    sql`INSERT INTO identities (workspace_id, id, contact_id, inbox_id, principal_id, external_id, created_at)
      VALUES (${shop.workspaceId}, ${identity}, ${hidden}, ${shop.inbox.id}, ${identity}, '5511912345678', 0)`,
    sql`INSERT INTO conversations (workspace_id, id, inbox_id, identity_id, contact_id, department_id, last_at, opened_at)
      VALUES (${shop.workspaceId}, ${uuidv7()}, ${shop.inbox.id}, ${identity}, ${hidden}, ${shop.financeiro}, 0, 0)`,
  )
  expect((await exported(shop.people.Diego)).text).not.toContain('Escondida')
  expect((await exported(shop.people.Ana)).text).toContain('Escondida')
  expect((await exported(shop.people.Bruno)).answer.status).toBe(403)
})

it('can be taken three times a day, and says so at the fourth', async () => {
  const ana = await browserOf(shop.people.Ana)
  const statuses = []
  for (let time = 1; time <= 4; time += 1) {
    const answer = await ana.send('POST', '/contacts/export')
    await answer.text()
    statuses.push(answer.status)
  }
  expect(statuses).toEqual([200, 200, 200, 429])
})

it('of more people than one page holds says each once, whatever they are called', async () => {
  const formulas = ['=1+1', '+5', '-5', '@SUM(A1)', "'=1", '＝1', '＋1', '－1', '＠x']
  const names = [...formulas, ...TEXTS.map(nameText)]
  const rows = Array.from({ length: 1_100 }, (_, at) => ({
    id: uuidv7(),
    name: names[at % names.length] ?? null,
    phone: `+55119${20_000_000 + at}`,
  }))
  await change(
    sql`INSERT INTO contacts (workspace_id, id, name, name_key, phone, created_at)
      SELECT ${shop.workspaceId}, value ->> 'id', value ->> 'name', coalesce(value ->> 'name', ''), value ->> 'phone', 0 FROM json_each(${JSON.stringify(rows)})`,
  )
  const { text } = await exported()
  const [, ...told] = rowsIn(text, ',', 5_000)
  expect(told.map(([name, phone]) => [phone, name]).toSorted()).toEqual(
    rows.map(({ name, phone }) => [phone.slice(1), name ?? '']).toSorted(),
  )
  const cells = parse(text).flat()
  expect(cells.filter((cell) => /^[=+\-@\t\r\n＝＋－＠]/u.test(cell))).toEqual([])
})
