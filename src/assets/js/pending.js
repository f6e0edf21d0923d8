/** What was just submitted stands in the thread at once, marked as pending, until the server's own bubble is there. */
import { byId, openThread } from './dom.js'

/**
 * The text as it was written, where its bubble will be.
 * @param {string} action
 * @param {URLSearchParams} body
 */
export function showPending(action, body) {
  const key = body.get('clientKey') ?? ''
  const id = `k-${key}`
  const open = openThread()
  const template = byId('pending')
  if (!open || !action.includes(open.id) || !(template instanceof HTMLTemplateElement)) return
  if (byId(id) || isStored(key)) return
  const bubble = /** @type {HTMLElement} */ (template.content.firstElementChild?.cloneNode(true))
  bubble.id = id
  const text = bubble.querySelector('.bubble-text')
  if (text) text.textContent = [...filesSent(body), (body.get('text') ?? '').trim()].join('\n').trim()
  byId(`messages-${open.id}`)?.append(bubble)
}

/** @param {URLSearchParams} body */
export function settled(body) {
  byId(`k-${body.get('clientKey')}`)?.remove()
}

/** @param {URLSearchParams} body */
const filesSent = (body) =>
  body
    .getAll('uploadId')
    .map((id) => document.querySelector(`[data-upload="${CSS.escape(id)}"] bdi`)?.textContent ?? '')

/** @param {string} key */
const isStored = (key) => document.querySelector(`[data-client-key="${CSS.escape(key)}"]`) !== null

// The room, or a fresh page, may be quicker than the answer: the real bubble takes the pending one's place.
document.addEventListener('htmx:before:swap', ({ detail: { tasks } }) => {
  for (const { fragment } of tasks ?? [])
    for (const bubble of fragment?.querySelectorAll('[data-client-key]') ?? [])
      byId(`k-${bubble.getAttribute('data-client-key')}`)?.remove()
})
