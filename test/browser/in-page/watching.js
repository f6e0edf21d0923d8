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

/** Is the socket of the open conversation open? */
const isListening = () =>
  document.getElementById('conversation-socket')?._htmx?.ws?.connection?.socket?.readyState === WebSocket.OPEN

Object.assign(globalThis, { statesOf, isListening })
