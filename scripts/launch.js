// The part of every command that must run on Node 20 with nothing installed: it installs what is missing, finds a Node
// that is new enough, and hands over. Plain JavaScript, no package.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installPackages, isInstalled } from './install.js'

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))

/** What Node made of every module, for the next process that loads it: a start costs a quarter less of the processor. */
const COMPILED = join(ROOT, 'node_modules', '.cache', 'node')

const STOP_GRACE_MS = 20_000

/**
 * A process group of its own, with a watcher inside that ends the whole group when we are gone without a word: so that
 * not even `kill -9` leaves a database or a runtime behind. `exec` keeps the command's process id that of the group.
 */
const WATCHED = '(read -r word <&3 || kill -KILL 0) >/dev/null 2>&1 & exec "$@" 3<&-'

/**
 * Runs a TypeScript file of this project to its end and leaves with its exit code. Signals are passed on, once.
 * @param {string} script path from the project's root
 * @param {string[]} args
 */
export async function launch(script, args) {
  const stopping = listenForStop()
  if (!isInstalled(ROOT)) {
    const installed = await installPackages(ROOT, (command, commandArgs) => run(command, commandArgs, stopping))
    if (!installed) process.exit(1)
  }

  const node = newEnoughNode()
  if (!node) {
    console.error(
      `Prosa needs Node 22.18 or newer, and the packages brought none for ${process.platform} on ${process.arch}: install Node 24 and start again.`,
    )
    process.exit(1)
  }

  process.env['NODE_COMPILE_CACHE'] ??= COMPILED
  process.env['PATH'] = `${dirname(node)}:${join(ROOT, 'node_modules', '.bin')}:${process.env['PATH'] ?? ''}`
  const code = await run(node, ['--disable-warning=ExperimentalWarning', join(ROOT, script), ...args], stopping)
  process.exit(code)
}

/**
 * Runs a command in a group of its own and waits for it; what it left behind ends with it.
 * @param {string} command
 * @param {string[]} args
 * @param {Stopping} stopping
 * @returns {Promise<number>} its exit code, 1 where a signal ended it that we did not send
 */
function run(command, args, stopping) {
  return new Promise((resolve) => {
    const child = spawn('sh', ['-c', WATCHED, 'sh', command, ...args], {
      cwd: ROOT,
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit', 'pipe'],
    })
    const stop = (/** @type {NodeJS.Signals} */ signal) => {
      signalTo(child.pid, signal)
      setTimeout(() => endGroup(child.pid), STOP_GRACE_MS).unref()
    }
    stopping.now = stop
    if (stopping.signal) stop(stopping.signal)

    child.on('error', (error) => {
      console.error(`${command} could not be started: ${error.message}.`)
      resolve(1)
    })
    child.on('exit', (code, signal) => {
      stopping.now = undefined
      endGroup(child.pid)
      if (signal && !stopping.signal) console.error(`Stopped: the process was ended from outside (${signal}).`)
      resolve(code ?? (stopping.signal ? 128 + 15 : 1))
    })
  })
}

/**
 * @typedef {object} Stopping
 * @property {NodeJS.Signals} [signal] the first one that came
 * @property {((signal: NodeJS.Signals) => void) | undefined} [now] what passes it on
 */

/**
 * The terminal and npm may both bring the same Ctrl-C: only the first counts. A parent that was killed brings none, so
 * where npm started us we look after it ourselves.
 * @returns {Stopping}
 */
function listenForStop() {
  /** @type {Stopping} */
  const stopping = {}
  const stop = (/** @type {NodeJS.Signals} */ signal) => {
    if (stopping.signal) return
    stopping.signal = signal
    if (stopping.now) stopping.now(signal)
    else process.exit(128 + 15)
  }
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, () => stop(signal))

  const parent = process.ppid
  if (process.env['npm_lifecycle_event']) {
    setInterval(() => process.ppid !== parent && stop('SIGTERM'), 500).unref()
  }
  return stopping
}

/** @param {number | undefined} pid @param {NodeJS.Signals} signal */
function signalTo(pid, signal) {
  try {
    if (pid) process.kill(pid, signal === 'SIGHUP' ? 'SIGTERM' : signal)
  } catch {
    // It ended by itself in the meantime.
  }
}

/** @param {number | undefined} pid of the group's leader */
function endGroup(pid) {
  try {
    if (pid) process.kill(-pid, 'SIGKILL')
  } catch {
    // Nobody was left.
  }
}

/** The one that the packages brought, so that everyone runs the same; else the running one, where it reads TypeScript. */
function newEnoughNode() {
  const require = createRequire(join(ROOT, 'package.json'))
  const packages = [`node-${process.platform}-${process.arch}`, `node-bin-${process.platform}-${process.arch}`]
  for (const name of packages) {
    try {
      const path = join(dirname(require.resolve(`${name}/package.json`)), 'bin', 'node')
      if (existsSync(path) && readsTypeScript(path)) return path
    } catch {
      // Not a package for this machine.
    }
  }
  return readsTypeScript(process.execPath) ? process.execPath : undefined
}

/** @param {string} node */
function readsTypeScript(node) {
  const asked = spawnSync(node, ['-p', 'Boolean(process.features.typescript)'], { encoding: 'utf8' })
  return asked.status === 0 && asked.stdout.trim() === 'true'
}
