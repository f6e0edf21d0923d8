/** The demo workspace, put in once; what people do with it afterwards stays. */
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DEMO_PASSWORD, DEMO_PEOPLE } from '../demo.ts'
import { hasWorkspace } from '../setup-code.ts'
import { say } from './say.ts'

interface Seeding {
  databaseUrl: string
  credentialsKey: string
  dataFolder: string
}

export async function seed({ databaseUrl, credentialsKey, dataFolder }: Seeding): Promise<void> {
  // A seed that was cut off has left a workspace, but not all of it: the marker says so.
  const marker = join(dataFolder, '.seeding')
  if (!existsSync(marker) && (await hasWorkspace({ databaseUrl }))) return
  writeFileSync(marker, '')
  const { seedDemo } = await import('../seed/demo.ts')
  await seedDemo({ databaseUrl, credentialsKey, now: Date.now() })
  rmSync(marker)
  say('demo', 'workspace, people and inboxes are in')
}

/** The demo's files, put in once; one that somebody removed afterwards stays away. */
export async function storeDemoFiles(put: (key: string, bytes: Uint8Array) => Promise<void>, dataFolder: string) {
  const marker = join(dataFolder, '.files-stored')
  if (existsSync(marker)) return
  const { demoFiles } = await import('../seed/demo.ts')
  for (const { key, bytes } of demoFiles()) await put(key, bytes)
  writeFileSync(marker, '')
}

export const signIns = () => DEMO_PEOPLE.map(({ email, role }) => ({ email, role, password: DEMO_PASSWORD }))
