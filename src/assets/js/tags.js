/** The dialog of tags: what is typed narrows the list, and Enter chooses what was found or adds what was not. */
import { fill } from './dom.js'

/** @param {string} text */
const folded = (text) => text.normalize('NFKD').replace(/\p{M}/gu, '').trim().toLowerCase()

/** @param {EventTarget | null} target */
function formAround(target) {
  const form = target instanceof Element ? target.closest('[data-tag-form]') : null
  const search = form?.querySelector('input[type=search]')
  const list = form?.querySelector('ul')
  if (!form || !(search instanceof HTMLInputElement) || !list) return null
  return { form, search, list, options: /** @type {HTMLElement[]} */ ([...list.children]) }
}

/** @param {HTMLElement} option */
const nameOf = (option) => folded(option.textContent ?? '')

document.addEventListener('input', ({ target }) => {
  const parts = formAround(target)
  if (!parts || target !== parts.search) return
  // Without script it would be the name of a new tag.
  parts.search.removeAttribute('name')
  narrow(parts)
})

/** @param {NonNullable<ReturnType<typeof formAround>>} parts */
function narrow({ form, search, list, options }) {
  const wanted = folded(search.value)
  for (const option of options) option.hidden = !nameOf(option).includes(wanted)
  const create = form.querySelector('.tag-create')
  const text = create?.querySelector('span')
  if (create instanceof HTMLElement && text) {
    create.hidden = wanted === '' || options.some((option) => nameOf(option) === wanted)
    text.textContent = fill(list.dataset.create, { name: search.value.trim() })
  }
  const none = form.querySelector('.tag-none')
  if (none instanceof HTMLElement) none.hidden = options.length === 0 || options.some(({ hidden }) => !hidden)
}

document.addEventListener('keydown', (event) => {
  const parts = event.key === 'Enter' && !event.isComposing ? formAround(event.target) : null
  if (!parts || event.target !== parts.search || parts.search.value.trim() === '') return
  event.preventDefault()
  choose(parts)
})

document.addEventListener('click', ({ target }) => {
  const parts = target instanceof Element && target.closest('.tag-create') ? formAround(target) : null
  if (parts) add(parts)
})

/** @param {NonNullable<ReturnType<typeof formAround>>} parts */
function choose(parts) {
  const { form, search, options } = parts
  const wanted = folded(search.value)
  const exact = options.find((option) => nameOf(option) === wanted)
  const found = exact ?? (form.querySelector('.tag-create') ? undefined : options.find(({ hidden }) => !hidden))
  const box = found?.querySelector('input')
  if (box) {
    box.checked = !box.checked
    startOver(parts)
  } else if (form.querySelector('.tag-create')) add(parts)
}

/** One more option, checked: it becomes a tag when the dialog is saved. */
/** @param {NonNullable<ReturnType<typeof formAround>>} parts */
function add(parts) {
  const name = parts.search.value.trim()
  const option = document.createElement('li')
  option.className = 'tag-option'
  const label = document.createElement('label')
  const box = document.createElement('input')
  box.type = 'checkbox'
  box.name = 'create'
  box.value = name
  const tag = document.createElement('bdi')
  tag.className = 'tag'
  tag.textContent = name
  label.append(box, tag)
  option.append(label)
  parts.list.prepend(option)
  box.checked = true
  startOver(parts)
}

/** @param {NonNullable<ReturnType<typeof formAround>>} parts */
function startOver({ form, search }) {
  search.value = ''
  search.focus()
  const parts = formAround(form)
  if (parts) narrow(parts)
}
