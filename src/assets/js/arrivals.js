/** Tells what is new in the open thread: each bubble once, in whatever order they come, and never a page of history. */
import { byId, compareOrder, openThread, orderOf } from './dom.js'

/** @type {HTMLElement | null} */
let bubbles = null
/** @type {Set<string>} */
let known = new Set()
let firstPageFrom = ''

const observer = new MutationObserver((changes) => {
  const added = changes.flatMap(({ addedNodes }) => [...addedNodes]).filter((node) => node instanceof HTMLElement)
  const unknown = added.filter((bubble) => bubble.matches('article') && !known.has(bubble.id))
  for (const { id } of unknown) known.add(id)
  const arrived = unknown.filter((bubble) => compareOrder(orderOf(bubble), firstPageFrom) > 0)
  if (arrived.length > 0) document.dispatchEvent(new CustomEvent('prosa:arrived', { detail: { bubbles: arrived } }))
})

function open() {
  const thread = openThread()
  const found = thread && byId(`messages-${thread.id}`)
  if (found === bubbles) return
  observer.disconnect()
  bubbles = found
  if (!bubbles) return
  const shown = [...bubbles.querySelectorAll('article')]
  known = new Set(shown.map(({ id }) => id))
  firstPageFrom = shown[0] ? orderOf(shown[0]) : ''
  observer.observe(bubbles, { childList: true })
}

document.addEventListener('htmx:after:swap', open)
open()
