/** Each night all of a workspace is in the store: its rows, those of its people, and nobody else's. */
import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { uuidv7 } from 'uuidv7'
import { afterEach, expect, it, vi } from 'vitest'
import { change, rowsOf } from '../../test/support/people.ts'
import { testApp } from '../../test/support/workerd/app.ts'
import { dump, hexOf, linesOf, tablesIn } from '../../test/support/workerd/dumped.ts'
import { newShop, type Shop } from '../../test/support/workerd/workspace.ts'
import { caretakerOf } from '../caretakers/address.ts'
import { Nights } from '../caretakers/nights.ts'
import { BackupError } from '../db/backup-lines.ts'

const DAY = 86_400_000
const NIGHT = Date.UTC(2026, 10, 21, 6)
/** The id of a workspace whose minute is the first. */
const AT_ONCE = '0000'

afterEach(() => {
  vi.restoreAllMocks()
})

const keyOf = ({ workspaceId }: Shop) => `dumps/${workspaceId}/of-a-test`

it('holds every row of a workspace and of its people, counted and summed, and no session', async () => {
  const [shop, other] = [await newShop(), await newShop()]
  const { workspaceId, people } = shop
  const name = `Zé \u2028 ${uuidv7()}`
  await change(
    sql`INSERT INTO contacts (workspace_id, id, name, name_key, created_at) VALUES (${workspaceId}, 'k', ${name}, 'x', 1)`,
    sql`INSERT INTO session (id, token, user_id, expires_at) VALUES (${uuidv7()}, ${uuidv7()}, ${people.Ana.userId}, ${Date.now()})`,
  )
  const made = await dump(testApp(), workspaceId, { at: NIGHT, key: keyOf(shop) })

  const lines = await linesOf(keyOf(shop))
  expect(JSON.parse(lines[0] ?? '')).toEqual({ prosaBackup: 1, takenAt: NIGHT })
  const foot = JSON.parse(lines.at(-1) ?? '')
  const body = `${lines.slice(0, -1).join('\n')}\n`
  expect(foot.sha256).toBe(await hexOf(body))
  expect(made).toEqual({
    rows: lines.length - 2 - Object.keys(foot.rows).length,
    bytes: (await env.MEDIA.head(keyOf(shop)))?.size,
    sha256: foot.sha256,
  })

  const tables = tablesIn(lines)
  expect(foot.rows).toEqual(Object.fromEntries(Object.entries(tables).map(([table, rows]) => [table, rows.length])))
  expect(tables['workspaces']?.map(({ id }) => id)).toEqual([workspaceId])
  expect(tables['contacts']?.map((row) => row['name'])).toEqual([name])
  expect(tables['user']?.map(({ id }) => id).toSorted()).toEqual(
    Object.values(people)
      .map((one) => one.userId)
      .toSorted(),
  )
  expect(tables['account']?.every((row) => Object.values(people).some((one) => one.userId === row['user_id']))).toBe(
    true,
  )
  expect(tables['session']).toBeUndefined()
  const [migrations] = await rowsOf<{ n: number }>(sql`SELECT count(*) AS n FROM applied_migrations`)
  expect(tables['applied_migrations']).toHaveLength(migrations?.n ?? 0)
  expect(body).not.toContain(other.workspaceId)
  // Whatever has a workspace is in it, or has no rows of it.
  const owned = await rowsOf<{ name: string }>(
    sql`SELECT t.name FROM pragma_table_list t WHERE t.schema = 'main' AND t.type = 'table'
      AND EXISTS (SELECT 1 FROM pragma_table_info(t.name) WHERE name = 'workspace_id')`,
  )
  expect(Object.keys(tables)).toEqual(expect.arrayContaining(owned.map((table) => table.name)))
})

it('one that breaks off leaves nothing in the store, and says so', async () => {
  const shop = await newShop()
  const real = testApp()
  const breaking = {
    ...real.db,
    async *rows(...args: Parameters<typeof real.db.rows>) {
      let left = 5
      for await (const part of real.db.rows(...args)) {
        if (left-- === 0) throw new BackupError('The database stopped in the middle.')
        yield part
      }
    },
  }
  await expect(dump({ ...real, db: breaking }, shop.workspaceId, { at: NIGHT, key: keyOf(shop) })).rejects.toThrow(
    'stopped in the middle',
  )
  expect(await env.MEDIA.head(keyOf(shop))).toBeNull()
})

it('a caretaker makes the first at once, and wakes for the next in the night', async () => {
  const { workspaceId } = await newShop()
  const caretaker = caretakerOf(env, workspaceId)
  await caretaker.look(workspaceId)
  await expect.poll(async () => (await caretaker.dumps()).map(({ isWhole }) => isWhole)).toEqual([true])
  const [made] = await caretaker.dumps()
  expect(made).toMatchObject({ rows: expect.any(Number), failed: null })
  expect((await env.MEDIA.head(made?.key ?? ''))?.size).toBe(made?.bytes)
  const alarm = () => runInDurableObject(caretaker, (_, { storage }) => storage.getAlarm())
  await expect.poll(async () => new Date((await alarm()) ?? 0).toISOString()).toMatch(/T06:\d\d:00.000Z$/)
  await caretaker.look(workspaceId)
  expect(await caretaker.dumps()).toHaveLength(1)
})

it('one that is cut off each time is not begun over and over', async () => {
  const { workspaceId } = await newShop()
  const caretaker = caretakerOf(env, workspaceId)
  const begun = [3, 2, 1].map((minutes) => Date.now() - minutes * 60_000)
  await runInDurableObject(caretaker, (_, { storage }) => {
    for (const at of begun) new Nights(storage).begin(at, `dumps/${at}`)
  })
  await caretaker.look(workspaceId)
  await expect
    .poll(() => caretaker.dumps())
    .toMatchObject(begun.toReversed().map((at) => ({ at, key: null, failed: 'cut_off', isWhole: false })))
})

it('fourteen nights are kept; a failure is tried again within the hour, three times a night', async () => {
  const { workspaceId } = await newShop()
  await runInDurableObject(caretakerOf(env, workspaceId), (_, { storage }) => {
    const nights = new Nights(storage)
    const whole = { rows: 1, bytes: 2, sha256: 'x' }
    expect(nights.dueAt(AT_ONCE)).toBe(0)
    for (let night = 0; night < 16; night++) {
      nights.begin(NIGHT + night * DAY, `dumps/${night}`)
      nights.end(NIGHT + night * DAY, whole)
      expect(nights.dueAt(AT_ONCE)).toBe(NIGHT + (night + 1) * DAY)
    }
    expect(nights.over().map(({ key }) => key)).toEqual(['dumps/0', 'dumps/1'])
    for (const { at } of nights.over()) nights.forget(at)
    expect(nights.over()).toEqual([])

    const failing = NIGHT + 16 * DAY
    for (let tries = 0; tries < 3; tries++) {
      expect(nights.dueAt(AT_ONCE)).toBe(failing + tries * 3_600_000)
      nights.begin(failing + tries * 3_600_000, 'dumps/f')
      nights.fail(failing + tries * 3_600_000, 'failed')
    }
    expect(nights.dueAt(AT_ONCE)).toBe(failing + DAY)
    nights.begin(failing + DAY, 'dumps/again')
    nights.end(failing + DAY, whole)
    expect(nights.newest(2).map(({ key }) => key)).toEqual(['dumps/again', null])
  })
})
