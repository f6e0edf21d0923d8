/** The one picker of reactions: told, when it opens, which message it is about and how we react to it now. */
import { byId } from './dom.js'

const picker = () => /** @type {HTMLFormElement | null} */ (byId('reaction-picker'))

document.addEventListener(
  'click',
  ({ target }) => {
    const button = target instanceof Element ? target.closest('[data-react]') : null
    const form = picker()
    const about = form?.querySelector('[name=messageId]')
    if (!(button instanceof HTMLElement) || !form || !(about instanceof HTMLInputElement)) return
    const mine = button.dataset.mine ?? ''
    about.value = button.dataset.react ?? ''
    for (const choice of form.querySelectorAll('.reaction-choice')) {
      choice.setAttribute('aria-pressed', String(choice instanceof HTMLButtonElement && choice.value === mine))
    }
    form.querySelector('[data-takes-back]')?.toggleAttribute('hidden', mine === '')
  },
  { capture: true },
)

document.addEventListener('htmx:before:request', ({ detail: { ctx } }) => {
  if (ctx.sourceElement?.id === 'reaction-picker') picker()?.hidePopover()
})
