/**
 * The customer has written again after the conversation was closed: the open page goes on to the new one by itself, with
 * what was typed, and the old one stands above it.
 */
import { byId, openThread, PARTIAL } from './dom.js'

let moving = false

document.addEventListener('htmx:before:swap', ({ detail: { tasks } }) => {
  const open = openThread()
  if (!open || byId(`thread-head-${open.id}`)?.dataset.status !== 'closed') return
  for (const { fragment } of tasks ?? []) {
    const next = fragment?.querySelector(`[data-identity-id="${CSS.escape(open.thread.dataset.identityId ?? '')}"]`)
    if (!(next instanceof HTMLElement) || next.dataset.status === 'closed') continue
    const id = next.dataset.conversationId
    if (id && id !== open.id) moveOn(id)
  }
})

/** @param {string} id */
async function moveOn(id) {
  if (moving) return
  moving = true
  try {
    const text = byId('composer-text')
    const body = text instanceof HTMLTextAreaElement ? text.value : ''
    if (body) {
      const draft = new URLSearchParams({ body })
      await fetch(`/conversations/${id}/draft`, { method: 'PUT', headers: PARTIAL, body: draft }).catch(() => {})
    }
    await htmx.ajax('GET', `/conversations/${id}`, {
      source: '#workspace-socket',
      target: '#thread',
      swap: 'outerHTML',
    })
    history.replaceState(history.state, '', `/conversations/${id}`)
  } finally {
    moving = false
  }
}
