/** A dump that one pass is too short for goes on in the next, of the same moment; nobody finds half of one. */
import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { uuidv7 } from 'uuidv7'
import { afterEach, beforeAll, expect, it, vi } from 'vitest'
import { change, rowsOf } from '../../test/support/people.ts'
import { testApp } from '../../test/support/workerd/app.ts'
import { dump, hexOf, linesOf, tablesIn } from '../../test/support/workerd/dumped.ts'
import { eraseThem, finishErasing, somebody } from '../../test/support/workerd/somebody.ts'
import { newShop, type Shop } from '../../test/support/workerd/workspace.ts'
import { fakeWorld } from '../../test/support/workerd/world.ts'
import { caretakerOf } from '../caretakers/address.ts'
import { NightWork } from '../caretakers/night-work.ts'
import { Nights } from '../caretakers/nights.ts'
import { beginDump, type Dumping } from './dumps.ts'

const A_PASS = 1_000_000
/** Several passes; and so many that the store has more than one part of it. */
const HEAVY = 6_000_000
const HEAVIER = 11_000_000

const laden: Shop[] = []

beforeAll(() => {
  fakeWorld()
})

afterEach(async () => {
  for (const { workspaceId } of laden.splice(0))
    await change(sql`DELETE FROM applied_events WHERE workspace_id = ${workspaceId}`)
})

/** In a table that is read among the first, and of what cannot be zipped to less than half. */
async function load(shop: Shop, characters: number): Promise<void> {
  laden.push(shop)
  await change(sql`INSERT INTO applied_events (workspace_id, inbox_id, dedupe_key, kind, applied_at)
    SELECT ${shop.workspaceId}, ${shop.inbox.id}, value, hex(randomblob(250000)), ${Date.now()}
    FROM generate_series(1, ${characters / 500_000})`)
}

async function finish(dumping: Dumping): Promise<number> {
  for (let passes = 1; ; passes++) if (await dumping.pass(A_PASS)) return passes
}

it('what is written, changed, deleted and erased between two passes is no part of it', async () => {
  const them = await somebody()
  const { app, shop, word, contactId } = them
  const { workspaceId } = shop
  const contact = (id: string, name: string) =>
    sql`INSERT INTO contacts (workspace_id, id, name, name_key, created_at) VALUES (${workspaceId}, ${id}, ${name}, 'x', 1)`
  const tag = uuidv7()
  await change(
    contact('old', 'Antiga'),
    sql`INSERT INTO tags (workspace_id, id, name, name_key, color, created_at) VALUES (${workspaceId}, ${tag}, 'Obra', 'obra', 'red', 1)`,
    sql`INSERT INTO contact_tags (workspace_id, contact_id, tag_id, created_at) VALUES (${workspaceId}, ${contactId}, ${tag}, 1)`,
  )
  await load(shop, HEAVY)
  const at = Date.now()
  app.clock.now = at
  const key = `dumps/${workspaceId}/in-passes`
  const dumping = beginDump(app, workspaceId, { at, key })
  expect(await dumping.pass(A_PASS)).toBeNull()
  const first = dumping.rows

  await change(
    contact('new', 'Nova'),
    sql`UPDATE contacts SET name = 'Mudada' WHERE workspace_id = ${workspaceId} AND id = 'old'`,
    sql`DELETE FROM contact_tags WHERE workspace_id = ${workspaceId} AND tag_id = ${tag}`,
    sql`DELETE FROM tags WHERE workspace_id = ${workspaceId} AND id = ${tag}`,
  )
  await eraseThem(them)
  await finishErasing(app, shop)
  expect(await env.MEDIA.head(key)).toBeNull()

  expect(await finish(dumping)).toBeGreaterThan(3)
  expect(dumping.rows).toBeGreaterThan(first)
  const lines = await linesOf(key)
  expect(JSON.parse(lines.at(-1) ?? '').sha256).toBe(await hexOf(`${lines.slice(0, -1).join('\n')}\n`))
  const tables = tablesIn(lines)
  const names = tables['contacts']?.map((row) => row['name'] ?? row['profile_name'])
  expect(names?.toSorted()).toEqual(['Antiga', `${word} Perfil`])
  expect(tables['tags']?.map(({ id }) => id)).toEqual([tag])
  expect(await dangling(tables)).toEqual([])
  // Put back, she is erased again: it does not know of it, and what outlives the database does.
  expect(tables['erasures']).toEqual([])
  expect((await app.ledger(workspaceId).erasuresSince(at, '')).map((one) => one.contactId)).toEqual([contactId])

  await dump(app, workspaceId, { at: Date.now(), key })
  expect((await linesOf(key)).join('\n')).not.toContain(word)
})

/** References to rows that are not there, as `PRAGMA foreign_key_check` would find them once it is put back. */
async function dangling(tables: ReturnType<typeof tablesIn>): Promise<string[]> {
  const keys = await rowsOf<{ child: string; id: number; parent: string; from: string; to: string }>(
    sql`SELECT t.name AS child, f.id, f."table" AS parent, f."from", f."to"
      FROM pragma_table_list t, pragma_foreign_key_list(t.name) f WHERE t.schema = 'main' AND t.type = 'table' ORDER BY 1, 2, f.seq`,
  )
  expect(keys.length).toBeGreaterThan(20)
  return [...Map.groupBy(keys, ({ child, id }) => `${child} ${id}`).values()].flatMap((columns) => {
    const [{ child, parent } = { child: '', parent: '' }] = columns
    const there = new Set(tables[parent]?.map((row) => JSON.stringify(columns.map(({ to }) => row[to]))))
    return (tables[child] ?? [])
      .map((row) => columns.map(({ from }) => row[from]))
      .filter((cells) => cells.every((cell) => cell !== undefined) && !there.has(JSON.stringify(cells)))
      .map((cells) => `${child} ${parent} ${cells.join(' ')}`)
  })
}

/** Passes of a night in a caretaker whose own alarms have nothing to do with it. */
function nightIn(shop: Shop) {
  const app = testApp()
  let work: NightWork | null = null
  const inside = <Result>(run: (nights: Nights, storage: DurableObjectStorage) => Result | Promise<Result>) =>
    runInDurableObject(caretakerOf(env, shop.workspaceId), (_, { storage }) => run(new Nights(storage), storage))
  return {
    inside,
    /** Answers how often. */
    async passes(until: (nights: Nights) => boolean): Promise<number> {
      for (let passes = 1; ; passes++) {
        const isSo = await inside(async (nights) => {
          work ??= new NightWork(nights)
          await work.goOn(app, shop.workspaceId, A_PASS)
          return until(nights)
        })
        if (isSo) return passes
      }
    },
    /** What was in memory is gone: nobody asks it any more. */
    killed(): NightWork | null {
      const dead = work
      work = null
      return dead
    },
  }
}

const isWhole = (nights: Nights) => nights.newest(1)[0]?.isWhole === true

it('a pass stops where it has had enough, and none is begun beside it; killed, it is taken away and begun again', async () => {
  const shop = await newShop()
  await load(shop, HEAVIER)
  const night = nightIn(shop)
  await night.passes(() => true)
  const [begun] = await night.inside((nights) => nights.newest(2))
  expect(begun).toMatchObject({ isWhole: false, failed: null, rows: expect.any(Number) })
  expect(begun?.rows).toBeGreaterThan(0)

  const passes = await night.passes((nights) => nights.begun().some(({ upload }) => upload !== null))
  expect(passes).toBeGreaterThan(3)
  const further = await night.inside((nights) => nights.newest(2))
  expect(further).toMatchObject([{ at: begun?.at, isWhole: false }])
  expect(further[0]?.rows).toBeGreaterThan(begun?.rows ?? 0)
  const [{ key, upload } = { key: '', upload: '' }] = await night.inside((nights) => nights.begun())
  expect(await env.MEDIA.head(key)).toBeNull()

  const dead = night.killed()
  await night.passes(isWhole)
  const [whole, cut] = await night.inside((nights) => nights.newest(3))
  expect(whole).toMatchObject({ isWhole: true, failed: null })
  expect((await env.MEDIA.head(whole?.key ?? ''))?.size).toBe(whole?.bytes)
  expect(cut).toMatchObject({ at: begun?.at, key: null, isWhole: false, failed: 'cut_off' })
  await expect(env.MEDIA.resumeMultipartUpload(key, upload ?? '').uploadPart(2, 'x')).rejects.toThrow()
  // Were it alive after all, nothing of it would come to be.
  await night.inside(() => dead?.goOn(testApp(), shop.workspaceId, Number.POSITIVE_INFINITY))
  expect(await env.MEDIA.head(key)).toBeNull()
})

it('a caretaker goes on from alarm to alarm until it is whole', async () => {
  const shop = await newShop()
  await load(shop, HEAVY)
  const caretaker = caretakerOf(env, shop.workspaceId)
  const alarms = await runInDurableObject(caretaker, (object) => {
    object.passLength = A_PASS
    return vi.spyOn(object, 'alarm')
  })
  await caretaker.look(shop.workspaceId)
  await expect.poll(async () => (await caretaker.dumps()).map((one) => one.isWhole)).toEqual([true])
  expect(alarms.mock.calls.length).toBeGreaterThan(3)
  const [made] = await caretaker.dumps()
  const lines = await linesOf(made?.key ?? '')
  expect(JSON.parse(lines.at(-1) ?? '').sha256).toBe(await hexOf(`${lines.slice(0, -1).join('\n')}\n`))
})
