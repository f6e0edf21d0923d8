/** A link that lets one person in, once: as a browser goes through it. */
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import {
  type Browser,
  browserOf,
  change,
  newBrowser,
  type Person,
  rowsOf,
  workspaceWith,
} from '../../test/support/people.ts'

const FORM = { name: 'Nina Nova', password: 'uma frase bem comprida' }
const newEmail = () => `nina.${crypto.randomUUID()}@prosa.test`

/** Two departments and a number of that workspace. */
async function placesOf({ workspaceId }: Person) {
  const [sales, support, inbox] = [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()]
  await change(
    ...[sales, support].map(
      (id) => sql`INSERT INTO departments (workspace_id, id, name, name_key, created_at)
        VALUES (${workspaceId}, ${id}, ${id}, ${id}, 1)`,
    ),
    sql`INSERT INTO inboxes (workspace_id, id, channel, name, address, external_account_id, webhook_key, credentials, created_at)
      VALUES (${workspaceId}, ${inbox}, 'whatsapp', 'Loja', '+55', ${inbox}, ${inbox}, '', 1)`,
  )
  return { sales, support, inbox }
}

const linkIn = (html: string) => /\/invite\/[0-9a-f]{64}/.exec(html)?.[0] ?? ''

async function invited(by: Browser, fields: Record<string, string> = {}): Promise<string> {
  const answer = await by.send('POST', '/settings/agents/invitations', {
    id: crypto.randomUUID(),
    role: 'agent',
    ...fields,
  })
  return linkIn(await answer.text())
}

const joined = ({ workspaceId }: Person) =>
  rowsOf<{ name: string; role: string; departments: number; inboxes: number }>(sql`
    SELECT a.name, a.role,
      (SELECT count(*) FROM department_members m WHERE m.workspace_id = a.workspace_id AND m.agent_id = a.id) AS departments,
      (SELECT count(*) FROM inbox_agents n WHERE n.workspace_id = a.workspace_id AND n.agent_id = a.id) AS inboxes
    FROM agents a WHERE a.workspace_id = ${workspaceId} AND a.name NOT IN ('Ana', 'Bruno', 'Olga')`)

describe('an invitation', () => {
  it('lets one person in, with their role, departments and numbers, and signs them in', async () => {
    const { Ana } = await workspaceWith({ Ana: 'admin' })
    const { sales, inbox } = await placesOf(Ana)
    const ana = await browserOf(Ana)
    const link = await invited(ana, { role: 'supervisor', departmentId: sales, inboxId: inbox })
    const nina = newBrowser()
    expect(await (await nina.get(link)).text()).toContain('Invitation from Ana. Role: Supervisor.')
    const email = newEmail()
    const answer = await nina.send('POST', link, { ...FORM, email: ` ${email.toUpperCase()} ` })
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/conversations'])
    expect((await nina.get('/conversations')).status).toBe(200)
    expect(await joined(Ana)).toEqual([{ name: 'Nina Nova', role: 'supervisor', departments: 1, inboxes: 1 }])
    expect((await newBrowser().signIn({ email }, FORM.password)).status).toBe(303)
    const actions = await rowsOf<{ action: string }>(sql`SELECT action FROM audit_log
      WHERE workspace_id = ${Ana.workspaceId} AND action IN ('invitation.created', 'agent.joined') ORDER BY id`)
    expect(actions.map(({ action }) => action)).toEqual(['invitation.created', 'agent.joined'])
  })

  it('is good once: of two who come at once one gets in, and the next sees that it is over', async () => {
    const { Ana } = await workspaceWith({ Ana: 'owner' })
    const link = await invited(await browserOf(Ana))
    const answers = await Promise.all(
      [newEmail(), newEmail()].map((email) => newBrowser().send('POST', link, { ...FORM, email })),
    )
    expect(answers.map(({ status }) => status).toSorted()).toEqual([303, 404])
    expect(await joined(Ana)).toHaveLength(1)
    const late = await newBrowser().get(link)
    expect([late.status, await late.text()]).toEqual([404, expect.stringContaining('no longer valid')])
  })

  it('is kept by its hash alone', async () => {
    const { Ana } = await workspaceWith({ Ana: 'owner' })
    const link = await invited(await browserOf(Ana))
    const rows = await rowsOf<object>(sql`SELECT * FROM invitations WHERE workspace_id = ${Ana.workspaceId}`)
    expect(JSON.stringify(rows)).not.toContain(link.slice('/invite/'.length))
    expect(await (await (await browserOf(Ana)).get('/settings/agents')).text()).not.toContain('/invite/')
  })

  it('ends after a week, and when it is taken back', async () => {
    const { Ana } = await workspaceWith({ Ana: 'owner' })
    const ana = await browserOf(Ana)
    const old = await invited(ana)
    await change(sql`UPDATE invitations SET expires_at = ${Date.now() - 1} WHERE workspace_id = ${Ana.workspaceId}`)
    expect((await newBrowser().send('POST', old, { ...FORM, email: newEmail() })).status).toBe(404)

    const id = crypto.randomUUID()
    const link = linkIn(await (await ana.send('POST', '/settings/agents/invitations', { id, role: 'agent' })).text())
    expect((await ana.send('DELETE', `/settings/agents/invitations/${id}`)).status).toBe(303)
    expect((await newBrowser().send('POST', link, { ...FORM, email: newEmail() })).status).toBe(404)
    expect((await ana.send('DELETE', `/settings/agents/invitations/${id}`)).status).toBe(404)
    expect(await joined(Ana)).toEqual([])
  })

  it('says at the field what is wrong, and stays good', async () => {
    const { Ana } = await workspaceWith({ Ana: 'owner' })
    const link = await invited(await browserOf(Ana))
    const wrong = await newBrowser().send('POST', link, { name: ' ', email: 'nina', password: 'short' })
    const text = await wrong.text()
    expect(wrong.status).toBe(422)
    for (const sentence of ['Fill in this field', 'Check the e-mail', '12 to 256']) expect(text).toContain(sentence)
    const known = await newBrowser().send('POST', link, { ...FORM, email: Ana.email })
    expect([known.status, await known.text()]).toEqual([422, expect.stringContaining('an account with this e-mail')])
    expect((await newBrowser().send('POST', link, { ...FORM, email: newEmail() })).status).toBe(303)
  })

  it('is an administrator’s to make, an owner’s where it makes an owner, and of one’s own places', async () => {
    const { Ana, Bruno, Olga } = await workspaceWith({ Ana: 'admin', Bruno: 'agent', Olga: 'owner' })
    const { Eva } = await workspaceWith({ Eva: 'owner' })
    const { sales } = await placesOf(Eva)
    const id = crypto.randomUUID()
    const [ana, bruno, olga] = [await browserOf(Ana), await browserOf(Bruno), await browserOf(Olga)]
    const path = '/settings/agents/invitations'
    expect((await bruno.send('POST', path, { id, role: 'agent' })).status).toBe(403)
    expect((await ana.send('POST', path, { id, role: 'owner' })).status).toBe(403)
    expect((await ana.send('POST', path, { id, role: 'agent', departmentId: sales })).status).toBe(409)
    expect((await olga.send('POST', path, { id, role: 'owner' })).status).toBe(200)
    expect((await ana.send('DELETE', `${path}/${id}`)).status).toBe(404)
    expect((await (await browserOf(Eva)).send('DELETE', `${path}/${id}`)).status).toBe(404)
  })
})
