/** Which row and which part of the product is open, and where the focus goes when the address changes. */
import { byId, openThread } from './dom.js'

/** The list is drawn alike for everyone: which row is open is this page's to know. */
export function markActive() {
  const id = openThread()?.id
  for (const link of document.querySelectorAll('.row-link[aria-current]'))
    if (link.id !== `open-${id}`) link.removeAttribute('aria-current')
  if (id) byId(`open-${id}`)?.setAttribute('aria-current', 'true')
  for (const link of document.querySelectorAll('.rail-nav .rail-link')) {
    const path = link.getAttribute('href') ?? ''
    link.toggleAttribute('data-ui-here', location.pathname === path || location.pathname.startsWith(`${path}/`))
  }
}

/**
 * The answers that changed the address, until they are drawn: what else is drawn meanwhile is not what was gone to.
 * @type {WeakSet<object>}
 */
const goneTo = new WeakSet()
document.addEventListener('htmx:after:history:update', ({ detail: { response } }) => {
  if (response) goneTo.add(response)
})

document.addEventListener('htmx:after:swap', ({ detail: { ctx } }) => {
  markActive()
  if (!ctx.response || !goneTo.has(ctx.response)) return
  // Whoever was writing goes on writing; for everyone else the new page begins at its heading.
  if (document.activeElement?.closest('#composer')) return
  const heading = byId('thread-title') ?? document.querySelector('#main h1')
  if (heading instanceof HTMLElement) heading.focus({ preventScroll: true })
})

addEventListener('popstate', () => setTimeout(markActive))
markActive()
