/** The menu of a message of ours, and putting it in other words: Enter saves, Escape leaves it as it was. */
import { byId } from './dom.js'

const field = () => /** @type {HTMLTextAreaElement | null} */ (byId('rewording-text'))

// Before the page would follow the link.
document.addEventListener(
  'click',
  (event) => {
    if (!(event.target instanceof Element) || !event.target.closest('[data-stops-rewording]')) return
    event.preventDefault()
    event.stopPropagation()
    stop()
  },
  { capture: true },
)

document.addEventListener('htmx:after:swap', ({ detail: { ctx } }) => {
  if (ctx.target?.id === 'bubble-menu') {
    const menu = byId('bubble-menu')
    menu?.showPopover({ source: /** @type {HTMLElement} */ (ctx.sourceElement) })
    const first = menu?.querySelector('a, button')
    if (first instanceof HTMLElement) first.focus()
  } else if (ctx.target?.id === 'rewording' || ctx.sourceElement.id === 'rewording-form') {
    const text = field()
    if (!text) byId('composer-text')?.focus()
    else if (text !== document.activeElement) {
      text.focus()
      text.setSelectionRange(text.value.length, text.value.length)
    }
  }
})

// Before the keys of the page, to which Escape means a step back.
document.addEventListener(
  'keydown',
  (event) => {
    if (event.isComposing || event.keyCode === 229) return
    const done = event.target === field() ? inForm(event) : isEmptyComposer(event.target) && inComposer(event)
    if (!done) return
    event.preventDefault()
    event.stopPropagation()
  },
  { capture: true },
)

/** @param {KeyboardEvent} event */
function inForm({ key, ctrlKey, metaKey, shiftKey }) {
  if (key === 'Escape') stop()
  else if (key === 'Enter' && (ctrlKey || metaKey || (!shiftKey && matchMedia('(hover: hover)').matches)))
    field()?.form?.requestSubmit()
  else return false
  return true
}

/** @param {KeyboardEvent} event */
function inComposer({ key, ctrlKey, altKey, metaKey, shiftKey }) {
  const last = key === 'ArrowUp' && !(ctrlKey || altKey || metaKey || shiftKey) ? lastOfMine() : null
  const path = last?.querySelector('.bubble-more')?.getAttribute('href')
  if (!last || !path) return false
  htmx.ajax('GET', path.replace(/menu$/, 'edit'), { source: `#${last.id}`, target: '#rewording', swap: 'innerHTML' })
  return true
}

/** @param {EventTarget | null} target */
const isEmptyComposer = (target) =>
  target instanceof HTMLTextAreaElement && target.id === 'composer-text' && target.value === ''

/** The last message that this agent wrote, where the thread has the menu and the message stands. */
function lastOfMine() {
  const viewer = byId('thread')?.dataset.viewer
  if (!viewer || !byId('bubble-menu')) return null
  const mine = [...document.querySelectorAll(`#log .bubble[data-author-id="${viewer}"]`)].at(-1)
  return mine?.querySelector('.bubble-more') ? mine : null
}

/** What was being edited stays as it is; the composer comes back with what stood in it. */
function stop() {
  byId('rewording')?.replaceChildren()
  byId('composer-text')?.focus()
}
