import { sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { browserOf, change, newBrowser, type Person, rowsOf, workspaceWith } from '../../test/support/people.ts'

const PART = { 'HX-Request': 'true', 'HX-Request-Type': 'partial' }

const deactivation = (person: Person) => `/settings/agents/${person.agentId}/deactivation`

async function stateOf({ agentId, userId }: Person) {
  const [row] = await rowsOf<{ out: number; version: number; sessions: number }>(sql`
    SELECT deactivated_at IS NOT NULL AS out, authz_version AS version,
      (SELECT count(*) FROM session WHERE user_id = ${userId}) AS sessions FROM agents WHERE id = ${agentId}`)
  return row
}

const actionsIn = async ({ workspaceId }: Person) =>
  (
    await rowsOf<{ action: string; actor_id: string; target_id: string | null }>(
      sql`SELECT action, actor_id, target_id FROM audit_log
        WHERE workspace_id = ${workspaceId} AND action NOT LIKE 'session.%' ORDER BY created_at, id`,
    )
  ).map((row) => [row.action, row.actor_id, row.target_id])

it('the list names everyone of this workspace, and nobody of another', async () => {
  const { Ana, Bruno } = await workspaceWith({ Ana: 'owner', Bruno: 'agent' })
  const { Eva } = await workspaceWith({ Eva: 'owner' })
  const page = await (await (await browserOf(Bruno)).get('/settings/agents')).text()
  expect(page).toContain(Ana.email)
  expect(page).not.toContain(Eva.email)
  expect(page).not.toContain('/deactivation')
})

it('deactivated is signed out everywhere and stays out, until reactivated', async () => {
  const { Ana, Bruno } = await workspaceWith({ Ana: 'owner', Bruno: 'agent' })
  const [ana, bruno] = [await browserOf(Ana), await browserOf(Bruno)]
  await bruno.get('/settings/profile')

  const answer = await ana.send('POST', deactivation(Bruno), { _method: 'PUT' })
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/settings/agents'])
  expect(await stateOf(Bruno)).toEqual({ out: 1, version: 2, sessions: 0 })
  expect((await bruno.get('/settings/profile')).status).toBe(303)
  expect((await newBrowser().signIn(Bruno)).status).toBe(401)

  const again = await ana.send('PUT', deactivation(Bruno))
  expect(again.status).toBe(303)
  expect(await stateOf(Bruno)).toMatchObject({ out: 1, version: 2 })

  expect((await ana.send('DELETE', deactivation(Bruno))).status).toBe(303)
  expect(await stateOf(Bruno)).toMatchObject({ out: 0, version: 3 })
  expect((await newBrowser().signIn(Bruno)).status).toBe(303)
  expect(await actionsIn(Ana)).toEqual([
    ['agent.deactivated', Ana.agentId, Bruno.agentId],
    ['agent.reactivated', Ana.agentId, Bruno.agentId],
  ])
})

it('a part is answered with the list in its place', async () => {
  const { Ana, Bruno } = await workspaceWith({ Ana: 'admin', Bruno: 'supervisor' })
  const answer = await (await browserOf(Ana)).send('POST', deactivation(Bruno), { _method: 'PUT' }, PART)
  const html = await answer.text()
  expect(answer.status).toBe(200)
  expect(html).toMatch(/^<hx-partial hx-target="#main" hx-swap="innerHTML"><div class="settings-frame">/)
  expect(html).toContain('id="agents"')
  expect(html).toContain('data-deactivated')
})

it.each(['agent', 'supervisor'] as const)('an %s changes nobody, and the attempt is written down', async (role) => {
  const { Ana, Bruno, Carla } = await workspaceWith({ Ana: 'owner', Bruno: role, Carla: 'agent' })
  const browser = await browserOf(Bruno)
  for (const person of [Ana, Bruno, Carla]) {
    const before = await stateOf(person)
    expect((await browser.send('PUT', deactivation(person))).status).toBe(403)
    expect((await browser.send('DELETE', deactivation(person))).status).toBe(403)
    expect(await stateOf(person)).toEqual(before)
  }
  expect(await actionsIn(Ana)).toEqual(Array(6).fill(['access.denied', Bruno.agentId, null]))
})

it('nobody deactivates themselves, and no administrator an owner', async () => {
  const { Ana, Bia, Otto } = await workspaceWith({ Ana: 'owner', Bia: 'admin', Otto: 'owner' })
  expect((await (await browserOf(Ana)).send('PUT', deactivation(Ana))).status).toBe(403)
  const bia = await browserOf(Bia)
  expect((await bia.send('PUT', deactivation(Bia))).status).toBe(403)
  expect((await bia.send('PUT', deactivation(Otto))).status).toBe(403)
  expect(await stateOf(Otto)).toMatchObject({ out: 0, version: 1 })
})

it('of two owners who deactivate each other at once, one stays', async () => {
  const { Ana, Otto } = await workspaceWith({ Ana: 'owner', Otto: 'owner' })
  const [ana, otto] = [await browserOf(Ana), await browserOf(Otto)]
  await Promise.all([ana.send('PUT', deactivation(Otto)), otto.send('PUT', deactivation(Ana))])
  const out = [(await stateOf(Ana))?.out, (await stateOf(Otto))?.out]
  expect(out.sort()).toEqual([0, 1])
})

it('agents of another workspace, unknown and malformed ids do not exist, and look the same', async () => {
  const { Ana } = await workspaceWith({ Ana: 'owner' })
  const { Eva, Edu } = await workspaceWith({ Eva: 'owner', Edu: 'agent' })
  const browser = await browserOf(Ana)
  const bodies = new Set<string>()
  for (const id of [
    Eva.agentId,
    Edu.agentId,
    crypto.randomUUID(),
    'x',
    "'; DROP TABLE agents; --",
    '%00',
    'á'.repeat(500),
  ]) {
    for (const method of ['PUT', 'DELETE']) {
      const answer = await browser.send(method, `/settings/agents/${encodeURIComponent(id)}/deactivation`, {}, PART)
      expect(answer.status, `${method} ${id}`).toBe(404)
      bodies.add((await answer.text()).replaceAll(/[0-9a-f-]{36}/g, ''))
    }
  }
  expect(bodies.size).toBe(1)
  expect(await stateOf(Edu)).toMatchObject({ out: 0, version: 1 })
})

it('one who lost the role meanwhile no longer decides', async () => {
  const { Bia, Bruno } = await workspaceWith({ Ana: 'owner', Bia: 'admin', Bruno: 'agent' })
  const browser = await browserOf(Bia)
  await browser.get('/settings/agents')
  await change(sql`UPDATE agents SET role = 'agent', authz_version = authz_version + 1 WHERE id = ${Bia.agentId}`)
  expect((await browser.send('PUT', deactivation(Bruno))).status).toBe(403)
  expect(await stateOf(Bruno)).toMatchObject({ out: 0 })
})

it('language and looks change at once, and belong to the person alone', async () => {
  const { Ana, Bruno } = await workspaceWith({ Ana: 'owner', Bruno: 'agent' })
  const [ana, bruno] = [await browserOf(Ana), await browserOf(Bruno)]
  expect(await (await ana.get('/settings/profile')).text()).toContain('<html lang="en">')

  const answer = await ana.send('POST', '/settings/profile', { _method: 'PUT', locale: 'es', theme: 'dark' })
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/settings/profile'])
  expect(await (await ana.get('/settings/profile')).text()).toContain('<html lang="es" data-theme="dark">')
  expect(await (await bruno.get('/settings/profile')).text()).toContain('<html lang="en">')
})

it.each([
  [{ locale: 'fr', theme: 'dark' }],
  [{ locale: 'en' }],
  [{ locale: 'en', theme: 'dark', role: 'owner' }],
  [{ 'locale[]': 'en', theme: 'dark' }],
])('a profile that does not fit is refused: %j', async (fields) => {
  const { Ana } = await workspaceWith({ Ana: 'agent' })
  const answer = await (await browserOf(Ana)).send('PUT', '/settings/profile', fields as Record<string, string>)
  expect(answer.status).toBe(422)
  expect(await rowsOf(sql`SELECT role, locale, theme FROM agents WHERE id = ${Ana.agentId}`)).toEqual([
    { role: 'agent', locale: null, theme: 'system' },
  ])
})

it('one sees where one is signed in', async () => {
  const { Ana } = await workspaceWith({ Ana: 'owner' })
  const browser = newBrowser()
  await browser.send(
    'POST',
    '/sign-in',
    { email: Ana.email, password: 'correct horse battery' },
    { 'user-agent': 'Fox <7>' },
  )
  await browserOf(Ana)
  const page = await (await browser.get('/settings/profile')).text()
  expect(page).toContain('Fox &lt;7&gt;')
  expect(page.match(/This session/g)).toHaveLength(1)
})

it('the scope is read once a minute, not once a page', async () => {
  const { Ana } = await workspaceWith({ Ana: 'owner' })
  const browser = await browserOf(Ana)
  const first = await browser.get('/settings/agents')
  expect(first.headers.getSetCookie().join()).toContain('prosa.scope=')
  const second = await browser.get('/settings/agents')
  expect(second.headers.getSetCookie()).toEqual([])
})
