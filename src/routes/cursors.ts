/** Places in a list or a thread, as links carry them. */
import * as z from 'zod'
import type { ConversationRow, Cursor } from '../db/records.ts'

const TIME = /^\d{1,15}$/

/** `<time>-<tie>`: what a row or a bubble carries as `data-order`, less its padding. */
const cursor = (tie: (text: string) => number | string | null) =>
  z.string().transform((text, context): Cursor => {
    const cut = text.indexOf('-')
    const at = text.slice(0, cut)
    const read = tie(text.slice(cut + 1))
    if (cut > 0 && TIME.test(at) && read !== null) return { at: Number(at), tie: read }
    context.addIssue({ code: 'custom', message: 'not a place' })
    return z.NEVER
  })

export const ListCursor = cursor((text) => (/^[\w-]{1,64}$/.test(text) ? text : null))
export const ThreadCursor = cursor((text) => (/^-?\d{1,9}$/.test(text) ? Number(text) : null))

export const listPlace = ({ lastAt, closedAt, id }: Pick<ConversationRow, 'lastAt' | 'closedAt' | 'id'>) =>
  `${closedAt ?? lastAt}-${id}`
export const threadPlace = ({ occurredAt, ingestOrd }: { occurredAt: number; ingestOrd: number }) =>
  `${occurredAt}-${ingestOrd}`
