/**
 * The reading place: opens at the first unread message or at the end, stays at the end while one is there, and holds the
 * bubble under one's eyes still whatever is put above or below it.
 */
import { byId, plural } from './dom.js'

const NEAR_END_PX = 80

/** @type {HTMLElement | null} */
let log = null
let atEnd = true
let seenTop = 0
let missed = 0
/** Until the page has caught up once: what comes so early was there when the thread was opened, and is nothing new. */
let opening = true
/** @type {{ id: string, top: number } | null} */
let anchor = null

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

/** A hand on the wheel may be quicker than the event that tells of it. */
function noticeHand() {
  if (log && log.scrollTop !== seenTop) scrolled()
}

/** Where reading goes on, right before anything changes. */
function remember() {
  anchor = null
  noticeHand()
  if (!log || atEnd) return
  const { top } = log.getBoundingClientRect()
  const bubbles = [...log.querySelectorAll('.messages > [id]')]
  const first = bubbles.find((bubble) => bubble.getBoundingClientRect().bottom > top)
  if (first) anchor = { id: first.id, top: first.getBoundingClientRect().top }
}

const observer = new MutationObserver((changes) => {
  const added = changes.flatMap(({ addedNodes }) => [...addedNodes]).filter((node) => node instanceof HTMLElement)
  const held = anchor && byId(anchor.id)
  if (atEnd || added.some((bubble) => bubble.matches('.bubble--pending'))) toEnd()
  else if (log && held && anchor) log.scrollTop += held.getBoundingClientRect().top - anchor.top
})
const resizes = new ResizeObserver(() => {
  noticeHand()
  if (atEnd) toEnd()
})

function open() {
  const found = byId('log')
  if (found === log) return
  observer.disconnect()
  resizes.disconnect()
  log = found
  opening = true
  if (!log) return
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

document.addEventListener('prosa:arrived', ({ detail: { bubbles } }) => {
  if (!atEnd && !opening) showMissed(missed + bubbles.length)
})
document.addEventListener('prosa:caught-up', () => {
  opening = false
})
document.addEventListener('htmx:before:swap', remember)
document.addEventListener('htmx:after:swap', open)
document.addEventListener('click', ({ target }) => target instanceof Element && target.closest('#jump') && toEnd())
open()
