/** What the stories ask a page about itself. Runs in the page, before anything of Prosa's does. */

/** Remembers every state that a bubble was seen in, and never looks away. */
/** @param {string} text */
function statesOf(text) {
  /** @type {string[]} */
  const seen = []
  const look = () => {
    for (const bubble of document.querySelectorAll('.bubble')) {
      if (!(bubble instanceof HTMLElement) || !bubble.textContent.includes(text)) continue
      const state = bubble.dataset.state ?? 'pending'
      if (seen.at(-1) !== state) seen.push(state)
    }
  }
  new MutationObserver(look).observe(document, { childList: true, subtree: true, attributes: true })
  look()
  return seen
}

/** Sockets behind which the page has asked once for what it missed. */
const caughtUp = new WeakSet()
addEventListener('prosa:caught-up', ({ target }) => target && caughtUp.add(target))

/** Is the socket of the open conversation open, and all there that came before it was? */
function isListening() {
  const element = document.getElementById('conversation-socket')
  const socket = element?._htmx?.ws?.connection?.socket
  return element !== null && caughtUp.has(element) && socket?.readyState === WebSocket.OPEN
}

/** @type {Map<string, Promise<void>>} */
const answers = new Map()

/**
 * Once an answer from such an address has been dealt with, counted from when this was asked first.
 * @param {RegExp} address
 */
function hasAnswered(address) {
  const asked = answers.get(String(address)) ?? nextAnswer(address)
  answers.set(String(address), asked)
  return asked
}

/**
 * Once the next answer from such an address has been dealt with.
 * @param {RegExp} address
 * @returns {Promise<void>}
 */
const nextAnswer = (address) =>
  new Promise((resolve) => {
    document.addEventListener('htmx:finally:request', ({ detail: { ctx } }) => {
      if (address.test(ctx.request.action)) resolve()
    })
  })

/** What somebody reads in the open thread, from the bubble at the given place from the end on. */
/** @param {number} most */
function threadNow(most) {
  const shown = [...document.querySelectorAll('.messages > article, .messages > .event, .messages > .bubble--pending')]
  return shown.slice(-most).map((element) => {
    const { state, seq, order } = element instanceof HTMLElement ? element.dataset : {}
    return { id: element.id, state, seq, order, text: wordsOf(element) }
  })
}

/** What somebody reads in the list. */
/** @param {number} most */
function listNow(most) {
  return [...document.querySelectorAll('[data-conversation-id]')].slice(0, most).map((row) => {
    const { seq, unread } = row instanceof HTMLElement ? row.dataset : {}
    return { id: row.id, seq, unread, text: wordsOf(row) }
  })
}

/** @param {Element} element */
const wordsOf = (element) => element.textContent.replace(/\s+/g, ' ').trim()

const log = () => /** @type {HTMLElement} */ (document.getElementById('log'))

/** Scrolls the thread there, and says what stands at its upper edge then, and where. */
/** @param {number} scrollTop */
function readAt(scrollTop) {
  log().scrollTop = scrollTop
  const edge = log().getBoundingClientRect().top
  const first = [...document.querySelectorAll('.messages > article')].find(
    (bubble) => bubble.getBoundingClientRect().bottom > edge,
  )
  return { id: first?.id ?? '', top: topOf(first?.id ?? '') }
}

/** @param {string} id */
const topOf = (id) => document.getElementById(id)?.getBoundingClientRect().top ?? Number.NaN

const fromTheEnd = () => log().scrollHeight - log().scrollTop - log().clientHeight

/** @param {Element | null} element */
function isInSight(element) {
  const shown = element?.getBoundingClientRect()
  const { top, bottom } = log().getBoundingClientRect()
  return shown !== undefined && shown.top >= top && shown.bottom <= bottom
}

/** Does whatever has the focus look like it? */
function showsFocus() {
  const at = document.activeElement
  if (!at || at === document.body) return false
  const { outlineStyle, outlineWidth } = getComputedStyle(at)
  return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2
}

/** What has the focus is called, as whoever hears it would say. */
function nameOfFocused() {
  const at = document.activeElement
  if (!(at instanceof HTMLElement) || at === document.body) return ''
  const labels = 'labels' in at && at.labels instanceof NodeList ? [...at.labels] : []
  const said = at.getAttribute('aria-label') ?? (labels.length > 0 ? labels.map(labelText).join(' ') : wordsOf(at))
  return said.trim()
}

/** @param {Node} label */
function labelText(label) {
  const copy = /** @type {Element} */ (label.cloneNode(true))
  for (const control of copy.querySelectorAll('input, textarea, select')) control.remove()
  return wordsOf(copy)
}

/** What would take longer than a blink to change its look. */
function whatMoves() {
  const moving = [...document.querySelectorAll('*')].filter((element) => {
    const { animationDuration, animationName, transitionDuration } = getComputedStyle(element)
    const longest = Math.max(...transitionDuration.split(',').map(Number.parseFloat))
    return longest > 0.01 || (animationName !== 'none' && Number.parseFloat(animationDuration) > 0.01)
  })
  return moving.map((element) => element.className.toString() || element.tagName)
}

/**
 * The size that a picture's box was given, the size that it has, and whether the picture is in it.
 * @param {string} direction
 */
function pictureOf(direction) {
  const image = document.querySelector(`article[data-direction="${direction}"] .media--image img`)
  if (!(image instanceof HTMLImageElement)) return null
  return {
    reserved: [Number(image.getAttribute('width')), Number(image.getAttribute('height'))],
    drawn: [image.clientWidth, image.clientHeight],
    loaded: image.complete && image.naturalWidth > 0,
  }
}

/**
 * As a hand drops it on the thread.
 * @param {string} name
 * @param {string} type
 * @param {string} base64
 */
function dropFile(name, type, base64) {
  const dataTransfer = new DataTransfer()
  dataTransfer.items.add(new File([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))], name, { type }))
  document
    .querySelector('#thread')
    ?.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }))
}

Object.assign(globalThis, {
  pictureOf,
  dropFile,
  statesOf,
  isListening,
  hasAnswered,
  nextAnswer,
  threadNow,
  listNow,
  readAt,
  topOf,
  fromTheEnd,
  isInSight,
  showsFocus,
  nameOfFocused,
  whatMoves,
})
