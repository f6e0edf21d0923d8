/** The behaviour dialog: switches that take effect as they are moved, faults ahead, payloads to replay, what went by. */
import { item, newsOf } from './attach.js'
import { call } from './call.js'

const pace = document.getElementById('pace')
const fault = document.getElementById('fault')
const replay = document.getElementById('replay')
const calling = document.getElementById('calling')
const pasted = document.getElementById('pasted')
const dialog = document.getElementById('behaviour')
const ahead = document.getElementById('ahead')
const clear = document.getElementById('clear-faults')
const log = document.getElementById('log')
const time = new Intl.DateTimeFormat('pt-BR', { timeStyle: 'medium' })

const LOGGED = 40

/** Of these channels a person says in Meta's dashboard where their events go. */
const PASTED = new Set(['whatsapp', 'messenger', 'instagram'])

let known = []

export function drawSettings({ behaviour, faults, inboxes }) {
  for (const field of pace.elements) {
    if (field === document.activeElement) continue
    if (field.type === 'checkbox') field.checked = behaviour[field.name]
    else field.value = behaviour[field.name]
  }
  ahead.replaceChildren(...faults.map((one) => line(`${one.count} × ${one.code ?? one.kind.replace('_', ' ')}`)))
  clear.hidden = faults.length === 0
  known = inboxes
  drawAccounts(replay.elements.inbox)
  replay.elements.subscribed.checked =
    inboxes.find(({ key }) => key === replay.elements.inbox.value)?.subscribed ?? true
  if (dialog.open) drawLog()
}

pace.addEventListener('change', ({ target }) => {
  const value =
    target.type === 'checkbox' ? target.checked : target.type === 'number' ? Number(target.value) : target.value
  if (target.checkValidity()) call('PATCH', '/api/behaviour', { [target.name]: value })
})

fault.addEventListener('submit', async (event) => {
  event.preventDefault()
  const { what, channel, on, count, retryAfter, late, accepted } = fault.elements
  const [kind, code, subcode] = what.value.split(':')
  const { status } = await call('POST', '/api/faults', {
    kind,
    ...(code ? { code: Number(code), as: late.checked ? 'status' : 'answer' } : {}),
    ...(subcode ? { subcode: Number(subcode) } : {}),
    ...(channel.value ? { channel: channel.value } : {}),
    on: on.value,
    ...(retryAfter.value ? { retryAfter: retryAfter.value } : {}),
    count: Number(count.value),
    accepted: accepted.checked,
  })
  fault.querySelector('.refusal').textContent = status === 201 ? '' : 'O simulador não aceitou este erro.'
})

clear.addEventListener('click', () => call('DELETE', '/api/faults'))

replay.addEventListener('submit', async (event) => {
  event.preventDefault()
  const { payload, inbox, fresh } = replay.elements
  const { body } = await call('POST', `/api/fixtures/${payload.value}`, { inbox: inbox.value, fresh: fresh.checked })
  replay.querySelector('output').textContent = body?.status
    ? `A Prosa respondeu ${body.status}`
    : 'A Prosa não respondeu'
})

dialog.addEventListener('toggle', () => {
  if (dialog.open) drawLog()
})

const { body: fixtures } = await call('GET', '/api/fixtures')

/** Whichever is chosen stays so while others come and go. */
function drawAccounts(select) {
  const shown = [...select.options].map(({ value, label }) => `${value} ${label}`).join()
  if (shown === known.map(({ key, name }) => `${key} ${name}`).join()) return
  const chosen = select.value
  select.replaceChildren(...known.map(({ key, name }) => new Option(name, key)))
  if (known.some(({ key }) => key === chosen)) select.value = chosen
  drawAccount()
}

/** What its provider can tell, and the payloads of its channel. */
function drawAccount() {
  const channel = known.find(({ key }) => key === replay.elements.inbox.value)?.channel
  const names = fixtures?.[channel] ?? []
  replay.elements.payload.replaceChildren(...names.map((name) => new Option(name.replaceAll('_', ' '), name)))
  replay.querySelector('[type=submit]').disabled = names.length === 0
  replay.querySelector('.news').replaceChildren(...Object.entries(newsOf(channel)).map(item))
  pasted.hidden = !PASTED.has(channel)
  pasted.querySelector('output').textContent = ''
}

replay.elements.inbox.addEventListener('change', drawAccount)
calling.addEventListener('submit', async (event) => {
  event.preventDefault()
  const { callback, verifyToken } = calling.elements
  const { status } = await call('PATCH', `/api/inboxes/${replay.elements.inbox.value}`, {
    callback: callback.value.trim(),
    verifyToken: verifyToken.value.trim(),
  })
  const account = known.find(({ key }) => key === replay.elements.inbox.value)
  if (status === 200) calling.reset()
  pasted.querySelector('output').textContent =
    status === 200
      ? `${account?.name}: a Prosa respondeu, e é avisada neste endereço.`
      : 'A Prosa não respondeu com este token neste endereço.'
})
replay.elements.subscribed.addEventListener('change', ({ target }) =>
  call('PATCH', `/api/inboxes/${replay.elements.inbox.value}`, { subscribed: target.checked }),
)
replay.querySelector('.news').addEventListener('click', ({ target }) => {
  const { name } = target.closest('[data-name]')?.dataset ?? {}
  if (name) call('POST', `/api/inboxes/${replay.elements.inbox.value}/news`, { what: name })
})
document.getElementById('clear-log').addEventListener('click', async () => {
  await call('DELETE', '/api/ledger')
  drawLog()
})

async function drawLog() {
  const { body } = await call('GET', '/api/ledger')
  if (!body) return
  const sends = body.sends.map((one) => ({
    at: one.at,
    text: `Prosa → ${one.channel}: envio · ${one.answer}${one.errorCode === null ? '' : ` (${one.errorCode})`}`,
  }))
  const calls = body.calls
    .filter(({ path }) => !path.endsWith('/messages'))
    .map((one) => ({ at: one.at, text: `Prosa → ${one.method} ${one.path} · ${one.answer}` }))
  const deliveries = body.deliveries.map((one) => ({
    at: one.at,
    text: `${one.kind} → Prosa · ${one.status ?? 'sem resposta'} · ${one.ms} ms`,
  }))
  const latest = [...sends, ...calls, ...deliveries].sort((a, b) => b.at - a.at).slice(0, LOGGED)
  log.replaceChildren(...latest.map(({ at, text }) => line(`${time.format(at)}  ${text}`)))
}

function line(text) {
  const item = document.createElement('li')
  item.textContent = text
  return item
}
