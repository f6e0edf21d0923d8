/** A composer that no longer fits its conversation, as the head now tells of it, is drawn again; what is being typed stays. */
import { byId, openThread } from './dom.js'
import { save } from './draft.js'

const EVERY_MS = 15_000
let asked = ''
let alarm = 0

async function check() {
  const open = openThread()
  const composer = byId('composer')
  const head = open && byId(`thread-head-${open.id}`)
  if (!open || !composer || !head || composer.dataset.shut === 'channel') return
  const ends = head.querySelector('.chip--window')?.getAttribute('datetime')
  const left = ends ? Date.parse(ends) - Date.now() : Number.POSITIVE_INFINITY
  const isClosed = head.dataset.status === 'closed'
  const isBlocked = head.dataset.blocked !== undefined
  const mayWrite = !isClosed && left > 0
  wakeIn(left)
  const isShut = composer.hasAttribute('data-shut')
  const text = byId('composer-text')
  const typed = text instanceof HTMLTextAreaElement && text.value !== ''
  const wanted = `${open.id} ${head.dataset.seq} ${mayWrite} ${isBlocked}`
  const fits = mayWrite === !isShut && isBlocked === (composer.dataset.shut === 'blocked')
  if (fits || (isClosed && !isBlocked && typed) || asked === wanted) return
  asked = wanted
  // Once the window is over, what was typed is shown beside what can be done instead.
  if (typed) await save(true)
  htmx
    .ajax('GET', `/conversations/${open.id}/composer`, {
      source: '#conversation-socket',
      target: '#composer',
      swap: 'outerHTML',
    })
    .catch(() => {
      asked = ''
    })
}

/** @param {number} ms */
function wakeIn(ms) {
  clearTimeout(alarm)
  if (ms > 0 && ms < EVERY_MS) alarm = setTimeout(check, ms + 1)
}

document.addEventListener('htmx:finally:swap', check)
setInterval(check, EVERY_MS)
