/** How the whole is doing: what is kept, and in what form. */
import { sql } from 'drizzle-orm'
import { query } from '../client.ts'
import type { Scope } from '../records.ts'

/** Files of messages in our store, as triggers count them. */
export const storedFiles = ({ workspaceId }: Scope) =>
  query<{ files: number; bytes: number }>(
    sql`SELECT files, bytes FROM storage_counts WHERE workspace_id = ${workspaceId}`,
  )

/** The newest migration that the database has been through. */
export const newestMigration = query<{ tag: string; applied: number }>(
  sql`SELECT max(tag) AS tag, count(*) AS applied FROM applied_migrations`,
)

/** The database's own size, of all workspaces in it; a server may not tell. */
export const databaseSize = query<{ pages: number; page_size: number }>(
  sql`SELECT p.page_count AS pages, s.page_size FROM pragma_page_count p, pragma_page_size s`,
)
