/** One customer's phone: the chat with one of the business's numbers, and the box to write in. */
import { call } from './call.js'

const time = new Intl.DateTimeFormat('pt-BR', { hour: '2-digit', minute: '2-digit' })
/** Long enough to see that it was delivered before it is read. */
const LOOK_AFTER_MS = 700

const copyOf = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true)

export class Phone {
  element = copyOf('phone')
  #id
  #customer
  #inboxes = []
  /** The chat that is open: chosen by hand, else the one with the newest message. */
  #chosen = null
  #replyTo = null
  #inView = false
  #looking
  #bubbles = new Map()
  #shownInbox = null

  constructor(id) {
    this.#id = id
    const { element } = this
    this.part = (name) => element.querySelector(name)
    this.part('select').addEventListener('change', ({ target }) => this.#open(target.value))
    this.part('.composer').addEventListener('submit', (event) => this.#send(event))
    this.part('textarea').addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
      event.preventDefault()
      this.part('.composer').requestSubmit()
    })
    this.part('.composer__quote button').addEventListener('click', () => this.#quote(null))
    for (const box of element.querySelectorAll('.phone__options input')) {
      box.addEventListener('change', () => call('PATCH', `/api/customers/${id}`, { [box.name]: box.checked }))
    }
    this.part('[name=close-window]').addEventListener('click', () => this.#post('window', { open: false }))
    this.part('[name=remove]').addEventListener('click', () => call('DELETE', `/api/customers/${id}`))
    this.part('.phone__menu').addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return
      this.part('.phone__menu').open = false
      this.part('.phone__menu summary').focus()
    })
    new IntersectionObserver(
      ([entry]) => {
        this.#inView = entry.intersectionRatio > 0.6
        this.#lookSoon()
      },
      { threshold: [0, 0.61] },
    ).observe(element)
    document.addEventListener('visibilitychange', () => this.#lookSoon())
  }

  draw(customer, inboxes) {
    this.#customer = customer
    this.#inboxes = inboxes
    const { element } = this
    element.setAttribute('aria-label', `Celular de ${customer.name}`)
    element.dataset.online = customer.online
    this.part('.phone__avatar').textContent = initials(customer.name)
    this.part('.phone__name').textContent = customer.name
    this.part('.phone__number').textContent = customer.hidesNumber ? 'número escondido' : written(customer.number)
    this.part('[name=online]').checked = customer.online
    this.part('[name=readReceipts]').checked = customer.readReceipts
    this.part('[name=remove]').hidden = customer.origin === 'cast'
    this.#drawInboxes()
    this.#drawThread()
    this.#lookSoon()
  }

  get #inbox() {
    if (this.#chosen) return this.#chosen
    const newest = (chat) => chat.messages.at(-1)?.at ?? 0
    const [latest] = this.#customer.chats.filter((chat) => newest(chat) > 0).sort((a, b) => newest(b) - newest(a))
    return latest?.inboxKey ?? this.#inboxes[0]?.key
  }

  get #chat() {
    return this.#chatWith(this.#inbox)
  }

  #chatWith(inbox) {
    return this.#customer.chats.find((chat) => chat.inboxKey === inbox) ?? { messages: [], typing: false }
  }

  #open(inbox) {
    this.#chosen = inbox
    this.#quote(null)
    this.draw(this.#customer, this.#inboxes)
  }

  #drawInboxes() {
    const select = this.part('select')
    const labels = this.#inboxes.map(({ key, name, address }) => {
      const unread = this.#chatWith(key).messages.filter(
        ({ from, state }) => from === 'business' && state === 'delivered',
      ).length
      return { key, label: `${name} · ${address}${unread > 0 && key !== this.#inbox ? ` (${unread})` : ''}` }
    })
    const shown = labels.map(({ label }) => label).join()
    if (select.dataset.shown !== shown) {
      select.dataset.shown = shown
      select.replaceChildren(...labels.map(({ key, label }) => new Option(label, key)))
    }
    select.value = this.#inbox
  }

  #drawThread() {
    const thread = this.part('.thread')
    const atEnd = thread.scrollHeight - thread.scrollTop - thread.clientHeight < 60
    const moved = this.#shownInbox !== this.#inbox
    if (moved) this.#bubbles.clear()
    this.#shownInbox = this.#inbox
    const bubbles = this.#chat.messages.map((message) => {
      const bubble = this.#bubbles.get(message.id) ?? this.#newBubble(message)
      this.#bubbles.set(message.id, bubble)
      drawState(bubble, message)
      return bubble
    })
    const grown = bubbles.length > 0 && bubbles.at(-1) !== thread.lastElementChild
    if (moved || grown || bubbles.length !== thread.children.length) thread.replaceChildren(...bubbles)
    if (moved || (grown && atEnd)) thread.scrollTop = thread.scrollHeight
    this.part('.phone__typing').textContent = this.#chat.typing ? 'digitando…' : ''
  }

  #newBubble(message) {
    const bubble = copyOf('bubble')
    bubble.dataset.messageId = message.id
    bubble.dataset.from = message.from
    bubble.querySelector('.bubble__text').textContent = message.text
    bubble.querySelector('time').textContent = time.format(message.at)
    bubble.querySelector('time').dateTime = new Date(message.at).toISOString()
    const quoted = this.#chat.messages.find(({ id }) => id === message.replyTo)
    const quote = bubble.querySelector('.bubble__quote')
    quote.hidden = !quoted
    quote.textContent = quoted?.text ?? ''
    bubble.querySelector('.bubble__reply').addEventListener('click', () => this.#quote(message))
    return bubble
  }

  #quote(message) {
    this.#replyTo = message?.id ?? null
    this.part('.composer__quote').hidden = !message
    this.part('.composer__quote span').textContent = message?.text ?? ''
    if (message) this.part('textarea').focus()
  }

  async #send(event) {
    event.preventDefault()
    const box = this.part('textarea')
    const text = box.value.trim()
    if (!text) return
    const replyTo = this.#replyTo
    box.value = ''
    this.#quote(null)
    const { status } = await this.#post('messages', { text, replyTo })
    if (status !== 201 && !box.value) box.value = text
    this.part('.thread').scrollTop = this.part('.thread').scrollHeight
  }

  #post(what, body) {
    return call('POST', `/api/customers/${this.#id}/${what}`, { inbox: this.#inbox, ...body })
  }

  /** Whoever has the phone before their eyes reads what stands there. */
  #lookSoon() {
    clearTimeout(this.#looking)
    const seen = this.#inView && document.visibilityState === 'visible' && this.#customer?.online
    const news = seen && this.#chat.messages.some(({ from, state }) => from === 'business' && state === 'delivered')
    if (news) this.#looking = setTimeout(() => this.#post('view', {}), LOOK_AFTER_MS)
  }
}

const NOTES = { accepted: 'a caminho', sent: 'a caminho' }

function drawState(bubble, { from, state, errorCode }) {
  if (bubble.dataset.state === state) return
  bubble.dataset.state = state
  const note = state === 'failed' ? `não chegou (${errorCode})` : (NOTES[state] ?? '')
  bubble.querySelector('.bubble__note').textContent = note
  bubble.querySelector('.bubble__reply').hidden = state === 'failed' // it stands on nobody's phone
  const tick = { sending: 'tick-waiting', delivered: 'tick-delivered', read: 'tick-read' }[state]
  bubble.querySelector('.bubble__ticks').replaceChildren(...(from === 'customer' && tick ? [copyOf(tick)] : []))
}

const initials = (name) => {
  const words = name.split(' ').filter((word) => /^\p{L}/u.test(word))
  return `${words[0]?.[0] ?? '#'}${words.length > 1 ? words.at(-1)[0] : ''}`
}

/** +55 11 99999-0001 */
const written = (number) => number.replace(/^\+55(\d{2})(\d{4,5})(\d{4})$/, '+55 $1 $2-$3')
