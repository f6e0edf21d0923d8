/** Of the transfer's agents, those of the chosen department are offered; without script all are, each under its department. */

/** @param {Element} form */
function narrow(form) {
  const department = form.querySelector('[name=departmentId]')
  const agents = form.querySelector('[name=agentId]')
  if (!(department instanceof HTMLSelectElement) || !(agents instanceof HTMLSelectElement)) return
  for (const group of agents.querySelectorAll('optgroup')) {
    const offered = group.dataset.departmentId === department.value
    group.hidden = !offered
    group.disabled = !offered
  }
  const chosen = agents.selectedOptions[0]?.closest('optgroup')
  if (chosen?.disabled) agents.value = ''
}

document.addEventListener('change', ({ target }) => {
  const form = target instanceof Element ? target.closest('form[data-transfer]') : null
  if (form && target instanceof HTMLSelectElement && target.name === 'departmentId') narrow(form)
})
document.addEventListener('htmx:finally:swap', () => {
  for (const form of document.querySelectorAll('form[data-transfer]')) narrow(form)
})
