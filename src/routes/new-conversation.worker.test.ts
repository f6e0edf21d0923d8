import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { type Browser, browserOf, change, newBrowser, rowsOf } from '../../test/support/people.ts'
import { newInbox, newShop, type Shop } from '../../test/support/workerd/workspace.ts'

const PORTUGUESE = { 'accept-language': 'pt-BR' }
const PART = { 'HX-Request': 'true', 'HX-Request-Type': 'partial', ...PORTUGUESE }

let shop: Shop
let bruno: Browser

beforeEach(async () => {
  shop = await newShop()
  bruno = await browserOf(shop.people.Bruno)
}, 30_000)

const typed = (over: Record<string, string> = {}) => ({
  phone: '(11) 91234-5678',
  country: 'BR',
  name: 'Maria Souza',
  clientKey: crypto.randomUUID(),
  ...over,
})

const add = (over: Record<string, string> = {}, headers: Record<string, string> = PART) =>
  bruno.send('POST', '/contacts', typed(over), headers)

const contacts = () =>
  rowsOf<{ id: string; name: string }>(sql`SELECT id, name FROM contacts WHERE workspace_id = ${shop.workspaceId}`)

const conversations = () =>
  rowsOf<{ id: string }>(sql`SELECT id FROM conversations WHERE workspace_id = ${shop.workspaceId}`)

async function maria(): Promise<string> {
  await add()
  return (await contacts())[0]?.id ?? ''
}

describe('Novo Contato', () => {
  it('is added by a plain form, which goes on to the conversation', async () => {
    const answer = await add({}, {})
    const [contact] = await contacts()
    expect([answer.status, answer.headers.get('location')]).toEqual([303, `/conversations/new?contact=${contact?.id}`])
  })

  it('is added from the dialog, which goes on by itself', async () => {
    const html = await (await add()).text()
    expect(html).toContain('Iniciar conversa')
    expect(html).toContain('Maria Souza')
  })

  it('has the number and the name of whoever was passed on in a thread', async () => {
    const passedOn = new URLSearchParams({ phone: '+55 11 90000-0399', name: 'Rose & Cia' })
    const html = await (await bruno.get(`/contacts/new?${passedOn}`, PART)).text()
    expect(html).toContain('value="+55 11 90000-0399"')
    expect(html).toContain('value="Rose &amp; Cia"')
  })

  it('whoever is there already is offered, and opened or written to from there', async () => {
    const id = await maria()
    const answer = await add({ phone: '11 91234 5678', name: 'Outra' })
    expect(answer.status).toBe(409)
    const html = await answer.text()
    expect(html).toContain('Já existe: Maria Souza.')
    expect(html).toContain(`href="/contacts/${id}"`)
    expect(html).toContain('Abrir contato')
    expect(html).toContain('value="Outra"')
    expect(await contacts()).toHaveLength(1)
  })

  it.each([
    [{ phone: '(10) 91234-5678' }, 'DDD inexistente'],
    [{ phone: '(11) 9123-4567' }, 'Celular no Brasil tem 9 dígitos'],
    [{ phone: '' }, 'Escreva o DDD e o número.'],
    [{ phone: '"><script>alert(1)</script>' }, 'Este número não existe. Confira os dígitos.'],
    [{ phone: `\u202e${'9'.repeat(9_000)}` }, 'Este número não existe. Confira os dígitos.'],
    [{ name: '\u200b' }, 'Escreva o nome da pessoa.'],
    [{ name: 'x'.repeat(9_000) }, 'O nome tem no máximo 120 caracteres.'],
  ])('%# what is wrong is said beside the field, and nothing is lost or stored', async (over, reason) => {
    const answer = await add(over)
    expect(answer.status).toBe(422)
    const html = await answer.text()
    expect(html).toContain(reason)
    expect(html).toContain('aria-invalid="true"')
    expect(html).not.toContain('<script>')
    expect(await contacts()).toEqual([])
  })

  it('without script the same form comes back as a page', async () => {
    const html = await (await add({ phone: '1', name: 'Maria & Cia' }, PORTUGUESE)).text()
    expect(html).toContain('<!doctype html>')
    expect(html).toContain('value="Maria &amp; Cia"')
  })
})

describe('Nova Conversa', () => {
  it('is a page of its own, and no conversation’s id', async () => {
    const id = await maria()
    const html = await (await bruno.get('/conversations/new', PORTUGUESE)).text()
    expect(html).toContain('Nova Conversa')
    expect(html).toContain('Novo Contato')
    expect(html).toContain(`/conversations/new?contact=${id}`)
  })

  it.each(['souza', 'MARÍA', '11 91234', '912345678', '+55 11 91234-5678'])('finds people by %s', async (q) => {
    const id = await maria()
    const html = await (await bruno.get(`/conversations/new?q=${encodeURIComponent(q)}`, PART)).text()
    expect(html).toContain(`data-contact-id="${id}"`)
  })

  it.each(['"', '*', 'NEAR(a b)', 'maria OR *', "'; --", '%', '\u0000', '<b>', 'x'.repeat(1_999)])(
    '%# takes what is sought for words alone',
    async (q) => {
      await maria()
      expect((await bruno.get(`/conversations/new?q=${encodeURIComponent(q)}`, PART)).status).toBe(200)
    },
  )

  it('offers a choice of numbers only where there is one, a disconnected one with its reason', async () => {
    const contact = await maria()
    const path = `/conversations/new?contact=${contact}`
    const alone = await (await bruno.get(path, PART)).text()
    expect(alone).not.toContain('<select id="send-from"')
    expect(alone).toContain('A janela de 24 h está fechada')

    const [other, gone] = [await newInbox(shop.workspaceId), await newInbox(shop.workspaceId)]
    const { workspaceId, agentId } = shop.people.Bruno
    await change(
      ...[other, gone].map(
        ({ id }) =>
          sql`INSERT INTO inbox_agents (workspace_id, agent_id, inbox_id, created_at) VALUES (${workspaceId}, ${agentId}, ${id}, 0)`,
      ),
      sql`UPDATE inboxes SET status = 'needs_reauth' WHERE id = ${gone.id}`,
    )
    const several = await (await bruno.get(path, PART)).text()
    expect(several).toContain('Número de Envio')
    expect(several).toMatch(new RegExp(`<option value="${gone.id}" disabled[^>]*>[^<]*desconectado`))
    expect(several).toContain(`<option value="${other.id}"`)
  })

  it('begins once, however often it is submitted', async () => {
    const fields = { contactId: await maria(), inboxId: shop.inbox.id, departmentId: shop.suporte }
    const plain = await bruno.send('POST', '/conversations', fields)
    const [conversation] = await conversations()
    // Nobody has written yet: the templates are what can be sent.
    expect([plain.status, plain.headers.get('location')]).toEqual([
      303,
      `/conversations/${conversation?.id}?templates=open`,
    ])
    const again = await bruno.send('POST', '/conversations', fields, PART)
    expect(again.status).toBe(204)
    expect(again.headers.get('HX-Location')).toContain(`/conversations/${conversation?.id}`)
    expect(await conversations()).toHaveLength(1)
    const page = await (await bruno.get(`/conversations/${conversation?.id}`, PORTUGUESE)).text()
    expect(page).toContain('A janela de 24 h fechou')
  })

  it('says beside the field which number or department will not do', async () => {
    const contactId = await maria()
    const wrong = [
      { contactId, inboxId: crypto.randomUUID(), departmentId: '' },
      { contactId, inboxId: shop.inbox.id, departmentId: shop.financeiro },
    ]
    for (const fields of wrong) {
      const answer = await bruno.send('POST', '/conversations', fields, PART)
      expect(answer.status).toBe(422)
      expect(await answer.text()).toContain('field-problem')
    }
    expect(await conversations()).toEqual([])
  })

  it('says that the person is being answered, and nothing more, where another team has them', async () => {
    const fields = { contactId: await maria(), inboxId: shop.inbox.id, departmentId: '' }
    await bruno.send('POST', '/conversations', fields)
    await change(
      sql`UPDATE conversations SET department_id = ${shop.financeiro} WHERE workspace_id = ${shop.workspaceId}`,
    )
    const hidden = await bruno.send('POST', '/conversations', fields, PART)
    // Nothing of theirs is visible any more: neither is the person.
    expect(hidden.status).toBe(404)
    const other = await newInbox(shop.workspaceId)
    await change(
      sql`INSERT INTO inbox_agents (workspace_id, agent_id, inbox_id, created_at)
        VALUES (${shop.workspaceId}, ${shop.people.Bruno.agentId}, ${other.id}, 0)`,
      sql`INSERT INTO identities (workspace_id, id, contact_id, inbox_id, principal_id, external_id, created_at)
        VALUES (${shop.workspaceId}, 'seen', ${fields.contactId}, ${other.id}, 'seen', 'seen', 0)`,
      sql`INSERT INTO conversations (workspace_id, id, inbox_id, identity_id, contact_id, last_at, opened_at)
        VALUES (${shop.workspaceId}, 'seen', ${other.id}, 'seen', ${fields.contactId}, 0, 0)`,
    )
    const answer = await bruno.send('POST', '/conversations', fields, PART)
    expect(answer.status).toBe(409)
    expect(await answer.text()).toContain('Esta pessoa já está sendo atendida por este número.')
  })

  it('begins nothing with another person who has the number, where the agent does not see them', async () => {
    const { workspaceId } = shop
    const fields = { contactId: await maria(), inboxId: shop.inbox.id, departmentId: '' }
    await change(
      sql`INSERT INTO contacts (workspace_id, id, name, name_key, created_at) VALUES (${workspaceId}, 'hidden', 'Rita', 'rita', 0)`,
      sql`INSERT INTO identities (workspace_id, id, contact_id, inbox_id, principal_id, external_id, phone, created_at)
        VALUES (${workspaceId}, 'theirs', 'hidden', ${shop.inbox.id}, 'theirs', '5511912345678', '+5511912345678', 0)`,
      sql`INSERT INTO conversations (workspace_id, id, inbox_id, identity_id, contact_id, department_id, status, closed_at, last_at, opened_at)
        VALUES (${workspaceId}, 'over', ${shop.inbox.id}, 'theirs', 'hidden', ${shop.financeiro}, 'closed', 1, 0, 0)`,
    )
    expect((await bruno.send('POST', '/conversations', fields, PART)).status).toBe(409)
    expect(await conversations()).toEqual([{ id: 'over' }])
    const ana = await browserOf(shop.people.Ana)
    expect((await ana.send('POST', '/conversations', fields, PART)).status).toBe(204)
    expect(await conversations()).toHaveLength(2)
  })

  it('asks whoever is not signed in to sign in, and takes no fields but its own', async () => {
    const stranger = newBrowser()
    for (const path of ['/conversations/new', '/contacts/new', '/tags']) {
      expect((await stranger.get(path)).headers.get('location')).toContain('/sign-in')
    }
    const fields = { contactId: await maria(), inboxId: shop.inbox.id }
    expect((await bruno.send('POST', '/conversations', { ...fields, assigneeId: 'ana' })).status).toBe(422)
    expect((await add({ workspaceId: 'another' })).status).toBe(422)
    expect((await bruno.send('POST', '/conversations', { ...fields, contactId: 'x' })).status).toBe(422)
    expect((await bruno.get('/conversations/new?contact=x')).status).toBe(422)
  })
})
