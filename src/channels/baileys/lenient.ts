/** What every gateway built on Baileys sends, read leniently: their versions differ in what they leave out. */
import * as z from 'zod'
import { maybe } from '../maybe.ts'

export type Row = Record<string, unknown>
export const isRow = (value: unknown): value is Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Bounded, so that nothing absurd becomes a key. */
export const Id = z.string().min(1).max(256)

export const words = maybe(z.string())

/** A 64-bit number: as one, as its digits, or in the two halves of protobuf's. */
const Long = z.union([
  z.number(),
  z
    .string()
    .regex(/^\d{1,16}$/)
    .transform(Number),
  z.object({ low: z.int(), high: z.int() }).transform(({ low, high }) => (high >>> 0) * 0x1_0000_0000 + (low >>> 0)),
])

export const long = (value: unknown): number | null => {
  const read = Long.safeParse(value).data
  return read !== undefined && Number.isFinite(read) ? read : null
}

/** Past this, a number of seconds would be in the year 5138: it counts milliseconds. */
const MILLISECONDS = 100_000_000_000
const LAST_TIME = 8.64e15

/** Seconds, whole or not, as milliseconds; null: missing or absurd. */
export function milliseconds(value: unknown): number | null {
  const read = long(value)
  if (read === null || read <= 0) return null
  const time = Math.round(read > MILLISECONDS ? read : read * 1000)
  return time <= LAST_TIME ? time : null
}

/** The pair, where there is something to say. */
export const part = <K extends string, V>(key: K, value: V | null | undefined): { [key in K]?: V } =>
  value === undefined || value === null || value === '' ? {} : ({ [key]: value } as { [key in K]: V })
