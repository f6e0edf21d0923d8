import { sql } from 'drizzle-orm'
import { uuidv7 } from 'uuidv7'
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Browser, browserOf, change, newBrowser, rowsOf } from '../../test/support/people.ts'
import { testApp } from '../../test/support/workerd/app.ts'
import { PNG, storedFileOf, type Written, writtenTo } from '../../test/support/workerd/files.ts'
import { viewerOf } from '../../test/support/workerd/viewers.ts'
import { newShop, type Shop } from '../../test/support/workerd/workspace.ts'
import { fakeWorld } from '../../test/support/workerd/world.ts'
import { comment } from '../domain/comments.ts'
import { erase } from '../domain/erasures.ts'

let shop: Shop
let ana: Browser
let them: Written

beforeAll(() => {
  fakeWorld()
  vi.spyOn(console, 'warn').mockImplementation(() => undefined)
})

beforeEach(async () => {
  shop = await newShop()
  ana = await browserOf(shop.people.Ana)
  them = await writtenTo(shop.inbox)
})

/** The link, as the one page that shows it does. */
async function linkTo(contactId: string, browser = ana): Promise<string> {
  const answer = await browser.send('POST', `/contacts/${contactId}/export`)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('cache-control')).toBe('no-store')
  return /\/exports\/[0-9a-z]{64}/.exec(await answer.text())?.[0] ?? ''
}

/** Files of a ZIP that nothing in is packed tighter, by their names. */
function filesIn(zip: Uint8Array): Map<string, Uint8Array> {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength)
  const text = new TextDecoder()
  const files = new Map<string, Uint8Array>()
  const end = zip.length - 22
  expect(view.getUint32(end, true)).toBe(0x06054b50)
  for (let at = view.getUint32(end + 16, true); view.getUint32(at, true) === 0x02014b50; ) {
    const [size, name, extra, note] = [20, 28, 30, 32].map((offset, i) =>
      i === 0 ? view.getUint32(at + offset, true) : view.getUint16(at + offset, true),
    )
    const local = view.getUint32(at + 42, true)
    const from = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true)
    files.set(text.decode(zip.subarray(at + 46, at + 46 + Number(name))), zip.subarray(from, from + Number(size)))
    at += 46 + Number(name) + Number(extra) + Number(note)
  }
  return files
}

describe('all that is kept about a person', () => {
  it('comes as one file, by a link that is good once', async () => {
    const { contactId, conversationId, messageId } = them
    const fileId = await storedFileOf(shop.inbox, them, PNG, { fileName: '../../foto "1".png', ord: 3 })
    const app = testApp({ now: Date.now() })
    const viewer = await viewerOf(shop.people.Ana)
    await comment(app, viewer, { contactId, conversationId, clientKey: crypto.randomUUID(), text: 'Paga em dia' })
    await change(
      ...Array.from(
        { length: 401 },
        (
          _,
          at,
        ) => sql`INSERT INTO messages (workspace_id, id, conversation_id, inbox_id, direction, body, occurred_at, ingest_ord, seq, created_at)
        VALUES (${shop.workspaceId}, ${uuidv7()}, ${conversationId}, ${shop.inbox.id}, 'outgoing', ${`Resposta ${at}`}, ${Date.now() + at}, ${100 + at}, ${100 + at}, 1)`,
      ),
    )
    expect(await (await ana.get(`/contacts/${contactId}/export`)).text()).toContain('24 hours')
    const link = await linkTo(contactId)
    expect(await rowsOf(sql`SELECT 1 FROM data_exports WHERE token_hash = ${link.split('/').at(-1)}`)).toEqual([])

    const stranger = newBrowser()
    for (const _ of [1, 2]) expect((await stranger.get(link)).status).toBe(200)
    const file = await stranger.send('POST', link)
    expect(file.headers.get('content-type')).toBe('application/zip')
    const files = filesIn(new Uint8Array(await file.arrayBuffer()))
    expect([...files.keys()]).toEqual(['data.json', `media/${fileId}.png`])
    expect(files.get(`media/${fileId}.png`)).toEqual(PNG)
    const data = JSON.parse(new TextDecoder().decode(files.get('data.json')))
    expect(data).toMatchObject({
      contact: { profileName: 'Mariana' },
      addresses: [{ channel: 'whatsapp', address: '5511999990001' }],
      comments: [{ author: 'Ana', text: 'Paga em dia', versions: [] }],
      conversations: [{ id: conversationId, status: 'open' }],
    })
    const { messages } = data.conversations[0]
    expect(messages).toHaveLength(402)
    expect(messages[0]).toMatchObject({
      id: messageId,
      direction: 'incoming',
      files: [{ path: `media/${fileId}.png` }],
    })
    expect(new Set(messages.map(({ id }: { id: string }) => id)).size).toBe(402)

    for (const again of [await stranger.send('POST', link), await ana.get(link)]) {
      expect(again.status).toBe(410)
      expect(await again.text()).toContain('This link is over')
    }
    const audit = await rowsOf(sql`SELECT action FROM audit_log WHERE target_id = ${contactId} ORDER BY id`)
    expect(audit).toEqual([{ action: 'contact.export_requested' }, { action: 'contact.exported' }])
  })

  it('of two who take it at once, one gets it', async () => {
    const link = await linkTo(them.contactId)
    const answers = await Promise.all([1, 2, 3].map(() => newBrowser().send('POST', link)))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 410, 410])
    await Promise.all(answers.map((answer) => answer.arrayBuffer()))
  })

  it('is nobody’s any more a day later, once its maker may not, or once the person is gone', async () => {
    const old = await linkTo(them.contactId)
    await change(sql`UPDATE data_exports SET expires_at = ${Date.now() - 1} WHERE workspace_id = ${shop.workspaceId}`)
    const demoted = await linkTo(them.contactId)
    await change(sql`UPDATE agents SET role = 'agent' WHERE id = ${shop.people.Ana.agentId}`)
    expect((await newBrowser().send('POST', old)).status).toBe(410)
    expect((await newBrowser().send('POST', demoted)).status).toBe(410)
    await change(sql`UPDATE agents SET role = 'owner' WHERE id = ${shop.people.Ana.agentId}`)
    const asked = { contactId: them.contactId, typed: 'Mariana', shown: 'Mariana' }
    await erase(testApp({ now: Date.now() }), await viewerOf(shop.people.Ana), asked, {})
    expect((await newBrowser().send('POST', demoted)).status).toBe(410)
    expect((await ana.send('POST', `/contacts/${them.contactId}/export`)).status).toBe(404)
  })

  it('is made by administrators, three a day', async () => {
    const bruno = await browserOf(shop.people.Bruno)
    expect((await bruno.send('POST', `/contacts/${them.contactId}/export`)).status).toBe(403)
    for (const _ of [1, 2, 3]) await linkTo(them.contactId)
    const fourth = await ana.send('POST', `/contacts/${them.contactId}/export`)
    expect(fourth.status).toBe(429)
    expect(Number(fourth.headers.get('retry-after'))).toBeGreaterThan(80_000)
  })
})
