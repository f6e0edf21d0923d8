/** The drill: a shop loses its database, and has everything again. */
import { spawn } from 'node:child_process'
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { createClient } from '@libsql/client/web'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { partsOf } from '../../scripts/backups/file.ts'
import { rowsOf, tablesOf } from '../../scripts/backups/read.ts'
import { type Database, startDatabase } from '../../scripts/local/database.ts'
import type { Part } from '../../src/db/backup-lines.ts'
import { signIn } from '../support/agent.ts'
import { freePort } from '../support/free-port.ts'
import { type Prosa, startProsa, temporaryFolder } from '../support/prosa.ts'
import { storedIn } from '../support/stored.ts'
import { lineAt, newCustomer, type Text, textFrom } from '../support/whatsapp.ts'

let dataFolder: string
let folder: string
let file: string
let prosa: Prosa
/** Nothing in it yet, where the lost one was. */
let empty: Database

const rita = newCustomer('Rita Ferraz')
const before = textFrom(rita, 'Antes da cópia\u2028e na linha de baixo')
const after = textFrom(rita, 'Depois da cópia')
const amid = textFrom(rita, 'Enquanto tudo volta')

/** Is erased after the backup was made; whoever writes from her number later is somebody new. */
const zilda = newCustomer('Zilda Quaresma')
const hers = textFrom(zilda, 'Moro na rua das Hortênsias')
const againFromThere = textFrom({ ...zilda, name: 'Quem ficou com o número' }, 'Comprei esta linha ontem')
const HER_WORDS = [zilda.name, 'Zilda', 'Hortênsias', hers.id]

/** How the status page names a copy in the store. */
const NIGHTLY = /dumps\/[\w-]+\/[\w.-]+\.backup\.gz/

beforeAll(async () => {
  ;[dataFolder, folder] = [await temporaryFolder(), await temporaryFolder()]
  prosa = await startProsa({ dataFolder })
})

afterAll(async () => {
  await prosa.stop()
  for (const path of [dataFolder, folder]) await rm(path, { recursive: true, force: true })
})

it('is made of all that there is, in a file for nobody else', async () => {
  await heard(before)
  await heard(hers)
  expect(await whereSaid(prosa.databaseUrl, HER_WORDS)).not.toEqual([])
  const made = await command('backup', prosa.databaseUrl, folder)
  expect(made).toMatchObject({
    code: 0,
    output: expect.stringMatching(/\d{4,} rows of \d+ tables.*read again and whole/),
  })
  const names = await readdir(folder)
  expect(names).toEqual([expect.stringMatching(/^prosa-.*\.backup\.gz$/)])
  file = join(folder, names[0] ?? '')
  expect((await stat(file)).mode & 0o777).toBe(0o600)
})

it('the database is lost, after somebody was erased and two more messages came', async () => {
  const stored = storedIn(prosa.databaseUrl)
  const { rows } = await stored.client.execute({
    sql: 'SELECT id FROM contacts WHERE phone = ?',
    args: [`+${zilda.waId}`],
  })
  const ana = await signIn(prosa.url, 'ana@prosa.test')
  const { status } = await ana.post(`/contacts/${rows[0]?.['id']}/erasure`, { name: zilda.name })
  expect(status).toBeLessThan(300)
  const finished = async () =>
    (await stored.client.execute('SELECT finished_at FROM erasures')).rows[0]?.['finished_at']
  await expect.poll(finished, { timeout: 30_000 }).toEqual(expect.any(Number))
  // Whoever erases makes the first copy too, where there is none: what is begun is ended before the database goes.
  const shown = async () => (await ana.page('/settings/status')).body.toString()
  await expect.poll(shown, { timeout: 30_000 }).toMatch(NIGHTLY)
  ana.leave()
  stored.close()
  expect(await whereSaid(prosa.databaseUrl, HER_WORDS)).toEqual([])
  await heard(after)
  await heard(againFromThere)
  await prosa.stop()
  await rm(join(dataFolder, 'db'), { recursive: true, force: true })
  empty = await startDatabase({
    port: await freePort(),
    folder: join(dataFolder, 'db'),
    logPath: join(folder, 'log'),
    onLost: console.error,
  })
})

it.each([
  ['cut off', (bytes: Buffer) => bytes.subarray(0, bytes.byteLength / 2), /cannot be read|ends too early/],
  [
    'changed',
    (bytes: Buffer) => rezipped(bytes, (text) => text.replace('Rita Ferraz', 'Rita Farraz')),
    /not as it was made/,
  ],
  [
    'short of its end',
    (bytes: Buffer) => rezipped(bytes, (text) => text.slice(0, text.lastIndexOf('\n', text.length - 2) + 1)),
    /ends too early/,
  ],
  ['something else', () => gzipSync('{"hello":"world"}\n{}\n'), /not a backup of Prosa/],
])('a file that was %s is refused before anything is written', async (_, spoiled, sentence) => {
  const path = join(folder, 'spoiled')
  await writeFile(path, spoiled(await readFile(file)))
  expect(await command('restore', empty.url, path)).toMatchObject({ code: 1, output: expect.stringMatching(sentence) })
  expect(await tablesIn(empty)).toEqual([])
})

it('is put back row by row, and not over what is there', async () => {
  expect(await command('restore', empty.url, file)).toMatchObject({
    code: 0,
    output: expect.stringMatching(/^restored \d+ rows/m),
  })
  const [kept, restored] = [await rowsByTable(partsOf(file)), await rowsByTable(await partsIn(empty))]
  for (const table of Object.keys(kept)) expect(restored[table], table).toEqual(kept[table])
  // Throws where the index is not what its words would make. (Once a word was taken out of it securely, it always does.)
  const client = createClient({ url: empty.url })
  await client.execute("INSERT INTO contact_search (contact_search, rank) VALUES ('integrity-check', 1)")
  client.close()

  const again = await command('restore', empty.url, file)
  expect(again).toMatchObject({ code: 1, output: expect.stringContaining('The database is not empty') })
  await empty.stop()
})

it('and what came in since is applied again, once, while more comes in; who was erased stays erased', async () => {
  prosa = await startProsa({ dataFolder })
  const stored = storedIn(prosa.databaseUrl)
  expect(await lineAt(prosa.url).texts(amid)).toBe(200)
  await expect.poll(() => stored.countOf([before, after, amid, againFromThere]), { timeout: 60_000 }).toBe(4)
  expect(await stored.faultsOf([before, after, amid])).toEqual([])
  await expect.poll(() => whereSaid(prosa.databaseUrl, HER_WORDS), { timeout: 30_000 }).toEqual([])
  const { rows: theirs } = await stored.client.execute({
    sql: 'SELECT profile_name FROM contacts WHERE phone = ?',
    args: [`+${zilda.waId}`],
  })
  expect(theirs.map((row) => row['profile_name'])).toEqual(['Quem ficou com o número'])
  // Told again by the provider, it is not heard again.
  expect(await lineAt(prosa.url).texts(hers)).toBe(200)
  await heard(textFrom(rita, 'Depois de tudo'))
  expect(await whereSaid(prosa.databaseUrl, HER_WORDS)).toEqual([])
  const triggers = await stored.client.execute("SELECT count(*) AS n FROM sqlite_master WHERE type = 'trigger'")
  expect(Number(triggers.rows[0]?.['n'])).toBeGreaterThan(10)
  stored.close()
})

it('the copy that each night leaves in the store is put back the same way, with one workspace in it', async () => {
  const ana = await signIn(prosa.url, 'ana@prosa.test')
  expect((await ana.page('/settings/status')).body.toString()).toMatch(NIGHTLY)
  ana.leave()
  const path = join(folder, 'of-the-night')
  await writeFile(path, await storedCopy())
  const another = await startDatabase({
    port: await freePort(),
    folder: join(folder, 'another'),
    logPath: join(folder, 'log'),
    onLost: console.error,
  })
  expect(await command('restore', another.url, path)).toMatchObject({
    code: 0,
    output: expect.stringMatching(/^restored \d+ rows/m),
  })
  const stored = storedIn(another.url)
  expect(await stored.countOf([before])).toBe(1)
  const { rows } = await stored.client.execute('SELECT email FROM agents ORDER BY email')
  expect(rows.map(({ email }) => email)).toEqual(['ana', 'bruno', 'carla', 'diego'].map((name) => `${name}@prosa.test`))
  stored.close()
  await another.stop()
})

/** On this machine an object of the store is a file; the demo's first workspace has the largest of the copies. */
async function storedCopy(): Promise<Buffer> {
  const files = await readdir(dataFolder, { recursive: true, withFileTypes: true })
  const blobs = files.filter((file) => file.isFile() && file.parentPath.endsWith('blobs'))
  const read = await Promise.all(blobs.map((file) => readFile(join(file.parentPath, file.name))))
  const copies = read.filter((bytes) => isCopy(bytes)).toSorted((a, b) => b.byteLength - a.byteLength)
  return copies[0] ?? Buffer.alloc(0)
}

function isCopy(bytes: Buffer): boolean {
  const isZipped = bytes[0] === 0x1f && bytes[1] === 0x8b
  return isZipped && gunzipSync(bytes).toString().startsWith('{"prosaBackup":1')
}

async function heard(text: Text): Promise<void> {
  expect(await lineAt(prosa.url).texts(text)).toBe(200)
  const stored = storedIn(prosa.databaseUrl)
  await expect.poll(() => stored.countOf([text]), { timeout: 30_000 }).toBe(1)
  stored.close()
}

function command(
  name: 'backup' | 'restore',
  databaseUrl: string,
  argument: string,
): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, `../../scripts/${name}.js`), argument], {
    env: { ...process.env, DATABASE_URL: databaseUrl, DATABASE_AUTH_TOKEN: '' },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)))
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, output })))
}

const rezipped = (bytes: Buffer, change: (text: string) => string) => gzipSync(change(gunzipSync(bytes).toString()))

async function tablesIn({ url }: Database): Promise<string[]> {
  const client = createClient({ url })
  return tablesOf(client).finally(() => client.close())
}

/** Every column in which one of these words stands. */
async function whereSaid(url: string, words: string[]): Promise<string[]> {
  const client = createClient({ url })
  const tables = await tablesOf(client).finally(() => client.close())
  const places = new Set<string>()
  let [table, columns] = ['', [] as string[]]
  for await (const part of rowsOf({ databaseUrl: url }, tables, 0)) {
    if ('table' in part) ({ table, columns } = part)
    if (!('row' in part)) continue
    part.row.forEach((cell, at) => {
      if (words.some((word) => 'value' in cell && String(cell.value).includes(word)))
        places.add(`${table}.${columns[at]}`)
    })
  }
  return [...places]
}

const partsIn = async (database: Database) =>
  rowsOf({ databaseUrl: database.url }, await tablesIn(database), Date.now())

/** Each row as text; what a restore notes about itself aside. */
async function rowsByTable(parts: AsyncIterable<Part>): Promise<Record<string, string[]>> {
  const tables: Record<string, string[]> = {}
  let table = ''
  let columns: string[] = []
  for await (const part of parts) {
    if ('table' in part) ({ table, columns } = part)
    if ('table' in part) tables[table] = []
    if (!('row' in part) || table === 'applied_migrations') continue
    const named = columns.map((column, at) => [column, part.row[at]] as const)
    tables[table]?.push(JSON.stringify(named.filter(([column]) => !OF_RESTORE[table]?.includes(column))))
  }
  return tables
}

const OF_RESTORE: Record<string, string[]> = {
  inboxes: ['version', 'gateway_version', 'replay_since'],
  workspaces: ['restored_from'],
}
