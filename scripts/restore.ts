/** `npm run restore -- <file>`: a backup, put into an empty database. */
import { restore } from './backups/restore.ts'
import { databaseOf, loadSettings } from './database-settings.ts'
import { messageOf } from './message-of.ts'

const [path] = process.argv.slice(2)

loadSettings()
process.exitCode = await run()

async function run(): Promise<number> {
  const target = databaseOf(process.env)
  if (!path || !target) {
    console.error(
      'Say which backup, and set DATABASE_URL (and DATABASE_AUTH_TOKEN) of an empty database to put it into.',
    )
    return 1
  }
  try {
    const { takenAt, rows } = await restore(path, target)
    const total = Object.values(rows).reduce((sum, count) => sum + count, 0)
    console.log(
      `restored ${total} rows as of ${new Date(takenAt).toISOString()}; what came in later is applied again within minutes`,
    )
    return 0
  } catch (error) {
    console.error(`Not restored. ${messageOf(error)}`)
    return 1
  }
}
