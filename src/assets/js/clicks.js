/** Small acts of buttons that need no server: quote, copy, dismiss, open a sheet. */

import { unquote } from './composer.js'
import { byId, saidIn } from './dom.js'
import { draftChanged } from './draft.js'

document.addEventListener('click', ({ target }) => {
  const button = target instanceof Element ? target.closest('button') : null
  if (!button) return
  const { quote: quoted, copy: copied, copyText, opens, unquote: unquotes, dismiss } = button.dataset
  if (quoted) quote(quoted)
  if (copied) copy(byId(copied)?.querySelector('.bubble-text')?.textContent ?? '', button)
  if (copyText) copy(copyText, button)
  if (unquotes !== undefined) {
    unquote()
    draftChanged()
  }
  if (dismiss !== undefined) button.closest('.toast')?.remove()
  const sheet = opens ? byId(opens) : null
  if (sheet instanceof HTMLDialogElement) sheet.showModal()
})

/** @param {string} messageId */
export function quote(messageId) {
  const replyTo = byId('reply-to')
  const box = byId('composer-quote')
  const text = byId('composer-quote-text')
  const bubble = byId(`m-${messageId}`)
  if (!(replyTo instanceof HTMLInputElement) || !box || !text || !bubble) return
  replyTo.value = messageId
  text.textContent = saidIn(bubble)
  box.hidden = false
  byId('composer-text')?.focus()
  draftChanged()
}

/**
 * A button of words says that it is done; one with a sign alone shows it.
 * @param {string} text
 * @param {HTMLElement} button
 */
async function copy(text, button) {
  await navigator.clipboard.writeText(text)
  button.classList.add('is-done')
  setTimeout(() => button.classList.remove('is-done'), 2_000)
  if (!button.dataset.done) return
  const label = button.textContent
  button.textContent = button.dataset.done
  setTimeout(() => {
    button.textContent = label
  }, 2_000)
}

// A quote leads to what it quotes, and shows which that is.
document.addEventListener('click', ({ target }) => {
  const href = target instanceof Element ? target.closest('a.quote')?.getAttribute('href') : null
  const original = href ? byId(href.slice(1)) : null
  if (!original) return
  original.scrollIntoView({ block: 'center' })
  original.classList.remove('bubble--flash')
  requestAnimationFrame(() => original.classList.add('bubble--flash'))
})

// A click beside a dialog closes it.
document.addEventListener('click', ({ target }) => {
  if (target instanceof HTMLDialogElement) target.close('cancel')
})
