/** One customer's phone: the chat with one of the business's numbers, and the box to write in. */
import { Attach, mayOf } from './attach.js'
import { copyOf, drawBubble, nameOf, newBubble } from './bubble.js'
import { call } from './call.js'
import { openMessage } from './message-menu.js'

/** Long enough to see that it was delivered before it is read. */
const LOOK_AFTER_MS = 700

/** A finger that stays opens what can be done to a message. */
const LONG_PRESS_MS = 500

const CHANNELS = {
  whatsapp: 'WhatsApp',
  messenger: 'Messenger',
  instagram: 'Instagram',
  telegram: 'Telegram',
  evolution: 'WhatsApp por QR code',
}

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
  #attach

  /** `openDevice` puts another phone of the same person beside this one. */
  constructor(id, openDevice) {
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
    this.part('[name=past]').addEventListener('click', () => this.#post('past', {}))
    this.part('[name=device]').addEventListener('click', () => openDevice(id))
    this.#attach = new Attach(this.part('.attach'), (what, body) => this.#attached(what, body))
    this.#listenToBubbles()
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
    const labels = this.#inboxes.map(({ key, name, address, channel }) => {
      const unread = this.#chatWith(key).messages.filter(
        ({ from, state }) => from === 'business' && state === 'delivered',
      ).length
      const label = `${name} · ${address}${unread > 0 && key !== this.#inbox ? ` (${unread})` : ''}`
      return { key, channel, label }
    })
    const shown = labels.map(({ label }) => label).join()
    if (select.dataset.shown !== shown) {
      select.dataset.shown = shown
      const groups = Map.groupBy(labels, ({ channel }) => channel)
      select.replaceChildren(...[...groups].map(([channel, of]) => groupOf(CHANNELS[channel] ?? channel, of)))
    }
    select.value = this.#inbox
    this.element.dataset.channel = this.#channel
    this.#attach.draw(this.#channel)
  }

  get #channel() {
    return this.#inboxes.find(({ key }) => key === this.#inbox)?.channel ?? 'whatsapp'
  }

  #drawThread() {
    const thread = this.part('.thread')
    const atEnd = thread.scrollHeight - thread.scrollTop - thread.clientHeight < 60
    const moved = this.#shownInbox !== this.#inbox
    if (moved) this.#bubbles.clear()
    this.#shownInbox = this.#inbox
    const bubbles = this.#chat.messages.map((message) => {
      const bubble = this.#bubbles.get(message.id) ?? newBubble(message)
      this.#bubbles.set(message.id, bubble)
      drawBubble(bubble, message, message.replyTo && this.#message(message.replyTo))
      return bubble
    })
    const grown = bubbles.length > 0 && bubbles.at(-1) !== thread.lastElementChild
    if (moved || grown || bubbles.length !== thread.children.length) thread.replaceChildren(...bubbles)
    if (moved || (grown && atEnd)) thread.scrollTop = thread.scrollHeight
    this.part('.phone__typing').textContent = this.#chat.typing ? 'digitando…' : ''
  }

  #message(id) {
    return this.#chat.messages.find((message) => message.id === id)
  }

  #listenToBubbles() {
    const thread = this.part('.thread')
    const messageAt = (target) => this.#message(target.closest('.bubble')?.dataset.messageId)
    thread.addEventListener('click', ({ target }) => {
      const message = messageAt(target)
      const button = target.closest('button')
      if (!message || !button) return
      if (button.name === 'reply') this.#quote(message)
      else if (button.name === 'more') this.#openMenu(message)
      else if (button.dataset.button) this.#post('presses', { message: message.id, button: button.dataset.button })
    })
    thread.addEventListener('contextmenu', (event) => {
      const message = messageAt(event.target)
      if (!message || message.deleted) return
      event.preventDefault()
      this.#openMenu(message)
    })
    let pressing
    thread.addEventListener(
      'touchstart',
      ({ target }) => {
        const message = messageAt(target)
        if (message) pressing = setTimeout(() => this.#openMenu(message), LONG_PRESS_MS)
      },
      { passive: true },
    )
    for (const end of ['touchend', 'touchmove', 'touchcancel'])
      thread.addEventListener(end, () => clearTimeout(pressing), { passive: true })
    // A recording of the business's that is played for the first time.
    thread.addEventListener(
      'play',
      ({ target }) => {
        const message = messageAt(target)
        if (message?.from === 'business' && message.kind === 'voice' && !target.dataset.told) {
          target.dataset.told = 'true'
          this.#post('plays', { message: message.id })
        }
      },
      { capture: true },
    )
  }

  #openMenu(message) {
    openMessage(message, mayOf(this.#channel), (what, body) => this.#post(what, { message: message.id, ...body }))
  }

  /** What was written goes along as its words, or its caption. */
  #attached(what, body) {
    const box = this.part('textarea')
    const text = box.value.trim() || null
    if (what === 'acts') return this.#post(what, body)
    box.value = ''
    const replyTo = what === 'messages' ? { replyTo: this.#replyTo } : {}
    this.#quote(null)
    return this.#post(what, { ...body, ...replyTo, text })
  }

  #quote(message) {
    this.#replyTo = message?.id ?? null
    this.part('.composer__quote').hidden = !message
    this.part('.composer__quote span').textContent = message ? message.text || nameOf(message) : ''
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
    const forwarded = this.part('[name=forwarded]').checked ? 'once' : null
    const { status } = await this.#post('messages', { text, replyTo, forwarded })
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

function groupOf(label, options) {
  const group = document.createElement('optgroup')
  group.label = label
  group.append(...options.map(({ key, label }) => new Option(label, key)))
  return group
}

const initials = (name) => {
  const words = name.split(' ').filter((word) => /^\p{L}/u.test(word))
  return `${words[0]?.[0] ?? '#'}${words.length > 1 ? words.at(-1)[0] : ''}`
}

/** +55 11 99999-0001 */
const written = (number) => number.replace(/^\+55(\d{2})(\d{4,5})(\d{4})$/, '+55 $1 $2-$3')
