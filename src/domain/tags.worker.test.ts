import { sql } from 'drizzle-orm'
import { uuidv7 } from 'uuidv7'
import { beforeEach, expect, it } from 'vitest'
import { change, rowsOf } from '../../test/support/people.ts'
import { losingAnswers, NOON, type TestApp, testApp } from '../../test/support/workerd/app.ts'
import { viewerOf } from '../../test/support/workerd/viewers.ts'
import { eventsOf, MARIANA, said } from '../../test/support/workerd/whatsapp.ts'
import { newShop, rowOf, type Shop } from '../../test/support/workerd/workspace.ts'
import type { Viewer } from '../db/records.ts'
import { receive } from './receive.ts'
import { changeTag, createTag, removeTag, tagContact } from './tags.ts'

let app: TestApp
let shop: Shop
let ana: Viewer
let bruno: Viewer
let carla: Viewer
let contactId: string

beforeEach(async () => {
  app = testApp()
  shop = await newShop()
  ;[ana, bruno, carla] = await Promise.all([
    viewerOf(shop.people.Ana),
    viewerOf(shop.people.Bruno),
    viewerOf(shop.people.Carla),
  ])
  const events = await eventsOf(shop.inbox.accountId, said({ from: MARIANA, name: 'Mariana' }))
  await receive(
    app,
    shop.inbox,
    events.map((event) => ({ event, receivedAt: NOON })),
  )
  ;({ id: contactId } = await rowOf<{ id: string }>(
    sql`SELECT id FROM contacts WHERE workspace_id = ${shop.workspaceId}`,
  ))
  app.published.length = 0
})

const save = (viewer: Viewer, over: { added?: string[]; removed?: string[]; created?: string[] }, on = app) =>
  tagContact(on, viewer, { contactId, added: [], removed: [], created: [], ...over })

async function tag(name: string): Promise<string> {
  await createTag(app, ana, { name, color: 'sea' })
  return (await idOf(name)) ?? ''
}

const idOf = async (name: string) =>
  (
    await rowsOf<{ id: string }>(sql`SELECT id FROM tags WHERE workspace_id = ${shop.workspaceId} AND name = ${name}`)
  )[0]?.id

const names = async () =>
  (
    await rowsOf<{ name: string }>(sql`SELECT t.name FROM contact_tags c
      JOIN tags t ON t.workspace_id = c.workspace_id AND t.id = c.tag_id
      WHERE c.workspace_id = ${shop.workspaceId} AND c.contact_id = ${contactId} ORDER BY t.name_key`)
  ).map(({ name }) => name)

const usesOf = async (name: string) =>
  (
    await rowOf<{ uses: number }>(
      sql`SELECT uses FROM tags WHERE workspace_id = ${shop.workspaceId} AND name = ${name}`,
    )
  ).uses

const actions = async () =>
  (
    await rowsOf<{ action: string }>(
      sql`SELECT action FROM audit_log WHERE workspace_id = ${shop.workspaceId} ORDER BY created_at, id`,
    )
  ).map(({ action }) => action)

/** What everyone was told that the person has, the last time. */
function told() {
  const last = app.published.at(-1)
  return last?.type === 'thread.changed'
    ? { count: last.conversation.tags.count, first: last.conversation.tags.first.map(({ name }) => name) }
    : null
}

it('several tags are put on at once, and every open conversation shows the first three', async () => {
  const ids = await Promise.all(['Árvore', 'banco', 'Casa', 'Dívida'].map(tag))
  await save(bruno, { added: ids })
  expect(await names()).toEqual(['Árvore', 'banco', 'Casa', 'Dívida'])
  expect(told()).toEqual({ count: 4, first: ['Árvore', 'banco', 'Casa'] })
})

it('two agents who save at once both get what they chose', async () => {
  const [old, one, other] = await Promise.all([tag('Antiga'), tag('VIP'), tag('Atacado')])
  await save(ana, { added: [old] })
  await Promise.all([save(bruno, { added: [one] }), save(carla, { added: [other], removed: [old] })])
  expect(await names()).toEqual(['Atacado', 'VIP'])
})

it('the same saved twice, with its first answer lost, is saved once', async () => {
  const id = await tag('VIP')
  const shaky = testApp({ db: losingAnswers() })
  await save(ana, { added: [id], created: ['Nova'] }, shaky)
  await save(ana, { added: [id], created: ['nova'] })
  expect(await names()).toEqual(['Nova', 'VIP'])
  expect(await usesOf('Nova')).toBe(1)
  expect((await actions()).filter((action) => action === 'tag.created')).toHaveLength(2)
})

it('a name that is there in other letters is that tag', async () => {
  await tag('Orçamento')
  await save(ana, { created: ['  ORCAMENTO '] })
  expect(await names()).toEqual(['Orçamento'])
  await expect(createTag(app, ana, { name: 'orçamento', color: 'clay' })).rejects.toMatchObject({
    code: 'invalid',
    details: { reason: 'taken' },
  })
})

it('agents choose among the tags, and make, rename and delete none', async () => {
  const id = await tag('VIP')
  await expect(save(bruno, { created: ['Minha'] })).rejects.toMatchObject({ code: 'forbidden' })
  await expect(createTag(app, bruno, { name: 'Minha', color: 'sea' })).rejects.toMatchObject({ code: 'forbidden' })
  await expect(changeTag(app, bruno, { id, name: 'Outra', color: 'sea', version: 1 })).rejects.toMatchObject({
    code: 'forbidden',
  })
  await expect(removeTag(app, bruno, id)).rejects.toMatchObject({ code: 'forbidden' })
  expect(await idOf('VIP')).toBe(id)
})

it('whoever does not see the person cannot tag them, nor learn that they exist', async () => {
  const id = await tag('VIP')
  await change(
    sql`UPDATE conversations SET department_id = ${shop.financeiro} WHERE workspace_id = ${shop.workspaceId}`,
  )
  await expect(save(bruno, { added: [id] })).rejects.toMatchObject({ code: 'not_found' })
  const foreign = await newShop()
  await expect(save(await viewerOf(foreign.people.Ana), { added: [id] })).rejects.toMatchObject({ code: 'not_found' })
  await save(carla, { added: [id] })
  expect(await names()).toEqual(['VIP'])
})

it('a tag of another workspace is no tag', async () => {
  const foreign = await newShop()
  await createTag(app, await viewerOf(foreign.people.Ana), { name: 'Deles', color: 'sea' })
  const { id } = await rowOf<{ id: string }>(sql`SELECT id FROM tags WHERE workspace_id = ${foreign.workspaceId}`)
  await save(ana, { added: [id] })
  expect(await names()).toEqual([])
})

it('renamed or recoloured, it changes on everyone who has it', async () => {
  const id = await tag('Vip')
  await save(ana, { added: [id] })
  await changeTag(app, ana, { id, name: 'Cliente ouro', color: 'amber', version: 1 })
  expect(told()).toEqual({ count: 1, first: ['Cliente ouro'] })
  expect((await actions()).at(-1)).toBe('tag.changed')
})

it('whoever edits an older version is told, and overwrites nothing', async () => {
  const id = await tag('Vip')
  await changeTag(app, ana, { id, name: 'Ouro', color: 'sea', version: 1 })
  await expect(changeTag(app, ana, { id, name: 'Prata', color: 'sea', version: 1 })).rejects.toMatchObject({
    code: 'conflict',
  })
  expect(await idOf('Ouro')).toBe(id)
})

it('a name that another tag has is refused', async () => {
  const id = await tag('Um')
  await tag('Dois')
  await expect(changeTag(app, ana, { id, name: 'DOIS', color: 'sea', version: 1 })).rejects.toMatchObject({
    details: { reason: 'taken' },
  })
})

it('deleted, it is gone from everyone, and twice is once', async () => {
  const [id, stays] = [await tag('Vai'), await tag('Fica')]
  await save(ana, { added: [id, stays] })
  expect(await usesOf('Vai')).toBe(1)
  await removeTag(testApp({ db: losingAnswers() }), ana, id)
  await expect(removeTag(app, ana, id)).rejects.toMatchObject({ code: 'not_found' })
  expect(await names()).toEqual(['Fica'])
  expect(await usesOf('Fica')).toBe(1)
  expect((await actions()).filter((action) => action === 'tag.deleted')).toHaveLength(1)
})

it.each([
  ['', 'empty'],
  ['   ', 'empty'],
  ['\u200b\u2060', 'empty'],
  ['\u0301', 'empty'],
  ['x'.repeat(41), 'long'],
  ['x'.repeat(100_000), 'long'],
])('%# a name that is none is refused, and it is said why', async (name, reason) => {
  await expect(createTag(app, ana, { name, color: 'sea' })).rejects.toMatchObject({
    code: 'invalid',
    details: { reason },
  })
})

it.each([
  ['<script>alert(1)</script>', '<script>alert(1)</script>'],
  ["'; DROP TABLE tags; --", "'; DROP TABLE tags; --"],
  ['a\u202eb\ud800', 'ab\ufffd'],
  ['🔥', '🔥'],
  ['NEAR("a" OR *)', 'NEAR("a" OR *)'],
])('%# a strange name is kept as the text that it is', async (name, stored) => {
  await createTag(app, ana, { name, color: 'sea' })
  await save(ana, { created: [name] })
  expect(await names()).toEqual([stored])
})

it('whatever moves a person’s tags, chips and uses are what a count would say', async () => {
  const ids = await Promise.all(['a', 'b', 'c', 'd', 'e'].map(tag))
  const other = uuidv7()
  await change(sql`INSERT INTO contacts (workspace_id, id, created_at) VALUES (${shop.workspaceId}, ${other}, 0)`)
  await save(ana, { added: ids })
  await change(
    sql`UPDATE contact_tags SET contact_id = ${other} WHERE workspace_id = ${shop.workspaceId} AND tag_id = ${ids[0]}`,
    sql`DELETE FROM contact_tags WHERE workspace_id = ${shop.workspaceId} AND tag_id = ${ids[4]}`,
  )
  const wrong = await rowsOf(sql`SELECT k.id FROM contacts k WHERE workspace_id = ${shop.workspaceId}
      AND coalesce(k.tag_chips ->> 'count', 0) <> (SELECT count(*) FROM contact_tags c WHERE c.workspace_id = k.workspace_id AND c.contact_id = k.id)
    UNION ALL SELECT t.id FROM tags t WHERE workspace_id = ${shop.workspaceId}
      AND t.uses <> (SELECT count(*) FROM contact_tags c WHERE c.workspace_id = t.workspace_id AND c.tag_id = t.id)`)
  expect(wrong).toEqual([])
})
