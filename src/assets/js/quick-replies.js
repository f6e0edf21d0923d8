/** A `/` at the beginning of a line offers what is at hand; chosen, it takes the place of what was typed. */
import { byId } from './dom.js'

const AFTER_MS = 120
/** From the beginning of the line to the caret: a slash, and some letters to search for. */
const ASKED = /(?:^|\n)\/([^\n]{0,60})$/
const BLANK = /\{\{[ \t]*[\p{L}\p{N}_]{1,40}[ \t]*\}\}/u

let timer = 0
/**
 * Dismissed for this line: it is not offered again until something else stands there.
 * @type {string | null}
 */
let dismissed = null

const field = () => /** @type {HTMLTextAreaElement | null} */ (byId('composer-text'))
const box = () => byId('quick-replies')
const options = () => /** @type {HTMLElement[]} */ ([...(box()?.querySelectorAll('[role=option]') ?? [])])
const isOpen = () => box()?.hidden === false && options().length > 0

/** @param {HTMLTextAreaElement} text */
const askedIn = (text) =>
  text.selectionStart === text.selectionEnd ? (ASKED.exec(text.value.slice(0, text.selectionStart))?.[1] ?? null) : null

/** @param {HTMLTextAreaElement} text */
function look(text) {
  clearTimeout(timer)
  const asked = askedIn(text)
  if (asked !== dismissed) dismissed = null
  if (asked === null || asked === dismissed) close()
  else timer = setTimeout(() => ask(asked), AFTER_MS)
}

/** @param {string} asked */
function ask(asked) {
  const path = document.querySelector('#choose-quick-reply')?.getAttribute('href')
  if (!path || !box()) return
  htmx
    .ajax('GET', `${path}?q=${encodeURIComponent(asked)}`, {
      source: '#quick-replies',
      target: '#quick-replies',
      swap: 'innerHTML',
    })
    .catch(() => {})
}

document.addEventListener('htmx:after:swap', ({ detail: { ctx } }) => {
  const text = field()
  if (ctx.sourceElement?.id !== 'quick-replies' || !text) return
  close()
  if (askedIn(text) === null) return
  box()?.removeAttribute('hidden')
  const [first] = options()
  if (!first) return
  text.setAttribute('aria-controls', 'quick-reply-options')
  choose(first)
})

/** @param {HTMLElement} option */
function choose(option) {
  for (const one of options()) one.setAttribute('aria-selected', String(one === option))
  field()?.setAttribute('aria-activedescendant', option.id)
  option.scrollIntoView({ block: 'nearest' })
}

function close() {
  clearTimeout(timer)
  const place = box()
  if (place) place.hidden = true
  for (const name of ['aria-activedescendant', 'aria-controls']) field()?.removeAttribute(name)
}

/** @param {HTMLElement} option */
function put(option) {
  const text = field()
  const asked = text && askedIn(text)
  if (!text || asked === null) return
  const until = text.selectionStart
  const from = until - asked.length - 1
  const words = option.dataset.text ?? ''
  close()
  text.focus()
  text.setSelectionRange(from, until)
  // As if it were typed: what was there can be had back with undo.
  document.execCommand('insertText', false, words)
  const blank = BLANK.exec(words)
  if (blank) text.setSelectionRange(from + blank.index, from + blank.index + blank[0].length)
  // Its files come after it, and that it was used is counted. Asked from where no field is sent along.
  htmx.ajax('POST', option.dataset.uses ?? '', { source: '#announcer', swap: 'none' }).catch(() => {})
}

/**
 * Selects the first blank of what is about to be sent, and says which it is; nothing, where there is none.
 * @param {HTMLTextAreaElement} text
 */
export function blankIn(text) {
  const blank = BLANK.exec(text.value)
  if (!blank) return null
  text.focus()
  text.setSelectionRange(blank.index, blank.index + blank[0].length)
  return blank[0]
}

document.addEventListener('input', ({ target }) => {
  if (target === field() && target instanceof HTMLTextAreaElement) look(target)
})

document.addEventListener(
  'keydown',
  (event) => {
    const { key, target, isComposing, shiftKey } = event
    const text = field()
    if (!text || target !== text || isComposing) return
    if (!isOpen()) {
      // That there is none was said; what is sent or left alone is looked for no more.
      if ((key === 'Enter' && !shiftKey) || key === 'Escape') close()
      return
    }
    const all = options()
    const at = all.findIndex((one) => one.ariaSelected === 'true')
    const step = { ArrowDown: 1, ArrowUp: -1 }[key]
    const [chosen, next] = [all[at], step && all[(at + step + all.length) % all.length]]
    if (next) choose(next)
    else if ((key === 'Enter' || key === 'Tab') && !shiftKey && chosen) put(chosen)
    else if (key === 'Escape') {
      dismissed = askedIn(text)
      close()
    } else return
    event.preventDefault()
    event.stopImmediatePropagation()
  },
  { capture: true },
)

// The field keeps the focus: a click chooses without taking it.
document.addEventListener('mousedown', (event) => {
  if (event.target instanceof Element && event.target.closest('#quick-replies')) event.preventDefault()
})

document.addEventListener(
  'click',
  (event) => {
    if (!(event.target instanceof Element)) return
    const option = event.target.closest('#quick-replies [role=option]')
    if (option instanceof HTMLElement) return put(option)
    const text = field()
    const plain = !(event.ctrlKey || event.metaKey || event.shiftKey)
    if (text && plain && event.target.closest('#choose-quick-reply')) {
      event.preventDefault()
      event.stopPropagation()
      slash(text)
    } else if (event.target !== text) close()
  },
  { capture: true },
)

/**
 * On a line of its own, at the end of what is written.
 * @param {HTMLTextAreaElement} text
 */
function slash(text) {
  dismissed = null
  text.focus()
  text.setSelectionRange(text.value.length, text.value.length)
  if (askedIn(text) === null)
    document.execCommand('insertText', false, text.value === '' || text.value.endsWith('\n') ? '/' : '\n/')
  look(text)
}
