/** What a browser makes of our HTML. Runs in a page; the document it builds runs nothing. */

/**
 * The elements that match, each as its tags and the names of their attributes, and what stands in its bubble's text.
 * @param {string} html
 * @param {string} selector
 */
// biome-ignore lint/correctness/noUnusedVariables: a test calls it by name
function shapesIn(html, selector) {
  const page = new DOMParser().parseFromString(html, 'text/html')
  return [...page.querySelectorAll(selector)].map((element) => {
    const written = element.querySelector('.bubble-text')
    return { shape: shapeOf(element), text: (written ?? element).textContent, marks: written ? marksIn(written) : [] }
  })
}

/** @param {Element} element @returns {string} */
function shapeOf(element) {
  const inside = element.matches('.bubble-text') ? '…' : [...element.children].map(shapeOf).join(' ')
  return `${nameOf(element)}(${inside})`
}

/** @param {Element} element */
const marksIn = (element) =>
  [...element.querySelectorAll('*')].map((one) => ({ name: nameOf(one), href: one.getAttribute('href') }))

/** @param {Element} element */
const nameOf = (element) => [element.localName, ...element.getAttributeNames().sort()].join(' ')
