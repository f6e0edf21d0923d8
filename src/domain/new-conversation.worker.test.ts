import { sql } from 'drizzle-orm'
import { uuidv7 } from 'uuidv7'
import { beforeEach, describe, expect, it } from 'vitest'
import { change, rowsOf } from '../../test/support/people.ts'
import { HOUR, losingAnswers, NOON, type TestApp, testApp } from '../../test/support/workerd/app.ts'
import { viewerOf } from '../../test/support/workerd/viewers.ts'
import { eventsOf, said } from '../../test/support/workerd/whatsapp.ts'
import { type Inbox, mayUse, newInbox, newShop, type Shop } from '../../test/support/workerd/workspace.ts'
import type { Viewer } from '../db/records.ts'
import { addContact } from './new-contact.ts'
import { startConversation, startingWith } from './new-conversation.ts'
import { receive } from './receive.ts'

let app: TestApp
let shop: Shop
let ana: Viewer
let bruno: Viewer
let carla: Viewer

beforeEach(async () => {
  app = testApp()
  shop = await newShop()
  ;[ana, bruno, carla] = await Promise.all([
    viewerOf(shop.people.Ana),
    viewerOf(shop.people.Bruno),
    viewerOf(shop.people.Carla),
  ])
})

const typed = (over: Partial<Parameters<typeof addContact>[2]> = {}) => ({
  phone: '(11) 91234-5678',
  country: 'BR',
  name: 'Maria Souza',
  clientKey: crypto.randomUUID(),
  ...over,
})

const contacts = () =>
  rowsOf<{ id: string; name: string | null; name_key: string; phone: string | null }>(
    sql`SELECT id, name, name_key, phone FROM contacts WHERE workspace_id = ${shop.workspaceId} ORDER BY created_at, id`,
  )

const conversations = () =>
  rowsOf<{
    id: string
    inbox_id: string
    contact_id: string
    department_id: string | null
    assignee_id: string | null
  }>(
    sql`SELECT id, inbox_id, contact_id, department_id, assignee_id FROM conversations WHERE workspace_id = ${shop.workspaceId}`,
  )

async function writes(inbox: Inbox, from: string, at = NOON) {
  const events = await eventsOf(inbox.accountId, said({ from, at: at - NOON, text: 'Oi' }))
  await receive(
    app,
    inbox,
    events.map((event) => ({ event, receivedAt: at })),
  )
}

describe('a new contact', () => {
  it('is written down under the number that people read', async () => {
    expect(await addContact(app, bruno, typed({ name: ' Maria  Conceição ' }))).toMatchObject({ is: 'new' })
    expect(await contacts()).toMatchObject([
      { name: 'Maria Conceição', name_key: 'maria conceicao', phone: '+5511912345678' },
    ])
  })

  it('submitted twice is one, whatever became of the first answer', async () => {
    const once = typed()
    const first = await addContact(testApp({ db: losingAnswers() }), bruno, once)
    expect(await addContact(app, bruno, once)).toEqual(first)
    expect(await contacts()).toHaveLength(1)
  })

  it('made by two agents at once is one: the other is offered who is there', async () => {
    const made = await Promise.all([
      addContact(app, ana, typed()),
      addContact(app, bruno, typed({ name: 'Mariazinha' })),
    ])
    expect(made.map(({ is }) => is).toSorted()).toEqual(['known', 'new'])
    expect(new Set(made.map(({ id }) => id)).size).toBe(1)
  })

  it.each(['551191234567', '5511991234567'])(
    'whom %s wrote as is offered, typed with the ninth digit or without',
    async (from) => {
      await writes(shop.inbox, from)
      for (const phone of ['(11) 9123-4567', '(11) 99123-4567', '+55 11 99123 4567']) {
        expect(await addContact(app, bruno, typed({ phone }))).toMatchObject({ is: 'known', phone: '+5511991234567' })
      }
      expect(await contacts()).toHaveLength(1)
    },
  )

  it('of a number that only another team sees is refused without a name', async () => {
    await writes(shop.inbox, '5511991234567')
    await change(
      sql`UPDATE conversations SET department_id = ${shop.financeiro} WHERE workspace_id = ${shop.workspaceId}`,
    )
    await expect(addContact(app, bruno, typed({ phone: '11 99123-4567' }))).rejects.toMatchObject({
      code: 'invalid',
      details: { field: 'phone', reason: 'hidden' },
    })
    expect(await addContact(app, carla, typed({ phone: '11 99123-4567' }))).toMatchObject({ is: 'known' })
  })

  it('who became part of another is offered as that other', async () => {
    await addContact(app, ana, typed())
    await addContact(app, ana, typed({ phone: '11 3123-4567', name: 'Maria do escritório' }))
    const [maria, office] = await contacts()
    await change(sql`UPDATE contacts SET merged_into_id = ${office?.id} WHERE id = ${maria?.id}`)
    expect(await addContact(app, bruno, typed())).toMatchObject({ is: 'known', id: office?.id })
  })

  it('of another workspace is nobody here', async () => {
    const foreign = await newShop()
    await addContact(app, await viewerOf(foreign.people.Ana), typed())
    expect(await addContact(app, ana, typed())).toMatchObject({ is: 'new' })
  })

  it.each([
    [{ phone: '(10) 91234-5678' }, 'phone', 'badAreaCode'],
    [{ phone: '(11) 9123-4567' }, 'phone', 'needNinth'],
    [{ phone: "'; DROP TABLE contacts; --" }, 'phone', 'badPhone'],
    [{ phone: '1'.repeat(10_000) }, 'phone', 'badPhone'],
    [{ name: '' }, 'name', 'nameEmpty'],
    [{ name: '\u200b\u202e' }, 'name', 'nameEmpty'],
    [{ name: 'x'.repeat(10_000) }, 'name', 'nameLong'],
  ])(
    '%# with something wrong is refused with its field and reason, and nothing is stored',
    async (over, field, reason) => {
      await expect(addContact(app, ana, typed(over))).rejects.toMatchObject({
        code: 'invalid',
        details: { field, reason },
      })
      expect(await contacts()).toEqual([])
    },
  )

  it.each([
    ['<img src=x onerror=alert(1)>', '<img src=x onerror=alert(1)>'],
    ['Zé\u202e\ud800', 'Zé\ufffd'],
    ['" OR 1=1 --', '" OR 1=1 --'],
  ])('%# with a strange name keeps it as the text that it is', async (name, stored) => {
    await addContact(app, ana, typed({ name }))
    expect((await contacts())[0]?.name).toBe(stored)
  })
})

describe('a new conversation', () => {
  async function maria(): Promise<string> {
    return (await addContact(app, ana, typed())).id
  }

  const start = (viewer: Viewer, contactId: string, over: { inboxId?: string; departmentId?: string | null } = {}) =>
    startConversation(app, viewer, { contactId, inboxId: shop.inbox.id, departmentId: null, ...over })

  it('belongs to whoever began it, and everyone who may see it is told', async () => {
    const contactId = await maria()
    const id = await start(bruno, contactId, { departmentId: shop.suporte })
    expect(await conversations()).toEqual([
      { id, inbox_id: shop.inbox.id, contact_id: contactId, department_id: shop.suporte, assignee_id: bruno.agentId },
    ])
    expect(app.published).toMatchObject([{ type: 'thread.changed', conversation: { id, contactName: 'Maria Souza' } }])
  })

  it('begun by a double click, by two agents, or with its answer lost, is one', async () => {
    const contactId = await maria()
    const shaky = testApp({ db: losingAnswers() })
    const ids = await Promise.all([
      start(bruno, contactId),
      start(bruno, contactId),
      start(carla, contactId),
      startConversation(shaky, ana, { contactId, inboxId: shop.inbox.id, departmentId: null }),
    ])
    expect(new Set(ids).size).toBe(1)
    expect(await conversations()).toHaveLength(1)
    const told = [...app.published, ...shaky.published].filter(({ type }) => type === 'thread.changed')
    expect(told).toHaveLength(1)
  })

  it('is the open one where there is one', async () => {
    await writes(shop.inbox, '551191234567')
    const [theirs] = await conversations()
    const [mariana] = await contacts()
    expect(await start(bruno, mariana?.id ?? '')).toBe(theirs?.id)
    expect(await conversations()).toHaveLength(1)
  })

  it('is refused where another team answers that person already, and nothing of it is told', async () => {
    await writes(shop.inbox, '5511991234567')
    const [mariana] = await contacts()
    const elsewhere = await newInbox(shop.workspaceId)
    await change(mayUse(shop.people.Bruno, elsewhere.id))
    await start(bruno, mariana?.id ?? '', { inboxId: elsewhere.id })
    await change(sql`UPDATE conversations SET department_id = ${shop.financeiro} WHERE inbox_id = ${shop.inbox.id}`)
    await expect(start(bruno, mariana?.id ?? '')).rejects.toMatchObject({
      code: 'already_taken',
      details: { reason: 'busy' },
    })
  })

  it('takes the customer’s answer in, whichever form their provider knows them by', async () => {
    const contactId = (await addContact(app, ana, typed({ phone: '11 99123-4567' }))).id
    const id = await start(ana, contactId)
    await writes(shop.inbox, '551191234567', NOON + HOUR)
    expect(await conversations()).toMatchObject([{ id, contact_id: contactId }])
    expect(await contacts()).toHaveLength(1)
    const [message] = await rowsOf(sql`SELECT conversation_id FROM messages WHERE inbox_id = ${shop.inbox.id}`)
    expect(message).toEqual({ conversation_id: id })
  })

  it('keeps the reply window of the one before, and has none with somebody who never wrote', async () => {
    await writes(shop.inbox, '5511991234567')
    const [mariana] = await contacts()
    await change(
      sql`UPDATE conversations SET status = 'closed', closed_at = ${NOON} WHERE workspace_id = ${shop.workspaceId}`,
    )
    const [open, cold] = [await start(ana, mariana?.id ?? ''), await start(ana, await maria())]
    const windows = await rowsOf(
      sql`SELECT id, last_incoming_at IS NOT NULL AS wrote FROM conversations WHERE workspace_id = ${shop.workspaceId} AND status = 'open'`,
    )
    expect(windows).toEqual(
      expect.arrayContaining([
        { id: open, wrote: 1 },
        { id: cold, wrote: 0 },
      ]),
    )
  })

  it('goes where the number puts them, unless a department of one’s own is chosen', async () => {
    const contactId = await maria()
    const inbox = await newInbox(shop.workspaceId, { departmentId: shop.financeiro })
    await change(mayUse(shop.people.Bruno, inbox.id))
    const refused = { code: 'invalid', details: { field: 'departmentId' } }
    await expect(start(bruno, contactId, { inboxId: inbox.id })).rejects.toMatchObject(refused)
    await expect(start(bruno, contactId, { inboxId: inbox.id, departmentId: shop.financeiro })).rejects.toMatchObject(
      refused,
    )
    await expect(start(bruno, contactId, { inboxId: inbox.id, departmentId: uuidv7() })).rejects.toMatchObject(refused)
    await start(bruno, contactId, { inboxId: inbox.id, departmentId: shop.suporte })
    expect(await conversations()).toMatchObject([{ department_id: shop.suporte }])
  })

  it('cannot be begun from a number that is not theirs, not connected or not there', async () => {
    const contactId = await maria()
    const [foreign, notTheirs, paused] = await Promise.all([
      newShop(),
      newInbox(shop.workspaceId),
      newInbox(shop.workspaceId),
    ])
    await change(
      mayUse(shop.people.Bruno, paused.id),
      sql`UPDATE inboxes SET status = 'needs_reauth' WHERE id = ${paused.id}`,
    )
    for (const inboxId of [foreign.inbox.id, notTheirs.id, paused.id, uuidv7()]) {
      await expect(start(bruno, contactId, { inboxId })).rejects.toMatchObject({
        code: 'invalid',
        details: { field: 'inboxId' },
      })
    }
    expect(await conversations()).toEqual([])
  })

  it('is begun with nobody whom the agent does not see', async () => {
    await writes(shop.inbox, '5511991234567')
    const [mariana] = await contacts()
    await change(
      sql`UPDATE conversations SET department_id = ${shop.financeiro} WHERE workspace_id = ${shop.workspaceId}`,
    )
    await expect(start(bruno, mariana?.id ?? '')).rejects.toMatchObject({ code: 'not_found' })
    await expect(start(bruno, uuidv7())).rejects.toMatchObject({ code: 'not_found' })
  })

  it('offers the number that was used last first, and none where the customer writes first', async () => {
    const [later, unused] = await Promise.all([newInbox(shop.workspaceId), newInbox(shop.workspaceId)])
    const instagram = await newInbox(shop.workspaceId)
    await change(sql`UPDATE inboxes SET channel = 'instagram' WHERE id = ${instagram.id}`)
    await writes(shop.inbox, '5511991234567')
    await writes(later, '5511991234567', NOON + HOUR)
    const [mariana] = await contacts()
    const { inboxes } = await startingWith(app, ana, mariana?.id ?? '')
    expect(inboxes.map(({ id }) => id)).toEqual([later.id, shop.inbox.id, unused.id])
  })
})
