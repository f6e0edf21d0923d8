/** For whoever watches over it. */
import { sql } from 'drizzle-orm'
import { Hono } from 'hono'
import type { RouteEnv } from './route-env.ts'

export const health = new Hono<RouteEnv>()
  .get('/healthz', (c) => c.text('ok'))

  /** A database that reads and no longer writes is not ready: the write changes nothing. */
  .get('/readyz', async (c) => {
    try {
      await c.var.app.db.write(sql`UPDATE workspaces SET name = name WHERE id = ''`)
      return c.text('ready')
    } catch (error) {
      const missing = error instanceof Error && error.message.includes('no such table')
      return c.text(missing ? 'The database is not migrated.' : 'The database does not answer.', 503)
    }
  })
