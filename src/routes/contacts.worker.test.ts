import { sql } from 'drizzle-orm'
import { uuidv7 } from 'uuidv7'
import { beforeEach, describe, expect, it } from 'vitest'
import { type Browser, browserOf, change, rowsOf } from '../../test/support/people.ts'
import { testApp, threadOf } from '../../test/support/workerd/app.ts'
import { eventsOf, said } from '../../test/support/workerd/whatsapp.ts'
import { newShop, rowOf, type Shop, scopeOf } from '../../test/support/workerd/workspace.ts'
import { receive } from '../domain/receive.ts'

const PART = { 'HX-Request': 'true', 'HX-Request-Type': 'partial' }

const NAUGHTY = [
  ' ',
  '\u200b\u202e\u2066',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '\u202eabc\u202c',
  'a\u0000b\u0007',
  "'; DROP TABLE comments; --",
  '" OR NEAR(a, b) AND *',
  '{{name}} $' + '{7*7}',
  'Z\u0351\u036a\u0322'.repeat(200),
  '👨‍👩‍👧 🇧🇷 ﷽',
  '\ud800',
  'x'.repeat(59_000),
]

let shop: Shop
let ana: Browser
let bruno: Browser
let contact: string
let conversation: string

beforeEach(async () => {
  shop = await newShop()
  ;[ana, bruno] = [await browserOf(shop.people.Ana), await browserOf(shop.people.Bruno)]
  const app = testApp({ now: Date.now() })
  const events = await eventsOf(shop.inbox.accountId, said({ name: 'Mariana', at: app.now() }))
  await receive(
    app,
    shop.inbox,
    events.map((event) => ({ event, receivedAt: app.now() })),
  )
  const row = await rowOf<{ id: string; contact_id: string }>(
    sql`SELECT id, contact_id FROM conversations WHERE workspace_id = ${shop.workspaceId}`,
  )
  conversation = row.id
  contact = row.contact_id
})

const commentOn = (by: Browser, fields: Record<string, string>, headers = {}) =>
  by.send(
    'POST',
    `/contacts/${contact}/comments`,
    { clientKey: crypto.randomUUID(), conversationId: conversation, ...fields },
    headers,
  )

const stored = () =>
  rowsOf<{
    id: string
    body: string
    conversation_id: string | null
    version: number
    pinned: number
    deleted: number
  }>(
    sql`SELECT id, body, conversation_id, version, pinned_at IS NOT NULL AS pinned, deleted_at IS NOT NULL AS deleted
      FROM comments WHERE workspace_id = ${shop.workspaceId} ORDER BY created_at, id`,
  )

const only = async () => {
  const [one] = await stored()
  if (!one) throw new Error('Nobody commented.')
  return one
}

describe('a comment', () => {
  it('is one comment however often it is submitted, and goes back to the conversation without script', async () => {
    const fields = { text: 'Prefere tarde', clientKey: crypto.randomUUID() }
    for (let times = 0; times < 3; times += 1) {
      const answer = await commentOn(ana, fields)
      expect([answer.status, answer.headers.get('location')]).toEqual([
        303,
        `/conversations/${conversation}?panel=contact&tab=comments`,
      ])
    }
    expect(await stored()).toMatchObject([{ body: 'Prefere tarde', conversation_id: null }])
    expect((await commentOn(ana, { ...fields, text: 'Outro' })).status).toBe(409)
  })

  it('for this conversation alone has its place in the thread, and no way out of the house', async () => {
    await commentOn(ana, { text: 'Só aqui, @Bruno', onlyHere: 'true' })
    const { id } = await only()
    const thread = await threadOf(await scopeOf(shop.people.Ana), conversation)
    expect(thread.filter(({ kind }) => kind === 'comment')).toMatchObject([
      {
        id,
        body: null,
        comment: { body: 'Só aqui, @Bruno', pinned: false, mentions: [{ id: shop.people.Bruno.agentId }] },
      },
    ])
    expect(await rowsOf(sql`SELECT 1 FROM send_attempts WHERE workspace_id = ${shop.workspaceId}`)).toEqual([])
    expect(await (await ana.get(`/conversations/${conversation}`)).text()).toContain('event--comment')
  })

  it('general or not, is seen where it belongs', async () => {
    await commentOn(ana, { text: 'em toda parte' })
    await commentOn(ana, { text: 'somente ali', onlyHere: 'true' })
    const other = uuidv7()
    const second = uuidv7()
    await change(
      sql`INSERT INTO identities (workspace_id, id, contact_id, inbox_id, principal_id, external_id, created_at)
        VALUES (${shop.workspaceId}, ${second}, ${contact}, ${shop.inbox.id}, ${second}, ${second}, 0)`,
      sql`INSERT INTO conversations (workspace_id, id, inbox_id, identity_id, contact_id, last_at, opened_at)
        VALUES (${shop.workspaceId}, ${other}, ${shop.inbox.id}, ${second}, ${contact}, 1, 1)`,
    )
    const there = await (await bruno.get(`/conversations/${other}?panel=contact&tab=comments`)).text()
    expect([there.includes('em toda parte'), there.includes('somente ali')]).toEqual([true, false])
    const here = await (await bruno.get(`/conversations/${conversation}?panel=contact&tab=comments`)).text()
    expect([here.includes('em toda parte'), here.includes('somente ali')]).toEqual([true, true])
  })

  it('keeps what it said before; who edits an older text gets a conflict and keeps what was typed', async () => {
    await commentOn(ana, { text: 'primeiro', onlyHere: 'true' })
    const { id } = await only()
    const path = `/contacts/${contact}/comments/${id}`
    expect((await ana.send('PUT', path, { text: 'segundo', version: '1' }, PART)).status).toBe(200)
    const late = await ana.send('PUT', path, { text: 'terceiro', version: '1' }, PART)
    const html = await late.text()
    expect(late.status).toBe(409)
    expect(html).toContain('terceiro')
    expect(html).toContain('segundo')
    expect(await only()).toMatchObject({ body: 'segundo', version: 2 })
    expect(await (await ana.get(`${path}/versions`)).text()).toContain('primeiro')
  })

  it('is highlighted and let go again, on top of the thread and of the panel', async () => {
    await commentOn(ana, { text: 'VIP desde 2020' })
    const { id } = await only()
    const path = `/contacts/${contact}/comments/${id}/highlight`
    await ana.send('POST', path, { _method: 'PUT', conversationId: conversation })
    expect(await (await bruno.get(`/conversations/${conversation}`)).text()).toMatch(
      /class="strip"(?! hidden)[^>]*>.*VIP desde 2020/s,
    )
    await ana.send('DELETE', path, {})
    expect(await only()).toMatchObject({ pinned: 0 })
  })

  it('goes from every page and stays in the table; agents remove their own alone', async () => {
    await commentOn(ana, { text: 'apague-me', onlyHere: 'true' })
    const { id } = await only()
    const path = `/contacts/${contact}/comments/${id}`
    expect((await bruno.send('DELETE', path, {})).status).toBe(403)
    expect((await bruno.send('PUT', path, { text: 'x', version: '1' })).status).toBe(403)
    expect((await bruno.send('PUT', `${path}/highlight`, {})).status).toBe(403)
    expect((await ana.send('DELETE', path, { conversationId: conversation }, PART)).status).toBe(200)
    expect(await only()).toMatchObject({ deleted: 1, body: 'apague-me' })
    expect(await (await ana.get(`/conversations/${conversation}?panel=contact`)).text()).not.toContain('apague-me')
    expect(
      await rowsOf(
        sql`SELECT actor_id, target_id FROM audit_log WHERE workspace_id = ${shop.workspaceId} AND action = 'comment.deleted'`,
      ),
    ).toEqual([{ actor_id: shop.people.Ana.agentId, target_id: id }])
  })
})

describe('groups', () => {
  const newGroup = async (name: string) => {
    const id = crypto.randomUUID()
    const answer = await ana.send('POST', '/groups', { id, name })
    return { id, status: answer.status }
  }

  it('are created, joined, left, renamed and removed, and agents do not make them', async () => {
    const { id } = await newGroup('Atacado')
    expect((await newGroup('  ATACADO ')).status).toBe(422)
    expect((await bruno.send('POST', '/groups', { id: crypto.randomUUID(), name: 'Meu' })).status).toBe(403)
    expect((await bruno.send('POST', `/contacts/${contact}/groups`, { groupId: id })).status).toBe(303)
    expect((await bruno.send('POST', `/contacts/${contact}/groups`, { groupId: id })).status).toBe(303)
    expect(await (await bruno.get(`/contacts?group=${id}`)).text()).toContain('Mariana')
    expect(await (await bruno.get(`/conversations?view=all&group=${id}`)).text()).toContain(conversation)
    expect(await (await ana.get(`/groups/${id}/deletion`)).text()).toContain('1 contact is in this group')
    expect((await ana.send('PUT', `/groups/${id}`, { name: 'Varejo', version: '1' })).status).toBe(303)
    expect((await ana.send('PUT', `/groups/${id}`, { name: 'Outro', version: '1' })).status).toBe(409)
    expect((await ana.send('DELETE', `/groups/${id}`, {})).status).toBe(303)
    expect(await rowsOf(sql`SELECT 1 FROM contact_groups WHERE workspace_id = ${shop.workspaceId}`)).toEqual([])
    expect((await ana.send('POST', `/contacts/${contact}/groups`, { groupId: id })).status).toBe(422)
  })
})

describe('bad input', () => {
  it.each(NAUGHTY.map((text) => [text.slice(0, 24), text]))(
    '%j is stored clean or refused beside the field, and breaks nothing',
    async (_, text) => {
      const answers = [
        await commentOn(ana, { text }, PART),
        await ana.send('PUT', `/contacts/${contact}/name`, { name: text, version: '1' }, PART),
        await ana.send('POST', '/groups', { id: crypto.randomUUID(), name: text }, PART),
        await ana.get(`/contacts?q=${encodeURIComponent(text.toWellFormed().slice(0, 500))}`, PART),
      ]
      for (const answer of answers) {
        const html = await answer.text()
        expect([200, 204, 422]).toContain(answer.status)
        if (answer.status === 422) expect(html).toMatch(/aria-invalid|field-problem/)
        expect(html).not.toMatch(/<script>|<img src/)
      }
      for (const { body } of await stored()) expect(/\p{Cc}/u.test(body)).toBe(false)
    },
  )
})

describe('what is not theirs to see', () => {
  it('is not found, and nothing is written', async () => {
    const eva = await browserOf((await newShop()).people.Ana)
    await commentOn(ana, { text: 'segredo' })
    const { id } = await only()
    const before = await stored()
    const tries: [string, string, Record<string, string>?][] = [
      ['GET', `/contacts/${contact}`],
      ['GET', `/contacts/${contact}/name`],
      ['GET', `/contacts/${contact}/merge`],
      ['GET', `/contacts/${contact}/news`],
      ['GET', `/contacts/${contact}/comments/${id}/edit`],
      ['GET', `/contacts/${contact}/comments/${id}/versions`],
      ['PUT', `/contacts/${contact}/name`, { name: 'x', version: '1' }],
      ['POST', `/contacts/${contact}/comments`, { text: 'x', clientKey: crypto.randomUUID() }],
      ['PUT', `/contacts/${contact}/comments/${id}`, { text: 'x', version: '1' }],
      ['DELETE', `/contacts/${contact}/comments/${id}`, {}],
      ['PUT', `/contacts/${contact}/comments/${id}/highlight`, {}],
      ['POST', `/contacts/${contact}/groups`, { groupId: uuidv7() }],
      ['POST', `/contacts/${contact}/merges`, { id: uuidv7(), mergedId: uuidv7() }],
      ['DELETE', `/contacts/${contact}/merges/${uuidv7()}`, {}],
      ['GET', '/contacts/not-an-id'],
    ]
    for (const [method, path, fields] of tries) {
      const answer = method === 'GET' ? await eva.get(path) : await eva.send(method, path, fields)
      expect([method, path, answer.status]).toEqual([method, path, 404])
    }
    expect(await stored()).toEqual(before)
  })
})
