/** Keys that put the channel's marks around what is selected in the composer, or take them away again. */
import { byId } from './dom.js'

/** @type {Record<string, string>} */
const STYLE_OF = { b: 'bold', i: 'italic', x: 'strike' }

document.addEventListener('keydown', (event) => {
  const { target, key, ctrlKey, metaKey, shiftKey, altKey } = event
  if (!(ctrlKey || metaKey) || altKey || target !== byId('composer-text') || !(target instanceof HTMLTextAreaElement))
    return
  const style = STYLE_OF[key.toLowerCase()]
  const mark = byId('composer')?.dataset[style ?? '']
  if (!mark || (style === 'strike') !== shiftKey) return
  event.preventDefault()
  const { selectionStart: from, selectionEnd: to, value } = target
  const marked = value[from - 1] === mark && value[to] === mark
  if (marked) target.setSelectionRange(from - 1, to + 1)
  const text = value.slice(from, to)
  // As if it were typed: what was there can be had back with undo.
  document.execCommand('insertText', false, marked ? text : `${mark}${text}${mark}`)
  const start = marked ? from - 1 : from + 1
  target.setSelectionRange(start, start + text.length)
})
