/** What only grows is let go of when nobody asks for it any more. */
import { deleteOld, tablesThatEnd, tablesWithOld } from '../db/queries/old-rows.ts'
import type { App } from './app.ts'

const ROWS_AT_ONCE = 500
/** A minute has other things to do; the next one goes on. */
const BATCHES = 20
const MINUTE_MS = 60_000
const HOUR_MINUTES = 60

export async function forgetOldRows(app: App): Promise<void> {
  const now = app.now()
  const [old] = await app.db.read(tablesWithOld(now))
  for (const table of [...old.map(({ name }) => name), ...(isHour(now) ? tablesThatEnd : [])])
    await forget(app, table, now)
}

/** The first minute of an hour. */
export const isHour = (now: number) => Math.floor(now / MINUTE_MS) % HOUR_MINUTES === 0

async function forget(app: App, table: string, now: number): Promise<void> {
  for (let batch = 0; batch < BATCHES; batch++) {
    const [written] = await app.db.write(deleteOld(table, now, ROWS_AT_ONCE))
    if (written?.changes !== ROWS_AT_ONCE) return
  }
}
