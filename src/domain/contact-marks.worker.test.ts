import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { uuidv7 } from 'uuidv7'
import { beforeEach, describe, expect, it } from 'vitest'
import { type Browser, browserOf, change, type Person, rowsOf } from '../../test/support/people.ts'
import { losingAnswers, MINUTE, type TestApp, testApp } from '../../test/support/workerd/app.ts'
import { newShop, type Shop, scopeOf } from '../../test/support/workerd/workspace.ts'
import { openDb } from '../db/client.ts'
import type { Mark } from '../db/queries/contact-marks.ts'
import type { Viewer } from '../db/records.ts'
import { markContacts, undoMarks } from './contact-marks.ts'

const ALL = { filter: { terms: [], groupId: null }, after: null }

let shop: Shop
let app: TestApp
let ana: Viewer
let vip: Mark
let group: Mark

beforeEach(async () => {
  shop = await newShop()
  app = testApp()
  ana = await viewerOf(shop.people.Ana)
  vip = { kind: 'tag', id: uuidv7() }
  group = { kind: 'group', id: uuidv7() }
  await change(
    sql`INSERT INTO tags (workspace_id, id, name, name_key, created_at) VALUES (${shop.workspaceId}, ${vip.id}, 'VIP', 'vip', 0)`,
    sql`INSERT INTO groups (workspace_id, id, name, name_key, created_at) VALUES (${shop.workspaceId}, ${group.id}, 'Feira', 'feira', 0)`,
  )
})

const viewerOf = async (person: Person): Promise<Viewer> => ({
  ...(await scopeOf(person)),
  ...{ name: person.name, email: person.email, locale: 'pt-BR', theme: 'system', workspaceName: 'Padaria' },
  ...{
    timeZone: 'America/Sao_Paulo',
    ownTimeZone: null,
    sounds: { mine: true, queue: false, tick: false, volume: 60 },
    listFilters: '',
    sessionHash: '',
  },
})

async function people(many: number, name = 'Pessoa'): Promise<string[]> {
  const rows = Array.from({ length: many }, (_, at) => ({
    id: uuidv7(),
    name: `${name} ${at}`,
    key: `${name.toLowerCase()} ${at}`,
  }))
  await change(sql`INSERT INTO contacts (workspace_id, id, name, name_key, created_at)
    SELECT ${shop.workspaceId}, value ->> 'id', value ->> 'name', value ->> 'key', 0 FROM json_each(${JSON.stringify(rows)})`)
  return rows.map(({ id }) => id)
}

/** They are Financeiro's, and nobody else's. */
async function hide(contactId: string): Promise<void> {
  const identity = uuidv7()
  await change(
    sql`INSERT INTO identities (workspace_id, id, contact_id, inbox_id, principal_id, external_id, created_at)
      VALUES (${shop.workspaceId}, ${identity}, ${contactId}, ${shop.inbox.id}, ${identity}, ${identity}, 0)`,
    sql`INSERT INTO conversations (workspace_id, id, inbox_id, identity_id, contact_id, department_id, last_at, opened_at)
      VALUES (${shop.workspaceId}, ${uuidv7()}, ${shop.inbox.id}, ${identity}, ${contactId}, ${shop.financeiro}, 0, 0)`,
  )
}

const having = async ({ kind, id }: Mark) =>
  (
    await rowsOf<{ contact_id: string }>(
      sql`SELECT contact_id FROM ${sql.raw(`contact_${kind}s`)} WHERE ${sql.raw(kind)}_id = ${id} ORDER BY contact_id`,
    )
  ).map(({ contact_id }) => contact_id)

describe('a mark on many people', () => {
  it.each(['tag', 'group'] as const)('is put on whoever was chosen and has it not yet: a %s', async (kind) => {
    const mark = kind === 'tag' ? vip : group
    const [one = '', two = '', three = ''] = await people(3)
    await markContacts(app, ana, { mark, act: 'put', whom: { ids: [one] } }, {})
    app.clock.now += MINUTE
    const marked = await markContacts(app, ana, { mark, act: 'put', whom: { ids: [one, two] } }, {})
    expect(marked).toMatchObject({ changed: 1, looked: 2, after: null })
    expect(await having(mark)).toEqual([one, two].toSorted())
    expect(await undoMarks(app, ana, { mark, at: marked.at })).toBe(1)
    expect(await having(mark)).toEqual([one])
    const taken = await markContacts(app, ana, { mark, act: 'take', whom: { ids: [one, three] } }, {})
    expect(taken).toMatchObject({ changed: 1, looked: 2 })
    expect(await having(mark)).toEqual([])
  })

  it('reaches all whom a search finds, in chunks, and is undone whole for ten minutes', async () => {
    await people(1_200)
    const others = await people(2, 'Outra')
    const filter = { terms: ['pessoa'], groupId: null }
    const marked = await markContacts(app, ana, { mark: vip, act: 'put', whom: { filter, after: null } }, {})
    expect(marked).toMatchObject({ changed: 1_200, looked: 1_200, after: null })
    expect((await having(vip)).filter((id) => others.includes(id))).toEqual([])
    expect(await rowsOf(sql`SELECT uses FROM tags WHERE id = ${vip.id}`)).toEqual([{ uses: 1_200 }])
    const bruno = await viewerOf(shop.people.Bruno)
    expect(await undoMarks(app, bruno, { mark: vip, at: marked.at })).toBe(0)
    expect(await undoMarks(app, ana, { mark: vip, at: marked.at })).toBe(1_200)
    app.clock.now += 11 * MINUTE
    await expect(undoMarks(app, ana, { mark: vip, at: marked.at })).rejects.toMatchObject({ code: 'conflict' })
    const audit = await rowsOf(
      sql`SELECT action, detail FROM audit_log WHERE workspace_id = ${shop.workspaceId} ORDER BY id`,
    )
    expect(audit).toEqual([500, 500, 200].map((n) => ({ action: 'contacts.marked', detail: `{"people":${n}}` })))
  })

  it('changes nobody whom the agent does not see, by hand or by search', async () => {
    const [seen = '', hidden = ''] = await people(2)
    await hide(hidden)
    const bruno = await viewerOf(shop.people.Bruno)
    await markContacts(app, bruno, { mark: vip, act: 'put', whom: { ids: [seen, hidden] } }, {})
    await markContacts(app, bruno, { mark: vip, act: 'put', whom: ALL }, {})
    expect(await having(vip)).toEqual([seen])
    await markContacts(app, ana, { mark: vip, act: 'put', whom: ALL }, {})
    await markContacts(app, bruno, { mark: vip, act: 'take', whom: { ids: [seen, hidden] } }, {})
    expect(await having(vip)).toEqual([hidden])
    const [other] = [await newShop()]
    const eva = await viewerOf(other.people.Ana)
    await expect(markContacts(app, eva, { mark: vip, act: 'take', whom: { ids: [hidden] } }, {})).rejects.toMatchObject(
      { code: 'invalid' },
    )
  })

  it('is put on once where every answer is lost', async () => {
    const ids = await people(3)
    const losing = testApp({ db: losingAnswers(openDb(env)) })
    const marked = await markContacts(losing, ana, { mark: vip, act: 'put', whom: { ids } }, {})
    expect(marked.changed).toBe(3)
    expect(await having(vip)).toEqual(ids.toSorted())
  })
})

describe('the page of contacts', () => {
  let browser: Browser
  beforeEach(async () => {
    browser = await browserOf(shop.people.Ana)
  })
  const sent = async (fields: Record<string, string>) => {
    const answer = await browser.send('POST', '/contacts/marks', fields)
    return [answer.status, await answer.text()] as const
  }

  it('says what came of it, and takes it back', async () => {
    const [id = ''] = await people(1)
    const [status, html] = await sent({ act: 'put', mark: `tag:${vip.id}`, contact: id })
    expect([status, html]).toEqual([200, expect.stringContaining('Added: VIP.')])
    expect(html).toContain('1 contact changed.')
    const at = /name="at" value="(\d+)"/.exec(html)?.[1] ?? ''
    const undone = await browser.send('DELETE', '/contacts/marks', { mark: `tag:${vip.id}`, at })
    expect(await undone.text()).toContain('Undone for 1 contact.')
    expect(await having(vip)).toEqual([])
  })

  it('says beside the list what is missing', async () => {
    const [id = ''] = await people(1)
    expect(await sent({ act: 'put', mark: '', contact: id })).toEqual([
      422,
      expect.stringContaining('Choose a tag or a group.'),
    ])
    expect(await sent({ act: 'put', mark: `tag:${vip.id}` })).toEqual([
      422,
      expect.stringContaining('Choose at least one contact.'),
    ])
    expect(await sent({ act: 'put', mark: `tag:${uuidv7()}`, contact: id })).toEqual([
      422,
      expect.stringContaining('is gone'),
    ])
    // A search for nothing that could be found finds nobody.
    expect((await sent({ act: 'put', mark: `tag:${vip.id}`, all: 'on', q: '???' }))[0]).toBe(422)
    for (const bad of [
      { act: 'put', mark: 'tag:1' },
      { act: 'x', mark: '' },
      { act: 'put', mark: '', contact: "' OR 1=1" },
    ])
      expect((await sent(bad))[0]).toBe(422)
  })
})
