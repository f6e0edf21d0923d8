/** A fresh first page of the list: what is missing from it is gone, unless the page was asked for before the row was heard of. */
import { byId, compareRows, isBackground, openThread, orderOf } from './dom.js'
import { rowsOf } from './rows.js'

let askedAt = 0
/** @type {Map<string, number>} */
const heardAt = new Map()

document.addEventListener('htmx:before:request', ({ detail: { ctx } }) => {
  if (isBackground(ctx.sourceElement) && ctx.request.action.split('?')[0] === '/conversations')
    askedAt = performance.now()
})

/** @param {HTMLElement} row */
export const heardOf = (row) => heardAt.set(row.id, performance.now())

/**
 * What a row says of the person has no number of its own: at the same one, what was heard meanwhile is newer than the page.
 * @param {HTMLElement} row
 */
export const isOvertaken = (row) =>
  (heardAt.get(row.id) ?? 0) > askedAt && Number(byId(row.id)?.dataset.seq) >= Number(row.dataset.seq)

/**
 * @param {Element} list
 * @param {HTMLElement[]} page
 * @param {boolean} more
 */
export function removeMissing(list, page, more) {
  const last = page.at(-1)
  const here = new Set(page.map(({ id }) => id))
  for (const row of rowsOf(list)) {
    const covered = !more || (last && compareRows(orderOf(row), orderOf(last)) >= 0)
    const isNews = (heardAt.get(row.id) ?? 0) > askedAt
    if (covered && !isNews && !here.has(row.id) && row.dataset.conversationId !== openThread()?.id) row.remove()
  }
  heardAt.clear()
}
