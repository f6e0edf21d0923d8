/** Who may hear of a conversation: the rule of db/queries/visibility.ts, for somebody who sits at a socket. */
import type { Claims } from './claims.ts'

export interface Audience {
  inboxId: string
  departmentId: string | null
}

export function mayHear({ role, departmentIds, inboxIds }: Claims, { inboxId, departmentId }: Audience): boolean {
  if (role === 'owner' || role === 'admin') return true
  const ofDepartment = departmentId !== null && departmentIds.includes(departmentId)
  const mayUseInbox = inboxIds.includes(inboxId)
  if (role === 'supervisor') return ofDepartment || (departmentId === null && mayUseInbox)
  return (ofDepartment || departmentId === null) && mayUseInbox
}
