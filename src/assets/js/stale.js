/**
 * The same bubble may arrive late, or twice. What is not newer than what stands on the page is left out before it is
 * swapped in, so that a tick never turns back; and a bubble older than all that are loaded waits for its page of history.
 */
import { byId, compareOrder, isBackground, openThread, orderOf } from './dom.js'

/** Bubbles that another one took the place of: a late frame must not bring them back. */
const gone = new Set()

document.addEventListener('htmx:before:swap', ({ detail: { ctx, tasks } }) => {
  const oldest = isBackground(ctx.sourceElement) ? oldestLoaded() : ''
  for (const { type, target, fragment, swapSpec } of tasks) {
    if (type === 'partial' && swapSpec.style === 'delete' && target) gone.add(target.id)
    if (swapSpec.style !== 'upsert') continue
    for (const element of [...fragment.children]) if (!isNews(element, oldest)) element.remove()
    if (target && onlyGoesOn(target, fragment)) swapSpec.style = 'beforeend'
  }
})

/**
 * @param {Element} element
 * @param {string} oldest
 */
function isNews(element, oldest) {
  if (!(element instanceof HTMLElement) && !element.id) return true
  const shown = byId(element.id)
  if (shown) return seqOf(element) > seqOf(shown)
  if (gone.has(element.id)) return false
  const order = element.getAttribute('data-order') ?? ''
  return !oldest || !order || compareOrder(order, oldest) >= 0
}

/**
 * Hundreds of missed messages all come after the last one that is shown: they are put there at once, where the upsert
 * would look for the place of each among all.
 * @param {Element} target
 * @param {DocumentFragment} fragment
 */
function onlyGoesOn(target, fragment) {
  let last = target.lastElementChild?.getAttribute('data-order') ?? ''
  for (const element of fragment.children) {
    const order = element.getAttribute('data-order')
    if (!order || byId(element.id) || compareOrder(order, last) < 0) return false
    last = order
  }
  return last !== ''
}

/**
 * NaN where there is none: then it is never newer.
 * @param {Element} element
 */
const seqOf = (element) => Number(element.getAttribute('data-seq') ?? Number.NaN)

/** Where history goes on above; empty where all of it is loaded. */
function oldestLoaded() {
  const open = openThread()
  const older = open && byId(`older-${open.id}`)
  if (!open || !older || older.hidden) return ''
  const first = byId(`messages-${open.id}`)?.querySelector('[data-seq]')
  return first ? orderOf(first) : ''
}
