/** What the page has is the page's to say when it asks to be brought up to date. */
import { byId, openThread, orderOf } from './dom.js'

document.addEventListener('htmx:config:request', ({ detail: { ctx } }) => {
  const open = openThread()
  if (!open || !ctx.sourceElement.matches('form[data-sync]')) return
  const oldest = byId(`messages-${open.id}`)?.querySelector('[data-seq]')
  const { body } = ctx.request
  if (!(body instanceof FormData) && !(body instanceof URLSearchParams)) return
  body.set('seq', byId(`cursor-${open.id}`)?.dataset.seq ?? '0')
  if (oldest) body.set('from', orderOf(oldest))
  const { drawnAt } = byId('thread')?.dataset ?? {}
  if (drawnAt) body.set('drawnAt', drawnAt)
  for (const list of document.querySelectorAll('.messages--earlier')) {
    const known = Array.from(list.querySelectorAll('[data-seq]'), (row) => Number(row.getAttribute('data-seq')))
    body.append('earlier', `${list.id.slice('messages-'.length)}:${Math.max(0, ...known)}`)
  }
})

// What was chosen from a menu closes it.
document.addEventListener('htmx:before:request', ({ detail: { ctx } }) => {
  const menu = ctx.sourceElement.closest('[popover]')
  if (menu instanceof HTMLElement && menu.matches(':popover-open')) menu.hidePopover()
})
