/** One message as it stands on the phone: words, files, cards, buttons; what was done to it afterwards. */
const time = new Intl.DateTimeFormat('pt-BR', { hour: '2-digit', minute: '2-digit' })

export const copyOf = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true)

export function newBubble(message) {
  const bubble = copyOf('bubble')
  bubble.dataset.messageId = message.id
  bubble.dataset.from = message.from
  bubble.querySelector('time').textContent = time.format(message.at)
  bubble.querySelector('time').dateTime = new Date(message.at).toISOString()
  return bubble
}

/** Draws anew only what changed: a recording that plays goes on. */
export function drawBubble(bubble, message, quoted) {
  drawState(bubble, message)
  const { kind, text, files, lines, footer, buttons, mark, deleted, edits } = message
  const shown = JSON.stringify([text, files.length, lines, buttons.length, mark, deleted, edits, quoted?.text])
  if (bubble.dataset.shown !== shown) {
    bubble.dataset.shown = shown
    bubble.dataset.kind = kind
    bubble.classList.toggle('bubble--deleted', deleted)
    put(bubble.querySelector('.bubble__mark'), mark)
    put(bubble.querySelector('.bubble__quote'), quoted && (quoted.text || nameOf(quoted)))
    bubble
      .querySelector('.bubble__content')
      .replaceChildren(
        ...(deleted ? [paragraph('bubble__gone', 'Mensagem apagada')] : []),
        ...files.map((file) => shownFile(file, kind)),
        ...(lines.length > 0 ? [card(lines)] : []),
        ...(text ? [paragraph('bubble__text', text)] : []),
        ...(footer ? [paragraph('bubble__footer', footer)] : []),
      )
    bubble.querySelector('.bubble__buttons').replaceChildren(...buttons.map(button))
  }
  const reactions = [message.reactions.business, message.reactions.customer].filter(Boolean).join(' ')
  put(bubble.querySelector('.bubble__reactions'), reactions)
}

const NAMES = { image: 'Foto', video: 'Vídeo', voice: 'Mensagem de voz', audio: 'Áudio', document: 'Documento' }
export const nameOf = ({ kind, lines }) => NAMES[kind] ?? lines[0] ?? 'Mensagem'

function put(element, text) {
  element.hidden = !text
  element.textContent = text || ''
}

function paragraph(className, text) {
  const element = document.createElement('p')
  element.className = className
  element.dir = 'auto'
  element.textContent = text
  return element
}

function card(lines) {
  const element = document.createElement('div')
  element.className = 'bubble__card'
  element.append(...lines.map((line) => paragraph('', line)))
  return element
}

function shownFile(file, kind) {
  const src = `/files/${file.id}`
  if (file.kind === 'audio') return media('audio', src, kind === 'voice' ? 'Mensagem de voz' : 'Áudio')
  if (file.kind === 'video') return media('video', src, 'Vídeo')
  if (file.kind === 'document') {
    const link = document.createElement('a')
    link.className = 'bubble__file'
    link.href = src
    link.target = '_blank'
    link.rel = 'noopener'
    link.textContent = `${file.name ?? 'Documento'} · ${Math.max(1, Math.round(file.bytes / 1024))} KB`
    return link
  }
  const image = document.createElement('img')
  image.className = file.kind === 'sticker' ? 'bubble__sticker' : 'bubble__image'
  image.src = src
  image.alt = file.kind === 'sticker' ? 'Figurinha' : 'Foto'
  return image
}

function media(tag, src, label) {
  const element = document.createElement(tag)
  element.className = `bubble__${tag}`
  element.controls = true
  element.preload = 'metadata'
  element.src = src
  element.setAttribute('aria-label', label)
  return element
}

function button({ id, title, description, kind }) {
  const element = document.createElement('button')
  element.type = 'button'
  element.dataset.button = id
  element.disabled = kind === 'url'
  element.textContent = title
  if (description) element.append(paragraph('bubble__detail', description))
  return element
}

const NOTES = { accepted: 'a caminho', sent: 'a caminho' }

function drawState(bubble, { from, state, errorCode, edits, deleted }) {
  bubble.dataset.state = state
  const note = state === 'failed' ? `não chegou (${errorCode})` : (NOTES[state] ?? (edits && !deleted ? 'editada' : ''))
  bubble.querySelector('.bubble__note').textContent = note
  bubble.querySelector('.bubble__tools').hidden = state === 'failed' || deleted // it stands on nobody's phone
  const tick = { sending: 'tick-waiting', delivered: 'tick-delivered', read: 'tick-read' }[state]
  const ticks = bubble.querySelector('.bubble__ticks')
  if (ticks.dataset.tick === tick) return
  ticks.dataset.tick = tick
  ticks.replaceChildren(...(from === 'customer' && tick ? [copyOf(tick)] : []))
}
