/** A fake Graph API: keeps a ledger of every message it was handed, and answers each as the test says. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as z from 'zod'
import { type ProviderFiles, providerFiles } from './provider-files.ts'

/** A message that was handed over, whatever became of the call. */
export interface Send {
  /** Of ours: what the provider gives back in the statuses of this message. */
  attemptId: string
  /** The account it was sent from, of the path. */
  accountId: string
  /** Digits alone. */
  to: string
  /** text, image, template, reaction, … */
  type: string
  /** The words; of a file its caption, of anything else none. */
  text: string
  /** The part of that type, as it came. */
  part: Record<string, unknown>
  /** The provider's id for it, whether or not it was told. */
  id: string
  at: number
}

/** What the provider does with one call. */
export type Answer = (send: Send, response: ServerResponse) => unknown

export interface Provider {
  url: string
  /** All that it was handed, in order. */
  ledger: readonly Send[]
  /** Those with this text. */
  sendsOf(text: string): Send[]
  /** How calls with this text are answered, one after the other; the last of them for good. Others are accepted. */
  answer(text: string, ...answers: Answer[]): void
  /** What customers sent and Prosa uploaded, and the account's templates. */
  files: ProviderFiles
  /** Refuses connections until it is `up` again. */
  down(): Promise<void>
  up(): Promise<void>
  stop(): Promise<void>
}

const Call = z.looseObject({
  type: z.string(),
  to: z.string(),
  biz_opaque_callback_data: z.string(),
})
const Part = z.looseObject({ body: z.string().optional(), caption: z.string().optional() })

export async function startProvider(): Promise<Provider> {
  const ledger: Send[] = []
  const scripts = new Map<string, Answer[]>()

  function nextAnswer(text: string): Answer {
    const script = scripts.get(text) ?? []
    return (script.length > 1 ? script.shift() : script[0]) ?? accept
  }

  const files = providerFiles()
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request)
    const url = `http://${request.headers.host}`
    if (await files.answer(request, response, body, url)) return
    const call = Call.safeParse(JSON.parse(body.toString() || '{}'))
    // What is no message is a mark of reading.
    if (!call.success) return json(response, 200, { success: true })
    const { type } = call.data
    const part = Part.safeParse(call.data[type]).data ?? {}
    const send = {
      attemptId: call.data.biz_opaque_callback_data,
      accountId: request.url?.split('/').at(-2) ?? '',
      to: call.data.to.replaceAll(/\D/g, ''),
      type,
      text: part.body ?? part.caption ?? '',
      part,
      id: `wamid.provider-${process.pid}-${ledger.length + 1}`,
      at: Date.now(),
    }
    ledger.push(send)
    await nextAnswer(send.text)(send, response)
  })
  // A connection that is closed for being idle just as it is used again would be a fault that no test asked for.
  server.keepAliveTimeout = 0
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  await listen(0)
  const { port } = server.address() as AddressInfo

  return {
    url: `http://127.0.0.1:${port}`,
    ledger,
    files,
    sendsOf: (text) => ledger.filter((send) => send.text === text),
    answer: (text, ...answers) => scripts.set(text, answers),
    down: close,
    up: () => listen(port),
    stop: close,
  }
}

export const accept: Answer = ({ to, id }, response) =>
  json(response, 200, { messaging_product: 'whatsapp', contacts: [{ input: to, wa_id: to }], messages: [{ id }] })

/** As Meta words a refusal. */
export const refuse =
  (status: number, code: number): Answer =>
  (_send, response) =>
    json(response, status, {
      error: { message: `(#${code}) Refused by the test`, type: 'OAuthException', code, fbtrace_id: 'AtestTrace' },
    })

export const throttle =
  (seconds: number): Answer =>
  (_send, response) => {
    response.setHeader('retry-after', String(seconds))
    json(response, 429, { error: { message: 'Rate limit hit', code: 130429 } })
  }

/** Something between us and the provider has no answer from it. */
export const badGateway: Answer = (_send, response) =>
  response
    .writeHead(502, { 'content-type': 'text/html' })
    .end('<html><body><h1>502 Bad Gateway</h1><script>alert(1)</script></body></html>')

/** Taken, and said in words that break off. */
export const brokenJson: Answer = (_send, response) =>
  response
    .writeHead(200, { 'content-type': 'application/json' })
    .end('{"messaging_product":"whatsapp","messages":[{"id')

/** The connection ends without a word: whether it was taken only the provider knows. */
export const hangUp: Answer = (_send, response) => response.destroy()

/** No word, and no end. */
export const hang: Answer = () => undefined

/** Something else happens first. */
export const after =
  (first: (send: Send) => unknown, answer: Answer = accept): Answer =>
  async (send, response) => {
    await first(send)
    await answer(send, response)
  }

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}
