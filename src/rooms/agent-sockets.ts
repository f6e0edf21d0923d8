/** One an agent: the rooms where that agent has sockets. Without it no right would be wrong, only slower to end. */
import { DurableObject } from 'cloudflare:workers'
import type { Env } from '../env.ts'
import { roomNamed } from './address.ts'

const MOST_SOCKETS = 10
/** A page that cannot stay connected goes on trying; who flips through conversations opens another room each time. */
const UPGRADES_A_ROOM = 20
const UPGRADES = 60
const MINUTE = 60_000

export class AgentSockets extends DurableObject<Env> {
  readonly #sql: SqlStorage

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#sql = ctx.storage.sql
    this.#sql.exec(`CREATE TABLE IF NOT EXISTS rooms (name TEXT PRIMARY KEY, sockets INTEGER NOT NULL);
      CREATE TABLE IF NOT EXISTS joined (at INTEGER NOT NULL, room TEXT NOT NULL);
      DROP TABLE IF EXISTS upgrades`)
  }

  /** Asked before a socket is opened. Answers 0, or in how many seconds to try again. */
  async join(agentId: string, room: string): Promise<number> {
    const now = Date.now()
    this.#sql.exec('DELETE FROM joined WHERE at <= ?', now - MINUTE)
    const wait = Math.max(
      this.#tooMany(UPGRADES_A_ROOM, 'SELECT at FROM joined WHERE room = ? ORDER BY at DESC', room),
      this.#tooMany(UPGRADES, 'SELECT at FROM joined ORDER BY at DESC'),
    )
    if (wait > 0) return Math.ceil((wait - now) / 1000)
    if (this.#sockets >= MOST_SOCKETS) await this.#countAgain(agentId)
    if (this.#sockets >= MOST_SOCKETS) return 30
    this.#sql.exec('INSERT INTO joined (at, room) VALUES (?, ?)', now, room)
    this.#sql.exec(
      'INSERT INTO rooms (name, sockets) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET sockets = sockets + 1',
      room,
    )
    return 0
  }

  /** When the oldest of the newest so many is over; 0: there are not so many. */
  #tooMany(most: number, newest: string, ...bound: string[]): number {
    const times = this.#sql.exec(`${newest} LIMIT ${most}`, ...bound).toArray()
    return times.length < most ? 0 : Number(times.at(-1)?.at) + MINUTE
  }

  leave(room: string): void {
    this.#sql.exec('UPDATE rooms SET sockets = sockets - 1 WHERE name = ?', room)
    this.#sql.exec('DELETE FROM rooms WHERE sockets <= 0')
  }

  /** What the agent may do has changed: every room where they sit looks again. */
  async changed(agentId: string): Promise<void> {
    await Promise.all(this.#rooms.map((name) => roomNamed(this.env, name).recheck(agentId)))
  }

  get #rooms(): string[] {
    return this.#sql
      .exec('SELECT name FROM rooms')
      .toArray()
      .map(({ name }) => String(name))
  }

  get #sockets(): number {
    return Number(this.#sql.exec('SELECT coalesce(sum(sockets), 0) AS n FROM rooms').one().n)
  }

  /** A goodbye may be lost with its room: before somebody is refused, the rooms are asked. */
  async #countAgain(agentId: string): Promise<void> {
    for (const name of this.#rooms) {
      const sockets = await roomNamed(this.env, name).socketsOf(agentId)
      if (sockets === 0) this.#sql.exec('DELETE FROM rooms WHERE name = ?', name)
      else this.#sql.exec('UPDATE rooms SET sockets = ? WHERE name = ?', sockets, name)
    }
  }
}
