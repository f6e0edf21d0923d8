/** Pictures over the page, and how fast a sound is played. */
const SPEEDS = [1, 1.5, 2]

document.addEventListener('click', (event) => {
  const { target } = event
  if (!(target instanceof Element)) return
  const picture = target.closest('[data-lightbox]')
  if (picture && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault()
    show(picture)
  }
  const speed = target.closest('[data-speed]')
  if (speed instanceof HTMLElement) turn(speed)
})

/** @param {Element} picture */
function show(picture) {
  const shown = picture.querySelector('img')
  if (!shown) return
  const dialog = document.createElement('dialog')
  dialog.className = 'lightbox'
  dialog.ariaLabel = shown.alt
  const large = new Image()
  large.src = shown.src
  large.alt = shown.alt
  const close = document.createElement('button')
  close.type = 'button'
  close.className = 'icon-button'
  close.ariaLabel = picture.getAttribute('data-lightbox')
  close.textContent = '×'
  dialog.append(close, large)
  document.body.append(dialog)
  dialog.onclick = () => dialog.close()
  dialog.onclose = () => dialog.remove()
  dialog.showModal()
}

/** @param {HTMLElement} button */
function turn(button) {
  const sound = button.parentElement?.querySelector('audio')
  if (!sound) return
  const speed = SPEEDS[(SPEEDS.indexOf(sound.playbackRate) + 1) % SPEEDS.length] ?? 1
  sound.playbackRate = speed
  button.textContent = `${speed}×`
  button.ariaLabel = (button.dataset.label ?? '').replace('{speed}', String(speed))
}

// A picture that is gone, or was never there, leaves the place to what stands behind it.
document.addEventListener(
  'error',
  ({ target }) => {
    if (target instanceof HTMLImageElement && target.closest('.avatar')) target.hidden = true
  },
  { capture: true },
)
