/** The composer: Enter sends, the field grows, a sent text stands in the thread at once and leaves the field when stored. */
import { refit } from './composer-size.js'
import { byId, fill } from './dom.js'
import { draftChanged, draftSent } from './draft.js'
import { hasFiles, isUploading, sentFiles } from './files.js'
import { enqueue, hasWaiting } from './outbox.js'
import { settled, showPending } from './pending.js'
import { blankIn } from './quick-replies.js'

/** Answers after which nobody knows whether it was stored, or that only ask for patience: the same key goes again. */
const PASSING = [502, 503, 504]

const form = () => /** @type {HTMLFormElement | null} */ (document.querySelector('form#composer'))
const field = () => /** @type {HTMLTextAreaElement | null} */ (byId('composer-text'))
/** @param {Element | undefined} source */
const isComposer = (source) => source?.id === 'composer'

document.addEventListener('keydown', (event) => {
  if (event.target !== field() || event.key !== 'Enter' || event.isComposing || event.keyCode === 229) return
  const wanted = event.ctrlKey || event.metaKey || (!event.shiftKey && matchMedia('(hover: hover)').matches)
  if (!wanted) return
  event.preventDefault()
  form()?.requestSubmit()
})

document.addEventListener('input', ({ target }) => {
  if (target !== field()) return
  clearProblem()
  refit()
  draftChanged()
})

document.addEventListener('htmx:config:request', (event) => {
  if (!isComposer(event.detail.ctx.sourceElement)) return
  if (isUploading() || !(field()?.value.trim() || hasFiles())) {
    event.preventDefault()
    field()?.focus()
  } else if (hasBlank()) event.preventDefault()
})

/** A blank that nobody filled in does not leave: it is said, and selected. */
function hasBlank() {
  const text = field()
  const blank = text && blankIn(text)
  const problem = byId('composer-problem')
  if (!blank || !problem) return false
  problem.textContent = fill(form()?.dataset.unfilled, { blank })
  text.setAttribute('aria-invalid', 'true')
  return true
}

document.addEventListener('htmx:before:request', (event) => {
  const { ctx } = event.detail
  if (!isComposer(ctx.sourceElement) || !ctx.request.body) return
  clearProblem()
  draftSent()
  // What was written before and still waits goes first.
  if (hasWaiting(ctx.request.action)) {
    event.preventDefault()
    enqueue(ctx.request.action, ctx.request.body)
    takeOut(ctx.request.body)
  } else showPending(ctx.request.action, ctx.request.body)
})

document.addEventListener('htmx:after:request', ({ detail: { ctx } }) => {
  if (!isComposer(ctx.sourceElement) || !ctx.request.body) return
  const status = ctx.response?.status ?? 0
  if (PASSING.includes(status)) return waitFor(ctx)
  settled(ctx.request.body)
  if (status < 300) takeOut(ctx.request.body)
  else draftChanged() // refused: it is not a message, so it is a draft again
})

document.addEventListener('htmx:error', ({ detail: { ctx } }) => {
  if (ctx && isComposer(ctx.sourceElement) && ctx.request.body) waitFor(ctx)
})

document.addEventListener('htmx:after:swap', () => {
  field()?.toggleAttribute('aria-invalid', Boolean(byId('composer-problem')?.textContent?.trim()))
  refit()
})

/** @param {HtmxContext} ctx */
function waitFor(ctx) {
  if (!ctx.request.body) return
  enqueue(ctx.request.action, ctx.request.body)
  takeOut(ctx.request.body)
}

/**
 * What was submitted leaves the field, which goes on under a new name; what was written behind it meanwhile stays. The
 * server's next key takes the place of this one.
 * @param {URLSearchParams} body
 */
function takeOut(body) {
  const text = field()
  const key = form()?.querySelector('[name=clientKey]')
  const sent = body.get('text') ?? ''
  if (!text?.value.startsWith(sent) || !(key instanceof HTMLInputElement)) return
  key.value = crypto.randomUUID()
  sentFiles(body)
  text.value = text.value.slice(sent.length).trimStart()
  unquote()
  refit()
  if (text.value) draftChanged()
}

function clearProblem() {
  byId('composer-problem')?.replaceChildren()
  field()?.removeAttribute('aria-invalid')
}

export function unquote() {
  const replyTo = byId('reply-to')
  if (replyTo instanceof HTMLInputElement) replyTo.value = ''
  const quote = byId('composer-quote')
  if (quote) quote.hidden = true
}

refit()
