/** Single keys for the keyboard's friends: never while typing, in a dialog, or with a modifier held. */
import { quote } from './clicks.js'
import { byId, openThread } from './dom.js'

const rows = () => /** @type {HTMLElement[]} */ ([...document.querySelectorAll('#conversation-list .row-link')])

/** The row that focus is in, else the one that is open. */
const current = () => {
  const all = rows()
  const at = all.findIndex((row) => row.matches(':focus'))
  return at >= 0 ? at : all.findIndex((row) => row.hasAttribute('aria-current'))
}

/** @param {number} step */
function neighbour(step) {
  const all = rows()
  return all[Math.min(Math.max(current() + step, 0), all.length - 1)]
}

/** @type {Record<string, () => void>} */
const KEYS = {
  j: () => neighbour(1)?.focus(),
  k: () => neighbour(-1)?.focus(),
  o: () => rows()[current()]?.click(),
  ']': () => neighbour(1)?.click(),
  '[': () => neighbour(-1)?.click(),
  r: () => byId('composer-text')?.focus(),
  q: () => {
    const last = [...document.querySelectorAll('article[data-direction=incoming]')].at(-1)
    if (last instanceof HTMLElement && last.dataset.messageId) quote(last.dataset.messageId)
  },
  c: beginConversation,
  i: () => press('[data-accept]'),
  l: () => press('.tag-button'),
  e: () => press('.menu [aria-keyshortcuts="e"]'),
  t: () => press('.menu [aria-keyshortcuts="t"]'),
  d: () => press('[data-opens-panel]'),
  R: () => press('[data-sync] button'),
  '.': () => press('.menu-button'),
  '?': () => {
    const sheet = byId('shortcuts')
    if (sheet instanceof HTMLDialogElement) sheet.showModal()
  },
  Escape: stepBack,
}

/**
 * A button or link of the open thread, as if it were clicked.
 * @param {string} selector
 */
function press(selector) {
  const control = byId('thread')?.querySelector(selector)
  if (control instanceof HTMLElement) control.click()
}

/** From wherever one is: the dialog stands outside of the pages. */
function beginConversation() {
  const button = byId('new-conversation')
  if (button) button.click()
  else if (byId('dialog'))
    htmx.ajax('GET', '/conversations/new', { source: '#dialog', target: '#dialog', swap: 'innerHTML' })
}

/** From the composer to the messages, from the messages to the list. */
function stepBack() {
  const active = document.activeElement
  if (active?.closest('#composer')) byId('log')?.focus()
  else if (active?.closest('#thread')) (byId(`open-${openThread()?.id}`) ?? byId('conversation-list'))?.focus()
}

document.addEventListener('keydown', (event) => {
  const { key, target, ctrlKey, altKey, metaKey, isComposing } = event
  if (ctrlKey || altKey || metaKey || isComposing || document.querySelector('dialog[open]')) return
  // An open menu is the top layer: the browser closes it.
  if (key === 'Escape' && document.querySelector(':popover-open')) return
  const writing = target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]')
  if (writing && key !== 'Escape') return
  const inList = target instanceof Element && target.closest('#conversation-list') !== null
  const act = (inList && { ArrowDown: KEYS.j, ArrowUp: KEYS.k }[key]) || (Object.hasOwn(KEYS, key) && KEYS[key])
  if (!act) return
  event.preventDefault()
  act()
})
