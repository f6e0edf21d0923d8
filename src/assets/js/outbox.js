/**
 * What was submitted and not stored yet. It stands in the thread as pending, and goes out again under the same key while
 * this page lives: however often it goes, it is one message.
 */
import { byId, openThread, PARTIAL } from './dom.js'
import { settled, showPending } from './pending.js'

const RETRY_MS = 5_000

/** @type {{ action: string, body: string }[]} */
const waiting = []
let sending = false

/** @param {string} action */
export const hasWaiting = (action) => waiting.some((entry) => entry.action === action)

/**
 * @param {string} action
 * @param {URLSearchParams} body
 */
export function enqueue(action, body) {
  waiting.push({ action, body: body.toString() })
  showPending(action, body)
  setTimeout(flush, RETRY_MS)
}

async function flush() {
  if (sending || waiting.length === 0) return
  sending = true
  try {
    for (let first = waiting[0]; first; first = waiting[0]) if (!(await send(first))) break
  } finally {
    sending = false
    if (waiting.length > 0) setTimeout(flush, RETRY_MS)
  }
}

/**
 * What was stored long ago comes back as the bubble that it is. False: not now.
 * @param {{ action: string, body: string }} entry
 */
async function send({ action, body }) {
  const form = new URLSearchParams(body)
  const response = await fetch(action, { method: 'POST', headers: PARTIAL, body: form }).catch(() => null)
  if (!response || response.status >= 500 || response.status === 429) return false
  const redirect = response.headers.get('HX-Redirect')
  if (redirect) {
    location.assign(redirect)
    return false
  }
  const text = await response.text()
  waiting.shift()
  settled(form)
  if (!response.ok) giveBack(action, form)
  const target = response.headers.get('HX-Retarget') ?? 'body'
  await htmx.swap({ text, target, swap: response.headers.get('HX-Reswap') ?? 'none', sourceElement: document.body })
  return true
}

/**
 * Refused: the text goes back to where it can be changed, before whatever is being written now.
 * @param {string} action
 * @param {URLSearchParams} form
 */
function giveBack(action, form) {
  const field = byId('composer-text')
  if (!(field instanceof HTMLTextAreaElement) || !action.includes(openThread()?.id ?? ' ')) return
  field.value = [form.get('text'), field.value].filter(Boolean).join('\n')
  field.dispatchEvent(new Event('input', { bubbles: true }))
}

// Another thread was opened, or this one again: what still waits is shown where it belongs.
document.addEventListener('htmx:after:swap', () => {
  for (const { action, body } of waiting) showPending(action, new URLSearchParams(body))
})
document.addEventListener('prosa:connected', flush)
addEventListener('online', flush)
addEventListener('beforeunload', (event) => {
  if (waiting.length > 0) event.preventDefault()
})
