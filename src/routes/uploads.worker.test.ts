import { env, exports } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { type Browser, browserOf, ORIGIN } from '../../test/support/people.ts'
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

const cookieOf = (browser: Browser) => [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')

/** As the script sends it: the bytes as they are, and what is known of them beside. */
function sending(body: BodyInit, headers: Record<string, string> = {}, by = ana): Promise<Response> {
  return exports.default.fetch(
    new Request(`${ORIGIN}/conversations/${written.conversationId}/uploads`, {
      method: 'POST',
      body,
      redirect: 'manual',
      headers: {
        cookie: cookieOf(by),
        'accept-language': 'en',
        'sec-fetch-site': 'same-origin',
        'content-type': 'application/octet-stream',
        'HX-Request': 'true',
        'HX-Request-Type': 'partial',
        ...headers,
      },
    }),
  )
}

const page = async () => (await ana.get(`/conversations/${written.conversationId}`)).text()
const inStore = async () => (await env.MEDIA.list({ prefix: `ws/${shop.workspaceId}/` })).objects.length

describe('a file for an answer', () => {
  it('stands in the composer once it is up, by the name that it has, and goes when it is taken back', async () => {
    const answer = await sending(PNG, {
      'x-file-type': 'image/png',
      'x-file-name': encodeURIComponent('caf\u00e9 <b>.png'),
    })
    const html = await answer.text()
    expect([answer.status, html]).toEqual([201, expect.stringContaining('caf\u00e9 &lt;b&gt;.png')])
    expect(await page()).toContain('caf\u00e9 &lt;b&gt;.png')
    const path = /data-unchoose="([^"]+)"/.exec(html)?.[1] ?? ''
    expect((await ana.send('DELETE', path, {}, { 'HX-Request': 'true' })).status).toBe(204)
    expect(await page()).not.toContain('data-unchoose')
    expect(await inStore()).toBe(0)
  })

  it('is refused beside the file, in words that name the limit', async () => {
    const large = new Uint8Array(5 * 1024 * 1024 + 1)
    large.set(PNG)
    const answer = await sending(large, { 'x-file-type': 'image/png' })
    expect([answer.status, await answer.text()]).toEqual([422, expect.stringContaining('limit of 5 MB')])
    expect((await sending('', { 'x-file-type': 'image/png' })).status).toBe(422)
    expect(await inStore()).toBe(0)
  })

  it('is taken from our own pages alone, as what it says that it is', async () => {
    expect((await sending(PNG, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect((await sending(PNG, { 'content-type': 'image/png' })).status).toBe(415)
    expect((await sending(PNG, { 'x-file-voice': 'yes' })).status).toBe(422)
    expect((await sending(PNG, { cookie: '' })).status).not.toBe(201)
    expect(await inStore()).toBe(0)
  })

  it('is one of twenty a minute', async () => {
    const statuses = await Promise.all(Array.from({ length: 21 }, () => sending('')))
    expect(statuses.filter(({ status }) => status === 429)).toHaveLength(1)
  })

  it('comes by a plain form as well, several at once, and goes by one', async () => {
    const form = new FormData()
    form.append('file', new File([PNG], 'um.png', { type: 'image/png' }))
    form.append('file', new File(['%PDF-1.7'], 'dois.pdf', { type: 'application/pdf' }))
    form.append('file', new File([], ''))
    const encoded = new Response(form)
    const body = await encoded.arrayBuffer()
    const headers = {
      'content-type': encoded.headers.get('content-type') ?? '',
      'content-length': String(body.byteLength),
    }
    const answer = await sending(body, { ...headers, 'HX-Request': 'false', 'HX-Request-Type': '' })
    expect(answer.status).toBe(303)
    const html = await page()
    expect(html).toContain('um.png')
    const path = /formaction="([^"]+)"/.exec(html)?.[1] ?? ''
    expect((await ana.send('POST', path, { _method: 'DELETE', text: '' })).status).toBe(303)
    expect(await page()).not.toContain('um.png')
    expect(await page()).toContain('dois.pdf')
  })
})
