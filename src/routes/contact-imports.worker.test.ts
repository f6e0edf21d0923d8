import { exports } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { beforeEach, expect, it } from 'vitest'
import { type Browser, browserOf, ORIGIN, rowsOf } from '../../test/support/people.ts'
import { newShop, type Shop } from '../../test/support/workerd/workspace.ts'

let shop: Shop
let ana: Browser

beforeEach(async () => {
  shop = await newShop()
  ana = await browserOf(shop.people.Ana)
})

/** As the form sends it. */
async function sent(
  csv: string | Uint8Array<ArrayBuffer>,
  by = ana,
  id: string = crypto.randomUUID(),
): Promise<Response> {
  const form = new FormData()
  form.set('id', id)
  form.set('file', new File([csv], '../clientes "<b>.csv', { type: 'text/csv' }))
  // A browser says how long a form is; here it is measured first.
  const whole = new Request(ORIGIN, { method: 'POST', body: form })
  const body = await whole.arrayBuffer()
  return exports.default.fetch(
    new Request(`${ORIGIN}/contacts/import`, {
      method: 'POST',
      body,
      redirect: 'manual',
      headers: {
        cookie: [...by.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        'accept-language': 'en',
        'sec-fetch-site': 'same-origin',
        'content-type': whole.headers.get('content-type') ?? '',
        'content-length': String(body.byteLength),
      },
    }),
  )
}

const pathOf = (answer: Response) => answer.headers.get('location') ?? ''
const page = async (path: string) => (await ana.get(path)).text()

it('goes from a file to contacts, page after page, by itself once it was told to', async () => {
  const answer = await sent('Nome Completo;Celular;Etiquetas\nAna <b>;11 91234-5678;VIP\nRui;nada;\n"=cmd()";nada;\n')
  expect(answer.status).toBe(303)
  const path = pathOf(answer)
  const mapping = await page(path)
  expect(mapping).toContain('Ana &lt;b&gt; · Rui')
  for (const [column, guessed] of [
    ['column.0', 'name'],
    ['column.1', 'phone'],
    ['column.2', 'tags'],
  ])
    expect(mapping).toMatch(new RegExp(`name="${column}".*?<option value="${guessed}" selected`, 's'))

  const form = { _method: 'PUT', country: 'BR', 'column.0': 'name', 'column.1': 'phone', 'column.2': 'tags' }
  expect((await ana.send('POST', path, form)).status).toBe(303)
  await expect.poll(() => page(path)).toContain('What will happen')
  const dryRun = await page(path)
  for (const words of [
    '1 new contact',
    '1 tag will be made',
    '2 lines are left out',
    'Line 3: there is no such phone number.',
  ])
    expect(dryRun).toContain(words)

  const csv = await ana.get(`${path}/problems.csv`)
  expect(csv.headers.get('content-disposition')).toContain('attachment')
  expect(await csv.text()).toBe(
    "Line,Problem,Nome Completo,Celular,Etiquetas\r\n3,there is no such phone number.,Rui,nada,\r\n4,there is no such phone number.,'=cmd(),nada,\r\n",
  )

  expect((await ana.send('POST', `${path}/run`)).status).toBe(303)
  await expect.poll(() => page(path)).toContain('1 contact added')
  expect(await page('/contacts?q=ana')).toContain('Ana &lt;b&gt;')
  expect(await page('/contacts/import')).toContain('Done')
  expect((await ana.send('DELETE', path)).status).toBe(303)
  expect((await ana.get(path)).status).toBe(404)
})

it('is one file, however often the form is sent', async () => {
  const id = crypto.randomUUID()
  const answers = [await sent('Nome;Telefone\na;1', ana, id), await sent('Nome;Telefone\na;1', ana, id)]
  expect(answers.map(({ status }) => status)).toEqual([303, 303])
  expect(await rowsOf(sql`SELECT id FROM contact_imports WHERE workspace_id = ${shop.workspaceId}`)).toHaveLength(1)
})

it('is refused beside the field, in words', async () => {
  for (const [bytes, words] of [
    ['', 'Choose a file with headings'],
    [Uint8Array.of(0x50, 0x4b, 3, 4), 'This is a spreadsheet'],
    ['a\n"b', 'Line 2 has a quote that never closes'],
    [new Uint8Array(5 * 1024 * 1024 + 1).fill(65), 'larger than 5 MB'],
  ] as const) {
    const answer = await sent(bytes)
    expect([answer.status, await answer.text()]).toEqual([422, expect.stringContaining(words)])
  }
  const path = pathOf(await sent('Nome;Telefone\na;1'))
  const wrong = await ana.send('PUT', path, { country: 'BR', 'column.0': 'name', 'column.1': '' })
  const html = await wrong.text()
  expect([wrong.status, html]).toEqual([422, expect.stringContaining('Say which column is the phone.')])
  expect(html).toMatch(/name="column.1".*?<option value="" selected/s)
  for (const fields of [
    { country: 'XX', 'column.0': 'phone' },
    { country: 'BR', 'column.0': 'phone; DROP' },
  ])
    expect((await ana.send('PUT', path, fields)).status).toBe(422)
})

it("is its author's, and an administrator's", async () => {
  const [diego, bruno] = [await browserOf(shop.people.Diego), await browserOf(shop.people.Bruno)]
  const [ofAna, ofDiego] = [pathOf(await sent('Nome;Telefone\na;1')), pathOf(await sent('Nome;Telefone\na;1', diego))]
  expect((await sent('Nome;Telefone\na;1', bruno)).status).toBe(403)
  expect((await ana.get(ofDiego)).status).toBe(200)
  expect((await diego.get(ofAna)).status).toBe(404)
  expect((await bruno.get(ofDiego)).status).toBe(403)
  expect((await diego.get('/contacts/import')).status).toBe(200)
  expect(await (await bruno.get('/contacts')).text()).not.toContain('/contacts/import')
})
