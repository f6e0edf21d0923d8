/** How long a session lives: it ends by idleness, and by age however busy it is. */
import type { Role } from '../db/records.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

export const IDLE_MS = 12 * HOUR
export const SESSIONS_A_USER = 20
/** An idle session is put off at most this often: a write, and a cookie. */
export const EXTEND_EVERY_MS = 10 * 60_000

export interface SessionTimes {
  createdAt: number
  updatedAt: number
  /** Where idleness ends it. */
  expiresAt: number
}

/** The moment from which the session is no more. */
export const endOf = ({ createdAt, expiresAt }: SessionTimes, role: Role): number =>
  Math.min(expiresAt, createdAt + oldestOf(role))

export const isDueToExtend = ({ updatedAt }: SessionTimes, now: number): boolean => now - updatedAt >= EXTEND_EVERY_MS

/** Who can change others' access is asked for the password more often. */
const oldestOf = (role: Role) => (role === 'owner' || role === 'admin' ? 7 * DAY : 30 * DAY)
