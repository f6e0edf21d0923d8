/** `npm run rollback`, or `npm run rollback -- <version>`: whoever served before serves again. The database stays as it is. */
import { loadSettings } from './database-settings.ts'
import { rollBack } from './deploying/publish.ts'
import { deploymentOf } from './deploying/settings.ts'
import { messageOf } from './message-of.ts'

const [version] = process.argv.slice(2)

loadSettings()
process.exitCode = await run()

async function run(): Promise<number> {
  const { origin } = deploymentOf(process.env)
  if (!origin) {
    console.error('APP_ORIGIN is missing: set it in the environment or in .deploy.vars, as for a deploy.')
    return 1
  }
  try {
    const { from, to } = await rollBack(origin, version)
    console.log(`ready ${origin}, served by ${to} again instead of ${from}`)
    return 0
  } catch (error) {
    console.error(`Not rolled back. ${messageOf(error)}`)
    return 1
  }
}
