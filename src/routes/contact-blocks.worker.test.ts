/** Blocking over HTTP: what is asked first, what is answered, and what is refused meanwhile, in whose words. */
import { sql } from 'drizzle-orm'
import { uuidv7 } from 'uuidv7'
import { beforeEach, expect, it } from 'vitest'
import { type Browser, browserOf, change, rowsOf } from '../../test/support/people.ts'
import { testApp } from '../../test/support/workerd/app.ts'
import { eventsOf, said } from '../../test/support/workerd/whatsapp.ts'
import { mayUse, newInbox, newShop, rowOf, type Shop } from '../../test/support/workerd/workspace.ts'
import { receive } from '../domain/receive.ts'

const PART = { 'HX-Request': 'true', 'HX-Request-Type': 'partial' }

let shop: Shop
let bruno: Browser
let contact: string
let conversation: string

beforeEach(async () => {
  shop = await newShop()
  bruno = await browserOf(shop.people.Bruno)
  await writes('Mariana')
  const row = await rowOf<{ id: string; contact_id: string }>(
    sql`SELECT id, contact_id FROM conversations WHERE workspace_id = ${shop.workspaceId}`,
  )
  conversation = row.id
  contact = row.contact_id
})

async function writes(name: string, inbox = shop.inbox): Promise<void> {
  const app = testApp({ now: Date.now() })
  const events = await eventsOf(inbox.accountId, said({ name, at: app.now() }))
  await receive(
    app,
    inbox,
    events.map((event) => ({ event, receivedAt: app.now() })),
  )
}

const speaks = (locale: string) =>
  change(sql`UPDATE agents SET locale = ${locale} WHERE workspace_id = ${shop.workspaceId}`)

it('is asked first, and answers with the person, the thread and the way back', async () => {
  await speaks('en')
  const question = await (await bruno.get(`/contacts/${contact}/block?conversation=${conversation}`, PART)).text()
  expect(question).toContain('Block Mariana?')
  expect(question).toContain('1 open conversation is closed.')

  const done = await bruno.send('PUT', `/contacts/${contact}/block?conversation=${conversation}`, {}, PART)
  expect(done.headers.get('HX-Trigger')).toBe('prosa:done')
  const parts = await done.text()
  for (const part of [
    'Blocked by Bruno on',
    'data-shut="blocked"',
    'chip--blocked',
    'Mariana was blocked.',
    'data-blocked',
  ])
    expect(parts).toContain(part)

  const undone = await bruno.send('DELETE', `/contacts/${contact}/block?conversation=${conversation}`, {}, PART)
  expect(await undone.text()).toContain('data-shut="closed"')
})

it('works without script, and goes back to where it was done', async () => {
  const page = await (await bruno.get(`/contacts/${contact}/block`)).text()
  expect(page).toContain(`action="/contacts/${contact}/block"`)
  expect(page).toContain('name="_method" value="PUT"')
  const done = await bruno.send('PUT', `/contacts/${contact}/block`)
  expect([done.status, done.headers.get('location')]).toEqual([303, `/contacts/${contact}?tab=data`])
  const undone = await bruno.send('DELETE', `/contacts/${contact}/block?conversation=${conversation}`)
  expect([undone.status, undone.headers.get('location')]).toEqual([
    303,
    `/conversations/${conversation}?panel=contact&tab=data`,
  ])
})

it.each([
  ['pt-BR', 'Este contato está bloqueado. Desbloqueie', 'Só um dos dois contatos está bloqueado'],
  ['en', 'This contact is blocked. Unblock', 'Only one of the two contacts is blocked'],
  ['es', 'Este contacto está bloqueado. Desbloquéelo', 'Solo uno de los dos contactos está bloqueado'],
])('says in %s why nothing is sent, begun, opened again or merged', async (locale, blocked, oneBlocked) => {
  await speaks(locale)
  const namesake = uuidv7()
  await change(
    sql`INSERT INTO contacts (workspace_id, id, name, name_key, created_at) VALUES (${shop.workspaceId}, ${namesake}, 'Mariana', 'mariana', 1)`,
  )
  await bruno.send('PUT', `/contacts/${contact}/block`)
  const refused = [
    await bruno.send('POST', `/conversations/${conversation}/messages`, { text: 'Oi', clientKey: uuidv7() }, PART),
    await bruno.send('POST', '/conversations', { contactId: contact, inboxId: shop.inbox.id }, PART),
    await bruno.send('DELETE', `/conversations/${conversation}/closure`, {}, PART),
  ]
  for (const answer of refused)
    expect([answer.status, await answer.text()]).toEqual([409, expect.stringContaining(blocked)])
  const merged = await bruno.send('POST', `/contacts/${contact}/merges`, { id: uuidv7(), mergedId: namesake }, PART)
  expect([merged.status, await merged.text()]).toEqual([409, expect.stringContaining(oneBlocked)])
  expect(await (await bruno.get(`/conversations/new?contact=${contact}`)).text()).toContain(blocked)
  expect(await rowsOf(sql`SELECT id FROM send_attempts WHERE workspace_id = ${shop.workspaceId}`)).toEqual([])
})

it('is not offered where it would end what another department has open', async () => {
  await speaks('en')
  const finance = await newInbox(shop.workspaceId, { departmentId: shop.financeiro })
  await change(mayUse(shop.people.Carla, finance.id))
  await writes('Mariana', finance)
  const busy = 'Another team is in a conversation with this person.'
  const question = await (await bruno.get(`/contacts/${contact}/block`, PART)).text()
  expect(question).toContain(busy)
  expect(question).not.toContain('type="submit"')
  const refused = await bruno.send('PUT', `/contacts/${contact}/block`, {}, PART)
  expect([refused.status, await refused.text()]).toEqual([409, expect.stringContaining(busy)])
})

it('takes nothing else for a place or a person', async () => {
  for (const path of [
    `/contacts/${uuidv7()}/block`,
    '/contacts/nobody/block',
    `/contacts/${contact}/block?conversation=${uuidv7()}`,
  ])
    expect([path, (await bruno.send('PUT', path, {}, PART)).status]).toEqual([path, 404])
  expect((await bruno.get(`/contacts/${contact}/block?conversation=x`)).status).toBe(422)
  expect(await rowsOf(sql`SELECT id FROM contacts WHERE id = ${contact} AND blocked_at IS NOT NULL`)).toEqual([])
})
