import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { openDb, query } from './client.ts'

it('what has been applied is refused a second time, and all that came with it', async () => {
  const db = openDb(env)
  const inboxId = crypto.randomUUID()
  const applied = (dedupeKey: string) =>
    sql`INSERT INTO applied_events (workspace_id, inbox_id, dedupe_key, kind, applied_at)
        VALUES ('w', ${inboxId}, ${dedupeKey}, 'message', 0)`

  await db.write(applied('a'))
  await expect(db.write(applied('b'), applied('a'))).rejects.toThrow(/UNIQUE/)

  const [rows] = await db.read(
    query<{ dedupe_key: string }>(sql`SELECT dedupe_key FROM applied_events WHERE inbox_id = ${inboxId}`),
  )
  expect(rows).toEqual([{ dedupe_key: 'a' }])
})
