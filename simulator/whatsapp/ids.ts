/** Ids as WhatsApp makes them. */
import { randomBytes } from 'node:crypto'

/** Unique, and with the number inside, as theirs are. */
export const newMessageId = (number: string) =>
  `wamid.${Buffer.from(`\u001d\u0002${number}\u0015\u0002\u0000\u0011${randomBytes(10).toString('hex').toUpperCase()}`).toString('base64')}`
