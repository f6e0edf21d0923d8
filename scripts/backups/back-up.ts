/** A backup, made and read again. */
import { mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type DatabaseSettings, openDatabase } from '../database-settings.ts'
import { partsOf, writeParts } from './file.ts'
import { rowsOf, tablesOf } from './read.ts'

/** Answers with where it is and what is in it. Nothing is left where it fails. */
export async function backUp(source: DatabaseSettings, folder: string): Promise<string> {
  const client = openDatabase(source)
  const tables = await tablesOf(client).finally(() => client.close())

  const takenAt = Date.now()
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, `prosa-${new Date(takenAt).toISOString().replaceAll(':', '-')}.backup.gz`)
  const begun = `${path}.part`
  try {
    await writeParts(begun, rowsOf(source, tables, takenAt))
    let rows = 0
    for await (const part of partsOf(begun)) if ('row' in part) rows += 1
    renameSync(begun, path)
    const megabytes = (statSync(path).size / 1_000_000).toFixed(1)
    return `${path}: ${rows} rows of ${tables.length} tables, ${megabytes} MB, read again and whole`
  } finally {
    rmSync(begun, { force: true })
  }
}
