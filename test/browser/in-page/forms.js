/** Reads pages of ours as a browser does, fills in their forms, and says what became of it. The documents run nothing. */

/** @param {string} html */
const parsed = (html) => new DOMParser().parseFromString(html, 'text/html')

/**
 * What a form of that page would send.
 * @param {string} html
 * @param {string} selector
 * @param {Record<string, string>} typed
 */
function filledIn(html, selector, typed) {
  const form = parsed(html).querySelector(selector)
  if (!(form instanceof HTMLFormElement)) throw new Error(`There is no ${selector}.`)
  const fields = [...new FormData(form)].map(([name, value]) => [name, String(value)])
  const others = fields.filter(([name]) => !Object.hasOwn(typed, name ?? ''))
  const action = form.getAttribute('action') ?? ''
  return { action, method: form.method, fields: [...others, ...Object.entries(typed)] }
}

/**
 * The field of that form as the answer shows it, and what the answer is made of.
 * @param {string} html
 * @param {string} selector
 * @param {string} name
 */
function readBack(html, selector, name) {
  const page = parsed(html)
  const form = page.querySelector(selector)
  const field = form?.querySelector(`[name="${name}"]`)
  // A name that was to become a tag stands chosen below.
  const kept = form instanceof HTMLFormElement ? new FormData(form).getAll(name).map(String) : []
  const reasons = (field?.getAttribute('aria-describedby') ?? '').split(' ').map((id) => page.getElementById(id))
  const problems = reasons.flatMap((reason) =>
    reason ? [reason, ...reason.querySelectorAll('.field-problem')].filter((one) => one.matches('.field-problem')) : [],
  )
  return {
    kept,
    invalid: field?.getAttribute('aria-invalid') === 'true',
    reason: problems.map(({ textContent }) => textContent?.trim()).join(' '),
    shapes: [...new Set([...page.querySelectorAll('*')].map(madeOf))],
  }
}

/** @param {Element} element */
const madeOf = (element) => [element.localName, ...element.getAttributeNames().sort()].join(' ')

Object.assign(globalThis, { filledIn, readBack })
