/** What was just submitted stands in the thread at once, marked as pending, until the server's own bubble is there. */
import { byId, openThread } from './dom.js'

/**
 * The text as it was written, where its bubble will be.
 * @param {string} action
 * @param {URLSearchParams} body
 */
export function showPending(action, body) {
  const id = `k-${body.get('clientKey')}`
  const open = openThread()
  const template = byId('pending')
  if (!open || byId(id) || !action.includes(open.id) || !(template instanceof HTMLTemplateElement)) return
  const bubble = /** @type {HTMLElement} */ (template.content.firstElementChild?.cloneNode(true))
  bubble.id = id
  const text = bubble.querySelector('.bubble-text')
  if (text) text.textContent = (body.get('text') ?? '').trim()
  byId(`messages-${open.id}`)?.append(bubble)
}

/** @param {URLSearchParams} body */
export function settled(body) {
  byId(`k-${body.get('clientKey')}`)?.remove()
}

// The room may be quicker than the answer: the real bubble takes the pending one's place.
document.addEventListener('prosa:arrived', ({ detail: { bubbles } }) => {
  const viewer = openThread()?.thread.dataset.viewer
  for (const bubble of bubbles) {
    if (bubble.dataset.authorId !== viewer) continue
    const text = bubble.querySelector('.bubble-text')?.textContent
    const pending = [...document.querySelectorAll('.bubble--pending')].find(
      (one) => one.querySelector('.bubble-text')?.textContent === text,
    )
    pending?.remove()
  }
})
