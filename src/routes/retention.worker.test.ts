import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Browser, browserOf, change, rowsOf } from '../../test/support/people.ts'
import { testApp } from '../../test/support/workerd/app.ts'
import { PNG, storedFileOf, type Written, writtenTo } from '../../test/support/workerd/files.ts'
import { brokenRules } from '../../test/support/workerd/state.ts'
import { tracesOf } from '../../test/support/workerd/traces.ts'
import { viewerOf } from '../../test/support/workerd/viewers.ts'
import { connect, newShop, type Shop } from '../../test/support/workerd/workspace.ts'
import { fakeWorld } from '../../test/support/workerd/world.ts'
import { appFor } from '../app.ts'
import { comment } from '../domain/comments.ts'
import { goOnEmptying } from '../domain/retention.ts'
import { lookAfterWorkspaces } from '../domain/sweep.ts'

const DAY = 86_400_000

let shop: Shop
let ana: Browser
let them: Written
let word: string

beforeAll(() => {
  fakeWorld()
  vi.spyOn(console, 'warn').mockImplementation(() => undefined)
})

/** Somebody wrote, with a file, and was answered with a comment; it was closed so many days ago. */
beforeEach(async () => {
  shop = await newShop()
  await connect(shop.inbox)
  ana = await browserOf(shop.people.Ana)
  them = await writtenTo(shop.inbox)
  word = `Xaxim${crypto.randomUUID().slice(0, 8)}`
  const { conversationId, contactId } = them
  await storedFileOf(shop.inbox, them, PNG, { fileName: `${word}.png` })
  await comment(testApp({ now: Date.now() }), await viewerOf(shop.people.Ana), {
    ...{ contactId, conversationId, clientKey: crypto.randomUUID(), text: `Sobre ${word}` },
  })
  await change(sql`UPDATE messages SET body = ${word} WHERE id = ${them.messageId}`)
})

const closedFor = (days: number) =>
  change(
    sql`UPDATE conversations SET status = 'closed', closed_at = ${Date.now() - days * DAY}, last_at = ${Date.now() - days * DAY} WHERE id = ${them.conversationId}`,
  )

const keep = (days: string, was = '0') => ana.send('PUT', '/settings/privacy/retention', { days, was })
const kept = () => rowsOf(sql`SELECT retention_days AS days FROM workspaces WHERE id = ${shop.workspaceId}`)
const emptied = () =>
  rowsOf(sql`SELECT emptied_at FROM conversations WHERE id = ${them.conversationId} AND emptied_at IS NOT NULL`)

describe('what was said in closed conversations', () => {
  it('goes once it was kept for long enough; who and when stays', async () => {
    await closedFor(100)
    const preview = await (await ana.get('/settings/privacy/retention?days=90')).text()
    for (const going of ['1 conversation', '1 message', '1 file']) expect(preview).toContain(going)
    expect(await (await ana.get('/settings/privacy/retention?days=180')).text()).toContain('Nothing goes now.')
    expect((await keep('90')).status).toBe(303)
    await expect.poll(emptied).toHaveLength(1)
    await expect.poll(() => tracesOf(shop.workspaceId, [word])).toEqual([])
    await expect.poll(async () => (await env.MEDIA.list({ prefix: `ws/${shop.workspaceId}/` })).objects).toEqual([])

    expect(await brokenRules(shop.workspaceId)).toEqual([])
    expect(await rowsOf(sql`SELECT profile_name FROM contacts WHERE id = ${them.contactId}`)).toEqual([
      { profile_name: 'Mariana' },
    ])
    expect(await (await ana.get(`/conversations/${them.conversationId}`)).text()).toContain('Content erased')
    const audit = await rowsOf(
      sql`SELECT action, detail FROM audit_log WHERE workspace_id = ${shop.workspaceId} ORDER BY id`,
    )
    expect(audit).toEqual([
      { action: 'workspace.retention_changed', detail: '{"from":0,"to":90}' },
      { action: 'conversation.emptied', detail: null },
    ])
    expect(await (await ana.get('/settings/privacy')).text()).toContain('Now: for 90 days.')
  })

  it('stays while a conversation is open, or was closed lately, or is kept for ever', async () => {
    const app = testApp({ now: Date.now() })
    expect((await keep('90')).status).toBe(303)
    await change(
      sql`UPDATE conversations SET closed_at = 1, last_at = 1, opened_at = 1 WHERE id = ${them.conversationId}`,
    )
    expect(await goOnEmptying(app, shop.workspaceId)).toBeNull()
    await closedFor(89)
    expect(await goOnEmptying(app, shop.workspaceId)).toBeNull()
    expect((await keep('0', '90')).status).toBe(303)
    await closedFor(4_000)
    expect(await goOnEmptying(app, shop.workspaceId)).toBeNull()
    expect(await tracesOf(shop.workspaceId, [word])).toEqual([
      'attachments.file_name',
      'comments.body',
      'messages.body',
    ])
  })

  it('goes by the sweep as time passes, and what is said after it was opened again is kept anew', async () => {
    await keep('90')
    await closedFor(100)
    await sweptFor(shop.workspaceId)
    await expect.poll(emptied).toHaveLength(1)
    expect((await ana.send('DELETE', `/conversations/${them.conversationId}/closure`)).status).toBe(303)
    expect(await emptied()).toEqual([])
  })

  it('is kept for one of a few times, as nobody else decided meanwhile', async () => {
    for (const days of ['1', '-90', '90.5', '', 'x', '1e9', '90 ']) {
      expect([days, (await keep(days)).status]).toEqual([days, 422])
      expect((await ana.get(`/settings/privacy/retention?days=${encodeURIComponent(days)}`)).status).toBe(422)
    }
    expect(await kept()).toEqual([{ days: null }])
    expect((await keep('90')).status).toBe(303)
    const refused = await keep('365', '0')
    expect(refused.status).toBe(409)
    expect(await refused.text()).toContain('Now: for 90 days.')
    expect(await kept()).toEqual([{ days: 90 }])
    const bruno = await browserOf(shop.people.Bruno)
    expect((await bruno.send('PUT', '/settings/privacy/retention', { days: '0', was: '90' })).status).toBe(403)
  })
})

/** What a sweep would wake: of all whose tests run beside this one, ours alone. */
async function sweptFor(workspaceId: string): Promise<void> {
  const woken: string[] = []
  await lookAfterWorkspaces({ ...testApp({ now: Date.now() }), lookAfter: async (id) => void woken.push(id) })
  expect(woken).toContain(workspaceId)
  await appFor(env, () => undefined).lookAfter(workspaceId)
}
