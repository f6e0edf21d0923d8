import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { TEXTS } from '../../test/faults/corpus/texts.ts'
import { type Browser, browserOf, change, rowsOf } from '../../test/support/people.ts'
import { testApp } from '../../test/support/workerd/app.ts'
import { writtenTo } from '../../test/support/workerd/files.ts'
import { tracesOf } from '../../test/support/workerd/traces.ts'
import { viewerOf } from '../../test/support/workerd/viewers.ts'
import { newShop, type Shop } from '../../test/support/workerd/workspace.ts'
import { fakeWorld } from '../../test/support/workerd/world.ts'
import { appFor } from '../app.ts'
import { erase } from '../domain/erasures.ts'
import { lookAfterWorkspaces } from '../domain/sweep.ts'

let shop: Shop
let ana: Browser
let contactId: string
let conversationId: string
let name: string

beforeAll(() => {
  fakeWorld()
  vi.spyOn(console, 'warn').mockImplementation(() => undefined)
})

beforeEach(async () => {
  shop = await newShop()
  ana = await browserOf(shop.people.Ana)
  ;({ contactId, conversationId } = await writtenTo(shop.inbox))
  name = `Quitéria ${crypto.randomUUID().slice(0, 8)}`
  await change(
    sql`UPDATE contacts SET name = ${name}, name_key = ${name.toLowerCase()} WHERE id = ${contactId}`,
    sql`UPDATE messages SET body = ${`Palavras de ${name}`} WHERE workspace_id = ${shop.workspaceId}`,
  )
})

const erased = () =>
  rowsOf<{ id: string; erased_at: number | null }>(sql`SELECT id, erased_at FROM contacts WHERE id = ${contactId}`)

describe('erasing a person', () => {
  it('says first what goes, asks for the name, and ends in a proof', async () => {
    const dialog = await (await ana.get(`/contacts/${contactId}/erasure`)).text()
    expect(dialog).toContain(name)
    expect(dialog).toContain('1 message')
    expect(await (await ana.get(`/contacts/${contactId}?tab=data`)).text()).toContain(`/contacts/${contactId}/erasure`)

    const answer = await ana.send('POST', `/contacts/${contactId}/erasure`, { name: name.toUpperCase() })
    expect(answer.status).toBe(303)
    const path = answer.headers.get('location') ?? ''
    await expect.poll(async () => (await ana.get(path)).text()).toContain('Done on')
    expect(await tracesOf(shop.workspaceId, [name, name.split(' ')[1] ?? ''], [shop.inbox])).toEqual([])

    const proof = await ana.get(`${path}/proof`)
    expect(proof.headers.get('content-disposition')).toMatch(/^attachment/)
    expect(await proof.json()).toMatchObject({
      contact: contactId,
      requestedBy: { name: 'Ana' },
      erased: { conversations: 1, messages: 1 },
      finishedAt: expect.any(String),
    })
    expect(await (await ana.get('/settings/privacy')).text()).toContain(path)

    const page = await (await ana.get(`/contacts/${contactId}`)).text()
    expect(page).toContain('This person&#39;s data was erased')
    expect(page).not.toContain('/erasure')
    const thread = await (await ana.get(`/conversations/${conversationId}`)).text()
    expect(thread).toContain('Content erased')
    expect(thread).toContain('erased this person&#39;s data')
    expect(await (await ana.get('/contacts')).text()).not.toContain(contactId)
    expect((await ana.send('POST', `/contacts/${contactId}/erasure`, { name })).status).toBe(404)
  })

  it('takes no other name, whatever it is, and draws it as text', async () => {
    const path = `/contacts/${contactId}/erasure`
    for (const typed of ['', 'Outra', `${name}x`, ...TEXTS.filter((_, at) => at % 24 === 0)]) {
      const answer = await ana.send('POST', path, { name: typed })
      expect([typed, answer.status]).toEqual([typed, 422])
    }
    expect((await ana.send('POST', path, { name, more: 'x' })).status).toBe(422)
    expect((await ana.send('POST', path)).status).toBe(422)
    expect(await erased()).toEqual([{ id: contactId, erased_at: null }])
  })

  it('a part of nobody else’s page: a colleague who is no administrator finds neither the way nor the proof', async () => {
    const bruno = await browserOf(shop.people.Bruno)
    expect(await (await bruno.get(`/contacts/${contactId}?tab=data`)).text()).not.toContain('/erasure')
    expect((await bruno.send('POST', `/contacts/${contactId}/erasure`, { name })).status).toBe(403)
    expect((await bruno.get('/settings/privacy')).status).toBe(403)
    expect(await erased()).toEqual([{ id: contactId, erased_at: null }])
  })

  it('goes on where the hint was lost: the sweep finds it', async () => {
    const app = testApp({ now: Date.now() })
    await erase(app, await viewerOf(shop.people.Ana), { contactId, typed: name, shown: name }, {})
    const finished = () =>
      rowsOf<{ finished_at: number | null }>(sql`SELECT finished_at FROM erasures WHERE contact_id = ${contactId}`)
    expect(await finished()).toEqual([{ finished_at: null }])
    await sweptFor(shop.workspaceId)
    await expect.poll(finished).toEqual([{ finished_at: expect.any(Number) }])
  })
})

/** What a sweep would wake: of all whose tests run beside this one, ours alone. */
async function sweptFor(workspaceId: string): Promise<void> {
  const woken: string[] = []
  await lookAfterWorkspaces({ ...testApp({ now: Date.now() }), lookAfter: async (id) => void woken.push(id) })
  expect(woken).toContain(workspaceId)
  await appFor(env, () => undefined).lookAfter(workspaceId)
}
