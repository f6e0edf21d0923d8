/** A tab that is open for a whole shift keeps no more than it can show: the far end is dropped, and can be loaded again. */

import { byId, openThread, orderOf } from './dom.js'
import { listAddress } from './filter.js'

const MOST_BUBBLES = 400
const KEPT_BUBBLES = 300
const MOST_ROWS = 150
const KEPT_ROWS = 120

/**
 * @param {Element} older
 * @param {string} href
 */
function linkTo(older, href) {
  const link = older.querySelector('a')
  if (!link) return
  link.setAttribute('href', href)
  link.setAttribute('hx-get', href)
  if (older instanceof HTMLElement) older.hidden = false
  htmx.process(older, true)
}

function trimThread() {
  const open = openThread()
  const log = byId('log')
  const bubbles = open && byId(`messages-${open.id}`)
  const older = open && byId(`older-${open.id}`)
  if (!open || !log || !bubbles || !older || bubbles.childElementCount <= MOST_BUBBLES) return
  // Whoever reads old messages keeps them.
  if (log.scrollHeight - log.scrollTop - log.clientHeight > log.clientHeight) return
  while (bubbles.childElementCount > KEPT_BUBBLES) bubbles.firstElementChild?.remove()
  const oldest = bubbles.querySelector('[data-seq]')
  if (oldest) linkTo(older, `/conversations/${open.id}/messages?before=${orderOf(oldest)}`)
}

function trimList() {
  const list = byId('conversation-list')
  const older = byId('older-conversations')
  if (!list || !older || list.childElementCount <= MOST_ROWS || list.scrollTop > list.clientHeight) return
  const rows = [...list.querySelectorAll(':scope > [data-conversation-id]')]
  for (const row of rows.slice(KEPT_ROWS)) row.remove()
  const last = rows[KEPT_ROWS - 1]
  if (last) linkTo(older, `${listAddress()}&before=${orderOf(last)}`)
}

document.addEventListener('htmx:finally:swap', () => {
  trimThread()
  trimList()
})
