/** Somebody whom an agent writes down, before they have written to us. */
import { contactOfClientKey, contactWithPhone, insertContact, type KnownContact } from '../db/queries/new-contact.ts'
import { readAs } from '../db/read-as.ts'
import type { Viewer } from '../db/records.ts'
import type { App } from './app.ts'
import { AppError } from './errors.ts'
import { readPhone } from './phone-number.ts'
import { foldedKey, nameText } from './text.ts'

export const LONGEST_NAME = 120

export interface NewContact {
  phone: string
  country: string
  name: string
  clientKey: string
}

/** Written down now, or known already: then whom the number belongs to. */
export type Added = { is: 'new'; id: string } | { is: 'known'; id: string; name: string | null; phone: string | null }

/**
 * Writes a person down under their number. A number that is known in any spelling, with or without the ninth digit, is
 * that person; what does not fit is `invalid`, with the field and the reason.
 */
export async function addContact(app: App, viewer: Viewer, typed: NewContact): Promise<Added> {
  const { phone, problem } = readPhone(typed.phone, typed.country)
  if (phone) {
    const [known, before] = await readAs(
      app.db,
      viewer,
      contactWithPhone(viewer, phone),
      contactOfClientKey(viewer, typed.clientKey),
    )
    if (before[0]?.phone === phone) return { is: 'new', id: before[0].id }
    if (known[0]) return asKnown(known[0])
  }
  if (problem || !phone) throw new AppError('invalid', { field: 'phone', reason: problem ?? 'badPhone' })

  const name = nameOf(typed.name)
  const written = await app.db.write(
    insertContact(viewer, {
      id: app.newId(),
      name,
      nameKey: foldedKey(name),
      phone,
      clientKey: typed.clientKey,
      now: app.now(),
    }),
    contactOfClientKey(viewer, typed.clientKey).sql,
    contactWithPhone(viewer, phone).sql,
  )
  const [made, known] = written.slice(-2).map(({ rows }) => rows[0])
  if (made?.phone === phone) return { is: 'new', id: String(made.id) }
  if (made) throw new AppError('invalid', { field: 'phone', reason: 'otherSubmission' })
  if (known) return asKnown(known as unknown as KnownContact)
  throw new AppError('conflict')
}

function asKnown({ id, name, phone, visible }: KnownContact): Added {
  if (!visible) throw new AppError('invalid', { field: 'phone', reason: 'hidden' })
  return { is: 'known', id, name, phone }
}

function nameOf(typed: string): string {
  const name = nameText(typed)
  if (name === null) throw new AppError('invalid', { field: 'name', reason: 'nameEmpty' })
  if ([...typed.trim()].length > LONGEST_NAME) {
    throw new AppError('invalid', { field: 'name', reason: 'nameLong', limit: LONGEST_NAME })
  }
  return name
}
