/** What can be done to one message: a reaction, and to one's own an edit and a deletion. */
const dialog = document.getElementById('message')
const emojis = dialog.querySelector('.emojis')
const form = dialog.querySelector('.message__edit')

const EMOJIS = ['👍', '❤️', '😆', '😮', '😢', '😠', '🙏', '🎉']
let acting = () => {}
let had = null

const button = (label, emoji, text) => {
  const element = document.createElement('button')
  element.type = 'button'
  element.textContent = text
  element.setAttribute('aria-label', label)
  element.addEventListener('click', () => {
    dialog.close()
    acting('reactions', { emoji })
  })
  return element
}

/** `act` posts what was chosen. */
export function openMessage(message, may, act) {
  acting = act
  had = message.reactions.customer
  emojis.replaceChildren(
    ...EMOJIS.map((emoji) => button(`Reagir com ${emoji}`, emoji, emoji)),
    ...(had ? [button('Tirar a reação', null, '✕')] : []),
  )
  const mine = message.from === 'customer'
  form.hidden = !mine || !(may.edit || may.unsend)
  form.elements.text.value = message.text
  form.elements.unsend.hidden = !may.unsend
  dialog.showModal()
}

form.addEventListener('submit', () => {
  if (form.elements.text.value.trim()) acting('edits', { text: form.elements.text.value.trim() })
})
form.elements.unsend.addEventListener('click', () => {
  dialog.close()
  acting('deletions', {})
})
