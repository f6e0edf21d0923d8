/** Letting people in: an administrator makes a link, whoever has it takes it once. */
import { sql } from 'drizzle-orm'
import { sha256 } from '../channels/json.ts'
import { type AuditEntry, audited, isAudited, type Trail } from '../db/queries/audit.ts'
import {
  invitationBy,
  isTakenBy,
  joinPlaces,
  mayBeRevoked,
  type Offered,
  revokeInvitation,
  storeInvitation,
  takeInvitation,
} from '../db/queries/invitations.ts'
import { storePerson } from '../db/queries/people.ts'
import type { Role, Viewer } from '../db/records.ts'
import { entryOf, refuseUnlessAdministrator } from './administration.ts'
import type { App } from './app.ts'
import { AppError } from './errors.ts'
import { nameText } from './text.ts'

export const INVITATION_DAYS = 7
const DAY_MS = 86_400_000

export interface Invitation {
  id: string
  role: Role
  departmentIds: string[]
  inboxIds: string[]
}

/** Answers with the token of the link. It is kept by its hash alone: this is the one time that it can be seen. */
export async function invite(app: App, viewer: Viewer, given: Invitation, trail: Trail): Promise<string> {
  refuseUnlessAdministrator(viewer)
  if (given.role === 'owner' && viewer.role !== 'owner') throw new AppError('forbidden')
  const token = `${app.secret()}${app.secret()}`
  const now = app.now()
  const made = {
    ...{ id: given.id, role: given.role, now, expiresAt: now + INVITATION_DAYS * DAY_MS },
    departmentIds: [...new Set(given.departmentIds)],
    inboxIds: [...new Set(given.inboxIds)],
    tokenHash: await sha256(token),
  }
  const isMade = sql`EXISTS (SELECT 1 FROM invitations WHERE token_hash = ${made.tokenHash})`
  const entry: AuditEntry = {
    ...entryOf(app, viewer, trail),
    action: 'invitation.created',
    target: { type: 'invitation', id: given.id },
    detail: { role: given.role },
  }
  const written = await app.db.write(
    storeInvitation(viewer, made),
    audited(entry, isMade),
    sql`SELECT ${isMade} AS done`,
  )
  if (written.at(-1)?.rows[0]?.done !== 1) throw new AppError('conflict')
  return token
}

export async function revoke(app: App, viewer: Viewer, id: string, trail: Trail): Promise<void> {
  refuseUnlessAdministrator(viewer)
  const entry: AuditEntry = {
    ...entryOf(app, viewer, trail),
    action: 'invitation.revoked',
    target: { type: 'invitation', id },
  }
  const guard = mayBeRevoked(viewer, id, app.now())
  const written = await app.db.write(
    audited(entry, guard),
    revokeInvitation(viewer, id, app.now(), isAudited(entry)),
    sql`SELECT ${isAudited(entry)} AS done`,
  )
  if (written.at(-1)?.rows[0]?.done !== 1) throw new AppError('not_found')
}

/** What the link offers; null: it was used, taken back, is too old, or never was. */
export async function offeredBy(app: App, token: string): Promise<Offered | null> {
  const [[offered]] = await app.db.read(invitationBy(await sha256(token), app.now()))
  return offered ?? null
}

export interface Newcomer {
  name: string
  /** Trimmed, lower case. */
  email: string
  passwordHash: string
}

/** Throws `not_found` where the link is good for nothing, `invalid` where the name or the address cannot be taken. */
export async function join(app: App, token: string, { name: typed, email, passwordHash }: Newcomer, trail: Trail) {
  const name = nameText(typed)
  if (name === null) throw new AppError('invalid', { field: 'name', why: 'empty' })
  const offered = await offeredBy(app, token)
  if (!offered) throw new AppError('not_found')
  const { workspace_id: workspaceId, role } = offered
  const [tokenHash, now, agentId] = [await sha256(token), app.now(), app.newId()]
  const taken = isTakenBy(tokenHash, agentId)
  const written = await app.db.write(
    takeInvitation(tokenHash, agentId, email, now),
    ...storePerson(
      {
        ...{ workspaceId, agentId, userId: app.newId(), accountId: app.newId() },
        ...{ name, email, passwordHash, role, locale: null, now },
      },
      taken,
    ),
    ...joinPlaces({ workspaceId, tokenHash, agentId, now }),
    audited(
      {
        ...{ workspaceId, id: app.newId(), actorId: agentId, action: 'agent.joined', at: now, trail },
        target: { type: 'agent', id: agentId },
        detail: { role, invitation: offered.id },
      },
      taken,
    ),
    sql`SELECT ${taken} AS done`,
  )
  if (written.at(-1)?.rows[0]?.done === 1) return
  if (await offeredBy(app, token)) throw new AppError('invalid', { field: 'email', why: 'known' })
  throw new AppError('not_found')
}
