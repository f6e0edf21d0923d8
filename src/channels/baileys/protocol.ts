/** A message about a message: in other words, or taken back. */
import * as z from 'zod'
import type { Found } from '../found.ts'
import { maybe } from '../maybe.ts'
import { Id, isRow, milliseconds, words } from './lenient.ts'
import { saidBy } from './said.ts'
import { unwrapped } from './unwrapped.ts'

const About = z.object({
  key: z.object({ id: Id, fromMe: maybe(z.boolean()) }),
  type: z.union([z.string(), z.number()]).optional().catch(undefined),
  editedMessage: z.unknown().optional(),
  timestampMs: z.unknown().optional(),
})

const REVOKE = new Set<unknown>(['REVOKE', 0, '0'])
const EDIT = new Set<unknown>(['MESSAGE_EDIT', 14, '14'])

/** Null: it cannot be read. Empty: it is about something else than a message, a setting of the chat's. */
export function protocolEvent(item: unknown, of: { accountId: string; occurredAt: number | null }): Found[] | null {
  const about = About.safeParse(item).data
  if (!about) return null
  const { key, type } = about
  const direction = key.fromMe ? 'outgoing' : 'incoming'
  const occurredAt = milliseconds(about.timestampMs) ?? of.occurredAt
  const saysSomething = isRow(about.editedMessage)
  if (REVOKE.has(type) || (!saysSomething && (type === undefined || EDIT.has(type))))
    return [{ ...of, occurredAt, kind: 'delete', dedupeKey: `del:${key.id}`, direction, target: key.id }]
  if (!EDIT.has(type) && type !== undefined) return []
  const text = textIn(about.editedMessage)
  if (text === undefined) return null
  return [
    {
      says: { text, at: about.timestampMs },
      named: (hash) => ({
        ...{ ...of, occurredAt, kind: 'edit', direction, target: key.id, text, rank: occurredAt ?? 0 },
        dedupeKey: `ed:${key.id}:${hash}`,
      }),
    },
  ]
}

const Named = z.object({ messageType: words })

/** The new words alone; what we cannot read takes no words away. */
function textIn(message: unknown): string | null | undefined {
  const found = unwrapped(message, Named.safeParse(message).data?.messageType)
  const said = found && saidBy(found, () => null)
  return said && said.type !== 'unsupported' ? said.text : undefined
}
