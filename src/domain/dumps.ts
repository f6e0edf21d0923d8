/** Each night all of a workspace goes into the store, as `npm run restore` takes it: as of one moment, by bits through memory. */
import { type Digest, linesWith, type Sum } from '../db/backup-lines.ts'
import { dumpTables, selectOf } from '../db/queries/dumps.ts'
import type { App } from './app.ts'

/** A dump as it is told of. */
export interface Dump {
  at: number
  /** Of its object in the store; null: there is none. */
  key: string | null
  rows: number
  bytes: number
  /** Of its lines. */
  sha256: string
  /** Why there is none; null: it is whole, or on its way. */
  failed: string | null
  isWhole: boolean
}

/** The most that the store takes in parts. */
const MOST_BYTES = 40_000_000_000
const CHUNK = 64 * 1024

export async function dump(
  app: App,
  workspaceId: string,
  { at, key }: { at: number; key: string },
): Promise<Pick<Dump, 'rows' | 'bytes' | 'sha256'>> {
  const [tables] = await app.db.read(dumpTables)
  const selects = tables.flatMap((table) => selectOf(table, workspaceId))
  let sum: Sum = { rows: {}, sha256: '' }
  const lines = linesWith(app.db.rows(selects, at), sha256(), (found) => {
    sum = found
  })
  const bytes = await app.store.put(key, bytesOf(lines).pipeThrough(new CompressionStream('gzip')), MOST_BYTES)
  return { rows: Object.values(sum.rows).reduce((all, rows) => all + rows, 0), bytes, sha256: sum.sha256 }
}

function sha256(): Digest {
  const stream = new crypto.DigestStream('SHA-256')
  const writer = stream.getWriter()
  const encoder = new TextEncoder()
  return {
    update: (text) => writer.write(encoder.encode(text)),
    end: async () => {
      await writer.close()
      return Array.from(new Uint8Array(await stream.digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
    },
  }
}

/** Pulled as fast as the store takes it: what is read ahead would be in memory. */
function bytesOf(lines: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream<Uint8Array>({
    async pull(to) {
      let text = ''
      while (text.length < CHUNK) {
        const { value, done } = await lines.next()
        if (done) {
          if (text) to.enqueue(encoder.encode(text))
          to.close()
          return
        }
        text += value
      }
      to.enqueue(encoder.encode(text))
    },
    async cancel() {
      await lines.return(undefined)
    },
  })
}
