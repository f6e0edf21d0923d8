/** Reads out what arrives in the open conversation, never more than one sentence in three seconds. */
import { byId, fill, openThread, plural, saidIn, throttled } from './dom.js'

const LONGEST = 140
/** @type {HTMLElement[]} */
let waiting = []

const speak = throttled(3_000, () => {
  const announcer = byId('announcer')
  const [first, ...others] = waiting
  waiting = []
  if (!announcer || !first) return
  const text = saidIn(first)
  announcer.textContent =
    others.length === 0
      ? fill(announcer.dataset.message, {
          name: openThread()?.thread.dataset.title ?? '',
          text: text.slice(0, LONGEST),
        })
      : plural(announcer, others.length + 1)
})

document.addEventListener('prosa:arrived', ({ detail: { bubbles } }) => {
  waiting.push(...bubbles.filter(({ dataset }) => dataset.direction === 'incoming'))
  if (waiting.length > 0) speak()
})
