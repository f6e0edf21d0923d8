/** The sounds themselves: a note or two, made here rather than fetched. */
import { byId } from './dom.js'

/** Each note: its pitch, when it begins, how long it rings, and how loud it is against the others. */
const TUNES = {
  mine: [
    [659, 0, 0.35, 1],
    [880, 0.12, 0.5, 1],
  ],
  queue: [[523, 0, 0.5, 0.8]],
  tick: [[1_760, 0, 0.06, 0.4]],
}

/** @type {AudioContext | undefined} */
let audio

/**
 * Silent until the person has touched the page once: browsers want it so.
 * @param {keyof typeof TUNES} name
 * @param {number} loudness
 */
export async function play(name, loudness) {
  if (loudness === 0 || !navigator.userActivation.hasBeenActive) return
  audio ??= new AudioContext()
  await audio.resume()
  for (const [pitch = 0, from = 0, length = 0, part = 0] of TUNES[name]) {
    const [note, gain] = [audio.createOscillator(), audio.createGain()]
    const start = audio.currentTime + from
    note.frequency.value = pitch
    gain.gain.setValueAtTime((loudness / 100) * 0.4 * part, start)
    gain.gain.exponentialRampToValueAtTime(0.0001, start + length)
    note.connect(gain).connect(audio.destination)
    note.start(start)
    note.stop(start + length)
  }
}

// After the click, not before: what is pressed must not move from under the hand.
const wait = byId('sounds-wait')
if (wait) wait.hidden = navigator.userActivation.hasBeenActive
for (const touched of ['click', 'keydown']) document.addEventListener(touched, () => wait?.remove(), { once: true })

/** Somebody tries how it sounds. */
document.addEventListener('click', ({ target }) => {
  const button = target instanceof Element ? target.closest('[data-plays]') : null
  const form = button?.closest('form')
  if (form) play('mine', Number(new FormData(form).get('volume')))
})
