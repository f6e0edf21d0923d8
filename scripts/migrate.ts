/** Brings a database to the shape that this version expects. Forward only; two at once do no harm. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Client, LibsqlError } from '@libsql/client/web'
import * as z from 'zod'
import { type DatabaseSettings, openDatabase } from './database-settings.ts'
import { messageOf } from './message-of.ts'

export interface Migration {
  tag: string
  hash: string
  statements: string[]
}

interface MigrateOptions extends DatabaseSettings {
  folder?: string
  /** These and no others; each must be known. */
  upTo?: string[]
}

/** A migration that cannot be applied, in a sentence for whoever started it. */
export class MigrationError extends Error {}

const FOLDER = join(import.meta.dirname, '..', 'migrations')
const BUSY_TRIES = 20

const Journal = z.object({ entries: z.array(z.object({ tag: z.string() })) })

/** Answers with the tags that it applied, oldest first. */
export async function migrate({ folder = FOLDER, upTo, ...database }: MigrateOptions): Promise<string[]> {
  const client = openDatabase(database)
  try {
    const pending = await pendingMigrations(client, folder, upTo)
    const applied: string[] = []
    for (const migration of pending) {
      if (await apply(client, migration)) applied.push(migration.tag)
    }
    return applied
  } finally {
    client.close()
  }
}

/** Whether `migrate` would change anything; `empty` is a database that none was ever applied to. */
export async function isBehind({
  folder = FOLDER,
  ...database
}: MigrateOptions): Promise<'empty' | 'behind' | 'up to date'> {
  const client = openDatabase(database)
  try {
    const [pending, known] = [await pendingMigrations(client, folder), await readMigrations(folder)]
    if (pending.length === 0) return 'up to date'
    return pending.length === known.length ? 'empty' : 'behind'
  } finally {
    client.close()
  }
}

/** What `migrations/` holds, in its order. */
export async function readMigrations(folder = FOLDER): Promise<Migration[]> {
  const journal = Journal.parse(JSON.parse(await readFile(join(folder, 'meta', '_journal.json'), 'utf8')))
  return Promise.all(
    journal.entries.map(async ({ tag }) => {
      const text = await readFile(join(folder, `${tag}.sql`), 'utf8')
      const statements = text.split('--> statement-breakpoint').map((part) => part.trim())
      return { tag, hash: createHash('sha256').update(text).digest('hex'), statements: statements.filter(Boolean) }
    }),
  )
}

/** Those that the database lacks. Refuses one whose past is not ours: edited here, or newer than this version. */
async function pendingMigrations(client: Client, folder: string, upTo?: string[]): Promise<Migration[]> {
  await patiently(() =>
    client.execute(
      'CREATE TABLE IF NOT EXISTS applied_migrations (tag text PRIMARY KEY, hash text NOT NULL, applied_at integer NOT NULL)',
    ),
  )
  const known = await readMigrations(folder)
  const { rows } = await patiently(() => client.execute('SELECT tag, hash FROM applied_migrations ORDER BY tag'))
  const applied = new Map(rows.map((row) => [String(row['tag']), String(row['hash'])]))

  const edited = known.find(({ tag, hash }) => applied.has(tag) && applied.get(tag) !== hash)
  if (edited) {
    throw new MigrationError(
      `The migration ${edited.tag} was edited after this database had applied it: migrations only add.`,
    )
  }
  const foreign = [...applied.keys(), ...(upTo ?? [])].filter(
    (tag) => !known.some((migration) => migration.tag === tag),
  )
  if (foreign.length > 0) {
    throw new MigrationError(
      `The database was migrated by a newer Prosa (${foreign.join(', ')}): update this one first.`,
    )
  }
  return known.filter(({ tag }) => !applied.has(tag) && (upTo?.includes(tag) ?? true))
}

/**
 * All of it or nothing, its own record first: whoever comes second meets that record's key, and finds the work done.
 * False where another had applied it meanwhile.
 */
async function apply(client: Client, { tag, hash, statements }: Migration): Promise<boolean> {
  const record = {
    sql: 'INSERT INTO applied_migrations (tag, hash, applied_at) VALUES (?, ?, ?)',
    args: [tag, hash, Date.now()],
  }
  try {
    await patiently(() => client.migrate([record, ...statements]))
    return true
  } catch (error) {
    const { rows } = await patiently(() =>
      client.execute({ sql: 'SELECT 1 FROM applied_migrations WHERE tag = ? AND hash = ?', args: [tag, hash] }),
    )
    if (rows.length > 0) return false
    throw new MigrationError(`The migration ${tag} could not be applied: ${messageOf(error)}`, { cause: error })
  }
}

/** Another that migrates or writes holds the one write lock for moments. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await work()
    } catch (error) {
      if (tried === BUSY_TRIES || !isBusy(error)) throw error
      await new Promise((resolve) => setTimeout(resolve, 50 + tried * 25))
    }
  }
}

const isBusy = (error: unknown) =>
  error instanceof LibsqlError &&
  (error.code.startsWith('SQLITE_BUSY') || /database is locked|status 429/i.test(error.message))
