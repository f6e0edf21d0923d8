/** `npm run backup`: all that the database holds, as of one moment, in one file; read again before it counts as made. */
import { mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createClient } from '@libsql/client/web'
import { partsOf, writeParts } from './backups/file.ts'
import { rowsOf, tablesOf } from './backups/read.ts'
import { databaseOf, loadSettings } from './database-settings.ts'

const [folder = 'backups'] = process.argv.slice(2)

loadSettings()
process.exitCode = await backup().catch((error: unknown) => {
  console.error(`No backup was made. ${error instanceof Error ? error.message : String(error)}`)
  return 1
})

async function backup(): Promise<number> {
  const source = databaseOf(process.env)
  if (!source) {
    console.error(
      'Nothing to back up: set DATABASE_URL (and DATABASE_AUTH_TOKEN), in the environment or in .deploy.vars.',
    )
    return 1
  }
  const client = createClient({ url: source.databaseUrl, ...(source.authToken ? { authToken: source.authToken } : {}) })
  const tables = await tablesOf(client).finally(() => client.close())

  const takenAt = Date.now()
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, `prosa-${new Date(takenAt).toISOString().replaceAll(':', '-')}.backup.gz`)
  const begun = `${path}.part`
  try {
    const rows = await writeParts(begun, rowsOf(source, tables, takenAt))
    let read = 0
    for await (const part of partsOf(begun)) if ('row' in part) read += 1
    renameSync(begun, path)
    const megabytes = (statSync(path).size / 1_000_000).toFixed(1)
    console.log(
      `backup ${path}: ${read} rows of ${Object.keys(rows).length} tables, ${megabytes} MB, read again and whole`,
    )
    return 0
  } finally {
    rmSync(begun, { force: true })
  }
}
