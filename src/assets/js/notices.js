/** Notices of what failed, in words; they leave by themselves, but not while somebody reads them. */
import { byId, isBackground } from './dom.js'

const STAY_MS = 8_000

/** @param {string | undefined} text */
function notice(text) {
  const template = byId('toast')
  const toasts = byId('toasts')
  if (!text || !toasts || !(template instanceof HTMLTemplateElement)) return
  if ([...toasts.children].some((shown) => shown.querySelector('p')?.textContent === text)) return
  const toast = /** @type {HTMLElement} */ (template.content.firstElementChild?.cloneNode(true))
  const words = toast.querySelector('p')
  if (words) words.textContent = text
  toasts.append(toast)
}

/**
 * The composer's own failures wait in the outbox, and say so in the thread.
 * @param {HtmxContext | undefined} ctx
 */
const isQuiet = (ctx) => !ctx || isBackground(ctx.sourceElement)

document.addEventListener('htmx:response:error', ({ detail: { ctx } }) => {
  const status = ctx.response?.status ?? 0
  const waits = ctx.sourceElement.id === 'composer' && status > 501
  if (status >= 500 && !waits && !isQuiet(ctx)) notice(byId('toasts')?.dataset.failed)
})
document.addEventListener('htmx:error', ({ detail: { ctx } }) => {
  if (!isQuiet(ctx) && ctx?.sourceElement.id !== 'composer') notice(byId('toasts')?.dataset.unreachable)
})
// What the page asks for by itself fails in silence: the state of the connection says enough.
document.addEventListener('htmx:before:response', ({ detail: { ctx } }) => {
  if (isBackground(ctx.sourceElement) && (ctx.response?.status ?? 0) >= 400 && ctx.hx?.retarget === '#toasts') {
    delete ctx.hx.retarget
    ctx.hx.reswap = 'none'
  }
})

const toasts = byId('toasts')
if (toasts) {
  new MutationObserver((changes) => {
    for (const toast of changes.flatMap(({ addedNodes }) => [...addedNodes]))
      if (toast instanceof HTMLElement) leaveLater(toast)
  }).observe(toasts, { childList: true })
}

/** @param {HTMLElement} toast */
function leaveLater(toast) {
  setTimeout(() => (toast.matches(':hover, :focus-within') ? leaveLater(toast) : toast.remove()), STAY_MS)
}
