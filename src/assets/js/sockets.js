/** Keeps the sockets honest: a heartbeat, acknowledgements, and what each way of closing means for the page. */
import { byId, openThread } from './dom.js'

const SESSION_ENDED = 4401
const NOT_VISIBLE = 4403
/** The codes after which htmx connects again by itself. */
const RECONNECTS = [1001, 1005, 1006, 1011, 1012, 1013, 1014]
const PING_EVERY_MS = 30_000
const PONG_WITHIN_MS = 10_000
const ACK_AFTER_MS = 1_000
const ACK_AFTER_FRAMES = 20

const PONG = '{"t":"pong"}'

/** @type {WeakMap<WebSocket, { frames: number, timer: number, pinged: boolean }>} */
const states = new WeakMap()

const sockets = () => ['workspace-socket', 'conversation-socket'].map(byId).filter((element) => element !== null)
/** @param {Element} element */
const socketOf = (element) => element._htmx?.ws?.connection?.socket ?? null

/** @param {WebSocket} socket */
function stateOf(socket) {
  const state = states.get(socket) ?? { frames: 0, timer: 0, pinged: false }
  states.set(socket, state)
  return state
}

document.addEventListener('htmx:ws:before:message:incoming', ({ target, detail: { message } }) => {
  const socket = target instanceof Element ? socketOf(target) : null
  if (!socket) return
  const state = stateOf(socket)
  state.pinged = false
  if (message.data === PONG) return
  state.frames += 1
  if (state.frames >= ACK_AFTER_FRAMES) acknowledge(socket)
  else state.timer ||= setTimeout(() => acknowledge(socket), ACK_AFTER_MS)
})

/** @param {WebSocket} socket */
function acknowledge(socket) {
  const state = stateOf(socket)
  clearTimeout(state.timer)
  state.timer = 0
  if (state.frames > 0 && socket.readyState === WebSocket.OPEN)
    socket.send(JSON.stringify({ t: 'ack', frames: state.frames }))
  state.frames = 0
}

setInterval(() => {
  for (const socket of sockets().map(socketOf)) {
    if (socket?.readyState !== WebSocket.OPEN) continue
    stateOf(socket).pinged = true
    socket.send('{"t":"ping"}')
    // Whatever is received in the meantime will do: a page that takes in frames is connected.
    setTimeout(() => stateOf(socket).pinged && socket.close(), PONG_WITHIN_MS)
  }
}, PING_EVERY_MS)

document.addEventListener('htmx:ws:close', ({ target, detail: { code } }) => {
  if (!(target instanceof Element) || code === null) return
  if (code === SESSION_ENDED)
    location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`)
  else if (code === NOT_VISIBLE && target.id === 'conversation-socket') leaveThread()
  else if (!RECONNECTS.includes(code)) setTimeout(() => reopen(target), PONG_WITHIN_MS)
})

/** @param {Element} element */
function reopen(element) {
  if (element.isConnected) htmx.process(element, true)
}

// A page that comes back from the browser's cache had its sockets closed for good.
addEventListener('pageshow', ({ persisted }) => {
  if (persisted) for (const element of sockets()) reopen(element)
})

/** The conversation is no longer theirs to see: what is left of it goes. */
export function leaveThread() {
  const open = openThread()
  if (!open) return
  const { thread, id } = open
  const heading = document.createElement('h1')
  heading.textContent = thread.dataset.lost ?? ''
  heading.tabIndex = -1
  const hint = document.createElement('p')
  hint.textContent = thread.dataset.lostHint ?? ''
  const socket = byId('conversation-socket')
  if (socket) socketOf(socket)?.close(1000)
  delete thread.dataset.conversation
  thread.classList.add('thread--none')
  thread.replaceChildren(heading, hint)
  byId(`conversation-${id}`)?.remove()
  heading.focus()
}
