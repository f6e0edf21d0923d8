/** While an agent writes an answer the customer is shown that somebody does, now and then and at best. */
import { byId, openThread, PARTIAL } from './dom.js'

const EVERY_MS = 10_000
let told = ''
let at = 0

document.addEventListener('input', ({ target }) => {
  const open = openThread()
  if (!open || target !== byId('composer-text') || !byId('composer')?.hasAttribute('data-typing')) return
  if (!(target instanceof HTMLTextAreaElement) || target.value.trim() === '') return
  if (told === open.id && Date.now() - at < EVERY_MS) return
  told = open.id
  at = Date.now()
  fetch(`/conversations/${open.id}/typing`, { method: 'POST', headers: PARTIAL }).catch(() => {})
})
