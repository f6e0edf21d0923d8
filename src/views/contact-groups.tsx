/** The groups of one person: chips that can be left, and a way into another. */
import type { I18n } from '../i18n/index.ts'
import { Act } from './forms.tsx'
import { Icon } from './icon.tsx'

export interface ContactGroupsProps {
  i18n: I18n
  contactId: string
  conversationId: string | null
  /** All there are, by name. */
  groups: { id: string; name: string; member: boolean }[]
  mayManage: boolean
  problem?: string | null
}

export function ContactGroups(props: ContactGroupsProps) {
  const { i18n, contactId, conversationId, groups, mayManage } = props
  const { t, fill } = i18n
  const joined = groups.filter(({ member }) => member)
  const where: Record<string, string> = conversationId ? { conversationId } : {}
  return (
    <div id="contact-groups" class="stack">
      {groups.length === 0 ? (
        <p class="faint">{mayManage ? t.groups.noGroups : `${t.groups.noGroups} ${t.groups.askLeader}`}</p>
      ) : (
        <GroupSelect {...props} />
      )}
      {joined.length === 0 && groups.length > 0 && <p class="faint">{t.groups.none}</p>}
      <ul class="group-chips" aria-label={t.groups.of}>
        {joined.map(({ id, name }) => (
          <li class="group-chip" data-group-id={id}>
            <a href={`/contacts?group=${id}`}>
              <bdi hx-ignore>{name}</bdi>
            </a>
            <Act action={`/contacts/${contactId}/groups/${id}`} method="DELETE" fields={where}>
              <button
                type="submit"
                class="icon-button"
                aria-label={fill(t.groups.leave, { name })}
                title={fill(t.groups.leave, { name })}
              >
                <Icon name="x" />
              </button>
            </Act>
          </li>
        ))}
      </ul>
      <p>
        <a href="/groups">{t.groups.manage}</a>
      </p>
    </div>
  )
}

function GroupSelect({ i18n: { t }, contactId, conversationId, groups, problem = null }: ContactGroupsProps) {
  const path = `/contacts/${contactId}/groups`
  const others = groups.filter(({ member }) => !member)
  if (others.length === 0) return <p class="faint">{t.groups.all}</p>
  return (
    <form
      class="group-form"
      method="post"
      action={path}
      hx-post={path}
      hx-swap="none"
      hx-sync="this:drop"
      hx-disable="find button"
      novalidate
    >
      {conversationId && <input type="hidden" name="conversationId" value={conversationId} />}
      <div class="field">
        <label for="group-select">{t.groups.select}</label>
        <select
          id="group-select"
          name="groupId"
          required
          aria-invalid={problem ? 'true' : undefined}
          aria-describedby={problem ? 'group-problem' : undefined}
        >
          <option value="">{t.groups.choose}</option>
          {others.map(({ id, name }) => (
            <option value={id}>{name}</option>
          ))}
        </select>
        {problem && (
          <p id="group-problem" class="field-problem" role="alert">
            {problem}
          </p>
        )}
      </div>
      <button type="submit" class="button button--primary">
        {t.groups.add}
      </button>
    </form>
  )
}
