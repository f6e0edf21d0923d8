/**
 * How far an answer got. Provider facts only climb (`WHERE rank < :new`), so they may come in any order: a late `sent`
 * never undoes `failed`, proof of delivery beats `failed`, and nothing beats `read`.
 */
export const RANK = {
  queued: 0,
  sending: 10,
  unknown: 20,
  sent: 30,
  failed: 35,
  canceled: 35,
  delivered: 40,
  read: 50,
} as const

export type SendState = keyof typeof RANK
