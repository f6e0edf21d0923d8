import { env, exports } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { type Browser, browserOf, change, ORIGIN, rowsOf } from '../../test/support/people.ts'
import { PNG, type Written, writtenTo } from '../../test/support/workerd/files.ts'
import { newShop, type Shop } from '../../test/support/workerd/workspace.ts'

let shop: Shop
let written: Written
let ana: Browser

beforeEach(async () => {
  shop = await newShop()
  written = await writtenTo(shop.inbox)
  ana = await browserOf(shop.people.Ana)
})

async function templateWith(format: string): Promise<string> {
  const id = crypto.randomUUID()
  const components = JSON.stringify([
    { type: 'header', format },
    { type: 'body', text: 'Olá, {{1}}!' },
  ])
  await change(sql`INSERT INTO templates (workspace_id, id, inbox_id, name, language, category, status, parameter_format, components, synced_at)
    VALUES (${shop.workspaceId}, ${id}, ${shop.inbox.id}, 'aviso', 'pt_BR', 'UTILITY', 'APPROVED', 'positional', ${components}, 1)`)
  return `/conversations/${written.conversationId}/templates/${id}`
}

const SCRIPTED = { 'HX-Request': 'true', 'HX-Request-Type': 'partial' }

function sending(path: string, body: BodyInit, headers: Record<string, string>): Promise<Response> {
  const cookie = [...ana.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const common = { cookie, 'accept-language': 'en', 'sec-fetch-site': 'same-origin' }
  const init = { method: 'POST', body, redirect: 'manual' as const, headers: { ...common, ...headers } }
  return exports.default.fetch(new Request(`${ORIGIN}${path}/file`, init))
}

const byScript = (path: string, body: BodyInit = PNG) =>
  sending(path, body, { ...SCRIPTED, 'content-type': 'application/octet-stream', 'x-file-type': 'image/png' })

async function byForm(path: string, ...files: File[]): Promise<Response> {
  const form = new FormData()
  for (const file of files) form.append('file', file)
  const encoded = new Response(form)
  const body = await encoded.arrayBuffer()
  const type = encoded.headers.get('content-type') ?? ''
  return sending(path, body, { 'content-type': type, 'content-length': String(body.byteLength) })
}

const idIn = (html: string) => /name="uploadId" value="([^"]+)"/.exec(html)?.[1] ?? ''
const shown = async (path: string) => (await ana.get(path)).text()
const sent = () =>
  rowsOf<{ type: string; body: string; content: string; files: number }>(
    sql`SELECT type, body, content, (SELECT count(*) FROM attachments f WHERE f.workspace_id = m.workspace_id AND f.message_id = m.id) AS files
      FROM messages m WHERE conversation_id = ${written.conversationId} AND direction = 'outgoing'`,
  )

describe('a template with a file in its header', () => {
  it('takes it by script, shows it in the form and in the preview, and sends it', async () => {
    const path = await templateWith('image')
    expect(await shown(path)).toContain('accept="image/jpeg,image/png"')
    const missing = await ana.send('POST', path, { clientKey: crypto.randomUUID(), 'body.1': 'Maria' }, SCRIPTED)
    expect([missing.status, await missing.text()]).toEqual([422, expect.stringContaining('Choose the file that')])

    const answer = await byScript(path)
    const uploadId = idIn(await answer.text())
    expect([answer.status, uploadId]).toEqual([201, expect.stringMatching(/^[0-9a-f-]{36}$/)])
    for (const html of [
      await shown(path),
      await (await ana.send('POST', `${path}/preview`, { 'body.1': 'Maria' }, SCRIPTED)).text(),
    ])
      expect(html).toContain(`<img src="/media/${uploadId}"`)
    expect((await ana.get(`/media/${uploadId}`)).headers.get('content-type')).toBe('image/png')
    expect(await shown(`/conversations/${written.conversationId}`)).not.toContain(uploadId)

    const fields = { clientKey: crypto.randomUUID(), 'body.1': 'Maria', uploadId }
    for (const status of [201, 200]) expect((await ana.send('POST', path, fields, SCRIPTED)).status).toBe(status)
    expect(await sent()).toMatchObject([{ type: 'template', body: 'Olá, Maria!', files: 1 }])
    expect(await shown(`/conversations/${written.conversationId}`)).toContain(`<img src="/media/${uploadId}"`)
    expect(idIn(await shown(path))).toBe('')
  })

  it('says of a file that it does not take what it does take, and leaves nothing', async () => {
    const path = await templateWith('image')
    const pdf = () => new File(['%PDF-1.7'], 'nota.pdf', { type: 'application/pdf' })
    for (const answer of [await byScript(path, '%PDF-1.7'), await byForm(path, pdf())])
      expect([answer.status, await answer.text()]).toEqual([422, expect.stringContaining('takes a JPEG or PNG image')])
    const nothing = await byForm(path)
    expect([nothing.status, await nothing.text()]).toEqual([422, expect.stringContaining('is empty')])
    expect((await env.MEDIA.list({ prefix: `ws/${shop.workspaceId}/` })).objects).toEqual([])
  })

  it('takes it by a plain form, and goes on to what is left to fill in', async () => {
    const path = await templateWith('document')
    const answer = await byForm(path, new File(['%PDF-1.7'], 'nota.pdf', { type: 'application/pdf' }))
    expect([answer.status, answer.headers.get('location')]).toEqual([303, path])
    const html = await shown(path)
    expect(html).toContain('nota.pdf')
    const fields = { clientKey: crypto.randomUUID(), 'body.1': 'Maria', uploadId: idIn(html) }
    expect((await ana.send('POST', path, fields)).status).toBe(303)
    expect(await sent()).toMatchObject([{ type: 'template', files: 1 }])
  })
})

describe('a template with a place in its header', () => {
  it('reads it out of the link of a map, keeps what was typed through a refusal, and sends it', async () => {
    const path = await templateWith('location')
    const place = { where: 'https://maps.example/?q=-8.06,-34.87', name: 'Loja <1>', address: '' }
    const clientKey = crypto.randomUUID()
    const preview = await ana.send('POST', `${path}/preview`, { ...place, 'body.1': '' }, SCRIPTED)
    expect(await preview.text()).toContain('Loja &lt;1&gt;')
    const refused = await ana.send('POST', path, { ...place, clientKey, 'body.1': 'Maria' }, SCRIPTED)
    const html = await refused.text()
    expect(refused.status).toBe(422)
    expect(html).toContain('value="Loja &lt;1&gt;"')
    expect(html).toMatch(/name="address"[^>]*aria-invalid="true"/)
    const short = { ...place, where: 'https://maps.app.goo.gl/AbCd', clientKey, 'body.1': 'Maria' }
    expect((await ana.send('POST', path, short, SCRIPTED)).status).toBe(422)

    const whole = { ...place, address: 'Rua A, 1', clientKey, 'body.1': 'Maria' }
    expect((await ana.send('POST', path, whole, SCRIPTED)).status).toBe(201)
    const [message, ...others] = await sent()
    expect([others, JSON.parse(message?.content ?? '')]).toEqual([
      [],
      {
        template: expect.objectContaining({ name: 'aviso' }),
        location: { latitude: -8.06, longitude: -34.87, name: 'Loja <1>', address: 'Rua A, 1' },
      },
    ])
  })
})
