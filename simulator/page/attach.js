/** The attach menu: every kind that the channel knows, by one click. */
import { call } from './call.js'

const { body: menus } = await call('GET', '/api/menus')

export const mayOf = (channel) => menus?.[channel]?.may ?? { edit: false, unsend: false }
export const newsOf = (channel) => menus?.[channel]?.news ?? {}

/** `act` posts what was chosen, with what was written and whether it is forwarded. */
export class Attach {
  #element
  #channel = null
  #act

  constructor(element, act) {
    this.#element = element
    this.#act = act
    element.addEventListener('click', ({ target }) => {
      const chosen = target.closest('[data-name]')
      if (!chosen) return
      element.open = false
      this.#choose(chosen.closest('[data-menu]').dataset.menu, chosen.dataset.name)
    })
    element.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return
      element.open = false
      element.querySelector('summary').focus()
    })
    element.querySelector('[name=file]').addEventListener('change', ({ target }) => this.#sendFile(target))
  }

  draw(channel) {
    if (this.#channel === channel) return
    this.#channel = channel
    for (const list of this.#element.querySelectorAll('[data-menu]')) {
      const items = Object.entries(menus?.[channel]?.[list.dataset.menu] ?? {})
      list.replaceChildren(...items.filter(([name]) => name !== 'text' || list.dataset.menu !== 'says').map(item))
      list.closest('section').hidden = items.length === 0
    }
  }

  #choose(menu, name) {
    if (menu === 'says') this.#act('messages', { kind: name, forwarded: this.#forwarded })
    else if (menu === 'does') this.#act('acts', { act: name })
    else this.#act('elsewhere', { kind: name })
  }

  get #forwarded() {
    return this.#element.querySelector('[name=forwarded]').checked ? 'once' : null
  }

  async #sendFile(input) {
    const [file] = input.files
    input.value = ''
    if (!file) return
    this.#element.open = false
    const family = file.type.split('/')[0]
    const kind = ['image', 'video', 'audio'].includes(family) ? family : 'document'
    const query = new URLSearchParams({ kind, name: file.name })
    const headers = file.type ? { 'content-type': file.type } : {}
    const response = await fetch(`/api/files?${query}`, { method: 'POST', headers, body: file })
    if (!response.ok) return
    const { id } = await response.json()
    const says = menus?.[this.#channel]?.says ?? {}
    this.#act('messages', { kind: kind in says ? kind : 'voice', file: id, forwarded: this.#forwarded })
  }
}

export function item([name, label]) {
  const button = document.createElement('button')
  button.type = 'button'
  button.dataset.name = name
  button.textContent = label
  return button
}
