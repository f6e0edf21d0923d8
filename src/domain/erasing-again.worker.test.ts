/** A database that was put back has people in it who were erased since the backup: they are erased again, and stay so. */
import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { uuidv7 } from 'uuidv7'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { change, rowsOf } from '../../test/support/people.ts'
import { losingAnswers } from '../../test/support/workerd/app.ts'
import { aMessage, aReaction } from '../../test/support/workerd/events.ts'
import {
  contactsOf,
  eraseThem,
  finishErasing,
  gatewaysApp,
  journalIsEmpty,
  type Somebody,
  somebody,
  tell,
  traces,
} from '../../test/support/workerd/somebody.ts'
import { brokenRules } from '../../test/support/workerd/state.ts'
import { rowOf } from '../../test/support/workerd/workspace.ts'
import { fakeWorld } from '../../test/support/workerd/world.ts'
import { type Db, openDb } from '../db/client.ts'
import { gatewayOf } from '../gateways/address.ts'
import { merge } from './contacts.ts'
import { idKey, personKey } from './erased.ts'
import { eraseAgain } from './erasing-again.ts'
import type { LedgerErasure } from './erasure-ledger.ts'
import { receive } from './receive.ts'

beforeAll(() => {
  fakeWorld()
  for (const way of ['warn', 'error'] as const) vi.spyOn(console, way).mockImplementation(() => undefined)
})

/** When they were erased; the backup is of a second before. */
const ERASED_AT = Date.now() - 10_000

/** As it is after a restore: they are there again, but what outlives the database knows that they were erased. */
async function putBack(them: Somebody, but: Partial<LedgerErasure> = {}): Promise<LedgerErasure> {
  const { app, ana, contactId, shop, word, phone, address } = them
  const { workspaceId, inbox } = shop
  const erasure: LedgerErasure = {
    id: uuidv7(),
    contactId,
    contactIds: [but.contactId ?? contactId],
    requestedById: ana.agentId,
    requestedAt: ERASED_AT,
    counts: '{"messages":7}',
    finishedAt: ERASED_AT,
    ...but,
  }
  const known = [
    ...[phone, phone.slice(1), address].map(personKey),
    ...['1', '2', 'later'].flatMap((name) => [idKey(`${word}.${name}`), idKey(`msg:${word}.${name}`)]),
  ]
  const keys = await Promise.all(
    known.map(async (what) => ({ inboxId: inbox.id, key: await app.erasedKey(inbox, what), erasedAt: ERASED_AT })),
  )
  await app.ledger(workspaceId).remember({ erasure, keys })
  await runInDurableObject(gatewayOf(env, inbox.webhookKey), (_, { storage }) => {
    storage.sql.exec('DELETE FROM journal')
  })
  await mark(them)
  return erasure
}

const mark = ({ shop }: Somebody) =>
  change(sql`UPDATE workspaces SET restored_from = ${ERASED_AT - 1_000} WHERE id = ${shop.workspaceId}`)

const erasuresOf = ({ shop }: Somebody) =>
  rowsOf<{ id: string; contact_id: string; counts: string; finished_at: number | null; requested_at: number }>(
    sql`SELECT id, contact_id, counts, finished_at, requested_at FROM erasures WHERE workspace_id = ${shop.workspaceId}`,
  )

const namesOf = ({ shop }: Somebody) =>
  rowsOf<{ name: string; id: string }>(
    sql`SELECT id, coalesce(name, profile_name) AS name FROM contacts WHERE workspace_id = ${shop.workspaceId} AND erased_at IS NULL`,
  )

describe('what outlives the database', () => {
  it('knows every erasure, by ids of ours and by every hash that the database has', async () => {
    const them = await somebody()
    const id = await eraseThem(them)
    await finishErasing(them.app, them.shop)
    const ledger = them.app.ledger(them.shop.workspaceId)
    const [proof] = await erasuresOf(them)
    expect(await ledger.erasuresSince(0, '')).toEqual([
      {
        ...{ id, contactId: them.contactId, contactIds: [them.contactId], requestedById: them.ana.agentId },
        ...{ requestedAt: proof?.requested_at, counts: proof?.counts, finishedAt: expect.any(Number) },
      },
    ])
    const { keys, next } = await ledger.keysSince(0, 0)
    const stored = await rowsOf<{ key: string }>(
      sql`SELECT key FROM erased_keys WHERE workspace_id = ${them.shop.workspaceId} ORDER BY key`,
    )
    expect(keys.map(({ key }) => key).toSorted()).toEqual(stored.map(({ key }) => key))
    expect(stored.length).toBeGreaterThan(5)
    expect(next).toBeNull()
    expect(await traces(them)).toEqual([])
  })

  it('is asked for what came since, a page at a time', async () => {
    const { app, shop } = await somebody()
    const ledger = app.ledger(shop.workspaceId)
    const keys = Array.from({ length: 1_201 }, (_, at) => ({ inboxId: 'i', key: `k${at}`, erasedAt: at }))
    await ledger.remember({ keys })
    const found: string[] = []
    for (let after: number | null = 0; after !== null; ) {
      const page = await ledger.keysSince(201, after)
      found.push(...page.keys.map(({ key }) => key))
      after = page.next
    }
    expect(found).toEqual(keys.slice(201).map(({ key }) => key))
  })
})

describe('after a restore', () => {
  it('nothing comes in before they are erased again; then it is somebody new’s', async () => {
    const them = await somebody()
    await putBack(them)
    const { app, shop, word, phone } = them
    const from = { externalIds: [phone.slice(1)], phone, profileName: 'Nova' }
    const news = aMessage({ id: `${word}.new`, from, at: Date.now(), text: 'Oi de novo' })
    await expect(receive(app, shop.inbox, [{ event: news, receivedAt: Date.now() }])).rejects.toThrow('put back')
    await tell(shop.inbox, news, aReaction(`${word}.new`, '👍', Date.now()))
    expect(await rowsOf(sql`SELECT 1 FROM messages WHERE external_id = ${`${word}.new`}`)).toEqual([])

    await eraseAgain(app)
    await expect.poll(() => contactsOf(shop)).toHaveLength(2)
    await finishErasing(app, shop)
    const [old, fresh] = await contactsOf(shop)
    expect(old).toEqual({ id: them.contactId, erased_at: ERASED_AT })
    expect(await namesOf(them)).toEqual([{ id: fresh?.id, name: 'Nova' }])
    const reactions = () =>
      rowsOf(sql`SELECT m.body, r.emoji FROM reactions r JOIN messages m ON m.id = r.message_id
        WHERE m.workspace_id = ${shop.workspaceId}`)
    await expect.poll(reactions).toEqual([{ body: 'Oi de novo', emoji: '👍' }])
    expect(await brokenRules(shop.workspaceId)).toEqual([])
  })

  it('not a word of theirs is left, and what the lost database had heard of them since is not heard again', async () => {
    const them = await somebody()
    const { id, requestedAt } = await putBack(them)
    const { app, shop, word, phone } = them
    await eraseAgain(app)
    await finishErasing(app, shop)
    const from = { externalIds: [phone.slice(1)], phone, profileName: word }
    await tell(
      shop.inbox,
      aMessage({ id: `${word}.later`, from, at: ERASED_AT - 500, text: word }),
      aMessage({ id: `${word}.past`, from, at: ERASED_AT - 500, text: word, history: true }),
      aReaction(`${word}.1`, '👍', ERASED_AT - 500),
    )
    await journalIsEmpty(them)
    expect(await traces(them)).toEqual([])
    expect(await contactsOf(shop)).toHaveLength(1)
    expect(await brokenRules(shop.workspaceId)).toEqual([])
    expect(await erasuresOf(them)).toEqual([
      {
        ...{ id, contact_id: them.contactId, requested_at: requestedAt },
        ...{ counts: expect.stringContaining('"messages":2'), finished_at: expect.any(Number) },
      },
    ])
    const audit = await rowsOf(
      sql`SELECT action, actor_id FROM audit_log WHERE target_id = ${them.contactId} ORDER BY created_at`,
    )
    expect(audit).toEqual(
      ['contact.erasure_requested', 'contact.erased'].map((action) => ({ action, actor_id: them.ana.agentId })),
    )
  })

  it('with answers lost, and asked for again, it is one; whoever asked for it may be gone', async () => {
    const them = await somebody()
    const { id } = await putBack(them, { requestedById: uuidv7() })
    const app = gatewaysApp(losingAnswers())
    await eraseAgain(app)
    await finishErasing(app, them.shop)
    await mark(them)
    await eraseAgain(app)
    await finishErasing(app, them.shop)
    expect(await erasuresOf(them)).toEqual([expect.objectContaining({ id, finished_at: expect.any(Number) })])
    expect(await traces(them)).toEqual([])
    expect(await rowOf(sql`SELECT restored_from FROM workspaces WHERE id = ${them.shop.workspaceId}`)).toEqual({
      restored_from: null,
    })
  })

  it('nothing is whole before they are gone: where they had another address in between, it is tried again', async () => {
    const them = await somebody()
    const { id } = await putBack(them)
    const { shop, contactId } = them
    await eraseAgain(gatewaysApp(learningMeanwhile(them)))
    const standing = sql`SELECT restored_from IS NOT NULL AS waits FROM workspaces WHERE id = ${shop.workspaceId}`
    expect([await erasuresOf(them), await rowOf(standing)]).toEqual([[], { waits: 1 }])
    await eraseAgain(them.app)
    expect([await erasuresOf(them), await rowOf(standing)]).toEqual([
      [expect.objectContaining({ id, contact_id: contactId })],
      { waits: 0 },
    ])
    await finishErasing(them.app, shop)
    expect(await traces(them)).toEqual([])
  })

  it('of whom the backup knows nothing, the proof is back', async () => {
    const them = await somebody()
    const { id, contactId } = await putBack(them, { contactId: uuidv7() })
    await eraseAgain(them.app)
    expect(await erasuresOf(them)).toEqual([
      { id, contact_id: contactId, requested_at: ERASED_AT, counts: '{"messages":7}', finished_at: ERASED_AT },
    ])
    expect(await namesOf(them)).toHaveLength(1)
  })

  it('what was merged later is erased with them, what was parted later stays', async () => {
    const them = await somebody()
    const { app, ana, shop, contactId, word } = them
    const [partId, otherId] = [uuidv7(), uuidv7()]
    const named = (id: string, name: string) =>
      sql`INSERT INTO contacts (workspace_id, id, name, name_key, created_at) VALUES (${shop.workspaceId}, ${id}, ${name}, 'x', 1)`
    await change(named(partId, `${word} Irmã`), named(otherId, 'Outra pessoa'))
    await merge(app, ana, { id: uuidv7(), keptId: otherId, mergedId: contactId }, {})
    await putBack(them, { contactIds: [contactId, partId] })
    await eraseAgain(app)
    await finishErasing(app, shop)
    expect(await traces(them)).toEqual([])
    expect(await namesOf(them)).toEqual([{ id: otherId, name: 'Outra pessoa' }])
    expect(await brokenRules(shop.workspaceId)).toEqual([])
  })

  it('who was part of them then, and was parted from them before they were erased, stays', async () => {
    const them = await somebody()
    const { app, ana, contactId, shop } = them
    const [other, third] = await twoOthers(them)
    await merge(app, ana, { id: uuidv7(), keptId: other, mergedId: third }, {})
    await merge(app, ana, { id: uuidv7(), keptId: contactId, mergedId: other }, {})
    await putBack(them)
    await eraseAgain(app)
    await finishErasing(app, shop)
    expect(await traces(them)).toEqual([])
    expect(await mergedInto(them)).toEqual({ [other]: null, [third]: other, [contactId]: null })
    expect(await namesOf(them)).toEqual(
      expect.arrayContaining([
        { id: other, name: 'Outra pessoa' },
        { id: third, name: 'Terceira pessoa' },
      ]),
    )
    expect(await brokenRules(shop.workspaceId)).toEqual([])
  })

  it('with whoever was part of them, they are parted from whom they were part of then', async () => {
    const them = await somebody()
    const { app, ana, contactId, shop } = them
    const [other, third] = await twoOthers(them)
    await merge(app, ana, { id: uuidv7(), keptId: contactId, mergedId: third }, {})
    await merge(app, ana, { id: uuidv7(), keptId: other, mergedId: contactId }, {})
    await putBack(them, { contactIds: [third, contactId] })
    await eraseAgain(app)
    await finishErasing(app, shop)
    expect(await traces(them)).toEqual([])
    expect(await namesOf(them)).toEqual([{ id: other, name: 'Outra pessoa' }])
    expect(await rowOf(sql`SELECT restored_from FROM workspaces WHERE id = ${shop.workspaceId}`)).toEqual({
      restored_from: null,
    })
    expect(await brokenRules(shop.workspaceId)).toEqual([])
  })
})

/** Somebody of the team comes to know another address of theirs, just before the first batch that would erase them. */
function learningMeanwhile({ shop, contactId }: Somebody): Db {
  const [db, id] = [openDb(env), uuidv7()]
  let learns = true
  return {
    ...losingAnswers(db),
    async write(...statements) {
      if (learns && statements.length > 5) {
        learns = false
        await change(sql`INSERT INTO identities (workspace_id, id, contact_id, inbox_id, principal_id, external_id, created_at)
          VALUES (${shop.workspaceId}, ${id}, ${contactId}, ${shop.inbox.id}, ${id}, ${id}, 1)`)
      }
      return db.write(...statements)
    },
  }
}

async function twoOthers({ shop }: Somebody): Promise<[string, string]> {
  const ids: [string, string] = [uuidv7(), uuidv7()]
  const named = (id: string, name: string) =>
    sql`INSERT INTO contacts (workspace_id, id, name, name_key, created_at) VALUES (${shop.workspaceId}, ${id}, ${name}, 'x', 1)`
  await change(named(ids[0], 'Outra pessoa'), named(ids[1], 'Terceira pessoa'))
  return ids
}

const mergedInto = async ({ shop }: Somebody) =>
  Object.fromEntries(
    (
      await rowsOf<{ id: string; into: string | null }>(
        sql`SELECT id, merged_into_id AS "into" FROM contacts WHERE workspace_id = ${shop.workspaceId}`,
      )
    ).map(({ id, into }) => [id, into]),
  )
