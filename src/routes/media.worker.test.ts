import { env, exports } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { type Browser, browserOf, change, newBrowser, ORIGIN } from '../../test/support/people.ts'
import { fileOf, fileRow, PNG, storedFileOf, type Written, writtenTo } from '../../test/support/workerd/files.ts'
import { newShop, type Shop } from '../../test/support/workerd/workspace.ts'
import { publicMediaUrl } from '../auth/media-address.ts'
import app from '../index.ts'

let shop: Shop
let written: Written
let ana: Browser

beforeEach(async () => {
  shop = await newShop()
  written = await writtenTo(shop.inbox)
  ana = await browserOf(shop.people.Ana)
})

const file = (mimeType = 'image/png', fileName?: string) =>
  storedFileOf(shop.inbox, written, PNG, { mimeType, ...(fileName ? { fileName } : {}) })
const header = (answer: Response, name: string) => answer.headers.get(name)
const bytesOf = async (answer: Response) => [...new Uint8Array(await answer.arrayBuffer())]

describe('the bytes of a file', () => {
  it('are shown to whoever sees its message, under a policy that lets them do nothing', async () => {
    const answer = await ana.get(`/media/${await file()}`)
    expect(answer.status).toBe(200)
    expect(await bytesOf(answer)).toEqual([...PNG])
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/png',
      'content-disposition': 'inline',
      'content-length': String(PNG.length),
      'content-security-policy': "sandbox; default-src 'none'",
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'cache-control': 'private, max-age=300',
      'accept-ranges': 'bytes',
    })
  })

  it('are only ever downloaded of a picture that claims more pixels than a browser should draw', async () => {
    const id = await file('image/png', 'mapa.png')
    await change(sql`UPDATE attachments SET width = 100000, height = 100000 WHERE id = ${id}`)
    const answer = await ana.get(`/media/${id}`)
    expect([answer.status, header(answer, 'content-type')]).toEqual([200, 'application/octet-stream'])
    expect(header(answer, 'content-disposition')).toBe("attachment; filename*=UTF-8''mapa.png")
  })

  it('do not exist for who may not see it, for who left, and for who is not signed in', async () => {
    const id = await file()
    const bruno = await browserOf(shop.people.Bruno)
    expect((await bruno.get(`/media/${id}`)).status).toBe(200)
    await change(
      sql`UPDATE conversations SET department_id = ${shop.financeiro} WHERE id = ${written.conversationId}`,
      sql`UPDATE agents SET authz_version = authz_version + 1 WHERE id = ${shop.people.Bruno.agentId}`,
    )
    expect((await bruno.get(`/media/${id}`)).status).toBe(404)
    expect((await newBrowser().get(`/media/${id}`)).headers.get('location')).toContain('/sign-in')
    const stranger = await browserOf((await newShop()).people.Ana)
    expect((await stranger.get(`/media/${id}`)).status).toBe(404)
    expect((await ana.get(`/media/${crypto.randomUUID()}`)).status).toBe(404)
    expect((await ana.get('/media/no-id')).status).toBe(404)
  })

  it('are gone with a message that was taken back, and are not there before they are fetched', async () => {
    const id = await file()
    await change(sql`UPDATE messages SET deleted_at = 1 WHERE id = ${written.messageId}`)
    expect((await ana.get(`/media/${id}`)).status).toBe(404)
    const pending = await fileOf(shop.inbox, await writtenTo(shop.inbox))
    expect((await ana.get(`/media/${pending}`)).status).toBe(404)
  })

  it.each(['image/svg+xml', 'text/html', 'application/pdf', 'text/xml', 'application/octet-stream'])(
    'are only ever downloaded where they are %s',
    async (mimeType) => {
      const answer = await ana.get(`/media/${await file(mimeType, 'a "b"\r\n; c.svg')}`)
      expect(header(answer, 'content-type')).toBe('application/octet-stream')
      expect(header(answer, 'content-disposition')).toBe("attachment; filename*=UTF-8''a%20_b_%20%3B%20c.svg")
      expect(header(answer, 'content-security-policy')).toBe("sandbox; default-src 'none'")
    },
  )

  it('come in parts, once, and not at all where they were seen before', async () => {
    const id = await file()
    const part = await ana.get(`/media/${id}`, { range: 'bytes=1-3' })
    expect([part.status, header(part, 'content-range'), header(part, 'content-length')]).toEqual([
      206,
      `bytes 1-3/${PNG.length}`,
      '3',
    ])
    expect(await bytesOf(part)).toEqual([...PNG.slice(1, 4)])
    const beyond = await ana.get(`/media/${id}`, { range: 'bytes=100-' })
    expect([beyond.status, header(beyond, 'content-range')]).toEqual([416, `bytes */${PNG.length}`])
    const again = await ana.get(`/media/${id}`, { 'if-none-match': header(part, 'etag') ?? '' })
    expect(again.status).toBe(304)
    expect(header(await ana.get(`/media/${id}?download`), 'content-disposition')).toContain('attachment')
  })

  it('are given to a provider by an address of ten minutes, of what we sent alone', async () => {
    const id = await file()
    const of = { workspaceId: shop.workspaceId, attachmentId: id }
    const ask = async (url: string) => (await exports.default.fetch(new Request(url))).status
    const url = await publicMediaUrl(env, of, Date.now())
    expect(url.startsWith(`${ORIGIN}/media/public/`)).toBe(true)
    expect(await ask(url), 'it came from the customer').toBe(404)
    await change(sql`UPDATE messages SET direction = 'outgoing' WHERE id = ${written.messageId}`)
    const answer = await exports.default.fetch(new Request(url))
    expect(await bytesOf(answer)).toEqual([...PNG])
    expect(header(answer, 'content-type')).toBe('image/png')
    expect(await ask(await publicMediaUrl(env, of, Date.now() - 10 * 60_000))).toBe(404)
    expect(await ask(`${url.slice(0, -10)}${url.at(-10) === 'A' ? 'B' : 'A'}${url.slice(-9)}`)).toBe(404)
    const agents = url.replace('/public/', '/private/')
    expect(await ask(agents), 'an address for one purpose is none for another').toBe(404)
  })

  it.each(['application/pdf', 'video/quicktime', 'audio/wav'])(
    'are told to a provider as %s, which judges by that, and are shown to nobody',
    async (mimeType) => {
      const attachmentId = await file(mimeType, 'nota')
      await change(sql`UPDATE messages SET direction = 'outgoing' WHERE id = ${written.messageId}`)
      const url = await publicMediaUrl(env, { workspaceId: shop.workspaceId, attachmentId }, Date.now())
      const answer = await exports.default.fetch(new Request(url))
      expect(header(answer, 'content-type')).toBe(mimeType)
      expect(header(answer, 'content-disposition')).toContain('attachment')
      expect(header(answer, 'content-security-policy')).toBe("sandbox; default-src 'none'")
      expect(header(answer, 'x-content-type-options')).toBe('nosniff')
    },
  )
})

describe('on a host of their own', () => {
  const there = { ...env, MEDIA_ORIGIN: 'https://files.example' }
  const ask = (path: string, cookie = '') => {
    const context = { waitUntil() {}, passThroughOnException() {}, props: {} }
    return app.fetch(new Request(`${ORIGIN}${path}`, { headers: { cookie } }), there, context as never)
  }
  const cookieOf = (browser: Browser) => [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')

  it('they are shown by an address that is signed for this person, as long as the session lasts', async () => {
    const id = await file()
    const sent = await ask(`/media/${id}`, cookieOf(ana))
    expect(sent.status).toBe(302)
    const address = new URL(header(sent, 'location') ?? '')
    expect(address.origin).toBe('https://files.example')
    const answer = await ask(address.pathname)
    expect(await bytesOf(answer)).toEqual([...PNG])
    expect(header(answer, 'cross-origin-resource-policy')).toBe('cross-origin')

    await change(sql`DELETE FROM session WHERE user_id = ${shop.people.Ana.userId}`)
    expect((await ask(address.pathname)).status).toBe(404)
  })

  it('nobody is sent there for what they may not see', async () => {
    expect((await ask(`/media/${crypto.randomUUID()}`, cookieOf(ana))).status).toBe(404)
  })
})

it('a file that could not be had is asked for again by a form', async () => {
  const id = await fileOf(shop.inbox, written)
  await change(sql`UPDATE attachments SET state = 'failed', error_code = 'x' WHERE id = ${id}`)
  const path = `/conversations/${written.conversationId}/messages/${written.messageId}/attachments/${id}/attempts`
  const part = { 'HX-Request': 'true', 'HX-Request-Type': 'partial' }
  const answer = await ana.send('POST', path, {}, part)
  expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('Fetching the file')])
  expect(await fileRow(id)).toMatchObject({ state: 'pending', error_code: null })
  expect((await ana.send('POST', path)).status).toBe(303)
})
