/**
 * Where a list goes on from is drawn anew when what stands before it is: what was asked for from the old place would leave
 * a hole between the two, so nothing comes of that any more. The new place asks by itself as it comes near.
 */
document.addEventListener('htmx:before:cleanup', ({ target }) => {
  if (target instanceof Element && target.matches('.more > a')) target.dispatchEvent(new Event('htmx:abort'))
})
