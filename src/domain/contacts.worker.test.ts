import { sql } from 'drizzle-orm'
import { uuidv7 } from 'uuidv7'
import { describe, expect, it } from 'vitest'
import { change, rowsOf } from '../../test/support/people.ts'
import { losingAnswers, MINUTE, testApp } from '../../test/support/workerd/app.ts'
import { brokenRules } from '../../test/support/workerd/state.ts'
import { eventsOf, said } from '../../test/support/workerd/whatsapp.ts'
import { mayUse, newInbox, newShop, type Shop, scopeOf } from '../../test/support/workerd/workspace.ts'
import { undoableMerges } from '../db/queries/contact-merges.ts'
import { contactsPage, toContactsPage } from '../db/queries/contacts.ts'
import type { Scope, Viewer } from '../db/records.ts'
import { comment } from './comments.ts'
import { merge, rename, searchTerms, unmerge } from './contacts.ts'
import { createGroup, join } from './groups.ts'
import { receive } from './receive.ts'

const viewerOf = async (shop: Shop, name: keyof Shop['people'] = 'Ana'): Promise<Viewer> => ({
  ...(await scopeOf(shop.people[name])),
  name,
  email: shop.people[name].email,
  locale: 'pt-BR',
  theme: 'system',
  workspaceName: 'Padaria',
  timeZone: 'America/Sao_Paulo',
  sessionHash: 'hash',
  listFilters: '',
  ownTimeZone: null,
  sounds: { mine: true, queue: false, tick: false, volume: 60 },
})

async function meets(shop: Shop, app: ReturnType<typeof testApp>, from: string, name: string, inbox = shop.inbox) {
  const events = await eventsOf(inbox.accountId, said({ from, name, at: app.now() }))
  await receive(
    app,
    inbox,
    events.map((event) => ({ event, receivedAt: app.now() })),
  )
  const [row] = await rowsOf<{ id: string; conversation: string; version: number }>(sql`
    SELECT k.id, k.version, c.id AS conversation FROM contacts k JOIN identities i ON i.workspace_id = k.workspace_id AND i.contact_id = k.id
    JOIN conversations c ON c.workspace_id = i.workspace_id AND c.identity_id = i.principal_id
    WHERE i.inbox_id = ${inbox.id} AND i.external_id = ${from} ORDER BY c.opened_at DESC`)
  if (!row) throw new Error('Nobody came.')
  return row
}

async function found(app: ReturnType<typeof testApp>, scope: Scope, q: string): Promise<(string | null)[]> {
  const [rows] = await app.db.read(contactsPage(scope, { terms: searchTerms(q), groupId: null }, null))
  return toContactsPage(rows, scope).rows.map(({ name }) => name)
}

const TABLES = [
  'contacts',
  'identities',
  'conversations',
  'comments',
  'contact_tags',
  'contact_groups',
  'contact_texts',
  'tags',
] as const

/** Of every row of every table that a merge could touch. */
async function tableHash(workspaceId: string): Promise<string> {
  const all = await Promise.all(
    TABLES.map((table) =>
      rowsOf(sql`SELECT * FROM ${sql.raw(table)} WHERE workspace_id = ${workspaceId} ORDER BY 1, 2, 3`),
    ),
  )
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(JSON.stringify(all)))
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

describe('a search', () => {
  it('finds by any word of the name without accents, and by the number in any spelling', async () => {
    const [shop, other, app] = [await newShop(), await newShop(), testApp()]
    await meets(shop, app, '551199990001', 'João da Conceição')
    await meets(other, app, '551199990001', 'João de outra casa')
    const ana = await viewerOf(shop)
    for (const q of [
      'joao',
      'CONCEIÇÃO',
      'conc joão',
      '11 99999-0001',
      '(011) 9999-0001',
      '+55 11 9 9999-0001',
      '0001',
      '99990001',
      '5511 99999',
    ])
      expect([q, await found(app, ana, q)]).toEqual([q, ['João da Conceição']])
    for (const q of ['maria', '12 99999-0001', '" OR "', 'NEAR(a b)', 'a* -b', "'; DROP TABLE contacts; --"])
      expect([q, await found(app, ana, q)]).toEqual([q, []])
  })

  it('still finds by the profile’s name whoever the team calls otherwise, and forgets names that are gone', async () => {
    const [shop, app] = [await newShop(), testApp()]
    const { id, version } = await meets(shop, app, '5511988880001', '🌸Flor🌸')
    const ana = await viewerOf(shop)
    expect(await found(app, ana, 'flor')).toEqual(['🌸Flor🌸'])
    await rename(app, ana, { contactId: id, name: 'Florinda Meza', version }, {})
    expect(await found(app, ana, 'meza')).toEqual(['Florinda Meza'])
    await rename(app, ana, { contactId: id, name: 'Dona Flora', version: version + 1 }, {})
    expect(await found(app, ana, 'meza')).toEqual([])
    expect(await found(app, ana, 'flora')).toEqual(['Dona Flora'])
  })

  it('shows nobody whose conversations all belong to another department', async () => {
    const [shop, app] = [await newShop(), testApp()]
    const inbox = await newInbox(shop.workspaceId, { departmentId: shop.financeiro })
    await change(mayUse(shop.people.Bruno, inbox.id), mayUse(shop.people.Carla, inbox.id))
    const { id, version } = await meets(shop, app, '5511977770001', 'Segredo', inbox)
    const [bruno, carla] = [await viewerOf(shop, 'Bruno'), await viewerOf(shop, 'Carla')]
    expect(await found(app, bruno, 'segredo')).toEqual([])
    expect(await found(app, bruno, '')).toEqual([])
    expect(await found(app, carla, 'segredo')).toEqual(['Segredo'])
    await expect(rename(app, bruno, { contactId: id, name: 'x', version }, {})).rejects.toMatchObject({
      code: 'not_found',
    })
    await expect(
      comment(app, bruno, { contactId: id, text: 'x', conversationId: null, clientKey: crypto.randomUUID() }),
    ).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('the team’s name for a person', () => {
  it('beats what they call themselves for ever, and is kept beside it', async () => {
    const [shop, app] = [await newShop(), testApp()]
    const { id, version } = await meets(shop, app, '5511966660001', 'Perfil')
    const ana = await viewerOf(shop)
    await rename(app, ana, { contactId: id, name: '  Maria   Souza ', version }, {})
    app.clock.now += MINUTE
    await meets(shop, app, '5511966660001', 'Perfil novo')
    expect(
      await rowsOf(sql`SELECT name, profile_name, name_key FROM contacts WHERE workspace_id = ${shop.workspaceId}`),
    ).toEqual([{ name: 'Maria Souza', profile_name: 'Perfil novo', name_key: 'maria souza' }])
    expect(await rowsOf(sql`SELECT action, target_id FROM audit_log WHERE workspace_id = ${shop.workspaceId}`)).toEqual(
      [{ action: 'contact.renamed', target_id: id }],
    )
  })

  it('is not overwritten by who saw an older one, and nothing is no name', async () => {
    const [shop, app] = [await newShop(), testApp()]
    const { id, version } = await meets(shop, app, '5511966660002', 'Perfil')
    const ana = await viewerOf(shop)
    await rename(app, ana, { contactId: id, name: 'Primeira', version }, {})
    await expect(rename(app, ana, { contactId: id, name: 'Segunda', version }, {})).rejects.toMatchObject({
      code: 'conflict',
    })
    for (const name of ['', '   ', '\u200b\u202e', '\0'])
      await expect(rename(app, ana, { contactId: id, name, version: version + 1 }, {})).rejects.toMatchObject({
        code: 'invalid',
      })
  })
})

describe('two contacts that are one person', () => {
  async function twoPeople(db?: Parameters<typeof testApp>[0]) {
    const [shop, app] = [await newShop(), testApp(db)]
    const second = await newInbox(shop.workspaceId)
    const kept = await meets(shop, app, '5511955550001', 'Maria')
    const merged = await meets(shop, app, '5521955550002', 'Maria do Rio', second)
    const ana = await viewerOf(shop)
    const [both, theirs] = [uuidv7(), uuidv7()]
    await createGroup(app, ana, { id: both, name: 'Ambas' }, {})
    await createGroup(app, ana, { id: theirs, name: 'Só dela' }, {})
    for (const contactId of [kept.id, merged.id]) await join(app, ana, { contactId, groupId: both })
    await join(app, ana, { contactId: merged.id, groupId: theirs })
    await change(
      sql`INSERT INTO tags (workspace_id, id, name, name_key, created_at) VALUES (${shop.workspaceId}, ${both}, 'VIP', 'vip', 0)`,
      sql`INSERT INTO contact_tags (workspace_id, contact_id, tag_id, created_at) VALUES (${shop.workspaceId}, ${merged.id}, ${both}, 7)`,
    )
    for (const conversationId of [null, merged.conversation])
      await comment(app, ana, {
        contactId: merged.id,
        text: 'Prefere tarde',
        conversationId,
        clientKey: crypto.randomUUID(),
      })
    return { shop, app, second, kept, merged, ana, pair: { id: uuidv7(), keptId: kept.id, mergedId: merged.id } }
  }

  it('become one with everything of both, and two again with every row as it was', async () => {
    const { shop, app, kept, merged, ana, pair } = await twoPeople({ db: losingAnswers() })
    const before = await tableHash(shop.workspaceId)
    await merge(app, ana, pair, {})
    expect(await tableHash(shop.workspaceId)).not.toBe(before)
    expect(
      await rowsOf(sql`SELECT (SELECT count(*) FROM identities WHERE contact_id = ${kept.id}) AS addresses,
        (SELECT count(*) FROM conversations WHERE contact_id = ${kept.id}) AS conversations,
        (SELECT count(*) FROM comments WHERE contact_id = ${kept.id}) AS comments,
        (SELECT count(*) FROM contact_groups WHERE contact_id = ${kept.id}) AS groups,
        (SELECT count(*) FROM contact_tags WHERE contact_id = ${kept.id}) AS tags,
        (SELECT count(*) FROM contact_groups WHERE contact_id = ${merged.id}) AS left_behind`),
    ).toEqual([{ addresses: 2, conversations: 2, comments: 2, groups: 2, tags: 1, left_behind: 0 }])
    expect(await found(app, ana, '21 95555-0002')).toEqual(['Maria'])
    expect(await brokenRules(shop.workspaceId)).toEqual([])

    app.clock.now += 9 * MINUTE
    await unmerge(app, ana, { keptId: kept.id, mergeId: pair.id }, {})
    expect(await tableHash(shop.workspaceId)).toBe(before)
    expect(
      await rowsOf(
        sql`SELECT action FROM audit_log WHERE workspace_id = ${shop.workspaceId} AND action LIKE 'contact.%' ORDER BY created_at, id`,
      ),
    ).toEqual([{ action: 'contact.merged' }, { action: 'contact.unmerged' }])
  })

  it('stay one after ten minutes', async () => {
    const { app, kept, ana, pair } = await twoPeople()
    await merge(app, ana, pair, {})
    app.clock.now += 10 * MINUTE + 1
    await expect(unmerge(app, ana, { keptId: kept.id, mergeId: pair.id }, {})).rejects.toMatchObject({
      code: 'conflict',
    })
    const [left] = await app.db.read(undoableMerges(ana, kept.id, app.now() - 10 * MINUTE))
    expect(left).toEqual([])
  })

  it('are one for whoever writes next, and what came meanwhile goes with its own address', async () => {
    const { shop, app, second, kept, merged, ana, pair } = await twoPeople()
    await merge(app, ana, pair, {})
    app.clock.now += MINUTE
    await change(
      sql`UPDATE conversations SET status = 'closed' WHERE workspace_id = ${shop.workspaceId} AND id = ${merged.conversation}`,
    )
    const again = await meets(shop, app, '5521955550002', 'Maria do Rio', second)
    expect(again.id).toBe(kept.id)
    const third = await newInbox(shop.workspaceId)
    expect((await meets(shop, app, '5521955550002', 'Maria do Rio', third)).id).toBe(kept.id)
    await unmerge(app, ana, { keptId: kept.id, mergeId: pair.id }, {})
    expect(await rowsOf(sql`SELECT contact_id FROM conversations WHERE id = ${again.conversation}`)).toEqual([
      { contact_id: merged.id },
    ])
  })

  it('are merged once however often it is asked, and never with themselves', async () => {
    const { shop, app, kept, ana, pair } = await twoPeople()
    await merge(app, ana, pair, {})
    await merge(app, ana, pair, {})
    await merge(app, ana, { ...pair, id: uuidv7() }, {})
    expect(
      await rowsOf(sql`SELECT count(*) AS n FROM contact_merges WHERE workspace_id = ${shop.workspaceId}`),
    ).toEqual([{ n: 1 }])
    await expect(merge(app, ana, { ...pair, mergedId: kept.id }, {})).rejects.toMatchObject({ code: 'invalid' })
  })

  it('a second merge under the same id moves nothing', async () => {
    const { shop, app, ana, pair } = await twoPeople()
    const third = await meets(shop, app, '5531955550003', 'Rita')
    await merge(app, ana, pair, {})
    const before = await tableHash(shop.workspaceId)
    await expect(merge(app, ana, { ...pair, mergedId: third.id }, {})).rejects.toMatchObject({ code: 'conflict' })
    expect(await tableHash(shop.workspaceId)).toBe(before)
    expect(
      await rowsOf(
        sql`SELECT count(*) AS n FROM audit_log WHERE workspace_id = ${shop.workspaceId} AND action = 'contact.merged'`,
      ),
    ).toEqual([{ n: 1 }])
  })

  it('of another workspace are nobody', async () => {
    const { app, pair } = await twoPeople()
    const eva = await viewerOf(await newShop())
    await expect(merge(app, eva, pair, {})).rejects.toMatchObject({ code: 'not_found' })
  })
})
