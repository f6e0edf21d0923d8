/** What every adapter owes, whoever its provider is. A new one is a file in test/support/contract. */
import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { mutationsOf, SHALLOW } from '../../test/support/contract/mutations.ts'
import { SECRETS, type Subject } from '../../test/support/contract/subject.ts'
import { fixturesOf, inTheirWords, payloadsOf, readFixture, storedAmong } from '../../test/support/neutral-words.ts'
import { runs } from '../../test/support/runs.ts'
import { fits } from '../domain/reply-window.ts'
import { ChannelError, type Credentials, type Outbound, type Reach } from './channel.ts'
import { Content, MEDIA_KINDS } from './content.ts'
import type { InboundEvent } from './events.ts'
import { builtChannels } from './index.ts'

const SUBJECTS = Object.values(import.meta.glob<object>('../../test/support/contract/*.ts', { eager: true }))
  .flatMap((file): unknown[] => Object.values(file))
  .filter(isSubject)

test('every channel that is built is tried', () => {
  expect(SUBJECTS.map(({ channel }) => channel.name).toSorted()).toEqual(builtChannels.toSorted())
})

const bytes = (text: string) => new TextEncoder().encode(text)
const encode = (body: unknown) => bytes(JSON.stringify(body ?? null))
const CREDENTIALS: Credentials = {
  accessToken: 'EAAJ0000canary0000token',
  appSecret: SECRETS.current,
  previousAppSecret: SECRETS.previous,
  verifyToken: SECRETS.verify,
}

describe.each(SUBJECTS.map((subject) => [subject.channel.name, subject] as const))('%s', (name, subject) => {
  const { channel, accountId } = subject
  const parse = (body: unknown) => channel.parse(encode(body), accountId)

  describe('believes', () => {
    const body = encode(subject.texts(['mensagem-ção']))
    const { header, make, of } = subject.proof
    const good = make(body, SECRETS.current)
    const believes = (proof: string | null, of = body, by = CREDENTIALS) =>
      channel.verify(new Headers(proof === null ? {} : { [header]: proof }), of, by)

    test('its provider, with the secret of now and the one before', async () => {
      expect(await believes(good)).toBe(true)
      expect(await believes(make(body, SECRETS.previous))).toBe(true)
    })

    test('nobody with a secret that was withdrawn', async () => {
      const { previousAppSecret: _, ...now } = CREDENTIALS
      expect(await believes(make(body, SECRETS.previous), body, now)).toBe(false)
    })

    test.each<[string, string | null]>([
      ['nothing', null],
      ['an empty word', ''],
      ['another secret', make(body, 'another secret')],
      ['no secret', make(body, '')],
      ['half of it', good.slice(0, good.length / 2)],
      ['it twice', `${good}, ${good}`],
    ])('not %s', async (_, proof) => {
      expect(await believes(proof)).toBe(false)
    })

    test.runIf(of === 'body')('no proof of other bytes, even of the same meaning', async () => {
      const meaning: unknown = JSON.parse(new TextDecoder().decode(body))
      expect(await believes(good, bytes(JSON.stringify(meaning, null, 1)))).toBe(false)
      expect(await believes(good, bytes(JSON.stringify(meaning).replace('ç', '\\u00e7')))).toBe(false)
      expect(await believes(good, body.subarray(1))).toBe(false)
      expect(await believes(good.replace(/[0-9a-f]{64}$/, (digits) => digits.toUpperCase()))).toBe(false)
    })
  })

  test.runIf(subject.handshake)('answers the check of our address, and no other', () => {
    const asked = (token: string) =>
      new URLSearchParams({ 'hub.mode': 'subscribe', 'hub.challenge': '1158201444', 'hub.verify_token': token })
    expect(channel.handshake(asked(SECRETS.verify), CREDENTIALS)).toBe('1158201444')
    expect(channel.handshake(asked('verify mf'), CREDENTIALS)).toBeNull()
    expect(channel.handshake(new URLSearchParams(), CREDENTIALS)).toBeNull()
  })

  describe('hears', () => {
    test.each([1, 2, 50].filter((count) => count === 1 || subject.list !== null))(
      '%i messages of one call as as many',
      async (count) => {
        const ids = Array.from({ length: count }, (_, at) => `id-${at}`)
        const events = await parse(subject.texts(ids))
        expect(events).toMatchObject(
          ids.map((id) => ({
            kind: 'message',
            externalId: subject.externalId(id),
            text: id,
            direction: 'incoming',
            accountId,
            history: false,
          })),
        )
      },
    )

    test('the same message by the same key in every call', async () => {
      expect(await parse(subject.texts(['id-1']))).toEqual(await parse(subject.texts(['id-1'])))
    })

    test.runIf(subject.list !== null)(
      'the same message once in a call, and by the same key in every other',
      async () => {
        const [first, ...more] = await parse(subject.texts(['id-1', 'id-1', 'id-1']))
        expect(more).toEqual([])
        const among = await parse(subject.texts(['id-0', 'id-1']))
        expect(among[1]).toEqual(first)
      },
    )

    test.each(Object.entries(subject.unknown))('an unknown %s, and keeps it', async (_, body) => {
      const events = await parse(body)
      expect(events).toMatchObject([{ kind: 'kept', what: 'unknown', accountId }])
      expect(await parse(body)).toEqual(events)
    })

    test('a message of an unknown kind, and shows that there is one', async () => {
      expect(await parse(subject.unknownKind('id-1'))).toMatchObject([
        {
          kind: 'message',
          type: 'unsupported',
          text: null,
          externalId: subject.externalId('id-1'),
          raw: expect.anything(),
        },
      ])
    })

    test('what is no JSON, once, and keeps it', async () => {
      const events = await channel.parse(bytes('<html>'), accountId)
      expect(events).toMatchObject([{ kind: 'kept', what: 'unknown', accountId, raw: '<html>' }])
      expect(await channel.parse(bytes('<html>'), accountId)).toEqual(events)
    })

    const payloads = payloadsOf(name).map((file): unknown =>
      JSON.parse(new TextDecoder().decode(readFixture(name, file))),
    )

    test('whatever may become of a real payload, and says it in words that can be kept', async () => {
      await fc.assert(
        fc.asyncProperty(mutationsOf(payloads), async (body) => {
          const events = await parse(body)
          for (const event of events) wellFormed(event)
          const keys = events.map((event) => `${event.accountId} ${event.dedupeKey}`)
          expect(new Set(keys).size).toBe(keys.length)
          expect(await parse(body)).toEqual(events)
        }),
        { numRuns: runs(1_500) },
      )
    })

    test.runIf(subject.list !== null)('its neighbours, whatever becomes of one', async () => {
      const list = subject.list ?? ''
      const good = listed(subject.texts(['id-before', 'id-after']), list)
      await fc.assert(
        fc.asyncProperty(mutationsOf(payloads, SHALLOW), async (body) => {
          const together = { ...Object(subject.texts([])), [list]: [...listed(body, list), ...good] }
          const heard = (await parse(together)).flatMap((event) => (event.kind === 'message' ? event.externalId : []))
          expect(heard).toEqual(expect.arrayContaining(['id-before', 'id-after']))
        }),
        { numRuns: runs(500) },
      )
    })
  })

  // WhatsApp's table stands beside its adapter.
  describe.runIf(name !== 'whatsapp')('understands', () => {
    test.each(name === 'whatsapp' ? [] : fixturesOf(name))('$name', async ({ body, means }) => {
      const events = await channel.parse(body, accountId)
      expect(storedAmong(events).map((event, at) => inTheirWords(event, means[at]))).toEqual(means)
    })
  })

  test('changes what was sent where its limits say so, and nowhere else', () => {
    expect(channel.edit !== undefined).toBe(channel.limits.edit !== null)
    expect(channel.unsend !== undefined).toBe(channel.limits.unsend !== null)
  })

  describe('takes a text', () => {
    test.each(Object.entries(subject.fits))('of %s, %i times and no more', (sign, most) => {
      expect(fits(channel.limits, sign.repeat(most - 1))).toBe(true)
      expect(fits(channel.limits, sign.repeat(most))).toBe(true)
      expect(fits(channel.limits, `${sign.repeat(most)}a`)).toBe(false)
      expect(fits(channel.limits, `a${sign.repeat(most)}`)).toBe(false)
    })
  })

  describe('sends', () => {
    const { message, request, answer, externalId } = subject.sending

    test('one call, to the letter', async () => {
      const { reach, calls } = provider(subject, () => Response.json(answer))
      expect(await channel.send(reach, outbound(message))).toMatchObject({ externalId })
      expect(calls).toEqual([
        {
          method: 'POST',
          token: subject.keyHeader ? CREDENTIALS.accessToken : `Bearer ${CREDENTIALS.accessToken}`,
          ...request,
        },
      ])
    })

    const failure = async (respond: () => Response | Promise<Response>) => {
      const { reach, calls } = provider(subject, respond)
      const thrown: unknown = await channel.send(reach, outbound(message)).catch((error: unknown) => error)
      if (!(thrown instanceof ChannelError)) throw new Error(`no ChannelError: ${String(thrown)}`)
      expect(calls.length, 'it never tries again by itself').toBe(1)
      expect(thrown.message).not.toContain(CREDENTIALS.accessToken)
      return thrown
    }

    const refusals = subject.refusals.map((one) => [one.class, JSON.stringify(one.body), one] as const)
    test.each(refusals)('and is refused: %s, by %s', async (kind, _, { status, body, as }) => {
      expect(await failure(() => Response.json(body, { status }))).toMatchObject({ class: kind, ...as })
    })

    const html = (status: number, headers = {}) => new Response('<html>Bad Gateway</html>', { status, headers })
    test.each<[string, () => Response | Promise<Response>, Partial<ChannelError>]>([
      [
        'too many, without a word',
        () => html(429, { 'retry-after': '30' }),
        { class: 'throttled', retryAfterMs: 30_000 },
      ],
      ['502 in HTML', () => html(502), { class: 'ambiguous' }],
      ['504 in HTML', () => html(504), { class: 'ambiguous' }],
      ['500 in HTML', () => html(500), { class: 'ambiguous' }],
      ['401 in HTML', () => html(401), { class: 'auth' }],
      ['404 in HTML', () => html(404), { class: 'permanent' }],
      ['a JSON that breaks off', () => new Response('{"message'), { class: 'ambiguous', code: 'unreadable' }],
      ['a JSON of no message', () => Response.json({}), { class: 'ambiguous', code: 'unreadable' }],
      ['nothing', () => new Response(''), { class: 'ambiguous' }],
      [
        'a line that goes dead',
        () => Promise.reject(new TypeError(`fetch failed: ${CREDENTIALS.accessToken}`)),
        { class: 'ambiguous', code: 'network' },
      ],
      ['an answer that breaks off', () => new Response(cutOff()), { class: 'ambiguous', code: 'network' }],
    ])('and is answered with %s', async (_, respond, wanted) => {
      expect(await failure(respond)).toMatchObject(wanted)
    })

    afterEach(() => {
      vi.restoreAllMocks()
    })

    test('and is not answered in time', async () => {
      const real = AbortSignal.timeout
      vi.spyOn(AbortSignal, 'timeout').mockImplementation(() => real.call(AbortSignal, 5))
      const { reach } = provider(subject, () => new Response())
      reach.fetch = (_, init) =>
        new Promise((_resolve, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason)))
      await expect(channel.send(reach, outbound(message))).rejects.toMatchObject({
        class: 'ambiguous',
        code: 'timeout',
      })
    })
  })
})

const cutOff = () => new ReadableStream({ pull: (controller) => controller.error(new TypeError('terminated')) })

/** A provider that answers everything alike, and what it was asked. */
function provider(
  { accountId, settings, keyHeader = 'authorization' }: Subject,
  respond: () => Response | Promise<Response>,
) {
  const baseUrl = 'http://127.0.0.1:9/v24.0'
  const calls: { method: string; token: string | null; path: string; body: unknown }[] = []
  const reach: Reach = {
    credentials: CREDENTIALS,
    accountId,
    settings,
    baseUrl,
    now: () => Date.UTC(2026, 10, 22, 12),
    fetch: async (url, init) => {
      calls.push({
        method: init?.method ?? 'GET',
        token: new Headers(init?.headers).get(keyHeader),
        path: String(url).replace(`${baseUrl}/`, ''),
        body: JSON.parse(String(init?.body)),
      })
      return respond()
    },
  }
  return { reach, calls }
}

const outbound = (of: Partial<Outbound>): Outbound => ({
  attemptId: 'attempt-0001',
  to: [],
  type: 'text',
  text: null,
  content: {},
  media: null,
  replyTo: null,
  humanAgent: false,
  ...of,
})

/** What a body lists, as far as it does. */
function isSubject(value: unknown): value is Subject {
  return typeof value === 'object' && value !== null && 'channel' in value && 'proof' in value
}

function listed(body: unknown, name: string): unknown[] {
  const list: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined
  return Array.isArray(list) ? list : []
}

const KINDS = [
  'message',
  'reaction',
  'edit',
  'delete',
  'status',
  'watermark',
  'note',
  'identity',
  'address_book',
  'template',
  'account',
  'kept',
]
const filled = expect.stringMatching(/^[\s\S]{1,2048}$/)

/** Of a kind that is known, with a key, at a time there is, and the same when it was written down and read again. */
function wellFormed(event: InboundEvent): void {
  expect(KINDS).toContain(event.kind)
  expect(event).toMatchObject({ dedupeKey: filled, accountId: filled })
  expect(event.occurredAt === null || Math.abs(event.occurredAt) <= 8.64e15).toBe(true)
  expect(event.occurredAt === null || Number.isSafeInteger(event.occurredAt)).toBe(true)
  expect(JSON.parse(JSON.stringify(event))).toEqual(event)
  if ('peer' in event) expect(event.peer.externalIds).toEqual(event.peer.externalIds.map(() => filled))
  if ('peer' in event) expect(event.peer.externalIds.length).toBeGreaterThan(0)
  if ('content' in event) expect(Content.safeParse(event.content).error).toBeUndefined()
  if ('target' in event) expect(event.target).toEqual(filled)
  if (event.kind !== 'message') return
  expect(event).toMatchObject({ externalId: filled, type: expect.stringMatching(/^[a-z_]+$/) })
  for (const { kind, handle, trouble } of event.media) {
    expect(MEDIA_KINDS).toContain(kind)
    expect(handle === null ? trouble : Object.values(handle)[0]).toMatch(/./)
  }
}
