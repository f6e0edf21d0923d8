/** The rows of the list in their order, the newest first, with as few moves as it takes. */
import { compareRows, orderOf } from './dom.js'

/** @param {Element} list */
export const rowsOf = (list) =>
  /** @type {HTMLElement[]} */ ([...list.children].filter((row) => row.hasAttribute('data-conversation-id')))

/**
 * @param {Element} list
 * @param {HTMLElement[]} newcomers
 */
export function sortRows(list, newcomers) {
  const ordered = [...rowsOf(list), ...newcomers].sort((a, b) => compareRows(orderOf(b), orderOf(a)))
  /** @type {Element | null} */
  let at = rowsOf(list)[0] ?? list.querySelector('#older-conversations')
  for (const row of ordered) {
    if (row === at) at = at.nextElementSibling
    else move(list, row, at)
  }
}

/**
 * @param {Element} list
 * @param {HTMLElement} row
 * @param {Element | null} before
 */
function move(list, row, before) {
  if (row.isConnected && list.moveBefore) {
    list.moveBefore(row, before)
    return
  }
  const focused = row.contains(document.activeElement) ? document.activeElement : null
  list.insertBefore(row, before)
  if (focused instanceof HTMLElement) focused.focus({ preventScroll: true })
}
