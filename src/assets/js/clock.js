/** What changes with time alone: how long the reply window stays open, and which day it is. */
import { refreshList } from './counts.js'
import { fill } from './dom.js'

const EVERY_MS = 30_000
const MINUTE = 60_000
const SOON_MINUTES = 120
let today = new Date().toDateString()

function tick() {
  for (const chip of document.querySelectorAll('time[data-window]')) {
    if (!(chip instanceof HTMLTimeElement)) continue
    const ms = Date.parse(chip.dateTime) - Date.now()
    const minutes = Math.max(0, Math.floor(ms / MINUTE))
    chip.hidden = ms <= 0 // the composer says that it is over
    const hours = Math.floor(minutes / 60)
    const { hours: h, minutes: min, window: sentence } = chip.dataset
    const left = hours > 0 ? `${hours} ${h} ${minutes % 60} ${min}` : `${minutes} ${min}`
    chip.textContent = fill(sentence, { left })
    chip.toggleAttribute('data-ui-soon', minutes < SOON_MINUTES)
  }
  if (today !== new Date().toDateString()) {
    today = new Date().toDateString()
    refreshList()
  }
}

setInterval(tick, EVERY_MS)
document.addEventListener('htmx:after:swap', tick)
tick()
