/** The demonstration: only where nothing is real, told apart, kept from every provider, and gone again with all that it brought. */
import { sql } from 'drizzle-orm'
import { uuidv7 } from 'uuidv7'
import { beforeEach, expect, it } from 'vitest'
import { type Browser, browserOf, change, type Person, rowsOf, workspaceWith } from '../../test/support/people.ts'
import { losingAnswers, testApp } from '../../test/support/workerd/app.ts'
import { brokenRules } from '../../test/support/workerd/state.ts'
import { viewerOf } from '../../test/support/workerd/viewers.ts'
import { newInbox, rowOf } from '../../test/support/workerd/workspace.ts'
import { CATALOGS } from '../i18n/index.ts'
import { loadDemonstration, takeDemonstrationAway } from './demonstration.ts'
import { STORIES } from './demonstration-stories.ts'

const PATH = '/settings/start/demonstration'

let ana: Person
let bruno: Person
let browser: Browser

beforeEach(async () => {
  ;({ Ana: ana, Bruno: bruno } = await workspaceWith({ Ana: 'owner', Bruno: 'agent' }))
  await change(sql`INSERT INTO departments (workspace_id, id, name, name_key, created_at)
    VALUES (${ana.workspaceId}, ${uuidv7()}, 'Atendimento', 'atendimento', 0)`)
  browser = await browserOf(ana)
})

/** Every table that could keep something of it; the account of what was done stays, as it must. */
async function remains(): Promise<Record<string, number>> {
  const tables = await rowsOf<{ name: string }>(sql`SELECT m.name FROM sqlite_master m
    WHERE m.type = 'table' AND EXISTS (SELECT 1 FROM pragma_table_info(m.name) WHERE name = 'workspace_id')`)
  const counted = await Promise.all(
    tables.map(async ({ name }) => {
      const { n } = await rowOf<{ n: number }>(
        sql`SELECT count(*) AS n FROM ${sql.identifier(name)} WHERE workspace_id = ${ana.workspaceId}`,
      )
      return [name, n] as const
    }),
  )
  const quiet = ['audit_log', 'inbox_counts', 'assignee_counts']
  return Object.fromEntries(counted.filter(([name, n]) => n > 0 && !quiet.includes(name)))
}

const actions = async () =>
  (
    await rowsOf<{ action: string }>(sql`SELECT action FROM audit_log
      WHERE workspace_id = ${ana.workspaceId} AND action LIKE 'demonstration.%' ORDER BY created_at, id`)
  ).map(({ action }) => action)

const startPage = async () => (await browser.get('/settings/start')).text()

it.each(Object.entries(CATALOGS))('has as many words as lines in %s', (_, { demonstration }) => {
  const told: Record<string, string[]> = demonstration.told
  expect(STORIES.map((story) => [story.told, told[story.told]?.length])).toEqual(
    STORIES.map((story) => [story.told, story.lines.length]),
  )
})

it('is loaded once, and looks lived in', async () => {
  expect(await startPage()).toContain('data-demonstration="offered"')
  const answers = await Promise.all([browser.send('POST', PATH), browser.send('POST', PATH)])
  expect(answers.map(({ status, headers }) => [status, headers.get('location')])).toEqual([
    [303, '/conversations?view=all'],
    [303, '/conversations?view=all'],
  ])
  expect(await actions()).toEqual(['demonstration.loaded'])
  expect(await brokenRules(ana.workspaceId)).toEqual([])
  const list = await (await browser.get('/conversations?view=all')).text()
  for (const words of ['Mariana Souza', 'Juliana Prado', 'Bruno (demo)', 'New customer']) expect(list).toContain(words)
  expect(await (await browser.get('/conversations?view=closed')).text()).toContain('Sônia Maia')

  const start = await startPage()
  expect(start).toContain('data-demonstration="loaded"')
  // Of the steps only Bruno is done: what is invented is no number, and no colleague.
  expect(start.match(/data-done="true"/g)).toHaveLength(1)
})

it('asks no provider for anything: what is written in it has arrived', async () => {
  await browser.send('POST', PATH)
  const { id } = await rowOf<{ id: string }>(sql`SELECT c.id FROM conversations c
    JOIN contacts k ON k.workspace_id = c.workspace_id AND k.id = c.contact_id
    WHERE c.workspace_id = ${ana.workspaceId} AND k.profile_name = 'Rafael Menezes'`)
  const thread = await (await browser.get(`/conversations/${id}`)).text()
  expect(thread).toContain('Demonstration: what you write here reaches nobody.')
  const [clientKey, text] = [crypto.randomUUID(), 'Entregamos, sim!']
  expect((await browser.send('POST', `/conversations/${id}/messages`, { text, clientKey })).status).toBe(303)
  await expect
    .poll(() =>
      rowsOf(sql`SELECT s.state, s.tries FROM messages m
        JOIN send_attempts s ON s.workspace_id = m.workspace_id AND s.message_id = m.id WHERE m.client_key = ${clientKey}`),
    )
    .toEqual([{ state: 'sent', tries: expect.any(Number) }])

  const inbox = await rowOf<{ id: string; webhook_key: string }>(
    sql`SELECT id, webhook_key FROM inboxes WHERE workspace_id = ${ana.workspaceId} AND channel = 'whatsapp'`,
  )
  expect((await browser.get(`/webhooks/whatsapp/${inbox.webhook_key}`)).status).toBe(404)
  expect((await browser.get(`/settings/inboxes/${inbox.id}/connection`)).status).toBe(404)
})

it.each([
  ['a number', () => newInbox(ana.workspaceId)],
  [
    'a contact',
    () =>
      change(sql`INSERT INTO contacts (workspace_id, id, name, name_key, created_at)
        VALUES (${ana.workspaceId}, ${uuidv7()}, 'Maria', 'maria', 0)`),
  ],
])('is refused once there is %s', async (_, happens) => {
  await happens()
  const before = await remains()
  expect(await startPage()).not.toContain('data-demonstration')
  expect((await browser.send('POST', PATH)).status).toBe(409)
  expect([await remains(), await actions()]).toEqual([before, []])
})

it('goes with all that was done in it, and leaves what is real', async () => {
  const before = await remains()
  const app = testApp({ db: losingAnswers(), now: Date.now() })
  await loadDemonstration(app, await viewerOf(ana), CATALOGS.es.demonstration, {})
  const demo = await rowOf<{ conversation: string; contact: string; inbox: string; colleague: string }>(sql`
    SELECT c.id AS conversation, c.contact_id AS contact, c.inbox_id AS inbox, c.assignee_id AS colleague
    FROM conversations c JOIN agents a ON a.workspace_id = c.workspace_id AND a.id = c.assignee_id
    WHERE c.workspace_id = ${ana.workspaceId} AND a.name LIKE '%(demo)' LIMIT 1`)
  await browser.send('POST', `/conversations/${demo.conversation}/messages`, {
    ...{ text: 'Olá!', clientKey: crypto.randomUUID() },
  })
  await browser.send('POST', `/contacts/${demo.contact}/comments`, {
    ...{ body: 'De teste', clientKey: crypto.randomUUID(), conversationId: demo.conversation },
  })
  // A real number comes, with a real conversation, which is given to an invented colleague; and an agent may use both.
  const real = await newInbox(ana.workspaceId)
  const [contact, identity, conversation] = [uuidv7(), uuidv7(), uuidv7()]
  const w = ana.workspaceId
  await change(
    sql`INSERT INTO inbox_agents (workspace_id, agent_id, inbox_id, created_at) VALUES (${w}, ${bruno.agentId}, ${demo.inbox}, 0)`,
    sql`INSERT INTO contacts (workspace_id, id, name, name_key, created_at) VALUES (${w}, ${contact}, 'Maria', 'maria', 0)`,
    sql`INSERT INTO identities (workspace_id, id, contact_id, inbox_id, principal_id, external_id, created_at)
      VALUES (${w}, ${identity}, ${contact}, ${real.id}, ${identity}, '5511', 0)`,
    sql`INSERT INTO conversations (workspace_id, id, inbox_id, identity_id, contact_id, assignee_id, last_at, opened_at)
      VALUES (${w}, ${conversation}, ${real.id}, ${identity}, ${contact}, ${demo.colleague}, 0, 0)`,
  )
  await takeDemonstrationAway(app, await viewerOf(ana), {})
  expect(await remains()).toEqual({
    ...before,
    ...{ inboxes: 1, contacts: 1, contact_texts: 1, identities: 1, conversations: 1 },
  })
  expect(await rowsOf(sql`SELECT assignee_id FROM conversations WHERE id = ${conversation}`)).toEqual([
    { assignee_id: null },
  ])
  expect(await rowsOf(sql`SELECT authz_version FROM agents WHERE id = ${bruno.agentId}`)).toEqual([
    { authz_version: 2 },
  ])
  expect(await brokenRules(ana.workspaceId)).toEqual([])
  expect(await actions()).toEqual(['demonstration.loaded', 'demonstration.removed'])
})

it('loses no file to somebody who may administrate no more', async () => {
  const app = testApp({ now: Date.now() })
  const viewer = await viewerOf(ana)
  await loadDemonstration(app, viewer, CATALOGS.es.demonstration, {})
  await change(sql`INSERT INTO uploads (workspace_id, id, agent_id, conversation_id, kind, mime_type, file_name, size, object_key, created_at)
    SELECT workspace_id, ${uuidv7()}, ${ana.agentId}, id, 'document', 'text/plain', 'a.txt', 1, 'u/a', 1 FROM conversations
    WHERE workspace_id = ${ana.workspaceId} LIMIT 1`)
  const gone: string[] = []
  const store = { ...app.store, delete: async (keys: string[]) => void gone.push(...keys) }
  const stale = { ...viewer, authzVersion: viewer.authzVersion + 1 }
  await expect(takeDemonstrationAway({ ...app, store }, stale, {})).rejects.toMatchObject({ code: 'conflict' })
  expect([gone, await actions()]).toEqual([[], ['demonstration.loaded']])
  await takeDemonstrationAway({ ...app, store }, viewer, {})
  expect(gone).toEqual(['u/a'])
})

it('keeps a person whom somebody made one with a real one', async () => {
  const app = testApp({ now: Date.now() })
  await loadDemonstration(app, await viewerOf(ana), CATALOGS.es.demonstration, {})
  const real = await newInbox(ana.workspaceId)
  const { id } = await rowOf<{ id: string }>(
    sql`SELECT id FROM contacts WHERE workspace_id = ${ana.workspaceId} AND profile_name = 'Carlos Eduardo'`,
  )
  const identity = uuidv7()
  await change(sql`INSERT INTO identities (workspace_id, id, contact_id, inbox_id, principal_id, external_id, created_at)
    VALUES (${ana.workspaceId}, ${identity}, ${id}, ${real.id}, ${identity}, '5512', 0)`)
  await takeDemonstrationAway(app, await viewerOf(ana), {})
  expect(await remains()).toMatchObject({ contacts: 1, identities: 1, comments: 1, agents: 3 })
  // Whoever wrote the comment stays its author, and works here no more.
  expect(
    await rowsOf(sql`SELECT name, deactivated_at > 0 AS gone FROM agents
      WHERE workspace_id = ${ana.workspaceId} AND name LIKE '%(demo)'`),
  ).toEqual([{ name: 'Bruno (demo)', gone: 1 }])
})

it('can be loaded anew once it is gone, and taken away where there is none; without departments as well', async () => {
  await change(sql`DELETE FROM departments WHERE workspace_id = ${ana.workspaceId}`)
  expect((await browser.send('DELETE', PATH)).status).toBe(303)
  await browser.send('POST', PATH)
  await browser.send('DELETE', PATH)
  expect(await startPage()).toContain('data-demonstration="offered"')
  await browser.send('POST', PATH)
  expect(await startPage()).toContain('data-demonstration="loaded"')
  expect(await actions()).toEqual(['demonstration.loaded', 'demonstration.removed', 'demonstration.loaded'])
})
