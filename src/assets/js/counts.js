/** The number of unread conversations, in the badge, the page's title and on the app's icon; and a fresh list after a gap. */
import { byId, openThread, throttled } from './dom.js'
import { listAddress } from './filter.js'

const AT_MOST_EVERY_MS = 1_000
const PREFIX = /^\(\d+\+?\) /

/** What happened to a row may change the count; the server alone knows what this agent sees of it. */
const refresh = throttled(AT_MOST_EVERY_MS, () => {
  if (byId('counts'))
    htmx
      .ajax('GET', '/conversations/counts', { source: '#workspace-socket', target: '#counts', swap: 'outerHTML' })
      .catch(() => {})
})

export function refreshList() {
  const list = byId('conversation-list')
  if (!list || list.dataset.newer) return
  htmx
    .ajax('GET', listAddress(), {
      source: '#workspace-socket',
      target: '#conversation-list',
      swap: 'place page:true strip:true',
    })
    .catch(() => {})
}

let opened = ''
function showTitle() {
  const open = openThread()
  const name = open?.thread.dataset.title ?? ''
  // A thread that came as a part brought no title of its own.
  if (open && `${open.id} ${name}` !== opened && name) document.title = `${name} · ${document.body.dataset.product}`
  opened = `${open?.id} ${name}`
  const unread = Number(byId('counts')?.dataset.unread ?? 0)
  const plain = document.title.replace(PREFIX, '')
  const title = unread > 0 ? `(${unread > 99 ? '99+' : unread}) ${plain}` : plain
  if (document.title !== title) document.title = title
  if (unread > 0) navigator.setAppBadge?.(unread).catch(() => {})
  else navigator.clearAppBadge?.().catch(() => {})
}

document.addEventListener('htmx:ws:after:message:incoming', ({ target }) => {
  if (target instanceof Element && target.id === 'workspace-socket') refresh()
})
document.addEventListener('htmx:ws:before:message:incoming', ({ detail: { message } }) => {
  if (message.data === '{"t":"rights"}') document.dispatchEvent(new Event('prosa:list-unsure'))
})
document.addEventListener('prosa:list-unsure', throttled(AT_MOST_EVERY_MS, refreshList))
document.addEventListener('prosa:connected', () => {
  refresh()
  refreshList()
})
document.addEventListener('htmx:finally:swap', showTitle)
showTitle()
