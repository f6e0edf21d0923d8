/**
 * What belongs to the demonstration is known by its ids alone: all of them were made, as they say, in one millisecond of
 * the past, in which nothing real can ever have been. So no table needs a column for it, and every primary key finds it.
 */
const FROM = '019b76da-a801-7'

/** The first id that is none of them. */
const BEFORE = '019b76da-a801-8'

export const DEMONSTRATION_IDS = { from: FROM, before: BEFORE } as const

export const isOfDemonstration = (id: string): boolean => id >= FROM && id < BEFORE

/** The id, made a demonstration's: a UUIDv7 with another time, and its own random rest. */
export const demonstrationId = (id: string): string => FROM + id.slice(FROM.length)
