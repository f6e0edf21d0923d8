/** The contact's panel by keyboard: where focus goes as it opens, closes and is named; arrows between its tabs. */
import { byId, openThread } from './dom.js'

const panel = () => byId('contact-panel')
const opener = () => /** @type {HTMLElement | null} */ (document.querySelector('[data-opens-panel]'))

/**
 * The act that asked for the panel. It belongs to its own request: while that is on its way much else is drawn anew.
 * @type {WeakMap<HtmxContext, string>}
 */
const causes = new WeakMap()

document.addEventListener('htmx:before:request', ({ detail: { ctx } }) => {
  if (ctx.target?.id !== 'contact-panel') return
  causes.set(ctx, ctx.sourceElement.matches('.panel-close') ? 'closed' : ctx.sourceElement.id || 'opened')
})

document.addEventListener('htmx:after:swap', ({ detail: { ctx } }) => {
  const cause = causes.get(ctx)
  // After whatever else cares for the focus has had its turn.
  if (cause) queueMicrotask(() => settle(cause))
  const name = byId('contact-name-text')
  if (name instanceof HTMLInputElement && !name.dataset.uiMet) {
    name.dataset.uiMet = 'true'
    name.focus()
    name.select()
  }
})

/** @param {string} cause */
function settle(cause) {
  if (cause === 'closed') opener()?.focus()
  else (byId(cause) ?? byId('contact-panel-title'))?.focus({ preventScroll: true })
}

document.addEventListener('keydown', (event) => {
  const { key, target } = event
  if (!(target instanceof HTMLElement) || document.querySelector('dialog[open]')) return
  if (key === 'Escape' && target.id === 'contact-name-text') leaveName(event)
  else if (key === 'Escape' && !target.matches('input, textarea, select') && panel()?.contains(target))
    closePanel(event)
  else if (target.matches('[role=tab]')) stepTab(event, target)
})

document.addEventListener(
  'click',
  (event) => {
    if (event.target instanceof Element && event.target.closest('[data-leaves-name]')) leaveName(event)
  },
  { capture: true },
)

/** @param {Event} event */
function leaveName(event) {
  event.preventDefault()
  event.stopPropagation()
  byId('contact-name-form')?.replaceChildren()
  const pencil = byId('contact-name')?.querySelector('a')
  pencil?.focus()
}

/** @param {KeyboardEvent} event */
function closePanel(event) {
  const close = panel()?.querySelector('.panel-close')
  if (!(close instanceof HTMLElement) || !openThread()) return
  event.preventDefault()
  event.stopImmediatePropagation()
  close.click()
}

/**
 * @param {KeyboardEvent} event
 * @param {HTMLElement} tab
 */
function stepTab(event, tab) {
  const to = { ArrowRight: tab.nextElementSibling, ArrowLeft: tab.previousElementSibling }[event.key]
  if (!(to instanceof HTMLElement)) return
  event.preventDefault()
  to.focus()
}
