/** What no number could apply, and how the whole is doing: seen in one place by those who answer for it. */
import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { build, latestMigration } from '../../dist/manifest.ts'
import { type Browser, browserOf, change, rowsOf } from '../../test/support/people.ts'
import { connect, type Inbox, newInbox, newShop, type Shop } from '../../test/support/workerd/workspace.ts'
import { caretakerOf } from '../caretakers/address.ts'
import { gatewayOf } from '../gateways/address.ts'

const PART = { 'HX-Request': 'true', 'HX-Request-Type': 'partial' }

let shop: Shop
let other: Inbox
let ana: Browser

beforeEach(async () => {
  shop = await newShop()
  other = await newInbox(shop.workspaceId)
  await change(sql`UPDATE inboxes SET name = 'Loja' WHERE id = ${other.id}`)
  await Promise.all([connect(shop.inbox), connect(other)])
  ana = await browserOf(shop.people.Ana)
})

/** Set aside after the last try; answers with its id there. */
const setAside = (inbox: Inbox, reason: string, at: number): Promise<number> =>
  runInDurableObject(gatewayOf(env, inbox.webhookKey), (_, { storage }) =>
    Number(
      storage.sql
        .exec(
          `INSERT INTO journal (dedupe_key, kind, received_at, payload, state, tries, last_error)
            VALUES (?, 'status', ?, '{"kind":"status","status":"sent","target":"5511999990001"}', 'dead', 8, ?) RETURNING id`,
          crypto.randomUUID(),
          at,
          reason,
        )
        .one().id,
    ),
  )

const lettersIn = (html: string) =>
  Array.from(html.matchAll(/data-letter-id="(\d+)" data-inbox-id="([^"]+)"/g), ([, id, inbox]) => `${inbox}:${id}`)

const page = async (query = '') => (await ana.get(`/settings/letters${query}`)).text()

const written = () =>
  rowsOf<{ action: string; target_id: string; detail: string }>(
    sql`SELECT action, target_id, detail FROM audit_log WHERE workspace_id = ${shop.workspaceId} ORDER BY created_at, id`,
  )

describe('the events that were set aside', () => {
  it('stand together, the newest first, and are found by number and by reason', async () => {
    const one = `${shop.inbox.id}:${await setAside(shop.inbox, 'TypeError', 1)}`
    const two = `${other.id}:${await setAside(other, 'TypeError', 3)}`
    const three = `${other.id}:${await setAside(other, 'RangeError', 2)}`
    const html = await page()
    expect(lettersIn(html)).toEqual([two, three, one])
    expect(html).not.toContain('5511999990001')
    expect(lettersIn(await page(`?inbox=${other.id}`))).toEqual([two, three])
    expect(lettersIn(await page('?reason=TypeError'))).toEqual([two, one])
    expect(lettersIn(await page(`?reason=RangeError&inbox=${shop.inbox.id}`))).toEqual([])
    expect(lettersIn(await page(`?inbox=${crypto.randomUUID()}`))).toEqual([])
  })

  it('are tried again and given up wherever they stand, and that is written down for each number', async () => {
    const one = `${shop.inbox.id}:${await setAside(shop.inbox, 'TypeError', 1)}`
    const two = `${other.id}:${await setAside(other, 'TypeError', 2)}`
    const three = `${other.id}:${await setAside(other, 'RangeError', 3)}`
    const form = new URLSearchParams([
      ['id', one],
      ['id', two],
      ['inbox', ''],
      ['why', 'TypeError'],
      ['reason', 'Em dobro'],
    ])
    const send = (path: string, fields: URLSearchParams) => ana.send('POST', path, fields as never, PART)
    const answer = await send('/settings/letters/discard', form)
    expect([answer.status, lettersIn(await answer.text())]).toEqual([200, []])
    expect(lettersIn(await page())).toEqual([three])
    expect(await written()).toEqual([
      { action: 'inbox.events_discarded', target_id: expect.any(String), detail: '{"count":1,"reason":"Em dobro"}' },
      { action: 'inbox.events_discarded', target_id: expect.any(String), detail: '{"count":1,"reason":"Em dobro"}' },
    ])
    await (await ana.send('POST', '/settings/letters/replay', { id: three }, PART)).text()
    expect((await written()).at(-1)).toEqual({
      action: 'inbox.events_replayed',
      target_id: other.id,
      detail: '{"count":1}',
    })
    // Without script it goes back to the page as it was filtered.
    const plain = await ana.send('POST', '/settings/letters/replay', { id: three, why: 'RangeError' })
    expect([plain.status, plain.headers.get('location')]).toEqual([303, '/settings/letters?inbox=&reason=RangeError'])
  })

  it('are given up for a reason only, which is asked for beside its field', async () => {
    const one = `${shop.inbox.id}:${await setAside(shop.inbox, 'TypeError', 1)}`
    for (const reason of ['', '  ', 'x', 'x'.repeat(201)]) {
      const answer = await ana.send('POST', '/settings/letters/discard', { id: one, reason }, PART)
      const html = await answer.text()
      expect(answer.status).toBe(422)
      expect(html).toContain('aria-invalid="true"')
      expect(lettersIn(html)).toEqual([one])
    }
    expect(await written()).toEqual([])
  })

  it.each(['', '1', 'x:1', `${crypto.randomUUID()}:0`, `${crypto.randomUUID()}:1e3`, `${crypto.randomUUID()}:1; --`])(
    'are not meant by %j',
    async (id) => {
      const answer = await ana.send('POST', '/settings/letters/replay', { id }, PART)
      expect(answer.status).toBe(422)
      await answer.text()
    },
  )

  it('of another workspace are out of reach', async () => {
    const one = `${shop.inbox.id}:${await setAside(shop.inbox, 'TypeError', 1)}`
    const stranger = await browserOf((await newShop()).people.Ana)
    await (await stranger.send('POST', '/settings/letters/discard', { id: one, reason: 'Meu' }, PART)).text()
    expect(lettersIn(await page())).toEqual([one])
    expect(lettersIn(await (await stranger.get('/settings/letters')).text())).toEqual([])
  })
})

describe('the status', () => {
  /** Without the line of the sweep, which is the whole deployment's. */
  const status = async () =>
    (await (await ana.get('/settings/status')).text()).replace(
      /<li class="status-line"(?:(?!<li).)*?minute.*?<\/li>/s,
      '',
    )
  const plain = (html: string) => html.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')

  it('says in a word of each number how it is doing, what is kept, and what runs', async () => {
    const { workspaceId } = shop
    const caretaker = caretakerOf(env, workspaceId)
    expect(plain(await status())).toContain('Look at it · There is no copy yet')
    await caretaker.look(workspaceId)
    await expect.poll(async () => (await caretaker.dumps()).map(({ isWhole }) => isWhole)).toEqual([true])
    const calm = await status()
    expect(await (await ana.get('/settings/status')).text()).toContain('What happens every minute')
    expect(calm.match(/data-level="[a-z]+"/g)).toEqual(Array.from({ length: 12 }, () => 'data-level="well"'))
    const text = plain(calm)
    expect(text).toContain(build.version)
    expect(text).toContain(build.compatibilityDate)
    expect(text).toContain(`Database up to date: ${latestMigration}`)
    expect(text).toMatch(/Database \(the whole installation\) [\d.,]+ [KMG]B · [\d,]+ pages/)
    expect(text).toContain('0 B · 0 files')
    expect(text).toMatch(/Fine · The newest is of .*: \d+ rows, [\d.]+ KB/)
    expect(text).toContain(`dumps/${workspaceId}/`)

    await setAside(other, 'TypeError', 1)
    await change(sql`UPDATE inboxes SET status = 'needs_reauth', status_reason = '190' WHERE id = ${shop.inbox.id}`)
    const troubled = await status()
    expect(troubled.match(/data-level="trouble"/g)).toHaveLength(3)
    expect(plain(troubled)).toContain('1 event could not be applied')
  })

  it('says what waits for what, how long things take, and what was refused of people who are erased', async () => {
    await runInDurableObject(gatewayOf(env, other.webhookKey), (_, { storage }) => {
      const now = Date.now()
      const add = (state: string, waits: number, took: number | null) =>
        storage.sql.exec(
          `INSERT INTO journal (dedupe_key, kind, received_at, payload, state, waits, not_before, done_at) VALUES (?, 'status', ?, '{}', ?, ?, ?, ?)`,
          ...[crypto.randomUUID(), now - 300_000, state, waits, now + 9e9, took === null ? null : now - 300_000 + took],
        )
      add('waiting', 1, null)
      add('applied', 0, 90_500)
      // It waited for an id: nobody was slow.
      add('applied', 2, 250_000)
      storage.sql.exec("INSERT INTO marks (name, value) VALUES ('erased', 7), ('orphans', 2)")
    })
    const text = plain(await status())
    expect(text).toContain('1 event is waiting · 1 waits for a message that has not come yet')
    expect(text).toContain('Trouble · What came in the last hour was applied within 91 s')
    expect(text).toContain('7 events about erased people, refused')
    expect(text).toContain('2 events of unknown messages')
  })

  it('knows how much the files take, as they come and go', async () => {
    const { workspaceId } = shop
    const [conversationId, messageId] = [crypto.randomUUID(), crypto.randomUUID()]
    const file = (id: string, state: string, size: number) =>
      sql`INSERT INTO attachments (workspace_id, id, message_id, inbox_id, ord, kind, size, state, created_at)
        VALUES (${workspaceId}, ${id}, ${messageId}, ${shop.inbox.id}, ${size}, 'image', ${size}, ${state}, 0)`
    const kept = () =>
      rowsOf<{ files: number; bytes: number }>(
        sql`SELECT files, bytes FROM storage_counts WHERE workspace_id = ${workspaceId}`,
      )
    await change(
      sql`INSERT INTO contacts (workspace_id, id, created_at) VALUES (${workspaceId}, 'k', 0)`,
      sql`INSERT INTO identities (workspace_id, id, contact_id, inbox_id, principal_id, external_id, created_at)
        VALUES (${workspaceId}, 'p', 'k', ${shop.inbox.id}, 'p', 'x', 0)`,
      sql`INSERT INTO conversations (workspace_id, id, inbox_id, identity_id, contact_id, last_at, opened_at)
        VALUES (${workspaceId}, ${conversationId}, ${shop.inbox.id}, 'p', 'k', 0, 0)`,
      sql`INSERT INTO messages (workspace_id, id, conversation_id, inbox_id, direction, occurred_at, ingest_ord, seq, created_at)
        VALUES (${workspaceId}, ${messageId}, ${conversationId}, ${shop.inbox.id}, 'incoming', 0, 1, 1, 0)`,
      file('a', 'pending', 5),
      file('b', 'stored', 7_000_000),
    )
    expect(await kept()).toEqual([{ files: 1, bytes: 7_000_000 }])
    await change(
      sql`UPDATE attachments SET state = 'stored', size = 2000 WHERE workspace_id = ${workspaceId} AND id = 'a'`,
      sql`UPDATE attachments SET size = 3000 WHERE workspace_id = ${workspaceId} AND id = 'a'`,
    )
    expect(await kept()).toEqual([{ files: 2, bytes: 7_003_000 }])
    expect(plain(await status())).toContain('6.7 MB · 2 files')
    await change(
      sql`UPDATE attachments SET state = 'deleted' WHERE workspace_id = ${workspaceId} AND id = 'b'`,
      sql`DELETE FROM attachments WHERE workspace_id = ${workspaceId} AND id = 'a'`,
    )
    expect(await kept()).toEqual([{ files: 0, bytes: 0 }])
  })
})
