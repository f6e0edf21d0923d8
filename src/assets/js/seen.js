/** Tells the server what stands before somebody's eyes; opening a page alone does not. */
import { byId, openThread, PARTIAL, throttled } from './dom.js'

let told = ''

const tell = throttled(1_000, () => {
  const open = openThread()
  if (!open || document.visibilityState !== 'visible' || !document.hasFocus()) return
  const { thread, id } = open
  const seq = byId(`cursor-${id}`)?.dataset.seq ?? '0'
  if (thread.dataset.unread === '0' || told === `${id} ${seq}`) return
  told = `${id} ${seq}`
  thread.dataset.unread = '0'
  fetch(`/conversations/${id}/seen`, { method: 'POST', headers: PARTIAL, body: new URLSearchParams({ seq }) }).catch(
    () => {
      thread.dataset.unread = '1' // said again as soon as the page is connected
      told = ''
    },
  )
})

document.addEventListener('prosa:arrived', ({ detail: { bubbles } }) => {
  const thread = openThread()?.thread
  if (thread && bubbles.some(({ dataset }) => dataset.direction === 'incoming')) thread.dataset.unread = '1'
  tell()
})
document.addEventListener('htmx:after:swap', tell)
document.addEventListener('visibilitychange', tell)
document.addEventListener('prosa:connected', tell)
addEventListener('focus', tell)
tell()
