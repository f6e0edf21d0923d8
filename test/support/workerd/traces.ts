/** Every place in which a word can be found: each column of each table, each journal, the ledger of erasures, each object. */

import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { caretakerOf } from '../../../src/caretakers/address.ts'
import type { Caretaker } from '../../../src/caretakers/caretaker.ts'
import { gatewayOf } from '../../../src/gateways/address.ts'
import type { Gateway } from '../../../src/gateways/gateway.ts'
import { rowsOf } from '../people.ts'
import type { Inbox } from './workspace.ts'

/** Where any of these words stands, in whatever case, as `table.column`, `gateway journal.column`, `caretaker table.column` or `object`. */
export async function tracesOf(workspaceId: string, words: string[], inboxes: Inbox[] = []): Promise<string[]> {
  const wanted = words.flatMap((word) => [...new Set([hexOf(word), hexOf(word.toLowerCase())])])
  const [tables, ledger, journals, objects] = await Promise.all([
    inTables(wanted, workspaceId),
    inStoreOf('caretaker', wanted, caretakerOf(env, workspaceId)),
    Promise.all(inboxes.map((inbox) => inStoreOf('gateway', wanted, gatewayOf(env, inbox.webhookKey)))),
    inObjects(words, workspaceId),
  ])
  return [...new Set([...tables, ...ledger, ...journals.flat(), ...objects])].toSorted()
}

/** One table after the other: all at once would take every connection that the server has. Of other tests' workspaces nothing. */
async function inTables(wanted: string[], workspaceId: string): Promise<string[]> {
  const tables = await rowsOf<{ name: string; columns: string }>(
    sql`SELECT m.name, json_group_array(c.name) AS columns FROM sqlite_master m JOIN pragma_table_info(m.name) c
      WHERE m.type = 'table' AND m.sql NOT LIKE 'CREATE VIRTUAL%' GROUP BY m.name`,
  )
  const found: string[] = []
  for (const { name, columns } of tables) {
    const names = JSON.parse(columns) as string[]
    const holds = (column: string) =>
      sql`max(EXISTS (SELECT 1 FROM json_each(${JSON.stringify(wanted)}) AS j WHERE instr(hex(${sql.raw(`"${name}"."${column}"`)}), j.value) > 0))`
    const [row] = await rowsOf<Record<string, number>>(
      sql`SELECT ${sql.join(
        names.map((column) => sql`${holds(column)} AS ${sql.raw(`"${column}"`)}`),
        sql`, `,
      )} FROM ${sql.raw(`"${name}"`)} ${names.includes('workspace_id') ? sql`WHERE workspace_id = ${workspaceId}` : sql``}`,
    )
    found.push(...names.filter((column) => row?.[column] === 1).map((column) => `${name}.${column}`))
  }
  return found
}

const inStoreOf = (of: string, wanted: string[], stub: DurableObjectStub<Gateway | Caretaker>): Promise<string[]> =>
  runInDurableObject(stub, (_, { storage }) => {
    const tables = storage.sql
      .exec("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\'")
      .toArray()
    return tables.flatMap(({ name: table }) =>
      storage.sql
        .exec(`SELECT * FROM "${table}"`)
        .toArray()
        .flatMap((row) => Object.entries(row))
        .filter(([, value]) => wanted.some((word) => hexOf(String(value)).includes(word)))
        .map(([column]) => `${of} ${table}.${column}`),
    )
  })

/** Of other tests' workspaces nothing: what they keep is large, and all of this runs on one thread. */
async function inObjects(words: string[], workspaceId: string): Promise<string[]> {
  const { objects } = await env.MEDIA.list({ prefix: `ws/${workspaceId}/` })
  const found = await Promise.all(
    objects.map(async ({ key }) => {
      const text = `${key} ${await (await env.MEDIA.get(key))?.text()}`.toLowerCase()
      return words.some((word) => text.includes(word.toLowerCase())) ? ['object'] : []
    }),
  )
  return found.flat()
}

const hexOf = (text: string) =>
  Array.from(new TextEncoder().encode(text), (byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join('')
