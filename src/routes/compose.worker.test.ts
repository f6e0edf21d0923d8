import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { type Browser, browserOf, rowsOf } from '../../test/support/people.ts'
import { type Written, writtenTo } from '../../test/support/workerd/files.ts'
import { newShop, type Shop } from '../../test/support/workerd/workspace.ts'

let shop: Shop
let written: Written
let ana: Browser

beforeEach(async () => {
  shop = await newShop()
  written = await writtenTo(shop.inbox)
  ana = await browserOf(shop.people.Ana)
})

const path = () => `/conversations/${written.conversationId}/messages/new`

const KINDS = [
  ['location', { where: '-8.06, -34.87' }],
  ['card', { name: 'Maria', phone: '81 98888-1000' }],
  ['buttons', { body: 'Qual?', title1: 'Esta', title2: 'Aquela' }],
  ['list', { body: 'Qual?', button: 'Ver', title1: 'Esta' }],
] as const

const repliesTo = async () =>
  (
    await rowsOf<{ reply_to_external_id: string | null }>(
      sql`SELECT reply_to_external_id FROM messages WHERE conversation_id = ${written.conversationId} AND direction = 'outgoing'`,
    )
  ).map((row) => row.reply_to_external_id)

const submit = (kind: string, fields: object, replyToId: string) =>
  ana.send('POST', path(), { kind, ...fields, clientKey: crypto.randomUUID(), replyToId }, { 'HX-Request': 'true' })

describe.each(KINDS)('what answers a message by a %s', (kind, fields) => {
  it('says which one, keeps it through a refusal, and is sent as its reply', async () => {
    const opened = await (await ana.get(`${path()}?kind=${kind}&replyToId=${written.messageId}`)).text()
    expect(opened).toContain(`name="replyToId" value="${written.messageId}"`)
    expect(opened).toContain('<strong>Replying to')
    const refused = await submit(kind, {}, written.messageId)
    expect([refused.status, await refused.text()]).toEqual([
      422,
      expect.stringContaining(`name="replyToId" value="${written.messageId}"`),
    ])
    expect((await submit(kind, fields, written.messageId)).status).toBe(201)
    expect(await repliesTo()).toEqual([written.externalId])
  })

  it('answers none where none is quoted, and none of another conversation', async () => {
    const other = await writtenTo((await newShop()).inbox)
    const opened = await (await ana.get(`${path()}?kind=${kind}&replyToId=${other.messageId}`)).text()
    expect(opened).toContain('name="replyToId" value=""')
    for (const id of ['', other.messageId]) expect((await submit(kind, fields, id)).status).toBe(201)
    expect(await repliesTo()).toEqual([null, null])
  })
})
