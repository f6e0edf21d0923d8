/** For the tests of adapters: a provider that answers one call after the other as it is told, and what it was asked. */
import type { Outbound, OutboundMedia, Reach } from './channel.ts'

export const TOKEN = 'EAAJ0000canary0000token'
export const NOW = Date.UTC(2026, 10, 22, 12)
const BASE_URL = 'http://127.0.0.1:9/graph/v24.0'

export interface Call {
  method: string
  /** Below the base URL; of another host all of it. */
  path: string
  headers: Headers
  /** JSON as what it says, a form as its fields. */
  body: unknown
}

type Respond = () => Response | Promise<Response>

/** The last answer is for all calls from then on. */
export function providerAnswering(...answers: Respond[]): { reach: Reach; calls: Call[] } {
  const calls: Call[] = []
  let asked = 0
  const reach: Reach = {
    credentials: { accessToken: TOKEN, appSecret: 'secret', verifyToken: 'verify' },
    accountId: '100000000000001',
    settings: {},
    baseUrl: BASE_URL,
    now: () => NOW,
    fetch: async (input, init) => {
      const respond = answers[Math.min(asked++, answers.length - 1)]
      const headers = new Headers(init?.headers)
      const path = String(input).replace(`${BASE_URL}/`, '')
      calls.push({ method: init?.method ?? 'GET', path, headers, body: await bodyOf(headers, init?.body) })
      return respond?.() ?? new Response(null, { status: 500 })
    },
  }
  return { reach, calls }
}

async function bodyOf(headers: Headers, body: BodyInit | null | undefined): Promise<unknown> {
  if (body === null || body === undefined) return null
  const form = headers.get('content-type')?.startsWith('multipart/form-data')
  if (!form) return JSON.parse(String(body))
  const fields = await new Response(body, { headers }).formData()
  return Object.fromEntries(await Promise.all([...fields].map(async ([name, value]) => [name, await fieldOf(value)])))
}

const fieldOf = async (value: File | string) =>
  typeof value === 'string' ? value : { name: value.name, type: value.type, text: await value.text() }

export const messageOf = (of: Partial<Outbound> = {}): Outbound => ({
  attemptId: 'attempt-0001',
  to: ['5511999990001'],
  type: 'text',
  text: 'Olá!',
  content: {},
  media: null,
  replyTo: null,
  humanAgent: false,
  ...of,
})

export const mediaOf = (of: Partial<OutboundMedia> & Pick<OutboundMedia, 'kind' | 'mimeType'>): OutboundMedia => ({
  fileName: null,
  bytes: 'bytes of it'.length,
  voice: false,
  open: async () => new Blob(['bytes', ' of it']).stream(),
  publicUrl: async () => 'https://files.example/of-it',
  ...of,
})
