/** Asks in our own dialog, where an act cannot be undone; its button says what will be done. */
import { byId } from './dom.js'

/**
 * @param {string} question
 * @param {string | undefined} act
 */
function ask(question, act) {
  const dialog = byId('confirm')
  const text = byId('confirm-text')
  const ok = dialog?.querySelector('[value=ok]')
  if (!(dialog instanceof HTMLDialogElement) || !text || !ok) return Promise.resolve(false)
  text.textContent = question
  if (act) ok.textContent = act
  dialog.returnValue = 'cancel'
  dialog.showModal()
  return new Promise((/** @type {(answer: boolean) => void} */ resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'ok'), { once: true })
  })
}

document.addEventListener('htmx:confirm', (event) => {
  const { ctx, issueRequest, dropRequest } = event.detail
  if (!ctx.confirm) return
  event.preventDefault()
  const act = ctx.sourceElement.querySelector('button[type=submit]')?.textContent?.trim()
  ask(ctx.confirm, act).then((yes) => (yes ? issueRequest() : dropRequest()))
})

document.addEventListener('submit', (event) => {
  const form = event.target
  if (!(form instanceof HTMLFormElement) || !form.dataset.confirm) return
  event.preventDefault()
  ask(form.dataset.confirm, event.submitter?.textContent?.trim()).then((yes) => yes && form.submit())
})
