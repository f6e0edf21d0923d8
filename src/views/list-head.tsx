/** What stands above the list: the views, the numbers, and the filters that are on. */
import type { ChannelName, InboxStatus } from '../db/records.ts'
import type { I18n } from '../i18n/index.ts'
import { ChannelSign } from './channel-sign.tsx'
import { Icon } from './icon.tsx'
import { NewConversationButton } from './new-conversation.tsx'
import { readablePhone } from './phone.ts'

export type View = 'mine' | 'queue' | 'all' | 'closed'

/** Links carry the whole address of the list that they open. */
export interface ListHeadProps {
  i18n: I18n
  heading: boolean
  views: { view: View; href: string; active: boolean; count: number }[]
  numbers: {
    id: string | null
    name: string
    detail: string | null
    channel: ChannelName | null
    state: InboxStatus | null
    href: string
    active: boolean
    unread: number
  }[]
  /** What narrows the list, each with the address of the list without it. */
  chips: { name: string; hrefWithout: string }[]
  clearHref: string
  filtersHref: string
}

export function ListHead({ i18n, heading, views, numbers, chips, clearHref, filtersHref }: ListHeadProps) {
  const { t, fill } = i18n
  const Title = heading ? 'h1' : 'p'
  return (
    <header class="list-head">
      <div class="list-bar">
        <Title class="list-title" tabindex={heading ? -1 : undefined}>
          {t.list.title}
        </Title>
        <Numbers i18n={i18n} numbers={numbers} />
        <NewConversationButton i18n={i18n} />
        <a
          class="icon-button"
          href={filtersHref}
          hx-get={filtersHref}
          hx-target="#dialog"
          hx-swap="innerHTML"
          aria-label={t.filters.filter}
          title={t.filters.filter}
        >
          <Icon name="list-filter" />
        </a>
      </div>
      <nav class="views" aria-label={t.views.label}>
        {views.map(({ view, href, active, count }) => (
          <a class="view" href={href} aria-current={active ? 'page' : undefined}>
            {t.views[view]}
            {view !== 'closed' && <ViewCount id={`count-${view}`} count={count} />}
          </a>
        ))}
      </nav>
      {chips.length > 0 && (
        <ul class="chips">
          {chips.map(({ name, hrefWithout }) => (
            <li>
              <a class="chip chip--removable" href={hrefWithout} aria-label={fill(t.filters.remove, { name })}>
                <bdi hx-ignore>{name}</bdi>
                <Icon name="x" />
              </a>
            </li>
          ))}
          <li>
            <a class="chip chip--clear" href={clearHref}>
              {t.filters.clear}
            </a>
          </li>
        </ul>
      )}
    </header>
  )
}

/** Kept up to date by the answer to `/conversations/counts`. */
export function ViewCount({ id, count }: { id: string; count: number }) {
  return (
    <span id={id} class="view-count" hidden={count === 0}>
      {count > 99 ? '99+' : count}
    </span>
  )
}

/** All numbers, or one: each with its channel, its state and what is unread there. */
function Numbers({ i18n, numbers }: Pick<ListHeadProps, 'i18n' | 'numbers'>) {
  const { t } = i18n
  const chosen = numbers.find(({ active, id }) => active && id !== null)
  return (
    <div class="numbers">
      <button
        type="button"
        class="numbers-button"
        popovertarget="numbers"
        aria-label={chosen ? `${t.filters.numbers}: ${chosen.name}` : t.filters.numbers}
      >
        <bdi hx-ignore>{chosen?.name ?? t.filters.numbers}</bdi>
        <Icon name="chevron-down" />
      </button>
      <nav id="numbers" class="menu menu--wide" popover="auto" aria-label={t.filters.numbers}>
        {numbers.map(({ id, name, detail, channel, state, href, active, unread }) => (
          <a class="menu-item" href={href} aria-current={active ? 'true' : undefined}>
            {channel ? <ChannelSign i18n={i18n} channel={channel} /> : <Icon name="inbox" />}
            <span class="menu-text">
              <bdi hx-ignore>{name}</bdi>
              {detail && (
                <span class="faint">
                  <bdi hx-ignore>{readablePhone(detail)}</bdi>
                  {state && ` · ${t.filters.state[state]}`}
                </span>
              )}
            </span>
            <ViewCount id={id ? `count-inbox-${id}` : 'count-inboxes'} count={unread} />
          </a>
        ))}
      </nav>
    </div>
  )
}

export interface FilterChoice {
  kind: 'agent' | 'department' | 'tag' | 'group'
  id: string
  name: string
}

interface FiltersProps {
  i18n: I18n
  choices: FilterChoice[]
  chosen: {
    view: View
    inboxId: string | null
    departmentId: string | null
    agentId: string | null
    status: string | null
    tagIds: string[]
    tagMatch: 'any' | 'all'
    groupId: string | null
  }
}

/** The other filters, in the dialog: a plain form whose address is the list. */
export function FiltersDialog({ i18n, choices, chosen }: FiltersProps) {
  const { t } = i18n
  const tags = choices.filter(({ kind }) => kind === 'tag')
  return (
    <form class="sheet stack" method="get" action="/conversations">
      <h1 id="dialog-title">{t.filters.filter}</h1>
      <input type="hidden" name="view" value={chosen.view} />
      {chosen.inboxId && <input type="hidden" name="inbox" value={chosen.inboxId} />}
      <Choice
        i18n={i18n}
        name="department"
        label={t.filters.department}
        chosen={chosen.departmentId}
        options={choices.filter(({ kind }) => kind === 'department')}
      />
      <Choice
        i18n={i18n}
        name="agent"
        label={t.filters.agent}
        chosen={chosen.agentId}
        options={choices.filter(({ kind }) => kind === 'agent')}
      />
      <Choice
        i18n={i18n}
        name="status"
        label={t.filters.status}
        chosen={chosen.status}
        options={[
          { id: 'waiting', name: t.conversationState.waiting },
          { id: 'assigned', name: t.conversationState.assigned },
        ]}
      />
      <Choice
        i18n={i18n}
        name="group"
        label={t.contacts.group}
        chosen={chosen.groupId}
        options={choices.filter(({ kind }) => kind === 'group')}
      />
      {tags.length > 0 && (
        <fieldset class="field checks">
          <legend>{t.filters.tags}</legend>
          {tags.map(({ id, name }) => (
            <label>
              <input type="checkbox" name="tag" value={id} checked={chosen.tagIds.includes(id)} />
              <bdi hx-ignore>{name}</bdi>
            </label>
          ))}
          <label class="field">
            <span class="visually-hidden">{t.filters.tags}</span>
            <select name="match">
              <option value="any">{t.filters.anyTag}</option>
              <option value="all" selected={chosen.tagMatch === 'all'}>
                {t.filters.allTags}
              </option>
            </select>
          </label>
        </fieldset>
      )}
      <div class="dialog-acts">
        <a class="button" href="/conversations" data-closes-dialog>
          {t.acts.cancel}
        </a>
        <button type="submit" class="button button--primary">
          {t.filters.apply}
        </button>
      </div>
    </form>
  )
}

function Choice({
  i18n: { t },
  name,
  label,
  chosen,
  options,
}: {
  i18n: I18n
  name: string
  label: string
  chosen: string | null
  options: { id: string; name: string }[]
}) {
  return (
    <label class="field">
      <span>{label}</span>
      <select name={name}>
        <option value="">{t.filters.any}</option>
        {options.map((option) => (
          <option value={option.id} selected={option.id === chosen}>
            {option.name}
          </option>
        ))}
      </select>
    </label>
  )
}
