/** How tall the composer's field is, and how much more may be written into it. */
import { byId } from './dom.js'

const COUNT_FROM = 200
const LENGTHS = {
  utf16: (/** @type {string} */ text) => text.length,
  code_points: (/** @type {string} */ text) => [...text].length,
  bytes: (/** @type {string} */ text) => new TextEncoder().encode(text).length,
}

/** Grows with its text where the browser does not do it by itself, and says how much room is left. */
export function refit() {
  const text = byId('composer-text')
  const count = byId('composer-count')
  const of = byId('composer')
  if (!(text instanceof HTMLTextAreaElement) || !count || !of) return
  if (!CSS.supports('field-sizing', 'content')) {
    text.rows = 1
    text.rows = Math.max(1, Math.round(text.scrollHeight / Number.parseFloat(getComputedStyle(text).lineHeight)) || 1)
  }
  const unit = /** @type {keyof typeof LENGTHS} */ (of.dataset.unit ?? 'utf16')
  const left = Number(of.dataset.limit) - LENGTHS[unit](text.value)
  count.textContent = left > COUNT_FROM ? '' : countOf(of, left)
  count.toggleAttribute('data-over', left < 0)
}

/**
 * @param {HTMLElement} of
 * @param {number} left
 */
function countOf(of, left) {
  const rule = Math.abs(left) === 1 ? 'One' : 'Other'
  return (of.dataset[`${left < 0 ? 'over' : 'left'}${rule}`] ?? '').replace('{n}', String(Math.abs(left)))
}
