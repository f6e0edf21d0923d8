/** The folder of all local state: that it can be written, that there is room, and that only one Prosa uses it. */
import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StartError } from './start-error.ts'

const ROOM_NEEDED_MB = 64

/** Takes the folder for this process; the kernel gives it back however the process ends. */
export function takeDataFolder(folder: string, megabytesNeeded = ROOM_NEEDED_MB): void {
  const probe = join(folder, `.probe-${process.pid}`)
  try {
    mkdirSync(folder, { recursive: true })
    writeFileSync(probe, 'x')
    rmSync(probe)
  } catch (error) {
    if (isFull(error)) throw noRoom(folder, megabytesNeeded)
    throw new StartError(
      `The data folder ${folder} cannot be written (${codeOf(error)}): make it writable, or name another with PROSA_DATA.`,
    )
  }
  if (freeMegabytes(folder) < megabytesNeeded) throw noRoom(folder, megabytesNeeded)
  lock(folder)
}

export function freeMegabytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder)
  return Math.floor((bavail * bsize) / 1024 / 1024)
}

/** SQLite's own lock: released by the kernel, so a process that was killed leaves nothing that says "in use". */
function lock(folder: string): void {
  const database = new DatabaseSync(join(folder, 'lock'))
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if (!(error instanceof Error && /locked/.test(error.message))) throw error
    throw new StartError(
      `Another Prosa is already using the data folder ${folder}: stop it, or name another with PROSA_DATA.`,
    )
  }
  held.push(database)
}

/** A handle that nobody holds would be collected, and the lock with it. */
const held: DatabaseSync[] = []

const noRoom = (folder: string, megabytes: number) =>
  new StartError(
    `The disk of ${folder} is full: Prosa needs ${megabytes} MB free there; make room, or name another folder with PROSA_DATA.`,
  )
const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : String(error))
const isFull = (error: unknown) => ['ENOSPC', 'EDQUOT'].includes(codeOf(error))
