/** The build, in a process of its own: what it needs to load is not carried along for as long as Prosa runs. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { StartError } from './start-error.ts'

const SCRIPT = join(import.meta.dirname, '..', 'build.ts')

/** With PROSA_BUILD=kept what was built last is used as it is: tests start many, and build once. */
export async function build(): Promise<void> {
  if (process.env['PROSA_BUILD'] === 'kept') return
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', SCRIPT], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const code = await new Promise((resolve) => {
    child.once('error', () => resolve(1))
    child.once('exit', resolve)
  })
  if (code !== 0) throw new StartError('The build failed; the reason stands above.')
}
