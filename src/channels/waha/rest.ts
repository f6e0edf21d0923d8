/** Calls to a WAHA server, and what its refusals mean. */
import * as z from 'zod'
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
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Below `/api/`. */
  path: string
  body?: unknown
}

/** Asks once. Answers with the server's JSON, null where it says nothing, or throws the ChannelError of what is known. */
export async function ask(reach: Reach, { method = 'POST', path, body }: Asked): Promise<unknown> {
  const response = await answerOf(reach, path, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })
  const text = await response.text().catch((thrown: unknown) => {
    throw unanswered(thrown)
  })
  const json = jsonIn(text)
  if (response.ok && (json !== undefined || text === '')) return json ?? null
  const { class: kind, code } = response.ok
    ? ({ class: 'ambiguous', code: 'unreadable' } as const)
    : verdictOn(response.status, json)
  throw new ChannelError({
    class: kind,
    code,
    detail: wordsIn(json, response.status).replaceAll(reach.credentials.accessToken || '\0', '…'),
    retryAfterMs: retryAfterMs(response.headers.get('retry-after'), reach.now()),
  })
}

/** The bare answer: of a file, which is no JSON. */
export async function answerOf(reach: Reach, path: string, init: RequestInit): Promise<Response> {
  const { fetch } = reach // the runtime's own fetch refuses to be called as somebody's method
  const headers = new Headers(init.headers)
  headers.set('x-api-key', reach.credentials.accessToken)
  try {
    const signal = AbortSignal.timeout(TIMEOUT)
    return await fetch(`${reach.baseUrl}/api/${path}`, { ...init, headers, redirect: 'manual', signal })
  } catch (thrown) {
    throw unanswered(thrown)
  }
}

const Refusal = z.object({ message: maybe(z.union([z.string(), z.array(z.string())])), error: maybe(z.string()) })

function wordsIn(json: unknown, status: number): string {
  const { message, error } = Refusal.safeParse(json).data ?? {}
  return [message ?? error ?? `HTTP ${status}`].flat().join(' ').slice(0, 500)
}

/** 422 is what the server says, before it does anything, of a session that is not working. */
function verdictOn(status: number, json: unknown): { class: ErrorClass; code: string } {
  if (status === 429) return { class: 'throttled', code: 'http_429' }
  if (status === 401 || status === 403) return { class: 'auth', code: 'unauthorized' }
  if (status >= 500 || status === 408) return { class: 'ambiguous', code: `http_${status}` }
  const told = isRow(json)
  if (status === 422 && told && /session/i.test(JSON.stringify(json))) return { class: 'auth', code: 'disconnected' }
  if (status === 404 && told && /session/i.test(wordsIn(json, status)))
    return { class: 'auth', code: 'session_missing' }
  return { class: 'permanent', code: `http_${status}` }
}

const reasons = reasonsBy([
  ['auth', ['unauthorized', 'host_refused']],
  ['account', ['disconnected', 'session_missing']],
  ['tooMany', ['http_429']],
  ['badRequest', ['http_400', 'http_413', 'http_422']],
])

/** What the same codes mean to the person at the screen. */
export const reasonOf = ({ code }: ProviderError) => reasons(code)
