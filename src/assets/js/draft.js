/** What is typed and not sent is kept on the server, half a second after the typing stops. */
import { byId, PARTIAL } from './dom.js'

const AFTER_MS = 500
let timer = 0
let dirty = false
/** @type {AbortController | null} */
let saving = null

export function draftChanged() {
  dirty = true
  clearTimeout(timer)
  timer = setTimeout(save, AFTER_MS)
}

/** The text is on its way as a message: a draft saved now would come back after it. */
export function draftSent() {
  dirty = false
  clearTimeout(timer)
  saving?.abort()
}

/**
 * What is typed is kept now, without waiting for the typing to stop.
 * @param {boolean} [always] also where it seems to be kept
 */
export async function save(always = false) {
  const form = byId('composer')
  const text = byId('composer-text')
  const path = form?.dataset.draft
  if (!(dirty || always) || !path || !(text instanceof HTMLTextAreaElement)) return
  dirty = false
  clearTimeout(timer)
  saving?.abort()
  const own = new AbortController()
  saving = own
  const replyTo = byId('reply-to')
  const body = new URLSearchParams({
    body: text.value,
    replyToId: replyTo instanceof HTMLInputElement ? replyTo.value : '',
  })
  try {
    const response = await fetch(path, {
      method: 'PUT',
      headers: PARTIAL,
      body,
      keepalive: body.toString().length < 60_000,
      signal: own.signal,
    })
    if (response.status >= 500) dirty = true
  } catch {
    if (!own.signal.aborted) dirty = true // as soon as there is a connection
  }
}

// Leaving the thread, the tab or the page does not wait for the typing to stop.
document.addEventListener('htmx:before:swap', ({ detail: { tasks } }) => {
  if (tasks.some(({ type, target }) => type === 'main' && target?.contains(byId('composer')))) save()
})
document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && save())
addEventListener('pagehide', () => save())
document.addEventListener('prosa:connected', () => save())
addEventListener('online', () => save())
