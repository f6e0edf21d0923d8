import type { Role } from '../db/records.ts'
import type { I18n } from '../i18n/index.ts'
import { RemoveButton } from './settings-page.tsx'

export interface MemberEntry {
  id: string
  name: string
  email: string
  role: Role
  deactivated: boolean
  departments: string[]
}

interface MembersProps {
  i18n: I18n
  id: string
  members: MemberEntry[]
  empty: string
  /** How somebody is taken out; null: not by this viewer. */
  removal: (member: MemberEntry) => { action: string; label: string } | null
}

/** The people of a department or of a number, with the departments that they are in. */
export function Members({ i18n, id, members, empty, removal }: MembersProps) {
  const { t } = i18n
  if (members.length === 0) return <p class="faint">{empty}</p>
  return (
    <ul id={id} class="people">
      {members.map((member) => {
        const taken = removal(member)
        return (
          <li class="person" data-agent-id={member.id} data-deactivated={member.deactivated ? '' : undefined}>
            <div class="person-who">
              <p class="person-name">
                <bdi hx-ignore>{member.name}</bdi>
              </p>
              <p class="faint">
                {member.email} · {t.agents.role[member.role]} ·{' '}
                <bdi hx-ignore>{member.departments.join(', ') || t.agents.noDepartment}</bdi>
              </p>
            </div>
            {taken && <RemoveButton i18n={i18n} {...taken} />}
          </li>
        )
      })}
    </ul>
  )
}
