import type { MemberRow } from '../db/queries/memberships.ts'
import type { MemberEntry } from '../views/settings-members.tsx'

/** A stored row as the settings show it. */
export const toMember = ({ departments, deactivated, ...member }: MemberRow): MemberEntry => ({
  ...member,
  departments: JSON.parse(departments) as string[],
  deactivated: deactivated === 1,
})
