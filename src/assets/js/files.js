/** Files for the answer, or for a template's header: chosen, pasted or dropped, checked, and on their way up in sight. */
import { byId, fill, openThread, PARTIAL } from './dom.js'

/**
 * What they are chosen for: the element that says where they go and what may go there, and the list that they stand in.
 * @typedef {{ of: () => HTMLElement | null, list: () => HTMLElement | null }} Place
 */
const COMPOSER = { of: () => byId('attach'), list: () => byId('composer-files') }
/** Takes one: another takes its place. */
const HEADER = { of: () => byId('header-file'), list: () => byId('header-files') }

const button = COMPOSER.of
const list = COMPOSER.list
/** As what a type may go, in the server's own order. */
const KINDS = [
  [/^image\//, 'image', 'sticker', 'document'],
  [/^video\//, 'video', 'document'],
  [/^audio\//, 'audio', 'document'],
  [/./, 'document'],
]
let count = 0
let submitAfter = false

export const hasFiles = () => list()?.querySelector('[name=uploadId]') !== null && list() !== null

/** What is asked to leave meanwhile leaves when all is up. */
export function isUploading() {
  submitAfter = list()?.querySelector('progress') != null
  return submitAfter
}

/** @param {URLSearchParams} body */
export function sentFiles(body) {
  for (const id of body.getAll('uploadId')) list()?.querySelector(`[data-upload="${id}"]`)?.remove()
}

/**
 * @param {Iterable<File>} files
 * @param {Place} [place]
 */
function add(files, place = COMPOSER) {
  for (const file of files) {
    const row = newRow(file.name, place)
    const wrong = row && whatIsWrong(file, place)
    if (row && wrong) refuse(row, wrong)
    else if (row) upload(row, file, { place })
  }
}

/**
 * @param {File} file
 * @param {Place} place
 */
function whatIsWrong({ type, size }, place) {
  const { limits = '{}', tooMany, wrongType, tooLarge, most } = place.of()?.dataset ?? {}
  if ((place.list()?.querySelectorAll('[name=uploadId], progress').length ?? 0) >= Number(most)) return tooMany
  /** @type {Record<string, { types: string[], bytes: number } | null>} */
  const takes = JSON.parse(limits)
  if (!type) return null // its bytes will tell
  const kinds = KINDS.find(([types]) => /** @type {RegExp} */ (types).test(type))?.slice(1) ?? []
  const limit = kinds
    .map((kind) => takes[String(kind)])
    .find((one) => one?.types.some((own) => own === type || own === '*/*'))
  if (!limit) return fill(wrongType, { type })
  const mb = limit.bytes / 1_048_576
  return size > limit.bytes
    ? fill(tooLarge, { limit: mb >= 1 ? `${Math.floor(mb)} MB` : `${limit.bytes >> 10} KB` })
    : null
}

/**
 * @param {string} name
 * @param {Place} [place]
 */
function newRow(name, { of, list } = COMPOSER) {
  const row = document.createElement('li')
  row.id = `file-${++count}`
  row.className = 'chosen-file'
  const label = document.createElement('bdi')
  label.className = 'media-name'
  label.textContent = name
  const cancel = document.createElement('button')
  cancel.type = 'button'
  cancel.className = 'icon-button'
  cancel.textContent = '×'
  cancel.ariaLabel = fill(of()?.dataset.cancel, { name })
  cancel.onclick = () => row.remove()
  row.append(label, cancel)
  list()?.append(row)
  return list() ? row : null
}

/**
 * @param {Element} row
 * @param {string} text
 */
function refuse(row, text) {
  const problem = document.createElement('p')
  problem.className = 'chosen-problem'
  problem.role = 'alert'
  problem.textContent = text
  row.querySelector('progress')?.remove()
  row.querySelector('bdi')?.after(problem)
}

/**
 * The one thing that fetch cannot do is tell how far it is.
 * @param {HTMLElement} row
 * @param {File} file
 * @param {{ voice?: boolean, place?: Place }} [how]
 */
function upload(row, file, { voice = false, place = COMPOSER } = {}) {
  const bar = document.createElement('progress')
  row.querySelector('bdi')?.after(bar)
  const request = new XMLHttpRequest()
  request.open('POST', place.of()?.dataset.uploads ?? '')
  const headers = { ...PARTIAL, 'Content-Type': 'application/octet-stream', 'X-File-Type': file.type }
  for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
  request.setRequestHeader('X-File-Name', encodeURIComponent(file.name.slice(-120)))
  if (voice) request.setRequestHeader('X-File-Voice', '1')
  request.upload.onprogress = ({ loaded, total }) => {
    bar.value = loaded / total
  }
  const cancel = row.querySelector('button')
  cancel?.addEventListener('click', () => request.abort())
  request.onloadend = async () => {
    const { status, responseText: text } = request
    if (status === 201) await htmx.swap({ text, target: `#${row.id}`, swap: 'outerHTML' })
    else if (status === 422) await htmx.swap({ text, target: `#${row.id} progress`, swap: 'outerHTML' })
    else refuse(row, fill(place.of()?.dataset.failed, { name: file.name }))
    if (place === HEADER) settledHeader(status === 201)
    else if (submitAfter && status === 201 && !isUploading()) form()?.requestSubmit()
  }
  request.send(file)
}

/** @param {File} file */
function addHeader(file) {
  // Whatever of an earlier choice did not get there goes; what did stays until this one has.
  for (const cancel of HEADER.list()?.querySelectorAll('li:not([data-upload]) button') ?? []) click(cancel)
  add([file], HEADER)
  const isOnItsWay = HEADER.list()?.querySelector('progress') !== null
  sendButton()?.toggleAttribute('disabled', isOnItsWay)
}

/** @param {Element} element */
const click = (element) => element instanceof HTMLElement && element.click()

const sendButton = () => document.querySelector('#compose-form [type=submit]')

/**
 * The preview shows the file at once, and the template may go.
 * @param {boolean} taken
 */
function settledHeader(taken) {
  const rows = [...(HEADER.list()?.querySelectorAll('[data-upload]') ?? [])]
  for (const row of rows.slice(0, -1)) row.remove()
  if (!HEADER.list()?.querySelector('progress')) sendButton()?.removeAttribute('disabled')
  if (taken) byId('compose-form')?.dispatchEvent(new Event('input', { bubbles: true }))
}

const form = () => /** @type {HTMLFormElement | null} */ (document.querySelector('form#composer'))

/** @param {DataTransfer | null} data */
const filesIn = (data) => (button() && data?.files.length ? data.files : null)

document.addEventListener('click', ({ target }) => {
  if (target instanceof Element && target.closest('#attach')) byId('attach-input')?.click()
})
document.addEventListener('change', ({ target }) => {
  if (!(target instanceof HTMLInputElement)) return
  const [file] = target.files ?? []
  if (!file) return
  if (target === HEADER.of()) addHeader(file)
  else if (target.id === 'attach-input') add(target.files ?? [])
  else return
  target.value = ''
})
document.addEventListener('paste', (event) => {
  const files = event.target === byId('composer-text') && filesIn(event.clipboardData)
  if (!files) return
  event.preventDefault()
  add(files)
})
// What is dropped beside the thread must not replace the page either.
for (const type of ['dragover', 'dragleave', 'drop'])
  document.addEventListener(type, (event) => {
    const { dataTransfer, target } = /** @type {DragEvent} */ (event)
    if (!dataTransfer?.types.includes('Files')) return
    event.preventDefault()
    const over = target instanceof Element && target.closest('#thread') && button()
    openThread()?.thread.toggleAttribute('data-drop', type === 'dragover' && Boolean(over))
    const files = type === 'drop' && over && filesIn(dataTransfer)
    if (files) add(files)
  })
document.addEventListener(
  'click',
  (event) => {
    const remove = event.target instanceof Element ? event.target.closest('[data-unchoose]') : null
    if (!(remove instanceof HTMLElement)) return
    event.preventDefault()
    event.stopPropagation()
    remove.closest('li')?.remove()
    fetch(remove.dataset.unchoose ?? '', { method: 'DELETE', headers: PARTIAL, keepalive: true })
    byId('composer-text')?.focus()
  },
  { capture: true },
)

/** Loaded when somebody records for the first time, and by nobody else. */
document.addEventListener('click', async ({ target }) => {
  const record = target instanceof Element ? target.closest('#record') : null
  if (!(record instanceof HTMLElement)) return
  const { start } = await import(record.dataset.script ?? '')
  start(record, (/** @type {File} */ file) => {
    const row = newRow(file.name)
    submitAfter = true
    if (row) upload(row, file, { voice: true })
  })
})
