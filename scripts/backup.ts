/** `npm run backup`, or `npm run backup -- <folder>`: all that the database holds, as of one moment, in one file. */
import { backUp } from './backups/back-up.ts'
import { databaseOf, loadSettings } from './database-settings.ts'
import { messageOf } from './message-of.ts'

const [folder = 'backups'] = process.argv.slice(2)

loadSettings()
process.exitCode = await run()

async function run(): Promise<number> {
  const source = databaseOf(process.env)
  if (!source) {
    console.error(
      'Nothing to back up: set DATABASE_URL (and DATABASE_AUTH_TOKEN), in the environment or in .deploy.vars.',
    )
    return 1
  }
  try {
    console.log(`backup ${await backUp(source, folder)}`)
    return 0
  } catch (error) {
    console.error(`No backup was made. ${messageOf(error)}`)
    return 1
  }
}
