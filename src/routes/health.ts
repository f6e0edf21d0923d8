/** For whoever watches over it. */
import { sql } from 'drizzle-orm'
import { Hono } from 'hono'
import { latestMigration } from '../../dist/manifest.ts'
import type { RouteEnv } from './route-env.ts'

const NOT_MIGRATED = 'The database is not migrated.'

export const health = new Hono<RouteEnv>()
  .get('/healthz', (c) => c.text('ok'))

  /** A database that reads and no longer writes is not ready: the write changes nothing. */
  .get('/readyz', async (c) => {
    try {
      const [, migrated] = await c.var.app.db.write(
        sql`UPDATE workspaces SET name = name WHERE id = ''`,
        sql`SELECT 1 FROM applied_migrations WHERE tag = ${latestMigration}`,
      )
      // Which version answers: a deployment asks for the one that serves nobody yet.
      if (c.env.VERSION) c.header('x-prosa-version', c.env.VERSION.id)
      return migrated?.rows.length === 1 ? c.text('ready') : c.text(NOT_MIGRATED, 503)
    } catch (error) {
      const missing = error instanceof Error && error.message.includes('no such table')
      return c.text(missing ? NOT_MIGRATED : 'The database does not answer.', 503)
    }
  })
