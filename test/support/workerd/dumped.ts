/** A dump of a workspace, as whoever restores it reads it. */
import { env } from 'cloudflare:workers'
import type { App } from '../../../src/domain/app.ts'
import { beginDump, type Dumped } from '../../../src/domain/dumps.ts'

/** In one pass. */
export async function dump(app: App, workspaceId: string, of: { at: number; key: string }): Promise<Dumped | null> {
  return beginDump(app, workspaceId, of).pass(Number.POSITIVE_INFINITY)
}

export async function linesOf(key: string): Promise<string[]> {
  const object = await env.MEDIA.get(key)
  const text = await new Response(object?.body.pipeThrough(new DecompressionStream('gzip'))).text()
  return text.split('\n').slice(0, -1)
}

type Row = Record<string, string>

/** Rows by table, each as its cells by their columns. */
export function tablesIn(lines: string[]): Record<string, Row[]> {
  const tables: Record<string, Row[]> = {}
  let [rows, columns]: [Row[], string[]] = [[], []]
  for (const line of lines.slice(1, -1)) {
    const part = JSON.parse(line)
    if (Array.isArray(part)) rows.push(Object.fromEntries(part.map((cell, at) => [columns[at], cell.value])))
    else {
      columns = part.columns
      rows = []
      tables[part.table] = rows
    }
  }
  return tables
}

export const hexOf = async (text: string) =>
  Array.from(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')
