/** What WhatsApp, Messenger and Instagram share: how Meta checks our address, signs its calls and answers ours. */
import * as z from 'zod'
import { ChannelError, type Credentials, type ErrorClass, type Reach } from '../channel.ts'
import { jsonIn } from '../json.ts'
import { maybe } from '../maybe.ts'
import { signsBody } from '../proof.ts'
import { retryAfterMs } from '../retry-after.ts'
import { unanswered } from '../unanswered.ts'
import { pauseAfter } from './usage.ts'

const TIMEOUT = 20_000
const SIGNATURE = /^sha256=([0-9a-f]{64})$/
const CHALLENGE = /^[A-Za-z0-9_-]{1,128}$/
/** Meta quotes a malformed token back at us; whatever looks like one is no part of a reason. */
const TOKEN = /\bEA[A-Za-z0-9]{16,}/g

export function handshake(query: URLSearchParams, { verifyToken }: Credentials): string | null {
  const challenge = query.get('hub.challenge') ?? ''
  const asked = query.get('hub.mode') === 'subscribe' && CHALLENGE.test(challenge)
  const known = sameText(query.get('hub.verify_token') ?? '', verifyToken) && verifyToken !== ''
  return asked && known ? challenge : null
}

/** Takes as long for a near miss as for a far one. */
function sameText(given: string, wanted: string): boolean {
  const a = new TextEncoder().encode(given)
  const b = new TextEncoder().encode(wanted)
  let difference = a.length ^ b.length
  for (let at = 0; at < b.length; at++) difference |= (a[at] ?? 0) ^ (b[at] ?? 0)
  return difference === 0
}

export async function verify(headers: Headers, rawBody: Uint8Array, credentials: Credentials): Promise<boolean> {
  const digits = SIGNATURE.exec(headers.get('x-hub-signature-256') ?? '')?.[1]
  return digits !== undefined && signsBody('SHA-256', digits, rawBody, credentials)
}

/** Always a string with us. Bounded, so that nothing absurd becomes a key. */
export const Id = z.union([z.string().min(1).max(512), z.int().nonnegative().transform(String)])

/** An error as Meta words it: in an answer, in a status, or beside a message. */
export const MetaError = z.object({
  code: Id,
  error_subcode: maybe(Id),
  is_transient: maybe(z.boolean()),
  title: maybe(z.string()),
  message: maybe(z.string()),
  error_user_msg: maybe(z.string()),
  error_data: maybe(z.object({ details: maybe(z.string()) })),
  fbtrace_id: maybe(z.string()),
})
export type MetaError = z.infer<typeof MetaError>

/** The most telling of the provider's words. */
export const detailOf = (error: MetaError): string =>
  error.error_data?.details ?? error.error_user_msg ?? error.message ?? error.title ?? ''

/** By which Meta's support finds the call. */
const traceOf = ({ fbtrace_id }: MetaError) => (fbtrace_id ? ` (fbtrace_id ${fbtrace_id.slice(0, 40)})` : '')

export interface Verdict {
  class: ErrorClass
  recipientOnly?: boolean
  /** A word of ours, where the provider's code alone does not say what it is. */
  code?: string
}

/** What a channel makes of a code; null: it does not know it. */
export type Judge = (error: MetaError) => Verdict | null

const Refusal = z.object({ error: MetaError })

export const graphPost = (reach: Reach, path: string, body: unknown, judge: Judge) =>
  graphCall(reach, { method: 'POST', path, body }, judge)

export const graphGet = (reach: Reach, path: string, judge: Judge) => graphCall(reach, { method: 'GET', path }, judge)

interface GraphRequest {
  method: 'GET' | 'POST' | 'DELETE'
  /** Below the base URL, its query included. */
  path: string
  /** Sent as JSON; a form as the form that it is. */
  body?: unknown
}

/** Calls the Graph API once. Answers with its JSON, or throws the ChannelError of what is known about the failure. */
export async function graphCall(reach: Reach, request: GraphRequest, judge: Judge): Promise<unknown> {
  const { status, retryAfter, text } = await answerOf(reach, request)
  const json = jsonIn(text)
  const refusal = Refusal.safeParse(json)
  if (status >= 200 && status < 300 && !refusal.success) {
    if (json === undefined)
      throw new ChannelError({ class: 'ambiguous', code: 'unreadable', detail: 'An answer that cannot be read.' })
    return json
  }

  const error = refusal.data?.error
  const verdict = verdictOn(status, error, judge)
  throw new ChannelError({
    ...verdict,
    code: verdict.code ?? error?.code ?? `http_${status}`,
    detail: withoutTokens(error ? detailOf(error) + traceOf(error) : `HTTP ${status}`, reach.credentials.accessToken),
    retryAfterMs: retryAfterMs(retryAfter, reach.now()),
  })
}

async function answerOf(reach: Reach, { method, path, body }: GraphRequest) {
  const { fetch } = reach // the runtime's own fetch refuses to be called as somebody's method
  try {
    const response = await fetch(`${reach.baseUrl}/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${reach.credentials.accessToken}`,
        ...(body === undefined || body instanceof FormData ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: body instanceof FormData ? body : JSON.stringify(body) }),
      redirect: 'manual', // a redirected POST would arrive as a GET, with the token, somewhere else
      signal: AbortSignal.timeout(TIMEOUT),
    })
    const pause = pauseAfter(response.headers)
    if (pause > 0) reach.slowDown?.(pause)
    const retryAfter = response.headers.get('retry-after')
    return { status: response.status, retryAfter, text: await response.text() }
  } catch (thrown) {
    throw unanswered(thrown)
  }
}

/** A gateway between us and Meta may have answered: only Meta's own words say that a message was surely not sent. */
function verdictOn(status: number, error: MetaError | undefined, judge: Judge): Verdict {
  if (status === 502 || status === 504 || status === 408) return { class: 'ambiguous' }
  const known = error && judge(error)
  if (known) return known
  if (status === 429) return { class: 'throttled' }
  if (error?.is_transient) return { class: 'retryable' }
  if (status >= 500 && !error) return { class: 'ambiguous' }
  return { class: status === 401 ? 'auth' : 'permanent' }
}

function withoutTokens(detail: string, accessToken: string): string {
  const masked = accessToken === '' ? detail : detail.replaceAll(accessToken, '…')
  return masked.replace(TOKEN, '…')
}
