/** The demo, seeded once for all stories: each file goes on from a copy of it. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startProsa, temporaryFolder } from './prosa.ts'

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const seeded = await temporaryFolder()
  const prosa = await startProsa({ dataFolder: seeded })
  await prosa.stop()
  // The providers remember where they were told to call: each copy stands at an address of its own.
  await rm(join(seeded, 'simulator.json'), { force: true })
  project.provide('seededFolder', seeded)
  return () => rm(seeded, { recursive: true, force: true })
}
