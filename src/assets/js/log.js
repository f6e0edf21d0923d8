/**
 * The reading place: opens at the first unread message or at the end, stays at the end while one is there, and holds the
 * bubble under one's eyes still whatever is put above or below it.
 */
import { byId, compareOrder, openThread, orderOf, plural } from './dom.js'

const NEAR_END_PX = 80

/** @type {HTMLElement | null} */
let log = null
let atEnd = true
let seenTop = 0
let newest = ''
let missed = 0
/** @type {{ id: string, top: number } | null} */
let anchor = null

const bubblesOf = () => {
  const open = openThread()
  return open ? byId(`messages-${open.id}`) : null
}

export function toEnd() {
  if (log) {
    log.scrollTop = log.scrollHeight
    seenTop = log.scrollTop
  }
  atEnd = true
  showMissed(0)
}

/** @param {number} n */
function showMissed(n) {
  missed = n
  const jump = byId('jump')
  if (!jump) return
  jump.hidden = atEnd
  const text = jump.querySelector('.jump-text')
  if (text) text.textContent = n > 0 ? plural(jump, n) : (jump.dataset.end ?? '')
}

/** Where reading goes on, right before anything changes. */
function remember() {
  anchor = null
  // A hand on the wheel may be quicker than the event that tells of it.
  if (log && log.scrollTop !== seenTop) scrolled()
  if (!log || atEnd) return
  const { top } = log.getBoundingClientRect()
  const bubbles = [...log.querySelectorAll('.messages > [id]')]
  const first = bubbles.find((bubble) => bubble.getBoundingClientRect().bottom > top)
  if (first) anchor = { id: first.id, top: first.getBoundingClientRect().top }
}

const observer = new MutationObserver((changes) => {
  const added = changes.flatMap(({ addedNodes }) => [...addedNodes]).filter((node) => node instanceof HTMLElement)
  const arrived = added.filter((bubble) => bubble.matches('article') && compareOrder(orderOf(bubble), newest) > 0)
  newest = arrived.map(orderOf).reduce((a, b) => (compareOrder(a, b) > 0 ? a : b), newest)
  const held = anchor && byId(anchor.id)
  if (atEnd || added.some((bubble) => bubble.matches('.bubble--pending'))) toEnd()
  else if (log && held && anchor) log.scrollTop += held.getBoundingClientRect().top - anchor.top
  if (arrived.length === 0) return
  if (!atEnd) showMissed(missed + arrived.length)
  document.dispatchEvent(new CustomEvent('prosa:arrived', { detail: { bubbles: arrived } }))
})
const resizes = new ResizeObserver(() => atEnd && toEnd())

function open() {
  const found = byId('log')
  if (found === log) return
  observer.disconnect()
  resizes.disconnect()
  log = found
  const bubbles = bubblesOf()
  if (!log || !bubbles) return
  newest = [...bubbles.querySelectorAll('article')].map(orderOf).at(-1) ?? ''
  log.addEventListener('scroll', scrolled, { passive: true })
  // Earlier conversations are put above this one's messages.
  observer.observe(log, { childList: true, subtree: true })
  resizes.observe(log)
  const unread = byId('first-unread')
  toEnd()
  if (unread) log.scrollTop -= Math.max(0, log.getBoundingClientRect().top + 24 - unread.getBoundingClientRect().top)
  scrolled()
}

function scrolled() {
  if (!log) return
  seenTop = log.scrollTop
  anchor = null
  atEnd = log.scrollHeight - log.scrollTop - log.clientHeight <= NEAR_END_PX
  showMissed(atEnd ? 0 : missed)
}

document.addEventListener('htmx:before:swap', remember)
document.addEventListener('htmx:after:swap', open)
document.addEventListener('click', ({ target }) => target instanceof Element && target.closest('#jump') && toEnd())
open()
