/** What Telegram's objects have in common, read leniently: it may add to any of them on any day. */
import * as z from 'zod'
import { maybe } from '../maybe.ts'

/** Up to 52 bits, of groups below zero: always a string with us. */
export const Id = z.union([z.int().transform(String), z.string().regex(/^-?\d{1,20}$/)])

export type Row = Record<string, unknown>
export const isRow = (value: unknown): value is Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const User = z.object({
  id: Id,
  is_bot: maybe(z.boolean()),
  first_name: maybe(z.string()),
  last_name: maybe(z.string()),
  username: maybe(z.string()),
})
export type User = z.infer<typeof User>

export const Chat = z.object({
  id: Id,
  type: z.string(),
  title: maybe(z.string()),
  username: maybe(z.string()),
  first_name: maybe(z.string()),
  last_name: maybe(z.string()),
})
export type Chat = z.infer<typeof Chat>

/** Of an account that the bot answers for. */
export const ConnectionId = z.string().regex(/^[\w-]{1,128}$/)

/** A message as far as all kinds of it agree. */
export const Envelope = z.object({
  message_id: Id,
  chat: Chat,
  from: maybe(User),
  business_connection_id: maybe(ConnectionId),
  sender_business_bot: maybe(User),
  reply_to_message: maybe(z.object({ message_id: Id })),
})
export type Envelope = z.infer<typeof Envelope>

interface Named {
  title?: string | undefined
  first_name?: string | undefined
  last_name?: string | undefined
}

/** A person's two names, or what a chat is called. */
export function nameOf({ title, first_name, last_name }: Named): string | null {
  return title || [first_name, last_name].filter(Boolean).join(' ') || null
}

export const isGroup = ({ type }: Chat) => type === 'group' || type === 'supergroup'

const LATEST = 8.64e12

/** Telegram tells seconds; 0 stands for a time that it does not tell. */
export function milliseconds(seconds: unknown): number | null {
  const told = typeof seconds === 'number' && Number.isInteger(seconds) && seconds > 0 && seconds <= LATEST
  return told ? seconds * 1000 : null
}
