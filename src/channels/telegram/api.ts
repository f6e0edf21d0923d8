/** One call of the Bot API. The token stands in its path: nothing that is thrown or kept names an address. */
import * as z from 'zod'
import { ChannelError, type ErrorClass, type Reach } from '../channel.ts'
import type { ProviderError } from '../events.ts'
import { jsonIn } from '../json.ts'
import { maybe } from '../maybe.ts'
import type { Multipart } from '../multipart.ts'
import { reasonsBy } from '../reasons.ts'
import { retryAfterMs } from '../retry-after.ts'
import { unanswered } from '../unanswered.ts'
import { Id } from './shape.ts'

const TIMEOUT = 20_000
/** Less than a claim lasts. */
const UPLOAD_TIMEOUT = 50_000

const Answer = z.object({ ok: z.literal(true), result: z.unknown() })
const Refusal = z.object({
  ok: z.literal(false),
  error_code: z.int(),
  description: maybe(z.string()),
  parameters: maybe(z.object({ retry_after: maybe(z.number()), migrate_to_chat_id: maybe(Id) })),
})
type Refusal = z.infer<typeof Refusal>

/** The group has another id now: nothing was done under the old one. */
export class Migrated extends ChannelError {
  readonly chat: string

  constructor(chat: string) {
    super({ class: 'permanent', code: 'migrated', detail: 'The group became a supergroup.' })
    this.chat = chat
  }
}

/** Answers with its `result`, or throws the ChannelError of what is known about the failure. */
export async function callBot(
  reach: Reach,
  method: string,
  body: Record<string, unknown> | Multipart,
): Promise<unknown> {
  const { status, retryAfter, text } = await answerOf(reach, method, body)
  const json = jsonIn(text)
  const answer = Answer.safeParse(json).data
  if (answer && status < 300) return answer.result
  const refusal = Refusal.safeParse(json).data
  if (refusal) throw failureOf(reach, refusal)
  throw new ChannelError({
    ...verdictOnStatus(status),
    detail: `HTTP ${status}`,
    retryAfterMs: retryAfterMs(retryAfter, reach.now()),
  })
}

async function answerOf(reach: Reach, method: string, body: Record<string, unknown> | Multipart) {
  const { fetch } = reach // the runtime's own fetch refuses to be called as somebody's method
  const form = isForm(body)
  try {
    const init = {
      method: 'POST',
      headers: { 'content-type': form ? body.contentType : 'application/json' },
      body: form ? body.body : JSON.stringify(body),
      redirect: 'manual',
      signal: AbortSignal.timeout(form ? UPLOAD_TIMEOUT : TIMEOUT),
      ...(form ? { duplex: 'half' } : {}), // for runtimes that read an answer only after a body that streams
    } as const
    const response = await fetch(`${reach.baseUrl}/bot${reach.credentials.accessToken}/${method}`, init)
    return { status: response.status, retryAfter: response.headers.get('retry-after'), text: await response.text() }
  } catch (thrown) {
    throw unanswered(thrown)
  }
}

const isForm = (body: Record<string, unknown> | Multipart): body is Multipart => body.body instanceof ReadableStream

/** Without a word of Telegram's own: something between us and it may have answered. */
function verdictOnStatus(status: number): { class: ErrorClass; code: string } {
  const code = `http_${status}`
  if (status < 300) return { class: 'ambiguous', code: 'unreadable' }
  if (status === 429) return { class: 'throttled', code }
  if (status >= 500 || status === 408) return { class: 'ambiguous', code }
  return { class: status === 401 ? 'auth' : 'permanent', code }
}

/** Telegram has no codes of its own, only words: those that a person can do something about, by a name of ours. */
const KNOWN: readonly (readonly [RegExp, string])[] = [
  [/bot was blocked by the user/i, 'blocked'],
  [/user is deactivated/i, 'deactivated'],
  [/bot was kicked|bot is not a member|not enough rights|have no rights|CHAT_WRITE_FORBIDDEN/i, 'put_out'],
  [/can't initiate conversation|bot can't send messages to|PEER_ID_INVALID|chat not found/i, 'chat_not_found'],
  [/file is too big|Request Entity Too Large/i, 'too_large'],
  [/message is not modified/i, 'not_modified'],
  [/message to (?:edit|delete|react) not found|MESSAGE_ID_INVALID/i, 'gone'],
  [/message can't be (?:edited|deleted)/i, 'too_late'],
  [
    /wrong file identifier|failed to get HTTP URL content|wrong type of|PHOTO_|IMAGE_PROCESS|VIDEO_|file must be/i,
    'media',
  ],
  [/business connection|BUSINESS_/i, 'no_connection'],
]

function failureOf(reach: Reach, { error_code: status, description = '', parameters }: Refusal): ChannelError {
  if (parameters?.migrate_to_chat_id !== undefined) return new Migrated(parameters.migrate_to_chat_id)
  const code = KNOWN.find(([words]) => words.test(description))?.[1] ?? String(status)
  const { accessToken } = reach.credentials
  return new ChannelError({
    class: classOf(status),
    code,
    detail: accessToken === '' ? description : description.replaceAll(accessToken, '…'),
    retryAfterMs: retryAfterMs(
      parameters?.retry_after === undefined ? null : String(parameters.retry_after),
      reach.now(),
    ),
  })
}

function classOf(status: number): ErrorClass {
  if (status === 429) return 'throttled'
  if (status === 401 || status === 404) return 'auth'
  return status >= 500 ? 'retryable' : 'permanent'
}

const reasons = reasonsBy([
  ['blocked', ['blocked']],
  ['notStarted', ['chat_not_found']],
  ['personUnavailable', ['deactivated']],
  ['putOut', ['put_out', 'no_connection']],
  ['fileTooLarge', ['too_large']],
  ['tooLate', ['too_late']],
  ['gone', ['gone']],
  ['media', ['media']],
  ['auth', [401, 404]],
  ['tooMany', [429]],
  ['badRequest', [400]],
  ['unsupportedKind', ['not_offered']],
  ['providerTrouble', [500, 502, 503]],
])

export const reasonOf = ({ code }: ProviderError) => reasons(code)

/** Whatever goes wrong while something is only asked for, nothing was done: it may be asked again. */
export async function askBot(reach: Reach, method: string, body: Record<string, unknown>): Promise<unknown> {
  try {
    return await callBot(reach, method, body)
  } catch (thrown) {
    if (!(thrown instanceof ChannelError) || thrown.class !== 'ambiguous') throw thrown
    throw new ChannelError({ class: 'retryable', code: thrown.code, detail: thrown.message })
  }
}
