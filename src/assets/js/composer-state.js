/** A composer that no longer fits its conversation, as the head now tells of it, is drawn again; what is being typed stays. */
import { byId, openThread } from './dom.js'

const EVERY_MS = 15_000
let asked = ''

function check() {
  const open = openThread()
  const composer = byId('composer')
  const head = open && byId(`thread-head-${open.id}`)
  if (!open || !composer || !head || composer.dataset.shut === 'channel') return
  const ends = head.querySelector('.chip--window')?.getAttribute('datetime')
  const mayWrite = head.dataset.status !== 'closed' && (!ends || Date.parse(ends) > Date.now())
  const isShut = composer.hasAttribute('data-shut')
  const text = byId('composer-text')
  const typed = text instanceof HTMLTextAreaElement && text.value !== ''
  const wanted = `${open.id} ${head.dataset.seq} ${mayWrite}`
  if (mayWrite === !isShut || (!mayWrite && typed) || asked === wanted) return
  asked = wanted
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

document.addEventListener('htmx:finally:swap', check)
setInterval(check, EVERY_MS)
