/** A gateway's own store: what the provider told us, from before the 200 until it has had its effect. */
import type { Backlog } from '../domain/gateway-health.ts'

export interface JournalEntry {
  dedupeKey: string
  kind: string
  /** The provider's id that the event is about; what waits for it is woken by it. */
  target: string | null
  occurredAt: number | null
  receivedAt: number
  /** The event, as JSON. */
  payload: string
}

export interface PendingEntry {
  id: number
  payload: string
  received_at: number
  tries: number
  waits: number
}

/** An event in whatever state. */
export interface JournaledEvent {
  id: number
  dedupe_key: string
  state: 'pending' | 'waiting' | 'applied' | 'dead'
  tries: number
  received_at: number
  payload: string
}

/** An event that failed again and again. */
export interface DeadLetter {
  id: number
  kind: string
  receivedAt: number
  tries: number
  reason: string | null
}

const LETTER = 'id, kind, received_at AS receivedAt, tries, last_error AS reason'

/** A row of an object's SQLite holds 2 MB; a history of 3 MB comes in one webhook. In UTF-8 a unit may be three bytes. */
const PART_LENGTH = 500_000
const DAY = 86_400_000
const KEPT = 30 * DAY
const MOST_TRIES = 8
/** How long an event waits for an id that we do not know yet, wait by wait; then it is an orphan. */
const WAITS = [2_000, 10_000, 60_000, 600_000, 3_600_000]

export class Journal {
  readonly #sql: SqlStorage
  readonly #transact: (work: () => void) => void

  constructor(storage: DurableObjectStorage) {
    this.#sql = storage.sql
    this.#transact = (work) => storage.transactionSync(work)
  }

  /** Called when an inbox is saved, never before: a guessed key leaves no database behind. */
  prepare(): void {
    this.#sql.exec(`
      CREATE TABLE IF NOT EXISTS settings (id INTEGER PRIMARY KEY CHECK (id = 1), version INTEGER NOT NULL, value TEXT NOT NULL);
      CREATE TABLE IF NOT EXISTS journal (
        id INTEGER PRIMARY KEY, dedupe_key TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, target TEXT, occurred_at INTEGER,
        received_at INTEGER NOT NULL, payload TEXT NOT NULL, state TEXT NOT NULL DEFAULT 'pending', tries INTEGER NOT NULL DEFAULT 0,
        waits INTEGER NOT NULL DEFAULT 0, not_before INTEGER NOT NULL DEFAULT 0, last_error TEXT, done_at INTEGER);
      CREATE INDEX IF NOT EXISTS journal_due ON journal (not_before, id) WHERE state IN ('pending', 'waiting');
      CREATE INDEX IF NOT EXISTS journal_target ON journal (target) WHERE state = 'waiting';
      CREATE INDEX IF NOT EXISTS journal_edits ON journal (target) WHERE kind = 'edit';
      CREATE INDEX IF NOT EXISTS journal_dead ON journal (id) WHERE state = 'dead';
      CREATE INDEX IF NOT EXISTS journal_done ON journal (done_at) WHERE state = 'applied';
      CREATE TABLE IF NOT EXISTS journal_parts (journal_id INTEGER NOT NULL, part INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY (journal_id, part)) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS buckets (name TEXT PRIMARY KEY, tokens REAL NOT NULL, at INTEGER NOT NULL);
      CREATE TABLE IF NOT EXISTS marks (name TEXT PRIMARY KEY, value INTEGER NOT NULL);`)
  }

  get prepared(): boolean {
    return this.#sql.exec("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'settings'").toArray().length > 0
  }

  /** All of them, or none; one that is there already changes nothing. Answers with how many were new. */
  add(entries: JournalEntry[]): number {
    let added = 0
    this.#transact(() => {
      for (const entry of entries) added += this.#addOne(entry)
    })
    return added
  }

  #addOne({ dedupeKey, kind, target, occurredAt, receivedAt, payload }: JournalEntry): 0 | 1 {
    const fits = payload.length <= PART_LENGTH
    const [added] = this.#sql
      .exec(
        `INSERT INTO journal (dedupe_key, kind, target, occurred_at, received_at, payload) VALUES (?, ?, ?, ?, ?, ?)
          ON CONFLICT (dedupe_key) DO NOTHING RETURNING id`,
        dedupeKey,
        kind,
        target,
        occurredAt,
        receivedAt,
        fits ? payload : '',
      )
      .toArray()
    if (!added) return 0
    if (fits) return 1
    inParts(payload).forEach((text, part) => {
      this.#sql.exec(
        'INSERT INTO journal_parts (journal_id, part, text) VALUES (?, ?, ?)',
        Number(added.id),
        part,
        text,
      )
    })
    return 1
  }

  /** As they came; what was put off comes after. Reads what it answers with and no more, however much waits. */
  due(now: number, limit: number): PendingEntry[] {
    const entries = this.#sql
      .exec(
        `SELECT id, payload, received_at, tries, waits FROM journal
          WHERE state IN ('pending', 'waiting') AND not_before <= ? ORDER BY not_before, id LIMIT ?`,
        now,
        limit,
      )
      .toArray() as unknown as PendingEntry[]
    return entries.map((entry) => (entry.payload === '' ? { ...entry, payload: this.#joined(entry.id) } : entry))
  }

  /** An event that came within the last 30 days, as it was; null: none has this key. */
  payloadOf(dedupeKey: string): string | null {
    const [row] = this.#sql.exec('SELECT id, payload FROM journal WHERE dedupe_key = ?', dedupeKey).toArray()
    if (!row) return null
    return String(row.payload) || this.#joined(Number(row.id))
  }

  /** What was told of this message within the last 30 days, in the order in which it came. */
  told(
    dedupeKeys: string[],
    statusesOf: string,
  ): { kind: string; payload: string; occurredAt: number | null; receivedAt: number }[] {
    const keys = dedupeKeys.map(() => '?').join(', ')
    const columns = 'id, kind, payload, occurred_at AS occurredAt, received_at AS receivedAt'
    return this.#sql
      .exec(
        `SELECT ${columns} FROM journal WHERE dedupe_key IN (${keys})
          UNION ALL SELECT * FROM (SELECT ${columns} FROM journal WHERE dedupe_key >= ? AND dedupe_key < ? LIMIT 50) ORDER BY id`,
        ...dedupeKeys,
        `st:${statusesOf}:`,
        `st:${statusesOf};`,
      )
      .toArray() as never
  }

  #joined(id: number): string {
    return this.#sql
      .exec('SELECT text FROM journal_parts WHERE journal_id = ? ORDER BY part', id)
      .toArray()
      .map(({ text }) => String(text))
      .join('')
  }

  /** Of these events, and of the edits of this message, no more stays than `without` leaves of them. */
  forget(dedupeKeys: string[], edited: string, without: (payload: string) => string): void {
    const keys = dedupeKeys.map(() => '?').join(', ')
    const rows = this.#sql
      .exec(
        `SELECT id, payload FROM journal WHERE dedupe_key IN (${keys})
          UNION SELECT id, payload FROM journal WHERE kind = 'edit' AND target = ?`,
        ...dedupeKeys,
        edited,
      )
      .toArray()
    this.#transact(() => {
      for (const { id, payload } of rows) {
        const whole = String(payload) || this.#joined(Number(id))
        this.#sql.exec('UPDATE journal SET payload = ? WHERE id = ?', without(whole), id)
        this.#sql.exec('DELETE FROM journal_parts WHERE journal_id = ?', id)
      }
    })
  }

  /** Events in the order in which they came, behind that one. */
  page(after: number, limit: number): JournaledEvent[] {
    const rows = this.#sql
      .exec(
        'SELECT id, dedupe_key, state, tries, received_at, payload FROM journal WHERE id > ? ORDER BY id LIMIT ?',
        after,
        limit,
      )
      .toArray() as unknown as JournaledEvent[]
    return rows.map((row) => (row.payload === '' ? { ...row, payload: this.#joined(row.id) } : row))
  }

  /** As if they had never been told. */
  remove(ids: number[]): void {
    this.#transact(() => {
      for (const id of ids) {
        this.#sql.exec('DELETE FROM journal_parts WHERE journal_id = ?', id)
        this.#sql.exec('DELETE FROM journal WHERE id = ?', id)
      }
    })
  }

  /** It is about somebody who was erased: nothing of it is kept, but that there was something. */
  erased(id: number): void {
    this.remove([id])
    this.#count('erased')
  }

  applied(id: number, now: number): void {
    this.#sql.exec("UPDATE journal SET state = 'applied', done_at = ?, last_error = NULL WHERE id = ?", now, id)
  }

  /** It is about something that we do not know yet. After the last wait it is dropped as an orphan, and counted. */
  waits({ id, waits }: PendingEntry, now: number): void {
    const wait = WAITS[waits]
    if (wait === undefined) {
      this.#sql.exec("UPDATE journal SET state = 'applied', done_at = ?, last_error = 'orphan' WHERE id = ?", now, id)
      this.#count('orphans')
    } else {
      this.#sql.exec(
        "UPDATE journal SET state = 'waiting', waits = waits + 1, not_before = ? WHERE id = ?",
        now + wait,
        id,
      )
    }
  }

  /** These ids are known from now on. */
  wake(targets: string[]): void {
    for (const target of targets)
      this.#sql.exec("UPDATE journal SET not_before = 0 WHERE state = 'waiting' AND target = ?", target)
  }

  get waitingTargets(): string[] {
    return this.#sql
      .exec("SELECT DISTINCT target FROM journal WHERE state = 'waiting' AND target IS NOT NULL LIMIT 200")
      .toArray()
      .map(({ target }) => String(target))
  }

  /** The event itself cannot be applied: later again, and after the last try it is a dead letter for an administrator. */
  failed({ id, tries }: PendingEntry, now: number, random: number, reason: string): void {
    const dead = tries + 1 >= MOST_TRIES
    this.#sql.exec(
      'UPDATE journal SET state = ?, tries = tries + 1, not_before = ?, last_error = ? WHERE id = ?',
      dead ? 'dead' : 'pending',
      now + Math.round(random * Math.min(600_000, 2_000 * 2 ** tries)),
      reason,
      id,
    )
  }

  /** Runs the normal path again, which makes it harmless. Answers with those that were set aside until now. */
  replay(ids: number[]): number[] {
    return ids.filter(
      (id) =>
        this.#sql
          .exec(
            "UPDATE journal SET state = 'pending', tries = 0, not_before = 0 WHERE id = ? AND state = 'dead' RETURNING id",
            id,
          )
          .toArray().length > 0,
    )
  }

  /**
   * Applied from then on, or dropped as an orphan, or set aside: as if it had just come. A minute before is replayed too:
   * clocks differ.
   */
  replaySince(time: number): number {
    return this.#sql.exec(
      `UPDATE journal SET state = 'pending', tries = 0, waits = 0, not_before = 0, done_at = NULL
        WHERE state = 'applied' AND done_at >= ?1 OR state = 'dead' AND received_at >= ?1`,
      time - 60_000,
    ).rowsWritten
  }

  get nextDue(): number | null {
    const [row] = this.#sql
      .exec("SELECT min(not_before) AS at FROM journal WHERE state IN ('pending', 'waiting')")
      .toArray()
    return (row?.at as number | null) ?? null
  }

  /** What waits and what was set aside. The dead are few or there is trouble: the count is capped. */
  get backlog(): Backlog {
    const [row] = this.#sql
      .exec(
        `SELECT (SELECT count(*) FROM (SELECT 1 FROM journal WHERE state IN ('pending', 'waiting') LIMIT 1000)) AS pending,
          (SELECT count(*) FROM (SELECT 1 FROM journal WHERE state = 'waiting' LIMIT 1000)) AS waiting,
          (SELECT count(*) FROM (SELECT 1 FROM journal WHERE state = 'dead' LIMIT 1000)) AS dead,
          (SELECT min(received_at) FROM journal WHERE state IN ('pending', 'waiting') AND state = 'pending') AS oldestAt,
          coalesce((SELECT value FROM marks WHERE name = 'orphans'), 0) AS orphans,
          coalesce((SELECT value FROM marks WHERE name = 'erased'), 0) AS erased`,
      )
      .toArray()
    return row as never
  }

  /** The longest that any of the newest hundred since then took to have its effect; what waited for an id aside. Null: there is none. */
  lagSince(time: number): number | null {
    const [row] = this.#sql
      .exec(
        `SELECT max(CASE WHEN waits = 0 THEN done_at - received_at END) AS lag
          FROM (SELECT waits, done_at, received_at FROM journal WHERE state = 'applied' AND done_at >= ? ORDER BY done_at DESC LIMIT 100)`,
        time,
      )
      .toArray()
    return (row?.lag as number | null) ?? null
  }

  dead(limit: number): DeadLetter[] {
    return this.#sql
      .exec(`SELECT ${LETTER} FROM journal WHERE state = 'dead' ORDER BY id LIMIT ?`, limit)
      .toArray() as never
  }

  /** One that was set aside, whole; null: it is not, or no longer. */
  deadLetter(id: number): (DeadLetter & { payload: string }) | null {
    const [row] = this.#sql.exec(`SELECT ${LETTER}, payload FROM journal WHERE id = ? AND state = 'dead'`, id).toArray()
    if (!row) return null
    const letter = row as unknown as DeadLetter & { payload: string }
    return letter.payload === '' ? { ...letter, payload: this.#joined(id) } : letter
  }

  /** Gives up on what was set aside: it stays known, so that it never comes back as something new. */
  discard(ids: number[], now: number): number[] {
    return ids.filter(
      (id) =>
        this.#sql
          .exec(
            "UPDATE journal SET state = 'applied', done_at = ?, last_error = 'discarded' WHERE id = ? AND state = 'dead' RETURNING id",
            now,
            id,
          )
          .toArray().length > 0,
    )
  }

  /** When something last happened here, ms; null: never. */
  lastAt(what: 'in' | 'out'): number | null {
    const [row] = this.#sql.exec('SELECT value FROM marks WHERE name = ?', what).toArray()
    return (row?.value as number | undefined) ?? null
  }

  happened(what: 'in' | 'out', now: number): void {
    this.#sql.exec(
      'INSERT INTO marks (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)',
      what,
      now,
    )
  }

  /** Applied rows stay 30 days, so that the gap of a restored database can be replayed; then they go. */
  prune(now: number): void {
    const old = "SELECT id FROM journal WHERE state = 'applied' AND done_at < ? ORDER BY id LIMIT 500"
    this.#sql.exec(`DELETE FROM journal_parts WHERE journal_id IN (${old})`, now - KEPT)
    this.#sql.exec(`DELETE FROM journal WHERE id IN (${old})`, now - KEPT)
  }

  /** When the next of them goes: a number that nobody writes to any more lets go as well. */
  get prunesAt(): number | null {
    const [row] = this.#sql.exec("SELECT min(done_at) AS at FROM journal WHERE state = 'applied'").toArray()
    return row?.at == null ? null : Number(row.at) + KEPT + 1
  }

  #count(name: string): void {
    this.#sql.exec(
      'INSERT INTO marks (name, value) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1',
      name,
    )
  }
}

/** Cut where no character is torn: half of a pair cannot be stored. */
function inParts(text: string): string[] {
  const parts: string[] = []
  for (let from = 0; from < text.length; ) {
    const to = from + PART_LENGTH
    const tears = (text.charCodeAt(to) & 0xfc00) === 0xdc00
    parts.push(text.slice(from, tears ? to - 1 : to))
    from = tears ? to - 1 : to
  }
  return parts
}
