/**
 * Each night all of a workspace goes into the store, as `npm run restore` takes it: as of one moment, by bits through
 * memory, and in as many passes as it takes. Between two of them the reading stands still: what comes in meanwhile, is
 * changed or is erased is no part of it.
 */
import { type Digest, linesWith, type Part, type Sum } from '../db/backup-lines.ts'
import { dumpTables, selectOf } from '../db/queries/dumps.ts'
import type { App } from './app.ts'
import { Door } from './door.ts'

/** A dump as it is told of. */
export interface Dump {
  at: number
  /** Of its object in the store; null: there is none. */
  key: string | null
  /** So far, where it is on its way. */
  rows: number
  bytes: number
  /** Of its lines. */
  sha256: string
  /** Why there is none; null: it is whole, or on its way. */
  failed: string | null
  isWhole: boolean
}

export type Dumped = Pick<Dump, 'rows' | 'bytes' | 'sha256'>

/** One on its way. It lives as long as whoever holds it: the database's moment is gone with the connection. */
export interface Dumping {
  /** Goes on by about so many characters, whatever they take in the store. Null: there is more; throws where it broke off. */
  pass(characters: number): Promise<Dumped | null>
  readonly rows: number
}

/** The most that the store takes in parts. */
const MOST_BYTES = 40_000_000_000
const CHUNK = 64 * 1024

/** `began`: by which name the store knows what it has of it, where that is worth a name. */
export function beginDump(
  app: App,
  workspaceId: string,
  { at, key, began }: { at: number; key: string; began?: (upload: string) => void },
): Dumping {
  const door = new Door()
  let rows = 0
  const counted = async function* (parts: AsyncIterable<Part>): AsyncGenerator<Part> {
    for await (const part of parts) {
      if ('row' in part) rows += 1
      yield part
    }
  }
  const whole = all()
  // Whoever makes the next pass hears of it.
  whole.catch(() => undefined)

  async function all(): Promise<Dumped> {
    const [tables] = await app.db.read(dumpTables)
    const selects = tables.flatMap((table) => selectOf(table, workspaceId))
    let sum: Sum = { rows: {}, sha256: '' }
    const lines = linesWith(counted(app.db.rows(selects, at)), sha256(), (found) => {
      sum = found
    })
    const zipped = bytesOf(lines, door).pipeThrough(new CompressionStream('gzip'))
    const bytes = await app.store.put(key, zipped, MOST_BYTES, began)
    return { rows, bytes, sha256: sum.sha256 }
  }

  return {
    pass: (characters) => Promise.race([whole, door.open(characters).then(() => null)]),
    get rows() {
      return rows
    },
  }
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

/** Pulled as fast as the store takes it and the door lets through: what is read ahead would be in memory. */
function bytesOf(lines: AsyncGenerator<string>, door: Door): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream<Uint8Array>({
    async pull(to) {
      await door.through()
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
      door.passed(text.length)
      to.enqueue(encoder.encode(text))
    },
    async cancel() {
      await lines.return(undefined)
    },
  })
}
