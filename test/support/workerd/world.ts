/** The network of a test: our own database is real, WhatsApp is a fake, and nobody else can be reached. */
import { env } from 'cloudflare:workers'
import { vi } from 'vitest'
import { type FakeGraph, fakeGraph } from './whatsapp.ts'

/** Everything that this file's Worker and its objects fetch. */
export function fakeWorld(): FakeGraph {
  const graph = fakeGraph()
  const real = globalThis.fetch
  vi.spyOn(globalThis, 'fetch').mockImplementation((input, init) => {
    const { href, hostname } = new URL(input instanceof Request ? input.url : String(input))
    if (href.startsWith(env.GRAPH_API_URL)) return graph.fetch(input, init)
    if (hostname === '127.0.0.1') return real(input, init)
    return Promise.reject(new Error(`A test called ${hostname}.`))
  })
  return graph
}
