/** The account's templates, page by page, in our words. */
import { expect, test } from 'vitest'
import type { Reach } from '../channel.ts'
import { providerAnswering } from '../test-provider.ts'
import { whatsapp } from './whatsapp.ts'

const page =
  (data: unknown[], after?: string, next = after !== undefined) =>
  () =>
    Response.json({
      data,
      paging: {
        cursors: { before: 'x', ...(after ? { after } : {}) },
        ...(next ? { next: 'https://graph.example' } : {}),
      },
    })
const template = (name: string, of: object = {}) => ({
  ...{ id: `id-${name}`, name, language: 'pt_BR', status: 'APPROVED', category: 'UTILITY', components: [] },
  ...of,
})
const ours = (reach: Reach): Reach => ({ ...reach, settings: { businessAccountId: '200000000000001' } })

const list = async (...answers: (() => Response | Promise<Response>)[]) => {
  const { reach, calls } = providerAnswering(...answers)
  return { found: await whatsapp.templates?.(ours(reach)), calls }
}

test('all pages are read, to the last', async () => {
  const { found, calls } = await list(
    page([template('a')], 'A B'),
    page([template('b')], 'C'),
    page([template('c')], 'D', false),
  )
  expect(found?.map(({ name }) => name)).toEqual(['a', 'b', 'c'])
  const asked = calls.map(({ path }) => new URL(path, 'https://graph.example/'))
  expect(asked.map(({ pathname }) => pathname)).toEqual(Array(3).fill('/200000000000001/message_templates'))
  expect(asked.map(({ searchParams }) => searchParams.get('after'))).toEqual([null, 'A B', 'C'])
  expect(asked[0]?.searchParams.get('limit')).toBe('100')
  expect(asked[0]?.searchParams.get('fields')).toContain('components,parameter_format')
})

test('a cursor that leads nowhere ends it', async () => {
  const { calls } = await list(page([], 'A'))
  expect(calls).toHaveLength(2)
})

test('a template is told in our words, whatever the case of theirs', async () => {
  const full = template('pedido_pronto', {
    id: 1689556908129832,
    parameter_format: 'NAMED',
    quality_score: { score: 'GREEN' },
    components: [
      { type: 'HEADER', format: 'IMAGE', example: {} },
      { type: 'body', text: 'Olá {{nome}}', example: {} },
      { type: 'FOOTER', text: 'Loja' },
      {
        type: 'BUTTONS',
        buttons: [
          { type: 'QUICK_REPLY', text: 'Sim' },
          { type: 'url', text: 'Abrir', url: 'https://loja.example/{{1}}' },
          { type: 'PHONE_NUMBER', text: 'Ligar', phone_number: '+551140000001' },
          { type: 'OTP', text: 'Copiar' },
        ],
      },
      { type: 'CAROUSEL', cards: [] },
      null,
    ],
  })
  const { found } = await list(page([full]))
  expect(found).toEqual([
    {
      ...{ externalId: '1689556908129832', name: 'pedido_pronto', language: 'pt_BR', category: 'UTILITY' },
      ...{ status: 'APPROVED', parameterFormat: 'named' },
      components: [
        { type: 'header', format: 'image' },
        { type: 'body', text: 'Olá {{nome}}' },
        { type: 'footer', text: 'Loja' },
        {
          type: 'buttons',
          buttons: [
            { type: 'quick_reply', text: 'Sim' },
            { type: 'url', text: 'Abrir', url: 'https://loja.example/{{1}}' },
            { type: 'phone_number', text: 'Ligar' },
            { type: 'other', text: 'Copiar' },
          ],
        },
      ],
    },
  ])
})

test('one that cannot be read costs no other', async () => {
  const { found } = await list(page([null, { name: 'x' }, template('a', { components: 'x', category: 7 })]))
  expect(found).toMatchObject([{ name: 'a', parameterFormat: 'positional', category: '', components: [] }])
})

test.each<[string, () => Response | Promise<Response>, object]>([
  ['the connection breaks', () => Promise.reject(new TypeError('reset')), { class: 'retryable' }],
  ['the answer has no list', () => Response.json({}), { class: 'retryable', code: 'unreadable' }],
  ['the token may not', () => Response.json({ error: { code: 200 } }, { status: 403 }), { class: 'auth', code: '200' }],
])('nothing is answered where %s on the second page', async (_, respond, wanted) => {
  const { reach } = providerAnswering(page([template('a')], 'A'), respond)
  await expect(whatsapp.templates?.(ours(reach))).rejects.toMatchObject(wanted)
})

test('without the account’s id nobody is asked', async () => {
  const { reach, calls } = providerAnswering(page([]))
  await expect(whatsapp.templates?.(reach)).rejects.toMatchObject({ class: 'permanent', code: 'no_business_account' })
  expect(calls).toEqual([])
})
