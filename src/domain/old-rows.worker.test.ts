/** What only grows is let go of in its time. These stories play long ago: of nobody else's rows is any so old. */
import { env } from 'cloudflare:workers'
import { type SQL, sql } from 'drizzle-orm'
import { uuidv7 } from 'uuidv7'
import { beforeAll, expect, it } from 'vitest'
import { change, rowsOf } from '../../test/support/people.ts'
import { testApp } from '../../test/support/workerd/app.ts'
import { newShop, type Shop } from '../../test/support/workerd/workspace.ts'
import { openDb } from '../db/client.ts'
import { tablesWithOld } from '../db/queries/old-rows.ts'
import { forgetOldRows } from './old-rows.ts'

const DAY = 86_400_000
/** The first minute of an hour. */
const NOW = Date.UTC(2001, 0, 1, 12)

let shop: Shop
beforeAll(async () => {
  shop = await newShop()
})

/** Before all rows that anybody else has, as the oldest are. */
let place = -1_000_000
const first = () => place++

const ROWS: Record<string, { days: number; row: (at: number) => SQL }> = {
  applied_events: {
    days: 30,
    row: (at) => sql`(rowid, workspace_id, inbox_id, dedupe_key, kind, applied_at)
      VALUES (${first()}, ${shop.workspaceId}, ${shop.inbox.id}, ${uuidv7()}, 'status', ${at})`,
  },
  kept_events: {
    days: 30,
    row: (at) => sql`(rowid, workspace_id, inbox_id, dedupe_key, kind, payload, received_at)
      VALUES (${first()}, ${shop.workspaceId}, ${shop.inbox.id}, ${uuidv7()}, 'kept', '{}', ${at})`,
  },
  automatic_answers: {
    days: 365,
    row: (at) => sql`(rowid, workspace_id, identity_id, kind, period, message_id, answered_at)
      VALUES (${first()}, ${shop.workspaceId}, 'i', 'greeting', ${uuidv7()}, 'm', ${at})`,
  },
  audit_log: {
    days: 732,
    row: (at) => sql`(rowid, workspace_id, id, action, created_at)
      VALUES (${first()}, ${shop.workspaceId}, ${uuidv7()}, 'signed_in', ${at})`,
  },
  invitations: {
    days: 30,
    row: (
      at,
    ) => sql`(rowid, workspace_id, id, token_hash, role, department_ids, inbox_ids, invited_by, created_at, expires_at)
      VALUES (${first()}, ${shop.workspaceId}, ${uuidv7()}, ${uuidv7()}, 'agent', '[]', '[]', 'a', 0, ${at})`,
  },
  password_resets: {
    days: 30,
    row: (at) => sql`(rowid, workspace_id, id, agent_id, token_hash, made_by, created_at, expires_at)
      VALUES (${first()}, ${shop.workspaceId}, ${uuidv7()}, ${shop.people.Bruno.agentId}, ${uuidv7()}, 'a', 0, ${at})`,
  },
  data_exports: {
    days: 30,
    row: (at) => sql`(rowid, workspace_id, id, contact_id, token_hash, requested_by_id, created_at, expires_at)
      VALUES (${first()}, ${shop.workspaceId}, ${uuidv7()}, 'k', ${uuidv7()}, 'a', 0, ${at})`,
  },
  session: {
    days: 1,
    row: (at) => sql`(rowid, id, token, user_id, expires_at)
      VALUES (${first()}, ${uuidv7()}, ${uuidv7()}, ${shop.people.Ana.userId}, ${at})`,
  },
  verification: {
    days: 1,
    row: (at) => sql`(rowid, id, identifier, value, expires_at) VALUES (${first()}, ${uuidv7()}, 'x', 'y', ${at})`,
  },
}

const columnOf: Record<string, string> = {
  applied_events: 'applied_at',
  kept_events: 'received_at',
  automatic_answers: 'answered_at',
  audit_log: 'created_at',
}

const appAt = (now: number) => testApp({ now })

/** When the rows of these stories are of. */
const timesIn = async (table: string) => {
  const column = sql.raw(columnOf[table] ?? 'expires_at')
  const rows = await rowsOf<{ at: number }>(
    sql`SELECT ${column} AS at FROM ${sql.raw(table)} WHERE ${column} < ${NOW + DAY} AND rowid < 0 ORDER BY rowid`,
  )
  return rows.map(({ at }) => at)
}

it.each(Object.entries(ROWS))('%s are kept for as long as somebody asks for them', async (table, { days, row }) => {
  const last = NOW - days * DAY
  for (const at of [last - DAY, last - 1, last, last + 1, NOW])
    await change(sql`INSERT INTO ${sql.raw(table)} ${row(at)}`)
  await forgetOldRows(appAt(NOW))
  expect(await timesIn(table)).toEqual([last, last + 1, NOW])
  await forgetOldRows(appAt(NOW))
  expect(await timesIn(table)).toEqual([last, last + 1, NOW])
})

it('more than a round takes goes in rounds, and what is not old is only looked at once', async () => {
  const old = Array.from({ length: 1_203 }, () => ROWS['applied_events']?.row(0) ?? sql``)
  place = -2_000_000
  await change(...old.map((row) => sql`INSERT INTO applied_events ${row}`))
  const app = appAt(NOW)
  const before = app.db.roundTrips
  await forgetOldRows(app)
  const rows = await rowsOf(sql`SELECT 1 FROM applied_events WHERE rowid < -1500000`)
  expect(rows).toEqual([])
  expect(app.db.roundTrips - before).toBeGreaterThanOrEqual(4)
  const [none] = await openDb(env).read(tablesWithOld(NOW))
  expect(none).toEqual([])
  const idle = appAt(NOW - 60_000)
  await forgetOldRows(idle)
  expect(idle.db.roundTrips).toBe(1)
})

it('the account of everything gives nothing away before its time', async () => {
  const id = uuidv7()
  await change(
    sql`INSERT INTO audit_log (workspace_id, id, action, created_at) VALUES (${shop.workspaceId}, ${id}, 'signed_in', ${Date.now() - 729 * DAY})`,
  )
  await expect(change(sql`DELETE FROM audit_log WHERE id = ${id}`)).rejects.toThrow('append-only')
})
