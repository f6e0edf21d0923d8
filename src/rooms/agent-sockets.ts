/** One an agent: the rooms where that agent has sockets. Without it no right would be wrong, only slower to end. */
import { DurableObject } from 'cloudflare:workers'
import type { Env } from '../env.ts'
import { roomNamed } from './address.ts'

const MOST_SOCKETS = 10
const UPGRADES_A_MINUTE = 20
const MINUTE = 60_000

export class AgentSockets extends DurableObject<Env> {
  readonly #sql: SqlStorage

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    this.#sql = ctx.storage.sql
    this.#sql.exec(`CREATE TABLE IF NOT EXISTS rooms (name TEXT PRIMARY KEY, sockets INTEGER NOT NULL);
      CREATE TABLE IF NOT EXISTS upgrades (at INTEGER NOT NULL)`)
  }

  /** Asked before a socket is opened. Answers 0, or in how many seconds to try again. */
  async join(agentId: string, room: string): Promise<number> {
    const now = Date.now()
    this.#sql.exec('DELETE FROM upgrades WHERE at <= ?', now - MINUTE)
    const [recent] = this.#sql.exec('SELECT count(*) AS n, min(at) AS first FROM upgrades').toArray()
    if (Number(recent?.n) >= UPGRADES_A_MINUTE) return Math.ceil((Number(recent?.first) + MINUTE - now) / 1000)
    if (this.#sockets >= MOST_SOCKETS) await this.#countAgain(agentId)
    if (this.#sockets >= MOST_SOCKETS) return 30
    this.#sql.exec('INSERT INTO upgrades (at) VALUES (?)', now)
    this.#sql.exec(
      'INSERT INTO rooms (name, sockets) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET sockets = sockets + 1',
      room,
    )
    return 0
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
