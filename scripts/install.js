// Are the packages of package-lock.json here, all of them? And if not: npm, with something to look at meanwhile.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const PROGRESS_MS = 5_000

/**
 * The lockfile's versions, and the lockfile left as it is. Not `npm ci`: that refuses a lockfile which lacks the packages
 * of another platform, as one does that was written where the registry does not have them.
 */
const AS_LOCKED = ['--no-save', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error']

/**
 * True once an install of this very lockfile has finished. The stamp is written last, so an install that was cut off
 * has none; what a developer's own `npm install` brought is recognized by npm's record of it and stamped.
 * @param {string} root
 */
export function isInstalled(root) {
  const lock = readIfThere(join(root, 'package-lock.json'))
  if (readIfThere(stampPath(root)) === hash(lock)) return true
  if (!agreesWithNpm(root, lock)) return false
  writeFileSync(stampPath(root), hash(lock))
  return true
}

/**
 * @param {string} root
 * @param {(command: string, args: string[]) => Promise<number>} run
 * @returns {Promise<boolean>} whether it finished; the reason was told where it did not
 */
export async function installPackages(root, run) {
  const expected = Object.values(packagesOf(readIfThere(join(root, 'package-lock.json')))).filter(isForHere).length
  console.log(`packages    installing ${expected} of them, once; this takes a minute or two`)
  // What a cut-off install left may be half a package, and npm would take it for a whole one. First what is found by name.
  for (const path of [
    stampPath(root),
    npmRecord(root),
    join(root, 'node_modules', '.bin'),
    join(root, 'node_modules'),
  ]) {
    rmSync(path, { recursive: true, force: true })
  }

  const startedAt = Date.now()
  const progress = setInterval(() => {
    const seconds = Math.round((Date.now() - startedAt) / 1000)
    console.log(`packages    still installing, ${countFolders(root)} of ${expected} here after ${seconds} s`)
  }, PROGRESS_MS)
  const code = await run(...npm(['install', ...AS_LOCKED]))
  clearInterval(progress)

  if (code !== 0) {
    console.error('The packages could not be installed; npm says why above. Start again to finish the install.')
    return false
  }
  writeFileSync(stampPath(root), hash(readIfThere(join(root, 'package-lock.json'))))
  console.log(`packages    installed in ${Math.round((Date.now() - startedAt) / 1000)} s`)
  return true
}

/**
 * npm writes its own record of node_modules when an install is complete. Packages for other machines are missing from
 * it, which is as it should be.
 * @param {string} root
 * @param {string} lock
 */
function agreesWithNpm(root, lock) {
  const wanted = packagesOf(lock)
  const found = packagesOf(readIfThere(npmRecord(root)))
  if (Object.keys(found).length === 0) return false
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (found[path] === undefined) return optional === true
    return found[path].version === version && existsSync(join(root, path, 'package.json'))
  })
}

/**
 * @param {string} lock
 * @returns {Record<string, LockedPackage>}
 */
function packagesOf(lock) {
  if (lock === '') return {}
  const { '': _project, ...packages } = JSON.parse(lock).packages
  return packages
}

/**
 * @typedef {object} LockedPackage
 * @property {string} version
 * @property {boolean} [optional]
 * @property {string[]} [os]
 * @property {string[]} [cpu]
 */

/** @param {LockedPackage} locked */
function isForHere({ os = [process.platform], cpu = [process.arch] }) {
  return os.includes(process.platform) && cpu.includes(process.arch)
}

/** @param {string} root */
function countFolders(root) {
  const modules = join(root, 'node_modules')
  if (!existsSync(modules)) return 0
  const names = readdirSync(modules).filter((name) => !name.startsWith('.'))
  return names.reduce((sum, name) => sum + (name.startsWith('@') ? readdirSync(join(modules, name)).length : 1), 0)
}

/**
 * The npm that started us, on the Node that runs it: ours may be one of the packages that are about to go.
 * @param {string[]} args
 * @returns {[string, string[]]}
 */
function npm(args) {
  const { npm_execpath: cli, npm_node_execpath: node } = process.env
  return cli?.endsWith('.js') && node ? [node, [cli, ...args]] : ['npm', args]
}

/** @param {string} path */
const readIfThere = (path) => (existsSync(path) ? readFileSync(path, 'utf8') : '')
/** @param {string} text */
const hash = (text) => createHash('sha256').update(text).digest('hex')
/** @param {string} root */
const stampPath = (root) => join(root, 'node_modules', '.prosa-installed')
/** @param {string} root */
const npmRecord = (root) => join(root, 'node_modules', '.package-lock.json')
