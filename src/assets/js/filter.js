/** Which rows belong to the list that is shown: the words of its address, asked of every row that comes live. */
import { byId, PARTIAL } from './dom.js'

/**
 * @param {HTMLElement} list
 * @param {HTMLElement} row
 */
export function belongs(list, row) {
  const wanted = list.dataset
  const { status, assigneeId, departmentId, inboxId } = row.dataset
  const waits = status === 'open' && !assigneeId
  return (
    (wanted.view === 'closed') === (status === 'closed') &&
    (wanted.view !== 'mine' || assigneeId === wanted.viewerId) &&
    (wanted.view !== 'queue' || waits) &&
    (!wanted.inboxId || inboxId === wanted.inboxId) &&
    (!wanted.departmentId || departmentId === wanted.departmentId) &&
    (!wanted.agentId || assigneeId === wanted.agentId) &&
    (!wanted.status || (wanted.status === 'waiting') === waits)
  )
}

/** The list's own address: what it is asked for again with. */
export const listAddress = () => `/conversations?${byId('conversation-list')?.dataset.query || 'view=all'}`

/** The next visit begins where this one ended, on every device. */
function remember() {
  const list = byId('conversation-list')
  if (!list || list.dataset.query === list.dataset.remembered) return
  list.dataset.remembered = list.dataset.query
  const body = new URLSearchParams({ query: list.dataset.query || 'view=all' })
  fetch('/conversations/filters', { method: 'PUT', headers: PARTIAL, body, keepalive: true }).catch(() => {})
}

document.addEventListener('htmx:finally:swap', remember)
remember()
