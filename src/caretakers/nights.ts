/** Which dumps of a workspace there are, and when the next one is due. */
import type { Dump } from '../domain/dumps.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** Three in the morning in São Paulo. */
const HOUR_OF_NIGHT = 6 * HOUR
/** So many nights are kept; the newest whole one is, however old. */
const NIGHTS = 14
const TRIES_A_NIGHT = 3
/** The reason of one whose maker is gone. */
export const CUT_OFF = 'cut_off'

type Row = Omit<Dump, 'isWhole'> & { state: 'begun' | 'whole' | 'failed' }

export interface Begun {
  at: number
  key: string
  upload: string | null
}

export class Nights {
  readonly #sql: SqlStorage

  constructor(storage: DurableObjectStorage) {
    this.#sql = storage.sql
    this.#sql.exec(`CREATE TABLE IF NOT EXISTS dumps (at INTEGER PRIMARY KEY, key TEXT, state TEXT NOT NULL,
      rows INTEGER NOT NULL DEFAULT 0, bytes INTEGER NOT NULL DEFAULT 0, sha256 TEXT NOT NULL DEFAULT '', failed TEXT);
      CREATE TABLE IF NOT EXISTS dump_uploads (at INTEGER PRIMARY KEY, upload TEXT NOT NULL)`)
  }

  /** The newest first. */
  newest(limit: number): Dump[] {
    return this.#rows('ORDER BY at DESC LIMIT ?', limit).map(({ state, ...dump }) => ({
      ...dump,
      isWhole: state === 'whole',
    }))
  }

  /**
   * At once where there never was one, or the last was cut off; after a failure within the hour, and after too many of
   * them the next night.
   */
  dueAt(workspaceId: string): number {
    const last = this.#rows('ORDER BY at DESC LIMIT ?', TRIES_A_NIGHT)
    const [newest] = last
    if (!newest) return 0
    const gaveUp = last.length === TRIES_A_NIGHT && last.every(({ state }) => state !== 'whole')
    if (newest.state === 'whole' || gaveUp) return nightAfter(newest.at, minuteOf(workspaceId))
    return newest.failed === CUT_OFF ? newest.at : newest.at + HOUR
  }

  begin(at: number, key: string): void {
    this.#sql.exec("INSERT INTO dumps (at, key, state) VALUES (?, ?, 'begun')", at, key)
  }

  /** What the store keeps the parts of it under. */
  uploads(at: number, upload: string): void {
    this.#sql.exec('INSERT INTO dump_uploads (at, upload) VALUES (?, ?)', at, upload)
  }

  /** How many rows it has so far. */
  came(at: number, rows: number): void {
    this.#sql.exec('UPDATE dumps SET rows = ? WHERE at = ?', rows, at)
  }

  end(at: number, { rows, bytes, sha256 }: Pick<Dump, 'rows' | 'bytes' | 'sha256'>): void {
    this.#sql.exec(
      "UPDATE dumps SET state = 'whole', rows = ?, bytes = ?, sha256 = ? WHERE at = ?",
      rows,
      bytes,
      sha256,
      at,
    )
    this.#sql.exec('DELETE FROM dump_uploads WHERE at = ?', at)
  }

  fail(at: number, why: string): void {
    this.#sql.exec("UPDATE dumps SET state = 'failed', failed = ?, key = NULL WHERE at = ?", why, at)
    this.#sql.exec('DELETE FROM dump_uploads WHERE at = ?', at)
  }

  /** Those that were begun and never ended, with what the store may have of them. */
  begun(): Begun[] {
    return this.#sql
      .exec(`SELECT at, key, upload FROM dumps LEFT JOIN dump_uploads USING (at) WHERE state = 'begun'`)
      .toArray() as unknown as Begun[]
  }

  /** Whole ones that others have come after, and failures that nobody asks about any more. */
  over(): { at: number; key: string | null }[] {
    return this.#rows(
      `WHERE at NOT IN (SELECT at FROM dumps WHERE state = 'whole' ORDER BY at DESC LIMIT ?1)
        AND at < (SELECT max(at) FROM dumps) - ?2`,
      NIGHTS,
      DAY,
    )
  }

  forget(at: number): void {
    this.#sql.exec('DELETE FROM dumps WHERE at = ?', at)
  }

  #rows(which: string, ...args: number[]): Row[] {
    return this.#sql
      .exec(`SELECT at, key, state, rows, bytes, sha256, failed FROM dumps ${which}`, ...args)
      .toArray() as unknown as Row[]
  }
}

/** Each workspace has its own minute of that hour, so that not all of them are read at once. */
const minuteOf = (workspaceId: string) => (Number.parseInt(workspaceId.slice(-4), 16) % 60) * MINUTE

function nightAfter(at: number, minute: number): number {
  const night = Math.floor(at / DAY) * DAY + HOUR_OF_NIGHT + minute
  return night > at ? night : night + DAY
}
