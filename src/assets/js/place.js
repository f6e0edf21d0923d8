/**
 * Puts rows where they belong in the list, the newest first: `hx-swap="place"`. A row that is already there is changed
 * in place and moved, keeping focus; one that left the list goes. Nothing moves under a mouse on its way to a click.
 * `page:true` means the first page as it is now: what is missing from it is gone.
 */
import { markActive } from './active.js'
import { byId, compareRows, openThread, orderOf } from './dom.js'
import { belongs } from './filter.js'
import { heardOf, isOvertaken, removeMissing } from './missing.js'
import { rowsOf, sortRows } from './rows.js'

const QUIET_MS = 1200
/** @type {HtmxApi | undefined} */
let api
let movedAt = 0
let settling = 0
/** @type {Map<string, HTMLElement>} */
const waiting = new Map()

htmx.registerExtension('place', {
  init(given) {
    api = given
  },
  handle_swap(style, list, fragment, spec) {
    if (style !== 'place') return false
    const rows = /** @type {HTMLElement[]} */ ([...fragment.querySelectorAll('[data-conversation-id]')])
    const news = spec.page ? rows.filter((row) => !isOvertaken(row)) : rows
    if (spec.page) removeMissing(list, rows, fragment.querySelector('.more') !== null)
    else rows.forEach(heardOf)
    const placed = news.map((row) => place(list, row)).filter((row) => row !== null)
    settle(list)
    markActive()
    return placed
  },
})

document.addEventListener('pointermove', ({ target, pointerType }) => {
  if (pointerType === 'mouse' && target instanceof Element && target.closest('#conversation-list')) movedAt = Date.now()
})

/**
 * @param {Element} list
 * @param {HTMLElement} row
 */
function place(list, row) {
  const shown = byId(row.id) ?? waiting.get(row.id) ?? null
  if (shown && Number(shown.dataset.seq) > Number(row.dataset.seq)) return null
  // Whether a row has the wanted tags is the server's to say.
  if (!shown && list instanceof HTMLElement && list.dataset.tagged) {
    document.dispatchEvent(new Event('prosa:list-unsure'))
    return null
  }
  // What is open stays until the agent moves on, whatever the list is narrowed to.
  if (list instanceof HTMLElement && !belongs(list, row) && openThread()?.id !== row.dataset.conversationId) {
    waiting.delete(row.id)
    shown?.remove()
    return null
  }
  if (!shown?.isConnected) {
    if (shown || fits(list, row)) waiting.set(row.id, row)
    return row
  }
  const fragment = new DocumentFragment()
  fragment.append(row)
  api?.morph(shown, fragment, false)
  return shown
}

/**
 * A row that belongs to a page that is not loaded would leave a hole between.
 * @param {Element} list
 * @param {HTMLElement} row
 */
function fits(list, row) {
  if (!(list instanceof HTMLElement) || list.dataset.newer) return false
  const last = rowsOf(list).at(-1)
  return !byId('older-conversations') || !last || compareRows(orderOf(row), orderOf(last)) > 0
}

/**
 * Brings every row to its place, as soon as no one is about to click.
 * @param {Element} list
 */
function settle(list) {
  clearTimeout(settling)
  const quietIn = list.matches(':hover') ? movedAt + QUIET_MS - Date.now() : 0
  if (quietIn > 0) {
    settling = setTimeout(() => list.isConnected && settle(list), quietIn)
    return
  }
  const newcomers = [...waiting.values()]
  waiting.clear()
  sortRows(list, newcomers)
  for (const row of newcomers) htmx.process(row)
}
