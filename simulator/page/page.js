/** The phones beside each other, always as the simulator has them: it says "changed", this asks for what. */
import { call } from './call.js'
import { Phone } from './phone.js'
import { drawSettings } from './settings.js'

/** By customer, each with the phones that they use. @type {Map<string, Phone[]>} */
const phones = new Map()
const shelf = document.getElementById('phones')
const reach = document.getElementById('reach')
const prosa = document.getElementById('prosa')

let asking = false
let askAgain = false

/** One question at a time; what changes meanwhile is asked for once more. */
async function refresh() {
  if (asking) {
    askAgain = true
    return
  }
  asking = true
  do {
    askAgain = false
    const { body } = await call('GET', '/api/state')
    if (body) draw(body)
  } while (askAgain)
  asking = false
}

function draw(state) {
  prosa.href = state.prosa.url
  drawReach(state.prosa)
  drawSettings(state)
  const ids = new Set(state.customers.map((customer) => customer.id))
  for (const [id, devices] of phones) {
    if (ids.has(id)) continue
    for (const { element } of devices) element.remove()
    phones.delete(id)
  }
  for (const customer of state.customers) {
    if (!phones.has(customer.id)) openDevice(customer.id)
    for (const phone of phones.get(customer.id)) phone.draw(customer, state.inboxes)
  }
}

/** Another phone of theirs, beside the first: the same chats stand on it. */
function openDevice(id) {
  const devices = phones.get(id) ?? []
  const phone = new Phone(id, (again) => {
    openDevice(again)
    refresh()
  })
  const last = devices.at(-1)?.element
  if (last) last.after(phone.element)
  else shelf.append(phone.element)
  phones.set(id, [...devices, phone])
}

function drawReach({ waiting, reached }) {
  const lost = waiting > 0 && reached === false
  reach.dataset.state = lost ? 'lost' : 'good'
  reach.textContent = lost
    ? `A Prosa não responde · ${waiting} ${waiting === 1 ? 'webhook espera' : 'webhooks esperam'}`
    : ''
}

const events = new EventSource('/api/events')
events.addEventListener('message', refresh)
events.addEventListener('error', () => {
  reach.dataset.state = 'lost'
  reach.textContent = 'O simulador parou'
})

document.addEventListener('click', ({ target }) => {
  const opens = target.closest('[data-opens]')
  if (opens) document.getElementById(opens.dataset.opens).showModal()
  if (target.closest('[data-closes]')) target.closest('dialog').close()
  for (const menu of document.querySelectorAll('.phone__menu[open], .attach[open]'))
    if (!menu.contains(target)) menu.open = false
})

const newCustomer = document.querySelector('#new-customer form')
newCustomer.addEventListener('submit', async (event) => {
  event.preventDefault()
  const { name, number, hidesNumber } = newCustomer.elements
  const { status, body } = await call('POST', '/api/customers', {
    name: name.value,
    number: number.value,
    hidesNumber: hidesNumber.checked,
  })
  const added = status === 201
  const reason =
    status === 409
      ? 'Este número já tem um celular aqui.'
      : 'Confira o número: de 8 a 15 dígitos, com o código do país.'
  newCustomer.querySelector('.refusal').textContent = added ? '' : reason
  if (!added) return
  newCustomer.reset()
  newCustomer.closest('dialog').close()
  await refresh()
  phones.get(body.id)?.[0]?.element.scrollIntoView({ behavior: 'smooth', inline: 'center', block: 'nearest' })
})
