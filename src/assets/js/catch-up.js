/**
 * Knows how far the page has come, and asks for what it missed: each time the socket opens, where a number was skipped,
 * on return to the tab or the network, where the list knows more, and once a minute. The socket is a convenience; this is what makes it true.
 */
import { byId, openThread, orderOf, throttled } from './dom.js'
import { leaveThread } from './sockets.js'

const EVERY_MS = 60_000
const SPREAD = 0.2
/** The thread's own frame may come a moment after the list's. */
const A_MOMENT_MS = 1_000

const cursor = () => {
  const open = openThread()
  return open ? byId(`cursor-${open.id}`) : null
}
const reached = () => Number(cursor()?.dataset.seq ?? 0)

/** Asks for all that changed since; answered by upserts and the number they bring the page to. */
export function catchUp() {
  const open = openThread()
  const at = cursor()
  if (!open || !at || !byId('conversation-socket')) return Promise.resolve()
  const oldest = byId(`messages-${open.id}`)?.querySelector('[data-seq]')
  const from = oldest ? `&from=${orderOf(oldest)}` : ''
  return new Promise((/** @type {(value?: unknown) => void} */ settled) => {
    // htmx's own promise is kept at once where the request has to wait behind another.
    htmx
      .ajax('GET', `/conversations/${open.id}/thread?after=${reached()}${from}`, {
        source: '#conversation-socket',
        swap: 'none',
        settled,
      })
      .catch(settled)
  })
}

document.addEventListener('htmx:finally:request', ({ detail: { ctx } }) => ctx.settled?.())

const soon = throttled(500, catchUp)

document.addEventListener('htmx:ws:before:message:incoming', ({ target, detail: { message } }) => {
  if (!(target instanceof Element) || target.id !== 'conversation-socket' || typeof message.data !== 'string') return
  const seq = seqOf(message.data)
  const at = cursor()
  if (!seq || !at) return
  if (seq === reached() + 1) at.dataset.seq = String(seq)
  else if (seq > reached()) soon()
})

/** @param {string} frame */
function seqOf(frame) {
  try {
    const { seq } = JSON.parse(frame)
    return typeof seq === 'number' ? seq : 0
  } catch {
    return 0
  }
}

document.addEventListener('htmx:ws:after:connection', async ({ target }) => {
  if (!(target instanceof Element) || target.id !== 'conversation-socket') return
  await catchUp()
  target.dispatchEvent(new Event('prosa:caught-up', { bubbles: true }))
})

// The list hears of the same change at another socket: a row that stays ahead of its thread tells that a frame was lost.
document.addEventListener('htmx:ws:after:message:incoming', ({ target }) => {
  if (target instanceof Element && target.id === 'workspace-socket') setTimeout(() => isBehind() && soon(), A_MOMENT_MS)
})

const isBehind = () => Number(byId(`conversation-${openThread()?.id}`)?.dataset.seq ?? 0) > reached()

// The conversation went out of sight between two frames: its catch-up is the one that finds out.
document.addEventListener('htmx:before:response', ({ detail: { ctx } }) => {
  if (!ctx.sourceElement.matches('#conversation-socket')) return
  const status = ctx.response?.status ?? 0
  if (status === 403 || status === 404) {
    leaveThread()
    for (const name of ['retarget', 'reswap']) delete ctx.hx?.[name]
  }
})

addEventListener('online', soon)
addEventListener('focus', soon)
document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && soon())

const everyMinute = () => {
  setTimeout(
    () => {
      catchUp()
      everyMinute()
    },
    EVERY_MS * (1 - SPREAD + 2 * SPREAD * Math.random()),
  )
}
everyMinute()
