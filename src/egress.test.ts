import * as fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { META_FILE_HOSTS } from './channels/meta/place.ts'
import { EgressRefused, mayCall, safeFetch } from './egress.ts'

const GRAPH = 'https://graph.facebook.com'
const settings = { APP_ORIGIN: 'http://127.0.0.1:8787' }
const meta = { baseUrl: `${GRAPH}/v24.0`, fileHosts: META_FILE_HOSTS }
const may = (url: string, local: string[] = [], reads = false) =>
  URL.canParse(url) && mayCall(new URL(url), { origin: GRAPH, fileHosts: META_FILE_HOSTS }, local, reads)
const mayRead = (url: string) => may(url, [], true)

afterEach(() => {
  vi.restoreAllMocks()
})

describe('what may be called', () => {
  it.each([`${GRAPH}/v24.0/1/messages`, 'HTTPS://GRAPH.FACEBOOK.COM:443/'])('%s', (url) => {
    expect(may(url)).toBe(true)
  })

  it.each([
    'https://api.telegram.org/bot1:x/getMe',
    'http://graph.facebook.com/',
    'https://graph.facebook.com:8443/',
    'https://graph.facebook.com./',
    'https://graph.facebook.com.evil.example/',
    'https://evil.example/graph.facebook.com',
    'https://graph.facebook.com@evil.example/',
    'https://user:secret@graph.facebook.com/',
    'https://sub.graph.facebook.com/',
    'https://graph.facebook.com%2eevil.example/',
    'https://127.0.0.1/',
    'https://[::1]/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://localhost/',
    'ftp://graph.facebook.com/',
    'file:///etc/passwd',
    'data:text/plain,graph.facebook.com',
    'https://gráph.facebook.com/',
  ])('not %s', (url) => {
    expect(may(url)).toBe(false)
  })

  it('the company’s own server, by its port and name as they were saved, where that is a place of the web', () => {
    const own = (saved: string, url: string, local: string[] = []) =>
      mayCall(new URL(url), { origin: new URL(saved).origin, fileHosts: [] }, local)
    expect(own('https://evolution.example:8443/api', 'https://evolution.example:8443/api/message/sendText/x')).toBe(
      true,
    )
    expect(own('https://evolution.example:8443', 'https://evolution.example/')).toBe(false)
    expect(own('https://evolution.example', 'https://another.example/')).toBe(false)
    for (const saved of [
      ...['http://evolution.example', 'https://10.0.0.5', 'https://169.254.169.254', 'https://[fd00::1]'],
      ...[
        'https://localhost:8080',
        'https://evolution',
        'https://db.internal',
        'https://nas.local',
        'https://x.localhost.',
      ],
    ])
      expect(own(saved, saved), saved).toBe(false)
    expect(own('http://127.0.0.1:9', 'http://127.0.0.1:9/', ['127.0.0.1'])).toBe(true)
  })

  it('P16: of ten thousand mutations of an allowed address, none that leads elsewhere', () => {
    const Noise = fc.constantFrom(
      '@',
      ':',
      '/',
      '\\',
      '.',
      '#',
      '?',
      '%2e',
      '%00',
      '。',
      'evil.example',
      '127.0.0.1',
      '[::1]',
      ':80',
      ' ',
      '\t',
      '-',
      'a',
    )
    const Cut = fc.record({ at: fc.nat(40), drop: fc.nat(4), add: Noise })
    fc.assert(
      fc.property(fc.array(Cut, { minLength: 1, maxLength: 4 }), (cuts) => {
        const url = cuts.reduce(
          (text, { at, drop, add }) => text.slice(0, at) + add + text.slice(at + drop),
          `${GRAPH}/v24.0/1`,
        )
        if (!may(url)) return
        const { protocol, hostname, port, username, password } = new URL(url)
        expect([protocol, hostname, port, username, password]).toEqual(['https:', 'graph.facebook.com', '', '', ''])
      }),
      { numRuns: 10_000 },
    )
  })

  it.each([
    'https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid=1',
    'https://scontent.fgru3-1.fna.fbcdn.net/v/t1.jpg?oe=65',
    'https://scontent.cdninstagram.com/v/t1.jpg',
  ])('files are read from %s, and nothing is written there', (url) => {
    expect(mayRead(url)).toBe(true)
    expect(may(url)).toBe(false)
  })

  it.each([
    'https://fbcdn.net/',
    'https://evilfbcdn.net/',
    'https://evil-fbcdn.net/',
    'https://x.fbcdn.net.evil.example/',
    'https://x.fbcdn.net:8443/',
    'http://x.fbcdn.net/',
    'https://user@x.fbcdn.net/',
    'https://x.fbcdn.net./',
    'https://a.lookaside.fbsbx.com/',
    'https://fbsbx.com/',
    'https://cdninstagram.com/',
    'https://.cdninstagram.com/',
  ])('and from no %s', (url) => {
    expect(mayRead(url)).toBe(false)
  })

  it('P16: nor does a mutated address of a file lead anywhere but to the hosts of files', () => {
    const Noise = fc.constantFrom(
      '@',
      ':',
      '/',
      '\\',
      '.',
      '#',
      '?',
      '%2e',
      '。',
      'evil.example',
      'fbcdn.net',
      ':80',
      'a',
      '-',
    )
    const Cut = fc.record({ at: fc.nat(40), drop: fc.nat(6), add: Noise })
    fc.assert(
      fc.property(fc.array(Cut, { minLength: 1, maxLength: 4 }), (cuts) => {
        const url = cuts.reduce(
          (text, { at, drop, add }) => text.slice(0, at) + add + text.slice(at + drop),
          'https://scontent.xx.fbcdn.net/v/t1.jpg',
        )
        if (!mayRead(url)) return
        const { protocol, hostname, port, username, password } = new URL(url)
        expect([protocol, port, username, password]).toEqual(['https:', '', '', ''])
        expect(hostname === 'graph.facebook.com' || hostname.endsWith('.fbcdn.net')).toBe(true)
      }),
      { numRuns: 10_000 },
    )
  })

  it('on this machine alone: what the setting names, and plain http there', () => {
    expect(may('http://127.0.0.1:9701/graph', ['127.0.0.1'])).toBe(true)
    expect(may('http://127.0.0.2/', ['127.0.0.1'])).toBe(false)
    expect(may('http://user@127.0.0.1/', ['127.0.0.1'])).toBe(false)
    expect(may('file://127.0.0.1/etc', ['127.0.0.1'])).toBe(false)
    expect(may('http://evil.example/', [''])).toBe(false)
  })
})

describe('a call', () => {
  it('that is refused never leaves', async () => {
    const fetched = vi.spyOn(globalThis, 'fetch')
    await expect(safeFetch(settings, meta)('https://evil.example/?token=secret')).rejects.toThrow(EgressRefused)
    await expect(safeFetch({ ...settings, EGRESS_ALLOW: '' }, meta)('http://127.0.0.1/')).rejects.toThrow('127.0.0.1')
    expect(fetched).not.toHaveBeenCalled()
  })

  it('never leaves a deployed Worker that has the local setting', async () => {
    const fetched = vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response())
    const deployed = { ...settings, APP_ORIGIN: 'https://inbox.example.com,http://localhost:8787' }
    await expect(safeFetch({ ...deployed, EGRESS_ALLOW: '127.0.0.1' }, meta)(`${GRAPH}/v24.0/1`)).rejects.toThrow(
      'EGRESS_ALLOW',
    )
    expect(fetched).not.toHaveBeenCalled()
    await safeFetch({ ...deployed, EGRESS_ALLOW: '' }, meta)(`${GRAPH}/v24.0/1`)
    await safeFetch({ ...settings, EGRESS_ALLOW: '127.0.0.1' }, meta)('http://127.0.0.1/')
    expect(fetched).toHaveBeenCalledTimes(2)
  })

  it('follows no redirect, and ends by itself', async () => {
    const fetched = vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response())
    await safeFetch(settings, meta)(`${GRAPH}/v24.0/1/messages`, { method: 'POST', body: '{}', redirect: 'follow' })
    const [request, init] = fetched.mock.calls[0] ?? []
    expect(request).toMatchObject({ method: 'POST', redirect: 'manual' })
    expect(init?.signal).toBeInstanceOf(AbortSignal)
  })

  const redirecting = (...to: string[]) =>
    vi.spyOn(globalThis, 'fetch').mockImplementation(async () => {
      const location = to.shift()
      return location === undefined
        ? new Response('the file')
        : new Response(null, { status: 302, headers: { location } })
    })
  const calls = (fetched: ReturnType<typeof redirecting>) =>
    fetched.mock.calls.map(([request]) => {
      const { url, headers } = request as Request
      return [url, headers.get('authorization')]
    })
  const asUs = { headers: { authorization: 'Bearer secret' } }

  it('for a file follows up to three redirects, and tells no other host who we are', async () => {
    const fetched = redirecting('/v24.0/2', 'https://a.fbcdn.net/f', 'https://b.fbcdn.net/f')
    const answer = await safeFetch(settings, meta)(`${GRAPH}/v24.0/1`, asUs)
    expect(await answer.text()).toBe('the file')
    expect(calls(fetched)).toEqual([
      [`${GRAPH}/v24.0/1`, 'Bearer secret'],
      [`${GRAPH}/v24.0/2`, 'Bearer secret'],
      ['https://a.fbcdn.net/f', null],
      ['https://b.fbcdn.net/f', null],
    ])
  })

  it('stops at the fourth, and at one that leads elsewhere', async () => {
    redirecting('/2', '/3', '/4', '/5')
    await expect(safeFetch(settings, meta)(`${GRAPH}/1`)).rejects.toThrow(EgressRefused)
    vi.restoreAllMocks()
    const fetched = redirecting('https://169.254.169.254/latest/meta-data')
    await expect(safeFetch(settings, meta)(`${GRAPH}/1`, asUs)).rejects.toThrow('169.254.169.254')
    expect(fetched).toHaveBeenCalledTimes(1)
  })

  it('carries our token to the one host of files that asks for it, and to no other', async () => {
    const fetched = vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response())
    await safeFetch(settings, meta)('https://lookaside.fbsbx.com/f', asUs)
    await safeFetch(settings, meta)('https://a.fbcdn.net/f', asUs)
    expect(calls(fetched)).toEqual([
      ['https://lookaside.fbsbx.com/f', 'Bearer secret'],
      ['https://a.fbcdn.net/f', null],
    ])
    await expect(safeFetch(settings, meta)('https://a.fbcdn.net/f', { method: 'POST', body: 'x' })).rejects.toThrow(
      EgressRefused,
    )
  })
})
