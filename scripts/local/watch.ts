/** Builds again when a source changed; one build at a time, and one more for what changed meanwhile. */
import { watch } from 'node:fs'
import { join } from 'node:path'
import { say, warn } from './say.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const WATCHED = ['src', 'migrations', 'wrangler.toml']
/** An editor writes a file in several steps. */
const SETTLE_MS = 150

export function watchSources(rebuild: () => Promise<void>): { stop(): Promise<void> } {
  let timer: NodeJS.Timeout | undefined
  let building = false
  let changedMeanwhile = false

  const run = async () => {
    if (building) {
      changedMeanwhile = true
      return
    }
    building = true
    await rebuild().catch((error: unknown) => warn('build', error instanceof Error ? error.message : String(error)))
    building = false
    if (changedMeanwhile) {
      changedMeanwhile = false
      await run()
    }
  }
  const onChange = (_event: string, name: string | null) => {
    if (name?.includes('.test.')) return
    clearTimeout(timer)
    timer = setTimeout(run, SETTLE_MS)
  }
  const watchers = WATCHED.map((name) => watch(join(ROOT, name), { recursive: true }, onChange))
  say('watching', WATCHED.join(', '))
  return {
    stop: async () => {
      clearTimeout(timer)
      for (const watcher of watchers) watcher.close()
    },
  }
}
