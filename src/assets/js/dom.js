/** The few things that nearly every file here needs. */

/** @param {string} id */
export const byId = (id) => document.getElementById(id)

/** The open thread, and which conversation it shows. */
export function openThread() {
  const thread = byId('thread')
  const id = thread?.dataset.conversation
  return thread && id ? { thread, id } : null
}

/**
 * What a bubble says: its kind where it is not all words, and its words.
 * @param {HTMLElement} bubble
 */
export const saidIn = (bubble) =>
  [bubble.dataset.said, bubble.querySelector('.bubble-text')?.textContent].filter(Boolean).join(': ')

/**
 * Puts values into a sentence of the page.
 * @param {string | undefined} text
 * @param {Record<string, string | number>} values
 */
export const fill = (text, values) => (text ?? '').replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ''))

/**
 * The sentence for that many, of an element that carries both forms.
 * @param {HTMLElement} element
 * @param {number} n
 * @param {string} [one]
 * @param {string} [other]
 */
export function plural(element, n, one = 'one', other = 'other') {
  const form = n === 1 ? one : other
  return fill(element.dataset[form], { n })
}

/**
 * Which of two rows of the list stands first, by their `data-order`: as text, the way the database sorts them.
 * @param {string} a
 * @param {string} b
 */
export const compareRows = (a, b) => (a < b ? -1 : Number(a > b))

const orders = new Intl.Collator('en', { numeric: true })

/**
 * Which of two bubbles stands first, by their `data-order`: the way the upserts compare them.
 * @param {string} a
 * @param {string} b
 */
export const compareOrder = (a, b) => orders.compare(a, b)

/** @param {Element} element */
export const orderOf = (element) => (element instanceof HTMLElement ? (element.dataset.order ?? '') : '')

/**
 * Runs at most once in so many milliseconds, and always once more after the last call.
 * @param {number} ms
 * @param {() => void} run
 */
export function throttled(ms, run) {
  let last = 0
  let timer = 0
  return () => {
    clearTimeout(timer)
    timer = setTimeout(
      () => {
        last = Date.now()
        run()
      },
      Math.max(0, last + ms - Date.now()),
    )
  }
}

/** What htmx would say of itself, for the requests that we make without it. */
export const PARTIAL = { 'HX-Request': 'true', 'HX-Request-Type': 'partial', Accept: 'text/html' }

/**
 * Requests in the page's own name are made by the sockets' elements: nobody is told when they fail.
 * @param {Element | undefined} source
 */
export const isBackground = (source) => source?.matches('#workspace-socket, #conversation-socket') ?? false
