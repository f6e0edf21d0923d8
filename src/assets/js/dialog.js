/** The dialog that the server fills: opened by what comes into it, closed by what was done in it, and then empty. */
import { unquote } from './composer.js'
import { byId } from './dom.js'
import { draftChanged } from './draft.js'

const frame = () => /** @type {HTMLDialogElement | null} */ (byId('dialog-frame'))

/** How often it has been closed, and how often it had been when something was asked from inside. */
let closings = 0
/** @type {WeakMap<HtmxContext, number>} */
const askedWithin = new WeakMap()

/** What it was opened by: where that was drawn anew meanwhile, the browser finds nothing to give the focus back to. */
let opener = ''

/**
 * Asked for by a dialog that was dismissed meanwhile.
 * @param {HtmxContext} ctx
 */
const isTooLate = (ctx) => (askedWithin.get(ctx) ?? closings) !== closings

// What asks as soon as it is there asks before the dialog that it came into is shown.
document.addEventListener('htmx:config:request', ({ detail: { ctx } }) => {
  if (frame()?.contains(ctx.sourceElement)) askedWithin.set(ctx, closings)
})

document.addEventListener('htmx:before:swap', ({ detail: { ctx, tasks } }) => {
  if (!isTooLate(ctx)) return
  const others = tasks.filter(({ target }) => target?.id !== 'dialog')
  tasks.splice(0, tasks.length, ...others)
})

document.addEventListener('htmx:after:swap', ({ detail: { ctx } }) => {
  const dialog = frame()
  if (!dialog || !ctx.target || isTooLate(ctx)) return
  if (ctx.target.id === 'dialog') show(dialog)
  else if (ctx.target.id === 'main' || ctx.target.id === 'thread') dialog.close()
})

/** @param {HTMLDialogElement} dialog */
function show(dialog) {
  if (!dialog.open) {
    // What is behind an open dialog cannot be read or clicked: notices come along.
    dialog.append(byId('toasts') ?? '')
    opener = document.activeElement?.id ?? ''
    dialog.showModal()
    dialog.addEventListener('close', leave, { once: true })
  }
  const wrong = dialog.querySelector('[aria-invalid=true]')
  const lost = !dialog.contains(document.activeElement) || document.activeElement === dialog
  const first = wrong ?? (lost ? (dialog.querySelector('[autofocus]') ?? dialog.querySelector('h1')) : null)
  if (first instanceof HTMLElement) first.focus()
}

function leave() {
  closings += 1
  document.body.append(byId('toasts') ?? '')
  byId('dialog')?.replaceChildren()
  if (document.activeElement === document.body) byId(opener)?.focus()
}

// The server says so in `HX-Trigger`.
document.addEventListener('prosa:done', () => {
  const answered = frame()?.querySelector('form [name=replyToId]')
  const quoted = byId('reply-to')
  if (quoted instanceof HTMLInputElement && quoted.value && answered?.getAttribute('value') === quoted.value) unquote()
  // With what was sent the draft went: what is still being written is kept anew.
  if (byId('composer')) draftChanged()
  frame()?.close()
})

document.addEventListener(
  'click',
  (event) => {
    const { target } = event
    const dialog = frame()
    if (!dialog?.open || !(target instanceof Element) || !target.closest('[data-closes-dialog]')) return
    event.preventDefault()
    event.stopPropagation()
    dialog.close()
  },
  { capture: true },
)
