/** WhatsApp's side of a test: the webhooks that it sends, signed, and the answers that it gives. */
import type { Reach } from '../../../src/channels/channel.ts'
import type { InboundEvent } from '../../../src/channels/events.ts'
import { whatsapp } from '../../../src/channels/whatsapp/whatsapp.ts'
import { CREDENTIALS } from './workspace.ts'

type Row = Record<string, unknown>

const seconds = (at: number) => String(Math.floor(at / 1000))

export interface Said {
  id?: string
  /** The phone, as WhatsApp writes it. */
  from?: string
  /** The id within the business portfolio. */
  userId?: string
  name?: string
  text?: string
  at?: number
  replyTo?: string
  groupId?: string
}

export const MARIANA = '5511999990001'
const anyId = () => `wamid.${crypto.randomUUID()}`

/** Something a customer wrote, and the contact that stands beside it. */
export function said({ id = anyId(), from, userId, name, text = 'Oi!', at = 0, replyTo, groupId }: Said): Row {
  const phone = from ?? (userId ? undefined : MARIANA)
  return {
    messages: [
      {
        id,
        from: phone,
        from_user_id: userId,
        group_id: groupId,
        timestamp: seconds(at),
        type: 'text',
        text: { body: text },
        context: replyTo ? { id: replyTo } : undefined,
      },
    ],
    contacts: [{ wa_id: phone, user_id: userId, profile: name ? { name } : undefined }],
  }
}

export const status = (
  id: string,
  status: string,
  { attemptId, code }: { attemptId?: string; code?: number } = {},
) => ({
  statuses: [
    {
      id,
      status,
      timestamp: '1700000000',
      biz_opaque_callback_data: attemptId,
      errors: code === undefined ? undefined : [{ code, title: 'refused' }],
    },
  ],
})

export const echo = ({
  id = anyId(),
  to = MARIANA,
  text = 'Do celular',
  at = 0,
  attemptId = undefined as string | undefined,
}) => ({
  message_echoes: [
    { id, to, timestamp: seconds(at), type: 'text', text: { body: text }, biz_opaque_callback_data: attemptId },
  ],
})

/** One POST of several values, each for its account. */
export const webhook = (...changes: { accountId: string; value: Row }[]) =>
  JSON.stringify({
    object: 'whatsapp_business_account',
    entry: changes.map(({ accountId, value }) => ({
      id: '200000000000001',
      changes: [
        {
          field: 'message_echoes' in value ? 'smb_message_echoes' : 'messages',
          value: { messaging_product: 'whatsapp', metadata: { phone_number_id: accountId }, ...value },
        },
      ],
    })),
  })

/** As the webhook's route gets them. */
export const eventsIn = (body: string): Promise<InboundEvent[]> => whatsapp.parse(new TextEncoder().encode(body), '0')

export async function eventsOf(accountId: string, ...values: Row[]): Promise<InboundEvent[]> {
  return eventsIn(webhook(...values.map((value) => ({ accountId, value }))))
}

export async function signatureOf(
  body: string | Uint8Array<ArrayBuffer>,
  secret = CREDENTIALS.appSecret,
): Promise<string> {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
  const hmac = { name: 'HMAC', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('raw', new TextEncoder().encode(secret), hmac, false, ['sign'])
  const digest = new Uint8Array(await crypto.subtle.sign('HMAC', key, bytes))
  return `sha256=${Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
}

export interface SendCall {
  url: string
  to: string
  text: string
  attemptId: string
  quoted: string | undefined
}

type Answer = (call: SendCall) => Response | Promise<Response>

export interface FakeGraph {
  /** Every text that arrived, whatever was answered. */
  sent: SendCall[]
  /** What was told to be read. */
  read: string[]
  /** What the answers to that say beside themselves. */
  saidOfRead: Record<string, string>
  /** The next answers, by turns; after the last every text is accepted. */
  answers: Answer[]
  /** The same answer to everything, until it is null again. */
  always: Answer | null
  fetch: typeof fetch
}

export function fakeGraph(): FakeGraph {
  const graph: FakeGraph = {
    sent: [],
    read: [],
    saidOfRead: {},
    answers: [],
    always: null,
    async fetch(input, init) {
      const request = new Request(input, init)
      const body = (await request.json()) as Record<string, never> & { status?: string; message_id: string }
      if (body.status === 'read') {
        graph.read.push(body.message_id)
        return Response.json({ success: true }, { headers: graph.saidOfRead })
      }
      const call = callOf(request.url, body)
      graph.sent.push(call)
      const answer = graph.always ?? graph.answers.shift() ?? accepted()
      return answer(call)
    },
  }
  return graph
}

function callOf(url: string, body: Row): SendCall {
  const { to, recipient, text, context, biz_opaque_callback_data } = body as {
    to?: string
    recipient?: string
    text: { body: string }
    context?: { message_id: string }
    biz_opaque_callback_data: string
  }
  return {
    url,
    to: to ?? recipient ?? '',
    text: text.body,
    attemptId: biz_opaque_callback_data,
    quoted: context?.message_id,
  }
}

export const accepted =
  (id?: string, headers: Record<string, string> = {}): Answer =>
  ({ to }) =>
    Response.json(
      {
        messaging_product: 'whatsapp',
        contacts: [{ input: to, wa_id: to.replace('+', '') }],
        messages: [{ id: id ?? anyId() }],
      },
      { headers },
    )

export const refused =
  (status: number, code: number, headers: Record<string, string> = {}): Answer =>
  () =>
    Response.json({ error: { code, message: `(#${code}) refused` } }, { status, headers })

export const broken =
  (status: number, text: string): Answer =>
  () =>
    new Response(text, { status })

export const unreachable: Answer = () => Promise.reject(new TypeError('Network connection lost.'))

/** How an inbox reaches this provider. */
export const reachOf = (accountId: string, graph: FakeGraph, now: () => number): Reach => ({
  credentials: CREDENTIALS,
  accountId,
  settings: {},
  baseUrl: 'https://graph.test/v24.0',
  fetch: graph.fetch,
  now,
})
