/** Tells when the page is cut off, and when it is back. Short breaks pass unmentioned. */
import { byId, PARTIAL, plural } from './dom.js'

const MENTION_AFTER_MS = 2_000
const WARN_AFTER_MS = 10_000
const BACK_FOR_MS = 4_000

let lostAt = 0
let recovered = 0
/** @type {number[]} */
let timers = []

/** @param {string} text */
function say(text) {
  const bar = byId('connection')
  if (!bar) return
  bar.textContent = text
  bar.hidden = text === ''
}

/** @param {'reconnecting' | 'offline' | 'back'} state */
function tell(state) {
  const bar = byId('connection')
  if (!bar) return
  bar.dataset.state = state
  say(state === 'back' && recovered > 0 ? plural(bar, recovered) : (bar.dataset[state] ?? ''))
}

function lost() {
  if (lostAt) return
  lostAt = Date.now()
  recovered = 0
  timers = [setTimeout(tell, MENTION_AFTER_MS, 'reconnecting'), setTimeout(warn, WARN_AFTER_MS)]
}

/** A refused socket looks like a broken one; a plain request tells a session that ended from a network that did. */
async function warn() {
  tell('offline')
  try {
    const redirect = (await fetch('/conversations/counts', { headers: PARTIAL })).headers.get('HX-Redirect')
    if (redirect) location.assign(redirect)
  } catch {
    // Offline indeed.
  }
}

function back() {
  for (const timer of timers) clearTimeout(timer)
  const wasMentioned = lostAt > 0 && byId('connection')?.hidden === false
  lostAt = 0
  if (!wasMentioned) return
  // What was missed is asked for now: a moment later its number is known.
  timers = [setTimeout(tell, 800, 'back'), setTimeout(say, BACK_FOR_MS, '')]
}

document.addEventListener('htmx:ws:close', ({ target, detail: { code } }) => {
  if (target instanceof Element && target.id === 'workspace-socket' && code !== null && code < 4000) lost()
})
document.addEventListener('htmx:ws:after:connection', ({ target }) => {
  if (!(target instanceof Element) || target.id !== 'workspace-socket') return
  back()
  document.dispatchEvent(new CustomEvent('prosa:connected'))
})
document.addEventListener('prosa:arrived', ({ detail: { bubbles } }) => {
  recovered += bubbles.length
})
addEventListener('offline', lost)
