import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Credentials } from '../channel.ts'
import { handshake, verify } from './meta.ts'

const credentials: Credentials = {
  accessToken: 'token',
  appSecret: 'the current secret',
  previousAppSecret: 'the previous secret',
  verifyToken: 'verify me',
}
const bytes = (text: string) => new TextEncoder().encode(text)
const signatureOf = (body: Uint8Array, secret = credentials.appSecret) =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
const signed = (signature: string | null, body: Uint8Array, by = credentials) =>
  verify(new Headers(signature === null ? {} : { 'x-hub-signature-256': signature }), body, by)

describe('the signature', () => {
  const body = bytes('{"object":"whatsapp_business_account","entry":[]}')
  const good = signatureOf(body)

  test('of the current and of the previous secret is accepted', async () => {
    expect(await signed(good, body)).toBe(true)
    expect(await signed(signatureOf(body, 'the previous secret'), body)).toBe(true)
  })

  test('of a secret that was withdrawn is refused', async () => {
    const { previousAppSecret: _, ...now } = credentials
    expect(await signed(signatureOf(body, 'the previous secret'), body, now)).toBe(false)
  })

  test('made with no secret at all is refused', async () => {
    expect(await signed(signatureOf(body, ''), body, { ...credentials, appSecret: '', previousAppSecret: '' })).toBe(
      false,
    )
  })

  test.each<[string, string | null]>([
    ['is missing', null],
    ['is empty', ''],
    ['names no algorithm', good.slice('sha256='.length)],
    ['names another algorithm', good.replace('sha256', 'sha1')],
    ['is in capitals', good.toUpperCase()],
    ['has capital digits', `sha256=${good.slice('sha256='.length).toUpperCase()}`],
    ['is too short', good.slice(0, -1)],
    ['is too long', `${good}0`],
    ['comes twice', `${good}, ${good}`],
    ['holds what is no digit', `${good.slice(0, -1)}g`],
  ])('that %s is refused', async (_, signature) => {
    expect(await signed(signature, body)).toBe(false)
  })

  test('P17: is accepted if, and only if, the bytes are unchanged', async () => {
    const sample = fc.uint8Array({ minLength: 1, maxLength: 256 })
    const place = fc.nat()
    const change = fc.constantFrom('flip', 'insert', 'delete')
    await fc.assert(
      fc.asyncProperty(sample, place, fc.integer({ min: 0, max: 7 }), change, async (original, where, bit, how) => {
        const signature = signatureOf(original)
        const at = where % original.length
        const before = original.subarray(0, at)
        const after = original.subarray(at + 1)
        const byte = original[at] ?? 0
        const middle = { flip: [byte ^ (1 << bit)], insert: [byte, bit], delete: [] }[how]
        expect(await signed(signature, original)).toBe(true)
        expect(await signed(signature, Uint8Array.from([...before, ...middle, ...after]))).toBe(false)
      }),
      { numRuns: 1_000 },
    )
  })

  test('P17: is refused for the same JSON written another way', async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), fc.string({ unit: 'grapheme' })), async (value) => {
        const original = bytes(JSON.stringify(value))
        const spaced = bytes(JSON.stringify(value, null, 1))
        const escaped = bytes(
          JSON.stringify(value).replace(
            /[^\0-\x7f]/g,
            (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
          ),
        )
        for (const other of [spaced, escaped]) {
          expect(await signed(signatureOf(original), other)).toBe(Buffer.compare(original, other) === 0)
        }
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('the check of our address', () => {
  const query = (changes: Record<string, string | null> = {}) => {
    const asked: Record<string, string | null> = {
      'hub.mode': 'subscribe',
      'hub.challenge': '1158201444',
      'hub.verify_token': 'verify me',
      ...changes,
    }
    const search = new URLSearchParams()
    for (const [name, value] of Object.entries(asked)) if (value !== null) search.set(name, value)
    return search
  }

  test('is answered with the challenge', () => {
    expect(handshake(query(), credentials)).toBe('1158201444')
  })

  test.each<[string, Record<string, string | null>]>([
    ['a wrong token', { 'hub.verify_token': 'verify mf' }],
    ['a longer token', { 'hub.verify_token': 'verify me!' }],
    ['no token', { 'hub.verify_token': null }],
    ['another mode', { 'hub.mode': 'unsubscribe' }],
    ['no mode', { 'hub.mode': null }],
    ['no challenge', { 'hub.challenge': null }],
    ['a challenge that is markup', { 'hub.challenge': '<script>' }],
    ['a challenge without end', { 'hub.challenge': '1'.repeat(129) }],
  ])('is refused with %s', (_, changes) => {
    expect(handshake(query(changes), credentials)).toBeNull()
  })

  test('is refused by an inbox that has no token, even to one who knows none', () => {
    expect(handshake(query({ 'hub.verify_token': '' }), { ...credentials, verifyToken: '' })).toBeNull()
  })
})
