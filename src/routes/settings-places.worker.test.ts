/** Departments, roles, numbers and reasons: what administrators change, and whom it reaches. */
import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { type Browser, browserOf, change, newBrowser, type Person, rowsOf } from '../../test/support/people.ts'
import { NOON, testApp } from '../../test/support/workerd/app.ts'
import { brokenRules } from '../../test/support/workerd/state.ts'
import { eventsOf, said } from '../../test/support/workerd/whatsapp.ts'
import { connect, newShop, rowOf, type Shop } from '../../test/support/workerd/workspace.ts'
import { receive } from '../domain/receive.ts'

const PART = { 'HX-Request': 'true', 'HX-Request-Type': 'partial' }

let shop: Shop
let ana: Browser

beforeEach(async () => {
  shop = await newShop()
  ana = await browserOf(shop.people.Ana)
})

const versionOf = async ({ agentId }: Person) =>
  (await rowOf<{ v: number }>(sql`SELECT authz_version AS v FROM agents WHERE id = ${agentId}`)).v

const namesIn = async (table: 'departments' | 'close_reasons') =>
  (
    await rowsOf<{ name: string }>(
      sql`SELECT name FROM ${sql.raw(table)} WHERE workspace_id = ${shop.workspaceId} ORDER BY name`,
    )
  ).map(({ name }) => name)

const actions = async () =>
  (
    await rowsOf<{ action: string }>(
      sql`SELECT action FROM audit_log WHERE workspace_id = ${shop.workspaceId} AND action NOT LIKE 'session.%' ORDER BY id`,
    )
  ).map(({ action }) => action)

/** Somebody new writes to the shop. */
async function writes(from: string): Promise<string> {
  const events = await eventsOf(shop.inbox.accountId, said({ text: 'Oi!', at: NOON, from }))
  await receive(
    testApp(),
    shop.inbox,
    events.map((event) => ({ event, receivedAt: NOON })),
  )
  return (
    await rowOf<{ id: string }>(sql`SELECT c.id FROM conversations c JOIN identities i ON i.id = c.identity_id
      WHERE c.inbox_id = ${shop.inbox.id} AND i.external_id = ${from}`)
  ).id
}

const moveTo = (conversationId: string, departmentId: string | null) =>
  change(sql`UPDATE conversations SET department_id = ${departmentId} WHERE id = ${conversationId}`)

const placeOf = async (conversationId: string) =>
  (await rowOf<{ d: string | null }>(sql`SELECT department_id AS d FROM conversations WHERE id = ${conversationId}`)).d

describe.each([
  ['departments', ['Financeiro', 'Suporte']],
  ['close-reasons', []],
] as const)('the names of %s', (page, before) => {
  const table = page === 'departments' ? 'departments' : 'close_reasons'
  const path = `/settings/${page}`
  const newForm = (name: string) => ({ id: crypto.randomUUID(), name })

  it('are made once, however often the form is sent', async () => {
    const form = newForm('Pós-venda')
    const [first, again] = await Promise.all([ana.send('POST', path, form), ana.send('POST', path, form)])
    expect([first.status, again.status]).toEqual([303, 303])
    expect(await namesIn(table)).toEqual([...before, 'Pós-venda'].toSorted())
    expect((await actions()).filter((action) => action.endsWith('.created'))).toHaveLength(1)
  })

  it('are unique in every spelling, and what was typed stays beside the reason', async () => {
    await ana.send('POST', path, newForm('Pós-venda'))
    const answer = await ana.send('POST', path, newForm('  pos-VENDA '), PART)
    const html = await answer.text()
    expect(answer.status).toBe(422)
    expect(html).toContain('There is already one of this name.')
    expect(html).toContain('value="  pos-VENDA "')
    expect(html).toContain('aria-invalid="true"')
    expect(await namesIn(table)).toEqual([...before, 'Pós-venda'].toSorted())
  })

  it('are changed by one of two who change them at once; the other sees how it stands', async () => {
    const form = newForm('Pós-venda')
    await ana.send('POST', path, form)
    const [one, two] = await Promise.all(
      ['Retenção', 'Cobrança'].map((name) => ana.send('PUT', `${path}/${form.id}`, { name, was: 'Pós-venda' }, PART)),
    )
    expect([one?.status, two?.status].sort()).toEqual([200, 409])
    const [kept, lost] = one?.status === 200 ? ['Retenção', 'Cobrança'] : ['Cobrança', 'Retenção']
    const html = await (one?.status === 200 ? two : one)?.text()
    expect(html).toContain('This changed while you were editing.')
    expect(html).toContain(`value="${lost}"`)
    expect(html).toContain(`value="${kept}"`)
    expect(await namesIn(table)).toContain(kept)
  })

  it.each([
    '',
    '   ',
    '\u200b\u2060',
    '\u202E',
    'x'.repeat(20_000),
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    'a\u202Eb\u0000c\u200bd',
    '\ud800',
    "'; DROP TABLE departments; --",
    '" OR "1"="1',
    '% _ NEAR(a b) * ^',
    'é'.repeat(50).normalize('NFD'),
    'Z\u0336\u0336\u0336\u0336\u0336\u0336\u0336\u0336\u0336\u0336\u0336a',
    '👩‍👩‍👧‍👦',
    '{name} {{x}} $' + '{1}',
  ])('take %j as a name or refuse it, and are never markup', async (name) => {
    const answer = await ana.send('POST', path, newForm(name), PART)
    const html = await answer.text()
    expect([200, 422]).toContain(answer.status)
    expect(html).not.toMatch(/<script>alert|<img src=x/)
    for (const stored of await namesIn(table)) {
      expect(stored).toBe(stored.trim())
      expect([...stored].length).toBeLessThanOrEqual(1_100)
      expect(stored).not.toMatch(/[\p{Cc}\u200b\u202a-\u202e\u2060-\u2069]/u)
      expect(stored.isWellFormed()).toBe(true)
    }
    expect((await namesIn(table)).length).toBe(before.length + (answer.status === 200 ? 1 : 0))
  })
})

describe('the people of a department', () => {
  it('see its conversations from when they are added until they are taken out', async () => {
    const { Bruno } = shop.people
    const conversationId = await writes('5511999990001')
    await moveTo(conversationId, shop.financeiro)
    const bruno = await browserOf(Bruno)
    const members = `/settings/departments/${shop.financeiro}/members`
    expect((await bruno.get(`/conversations/${conversationId}`)).status).toBe(404)

    expect((await ana.send('POST', members, { agentId: Bruno.agentId })).status).toBe(303)
    expect(await versionOf(Bruno)).toBe(2)
    expect((await bruno.get(`/conversations/${conversationId}`)).status).toBe(200)
    await ana.send('POST', members, { agentId: Bruno.agentId })
    expect(await versionOf(Bruno)).toBe(2)

    expect((await ana.send('DELETE', `${members}/${Bruno.agentId}`)).status).toBe(303)
    expect(await versionOf(Bruno)).toBe(3)
    expect((await bruno.get(`/conversations/${conversationId}`)).status).toBe(404)
    expect(await actions()).toEqual(['department.agent_added', 'department.agent_removed'])
  })

  it('may be joined by whoever administrates, whose page is then drawn under what they may do now', async () => {
    const members = `/settings/departments/${shop.suporte}/members`
    await ana.get('/settings/departments')
    const answer = await ana.send('POST', members, { agentId: shop.people.Ana.agentId }, PART)
    expect([answer.status, answer.headers.get('hx-redirect')]).toEqual([204, `/settings/departments/${shop.suporte}`])
    const html = await (await ana.get(`/settings/departments/${shop.suporte}`)).text()
    expect(html).toContain(shop.people.Ana.email)

    await change(sql`DELETE FROM inbox_agents WHERE agent_id = ${shop.people.Ana.agentId}`)
    const inbox = `/settings/inboxes/${shop.inbox.id}`
    expect((await ana.send('POST', `${inbox}/departments`, { departmentId: shop.suporte })).status).toBe(303)
    expect(await (await ana.get(inbox)).text()).toContain(`${inbox}/agents/${shop.people.Ana.agentId}`)

    const removal = await ana.send('DELETE', `/settings/departments/${shop.suporte}`, { to: '' })
    expect(removal.headers.get('location')).toBe('/settings/departments')
    expect(await namesIn('departments')).toEqual(['Financeiro'])
  })

  it('are shown to their supervisor, who changes nothing', async () => {
    const diego = await browserOf(shop.people.Diego)
    const html = await (await diego.get(`/settings/departments/${shop.suporte}`)).text()
    expect(html).toContain(shop.people.Bruno.email)
    expect(html).not.toContain('<input name="name"')
    expect(html).not.toContain('/members/')
    expect(await (await diego.get('/settings/departments')).text()).not.toContain('Financeiro')
  })
})

describe('removing a department', () => {
  const removal = (to: string) => ana.send('DELETE', `/settings/departments/${shop.suporte}`, { to })

  it('says first what uses it', async () => {
    for (const [n, closed] of [
      [1, false],
      [2, false],
      [3, true],
    ] as const) {
      const id = await writes(`551199999000${n}`)
      await moveTo(id, shop.suporte)
      if (closed) await change(sql`UPDATE conversations SET status = 'closed', closed_at = ${NOON} WHERE id = ${id}`)
    }
    await change(sql`UPDATE inboxes SET department_id = ${shop.suporte} WHERE id = ${shop.inbox.id}`)
    const html = await (await ana.get(`/settings/departments/${shop.suporte}/removal`)).text()
    for (const use of ['2 open conversations', '1 ended conversation', '1 number: Número', '2 people']) {
      expect(html).toContain(use)
    }
  })

  it.each(['another', 'none'])(
    'moves all that is in it to %s, whatever its state, and keeps its people',
    async (to) => {
      const target = to === 'none' ? null : shop.financeiro
      const open = await writes('5511999990001')
      const closed = await writes('5511999990002')
      await moveTo(open, shop.suporte)
      await moveTo(closed, shop.suporte)
      await change(
        sql`UPDATE conversations SET status = 'closed', closed_at = ${NOON} WHERE id = ${closed}`,
        sql`UPDATE inboxes SET department_id = ${shop.suporte} WHERE id = ${shop.inbox.id}`,
      )
      const bruno = await browserOf(shop.people.Bruno)
      expect((await bruno.get(`/conversations/${open}`)).status).toBe(200)

      expect((await removal(target ?? '')).headers.get('location')).toBe('/settings/departments')
      expect(await namesIn('departments')).toEqual(['Financeiro'])
      expect([await placeOf(open), await placeOf(closed)]).toEqual([target, target])
      expect([await versionOf(shop.people.Bruno), await versionOf(shop.people.Carla)]).toEqual([2, 1])
      expect((await bruno.get(`/conversations/${open}`)).status).toBe(to === 'none' ? 200 : 404)
      expect(await actions()).toEqual(['department.emptied', 'department.removed'])
      expect((await removal('')).status).toBe(404)
      // The next one goes where the number's conversations go now.
      expect(await placeOf(await writes('5511999990003'))).toBe(target)
      expect(await brokenRules(shop.workspaceId)).toEqual([])
    },
  )

  it('moves more than one batch holds', async () => {
    const { workspaceId } = shop
    await change(
      sql`WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 1300)
        INSERT INTO contacts (workspace_id, id, name, created_at) SELECT ${workspaceId}, ${workspaceId} || '-k' || n, 'M', 0 FROM n`,
      sql`INSERT INTO identities (workspace_id, id, contact_id, inbox_id, principal_id, external_id, created_at)
        SELECT workspace_id, 'i-' || id, id, ${shop.inbox.id}, 'i-' || id, id, 0 FROM contacts WHERE workspace_id = ${workspaceId}`,
      sql`INSERT INTO conversations (workspace_id, id, inbox_id, identity_id, contact_id, department_id, last_at, opened_at)
        SELECT workspace_id, 'c-' || id, ${shop.inbox.id}, 'i-' || id, id, ${shop.suporte}, 0, 0 FROM contacts WHERE workspace_id = ${workspaceId}`,
    )
    expect((await removal(shop.financeiro)).status).toBe(303)
    expect(
      await rowsOf(sql`SELECT department_id AS d, count(*) AS n FROM conversations
        WHERE workspace_id = ${workspaceId} GROUP BY 1`),
    ).toEqual([{ d: shop.financeiro, n: 1300 }])
    expect(
      await rowsOf(sql`SELECT department_id AS d, open FROM inbox_counts WHERE workspace_id = ${workspaceId}`),
    ).toEqual([{ d: shop.financeiro, open: 1300 }])
  })

  it('goes nowhere that is not there', async () => {
    const answer = await removal(crypto.randomUUID())
    expect(answer.status).toBe(422)
    expect(await answer.text()).toContain('This choice no longer exists.')
    expect((await removal(shop.suporte)).status).toBe(422)
    expect(await namesIn('departments')).toEqual(['Financeiro', 'Suporte'])
  })
})

describe('a role', () => {
  const roleOf = async ({ agentId }: Person) =>
    (await rowOf<{ role: string }>(sql`SELECT role FROM agents WHERE id = ${agentId}`)).role
  const setRole = (by: Browser, { agentId }: Person, was: string, role: string) =>
    by.send('PUT', `/settings/agents/${agentId}/role`, { was, role })

  it('comes with a new session', async () => {
    const { Bruno } = shop.people
    const bruno = await browserOf(Bruno)
    expect((await setRole(ana, Bruno, 'agent', 'supervisor')).status).toBe(303)
    expect([await roleOf(Bruno), await versionOf(Bruno)]).toEqual(['supervisor', 2])
    expect((await bruno.get('/settings/profile')).headers.get('location')).toContain('/sign-in')
    const again = newBrowser()
    await again.signIn(Bruno)
    expect((await again.get('/settings/departments')).status).toBe(200)
    expect(await actions()).toEqual(['agent.role_changed'])
  })

  it('of the last owner stays', async () => {
    const answer = await setRole(ana, shop.people.Ana, 'owner', 'admin')
    expect(answer.status).toBe(422)
    expect(await answer.text()).toContain('This is the last owner.')
    expect(await roleOf(shop.people.Ana)).toBe('owner')
  })

  it('of two owners who demote each other at once is lost by one', async () => {
    const { Ana, Diego } = shop.people
    await change(sql`UPDATE agents SET role = 'owner' WHERE id = ${Diego.agentId}`)
    const diego = await browserOf(Diego)
    await Promise.all([setRole(ana, Diego, 'owner', 'agent'), setRole(diego, Ana, 'owner', 'agent')])
    expect([await roleOf(Ana), await roleOf(Diego)].sort()).toEqual(['agent', 'owner'])
  })

  it('of an owner is no administrator’s to give or take', async () => {
    const { Ana, Bruno, Carla } = shop.people
    await change(sql`UPDATE agents SET role = 'admin' WHERE id = ${Bruno.agentId}`)
    const bruno = await browserOf(Bruno)
    expect((await setRole(bruno, Ana, 'owner', 'agent')).status).toBe(403)
    expect((await setRole(bruno, Carla, 'agent', 'owner')).status).toBe(403)
    expect((await bruno.get(`/settings/agents/${Ana.agentId}`)).status).toBe(403)
    expect((await bruno.send('DELETE', `/settings/inboxes/${shop.inbox.id}/agents/${Ana.agentId}`)).status).toBe(403)
    expect([await roleOf(Ana), await roleOf(Carla)]).toEqual(['owner', 'agent'])
    expect((await setRole(bruno, Carla, 'agent', 'supervisor')).status).toBe(303)
  })

  it('that somebody changed meanwhile is shown as it is', async () => {
    const { Bruno } = shop.people
    await setRole(ana, Bruno, 'agent', 'supervisor')
    const answer = await setRole(ana, Bruno, 'agent', 'admin')
    expect(answer.status).toBe(409)
    expect(await answer.text()).toContain('This changed while you were editing.')
    expect(await roleOf(Bruno)).toBe('supervisor')
  })
})

describe('a number', () => {
  const path = () => `/settings/inboxes/${shop.inbox.id}`

  it('is renamed, and its new conversations go where it says, at once', async () => {
    const form = { name: '  WhatsApp   Vendas ', departmentId: shop.suporte, version: '1' }
    expect((await ana.send('PUT', path(), form)).status).toBe(303)
    expect(
      await rowsOf(sql`SELECT name, department_id AS d, version FROM inboxes WHERE id = ${shop.inbox.id}`),
    ).toEqual([{ name: 'WhatsApp Vendas', d: shop.suporte, version: 2 }])
    expect(await placeOf(await writes('5511999990001'))).toBe(shop.suporte)

    const late = await ana.send('PUT', path(), { ...form, name: 'Outro' })
    expect(late.status).toBe(409)
    const html = await late.text()
    expect(html).toContain('This changed while you were editing.')
    expect(html).toContain('value="Outro"')
    expect(html).toContain('name="version" value="2"')
    expect(await actions()).toEqual(['inbox.changed'])
  })

  it('is used by whom it is given to, alone or with a department', async () => {
    const { Bruno, Carla, Diego } = shop.people
    const conversationId = await writes('5511999990001')
    const bruno = await browserOf(Bruno)
    expect((await ana.send('DELETE', `${path()}/agents/${Bruno.agentId}`)).status).toBe(303)
    expect((await bruno.get(`/conversations/${conversationId}`)).status).toBe(404)

    expect((await ana.send('POST', `${path()}/departments`, { departmentId: shop.suporte })).status).toBe(303)
    expect((await bruno.get(`/conversations/${conversationId}`)).status).toBe(200)
    // Diego had it already, and Carla is of another department.
    expect(await Promise.all([Bruno, Diego, Carla].map(versionOf))).toEqual([3, 1, 1])
    expect(await actions()).toEqual(['inbox.agent_removed', 'inbox.department_added'])

    const html = await (await ana.get(path())).text()
    expect(html).toContain(Bruno.email)
    expect(html).toContain('Suporte')
  })

  it('says how its gateway is doing', async () => {
    await connect(shop.inbox)
    const html = await (await ana.get('/settings/inboxes')).text()
    expect(html).toContain('Incoming queue: Up to date')
    expect(html).toContain('Connected')
    await change(sql`UPDATE inboxes SET status = 'needs_reauth', status_reason = '190' WHERE id = ${shop.inbox.id}`)
    const after = await (await ana.get('/settings/inboxes')).text()
    expect(after).toContain('Disconnected: must be connected again')
    expect(after).toContain('190')
  })
})

it('a reason that is removed stays where it was given', async () => {
  const form = { id: crypto.randomUUID(), name: 'Resolvido' }
  await ana.send('POST', '/settings/close-reasons', form)
  const conversationId = await writes('5511999990001')
  await change(
    sql`UPDATE conversations SET status = 'closed', closed_at = ${NOON}, close_reason = 'Resolvido' WHERE id = ${conversationId}`,
  )
  const path = `/settings/close-reasons/${form.id}`
  expect(await (await ana.get(`${path}/removal`)).text()).toContain('1 conversation ended for this reason')
  expect((await ana.send('DELETE', path)).status).toBe(303)
  expect(await namesIn('close_reasons')).toEqual([])
  expect(await rowsOf(sql`SELECT close_reason FROM conversations WHERE id = ${conversationId}`)).toEqual([
    { close_reason: 'Resolvido' },
  ])
})

describe('the farewell of a reason', () => {
  const reason = async () => {
    const id = crypto.randomUUID()
    await ana.send('POST', '/settings/close-reasons', { id, name: 'Resolvido' })
    return id
  }
  const kept = () => rowsOf(sql`SELECT farewell FROM close_reasons WHERE workspace_id = ${shop.workspaceId}`)

  it('is changed by one of two who change it at once, and never markup', async () => {
    const id = await reason()
    const path = `/settings/close-reasons/${id}/farewell`
    const answers = await Promise.all(
      ['<b>Até</b>', 'Tchau'].map((farewell) => ana.send('PUT', path, { farewell, was: '' }, PART)),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 409])
    expect(await (await ana.get(path)).text()).not.toContain('<b>Até')
    expect(await kept()).toHaveLength(1)
    expect((await ana.send('PUT', path, { farewell: 'x'.repeat(1_001), was: '' }, PART)).status).toBe(422)
  })

  it('is offered to whoever ends with it, unless they have words of their own', async () => {
    const id = await reason()
    await ana.send('PUT', `/settings/close-reasons/${id}/farewell`, { farewell: 'Até, {{agente}}!\r\nTchau', was: '' })
    const path = `/conversations/${await writes('5511999990001')}/closure/farewell`
    const asked = async (farewell: string, chosen = '1') =>
      (await ana.send('POST', path, { reasonId: id, farewell, ...(chosen ? { chosen } : {}) }, PART)).text()
    expect(await asked('')).toMatch(/id="farewell"[\s\S]*Até, {{agente}}!\nTchau[\s\S]*id="preview"[\s\S]*Até, Ana!/)
    expect(await asked('Minhas palavras')).not.toContain('id="farewell"')
    expect(await asked('Oi {{valor}}', '')).toContain('Oi {{valor}}')
  })
})
