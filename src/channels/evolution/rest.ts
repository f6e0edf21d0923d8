/** Calls to an Evolution server, and what its refusals mean. */
import * as z from 'zod'
import { nameOn } from '../baileys/account.ts'
import { isRow } from '../baileys/lenient.ts'
import { ChannelError, type ErrorClass, type Reach } from '../channel.ts'
import type { ProviderError } from '../events.ts'
import { jsonIn } from '../json.ts'
import { maybe } from '../maybe.ts'
import { reasonsBy } from '../reasons.ts'
import { retryAfterMs } from '../retry-after.ts'
import { unanswered } from '../unanswered.ts'

const TIMEOUT = 20_000

interface Asked {
  method?: 'GET' | 'POST' | 'DELETE'
  /** Before the instance's name, such as `message/sendText`. */
  path: string
  /** The path holds no instance: it is about all of them. */
  global?: true
  query?: Record<string, string>
  body?: unknown
  timeoutMs?: number
}

/** Asks once. Answers with the server's JSON, or throws the ChannelError of what is known about the failure. */
export async function ask(reach: Reach, asked: Asked): Promise<unknown> {
  const { status, retryAfter, text } = await answerOf(reach, asked)
  const json = jsonIn(text)
  if (status >= 200 && status < 300) {
    if (json === undefined) throw unreadable()
    return json
  }
  const { class: kind, code } = verdictOn(status, json)
  throw new ChannelError({
    class: kind,
    code,
    detail: wordsOf(json, status).replaceAll(reach.credentials.accessToken || '\0', '…'),
    retryAfterMs: retryAfterMs(retryAfter, reach.now()),
  })
}

export const unreadable = () =>
  new ChannelError({ class: 'ambiguous', code: 'unreadable', detail: 'An answer that cannot be read.' })

async function answerOf(reach: Reach, { method = 'POST', path, global, query, body, timeoutMs = TIMEOUT }: Asked) {
  const { fetch } = reach // the runtime's own fetch refuses to be called as somebody's method
  const instance = global ? '' : `/${encodeURIComponent(nameOn(reach.accountId))}`
  const search = query ? `?${new URLSearchParams(query)}` : ''
  try {
    const response = await fetch(`${reach.baseUrl}/${path}${instance}${search}`, {
      method,
      headers: {
        apikey: reach.credentials.accessToken,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'manual', // a redirected POST would arrive as a GET, with the key, somewhere else
      signal: AbortSignal.timeout(timeoutMs),
    })
    return { status: response.status, retryAfter: response.headers.get('retry-after'), text: await response.text() }
  } catch (thrown) {
    throw unanswered(thrown)
  }
}

const Refusal = z.object({
  response: maybe(z.object({ message: z.unknown().optional() })),
  message: z.unknown().optional(),
  error: z.unknown().optional(),
})

/** One text, several, or rows that say for themselves. */
function wordsOf(json: unknown, status: number): string {
  const { response, message, error } = Refusal.safeParse(json).data ?? {}
  const said = response?.message ?? message ?? error
  const all = (Array.isArray(said) ? said : [said]).flat()
  const texts = all.map((one) => (typeof one === 'string' ? one : isRow(one) ? JSON.stringify(one) : ''))
  return texts.filter(Boolean).join(' ').slice(0, 500) || `HTTP ${status}`
}

interface Verdict {
  class: ErrorClass
  code: string
}

const NOT_CONNECTED =
  /connection (?:closed|lost|terminated|failure)|not connected|timed out|stream errored|precondition required/i

/**
 * A proxy before the server may have answered: only the server's own words say that something was surely not done. That
 * the phone's connection is gone it says before it takes a message (400), or in the middle of it.
 */
function verdictOn(status: number, json: unknown): Verdict {
  if (status === 502 || status === 504 || status === 408) return { class: 'ambiguous', code: `http_${status}` }
  if (status === 429) return { class: 'throttled', code: 'http_429' }
  if (status === 401 || status === 403) return { class: 'auth', code: 'unauthorized' }
  const told = isRow(json)
  const words = told ? wordsOf(json, status) : ''
  if (NOT_CONNECTED.test(words))
    return status < 500 ? { class: 'auth', code: DISCONNECTED } : { class: 'ambiguous', code: DISCONNECTED }
  if (status >= 500) return { class: 'ambiguous', code: `http_${status}` }
  if (status === 404 && told && /instance/i.test(words)) return { class: 'auth', code: 'instance_missing' }
  if (isNotOnWhatsApp(json)) return { class: 'permanent', code: 'not_on_whatsapp' }
  return { class: 'permanent', code: `http_${status}` }
}

/** The phone is not connected to the server. */
export const DISCONNECTED = 'disconnected'

const Missing = z.object({ response: z.object({ message: z.array(z.object({ exists: z.literal(false) })).min(1) }) })
const isNotOnWhatsApp = (json: unknown) => Missing.safeParse(json).success

/** What the same codes mean to the person at the screen. */
const REASONS = reasonsBy([
  ['undeliverable', ['not_on_whatsapp']],
  ['auth', ['unauthorized', 'host_refused']],
  ['account', [DISCONNECTED, 'instance_missing']],
  ['tooMany', ['http_429']],
  ['badRequest', ['http_400', 'http_413', 'http_422']],
])

export const reasonOf = ({ code }: ProviderError) => REASONS(code)
