import * as fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { EgressRefused, mayCall, safeFetch } from './egress.ts'

const GRAPH = 'https://graph.facebook.com'
const settings = {
  APP_ORIGIN: 'http://127.0.0.1:8787',
  GRAPH_API_URL: GRAPH,
  TELEGRAM_API_URL: 'https://api.telegram.org',
}
const may = (url: string, local: string[] = []) =>
  URL.canParse(url) && mayCall(new URL(url), [GRAPH, 'https://api.telegram.org'], local)

afterEach(() => {
  vi.restoreAllMocks()
})

describe('what may be called', () => {
  it.each([`${GRAPH}/v24.0/1/messages`, 'https://api.telegram.org/bot1:x/getMe', 'HTTPS://GRAPH.FACEBOOK.COM:443/'])(
    '%s',
    (url) => {
      expect(may(url)).toBe(true)
    },
  )

  it.each([
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
    await expect(safeFetch(settings)('https://evil.example/?token=secret')).rejects.toThrow(EgressRefused)
    await expect(safeFetch({ ...settings, EGRESS_ALLOW: '' })('http://127.0.0.1/')).rejects.toThrow('127.0.0.1')
    expect(fetched).not.toHaveBeenCalled()
  })

  it('never leaves a deployed Worker that has the local setting', async () => {
    const fetched = vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response())
    const deployed = { ...settings, APP_ORIGIN: 'https://inbox.example.com,http://localhost:8787' }
    await expect(safeFetch({ ...deployed, EGRESS_ALLOW: '127.0.0.1' })(`${GRAPH}/v24.0/1`)).rejects.toThrow(
      'EGRESS_ALLOW',
    )
    expect(fetched).not.toHaveBeenCalled()
    await safeFetch({ ...deployed, EGRESS_ALLOW: '' })(`${GRAPH}/v24.0/1`)
    await safeFetch({ ...settings, EGRESS_ALLOW: '127.0.0.1' })('http://127.0.0.1/')
    expect(fetched).toHaveBeenCalledTimes(2)
  })

  it('follows no redirect, and ends by itself', async () => {
    const fetched = vi.spyOn(globalThis, 'fetch').mockResolvedValue(new Response())
    await safeFetch(settings)(`${GRAPH}/v24.0/1/messages`, { method: 'POST', body: '{}', redirect: 'follow' })
    const [request, init] = fetched.mock.calls[0] ?? []
    expect(request).toMatchObject({ method: 'POST', redirect: 'manual' })
    expect(init?.signal).toBeInstanceOf(AbortSignal)
  })
})
