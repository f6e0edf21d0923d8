/** Groups the digits of a Brazilian number while it is typed; what is pasted or written otherwise stays as it is. */
import { byId } from './dom.js'

const ONLY_GROUPED = /^[\d\s()-]*$/
const MOST_DIGITS = 11

document.addEventListener('input', (event) => {
  const { target } = event
  if (!(target instanceof HTMLInputElement) || !target.dataset.phoneMask) return
  const country = byId(target.dataset.phoneMask)
  const typing = event instanceof InputEvent && event.inputType === 'insertText'
  const atEnd = target.selectionStart === target.value.length
  if (!typing || !atEnd || !(country instanceof HTMLSelectElement) || country.value !== 'BR') return
  const digits = target.value.replace(/\D/g, '')
  if (ONLY_GROUPED.test(target.value) && digits.length <= MOST_DIGITS && !digits.startsWith('0'))
    target.value = grouped(digits)
})

/** (11) 3123-4567 until an eleventh digit makes it (11) 91234-5678. */
/** @param {string} digits */
function grouped(digits) {
  if (digits.length < 3) return digits
  const area = digits.slice(0, 2)
  const number = digits.slice(2)
  const first = number.length > 8 ? 5 : 4
  return `(${area}) ${number.slice(0, first)}${number.length > first ? `-${number.slice(first)}` : ''}`
}
