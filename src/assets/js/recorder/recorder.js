/** Records a voice note and hands it over in a format that the channel shows as one. Loaded on the first press alone. */
import {
  BlobSource,
  BufferTarget,
  EncodedAudioPacketSource,
  EncodedPacketSink,
  Input,
  OggOutputFormat,
  Output,
  WEBM,
} from 'mediabunny'

const WARN_AT_S = 150
const BITS = 24_000
/** What a browser may be able to record, and what becomes of it. */
const WAYS = [
  { record: 'audio/ogg;codecs=opus', gives: 'audio/ogg', name: 'voz.ogg' },
  { record: 'audio/webm;codecs=opus', gives: 'audio/ogg', name: 'voz.ogg', turn: toOgg },
  { record: 'audio/mp4;codecs=mp4a.40.2', gives: 'audio/mp4', name: 'voz.m4a' },
  { record: 'audio/mp4', gives: 'audio/mp4', name: 'voz.m4a' },
]

/**
 * @param {HTMLElement} button
 * @param {(file: File) => void} send
 */
export async function start(button, send) {
  if (document.querySelector('.recorder')) return
  const words = JSON.parse(button.dataset.words ?? '{}')
  const types = JSON.parse(button.dataset.types ?? '[]')
  const panel = newPanel(button)
  const way = WAYS.find(({ record, gives }) => types.includes(gives) && MediaRecorder.isTypeSupported(record))
  if (!way) return say(panel, words.unsupported)
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1, noiseSuppression: true } })
    record({ panel, words, stream, way, send })
  } catch (error) {
    const { name } = /** @type {DOMException} */ (error)
    say(panel, name === 'NotAllowedError' ? words.denied : name === 'NotFoundError' ? words.missing : words.failed)
  }
}

/** @param {HTMLElement} button */
function newPanel(button) {
  const panel = document.createElement('div')
  panel.className = 'recorder'
  panel.setAttribute('role', 'group')
  panel.ariaLabel = button.ariaLabel
  button.closest('.composer-row')?.before(panel)
  return panel
}

/**
 * @param {HTMLElement} panel
 * @param {string} text
 */
function say(panel, text) {
  panel.setAttribute('role', 'alert')
  panel.replaceChildren(
    text,
    buttonOf('×', () => panel.remove()),
  )
}

/**
 * @param {string} text
 * @param {() => void} act
 */
function buttonOf(text, act) {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'button button--small'
  button.textContent = text
  button.onclick = act
  return button
}

/** @param {{ panel: HTMLElement, words: Record<string, string>, stream: MediaStream, way: (typeof WAYS)[number], send: (file: File) => void }} of */
function record({ panel, words, stream, way, send }) {
  const recorder = new MediaRecorder(stream, { mimeType: way.record, audioBitsPerSecond: BITS })
  /** @type {Blob[]} */
  const parts = []
  recorder.ondataavailable = ({ data }) => void (data.size > 0 && parts.push(data))
  const clock = document.createElement('time')
  const level = document.createElement('meter')
  level.ariaLabel = words.recording ?? ''
  const warning = document.createElement('p')
  warning.setAttribute('role', 'status')
  let seconds = 0
  const loudness = levelOf(stream)
  const timer = setInterval(() => {
    if (recorder.state !== 'recording') return
    seconds += 0.1
    clock.textContent = `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`
    level.value = loudness()
    if (seconds >= WARN_AT_S && !warning.textContent) warning.textContent = words.long ?? ''
  }, 100)

  const finished = new Promise((resolve) => {
    recorder.onstop = resolve
  })
  /** Everything that was recorded, in the channel's own format. */
  async function whole() {
    if (recorder.state !== 'inactive') recorder.stop()
    await finished
    release()
    const recorded = new Blob(parts, { type: way.gives })
    return way.turn ? await way.turn(recorded) : recorded
  }
  function release() {
    clearInterval(timer)
    for (const track of stream.getTracks()) track.stop()
  }
  const pause = buttonOf(words.pause ?? '', () => {
    const pausing = recorder.state === 'recording'
    if (pausing) recorder.pause()
    else recorder.resume()
    pause.textContent = (pausing ? words.resume : words.pause) ?? ''
  })
  const listen = buttonOf(words.listen ?? '', async () => {
    const sound = document.createElement('audio')
    sound.controls = true
    sound.src = URL.createObjectURL(await whole())
    pause.remove()
    level.remove()
    listen.replaceWith(sound)
    sound.play()
  })
  const over = () => panel.remove()
  const discard = buttonOf(words.discard ?? '', () => {
    recorder.onstop = null
    if (recorder.state !== 'inactive') recorder.stop()
    release()
    over()
  })
  const done = buttonOf(words.send ?? '', async () => {
    done.disabled = true
    const file = await whole().catch(() => null)
    if (!file) return say(panel, words.failed ?? '')
    over()
    send(new File([file], way.name, { type: way.gives }))
  })
  done.classList.add('button--primary')
  panel.append(clock, level, pause, listen, discard, done, warning)
  recorder.start(250)
  clock.textContent = '0:00'
  pause.focus()
}

/** @param {MediaStream} stream */
function levelOf(stream) {
  const context = new AudioContext()
  const analyser = context.createAnalyser()
  context.createMediaStreamSource(stream).connect(analyser)
  const samples = new Float32Array(analyser.fftSize)
  stream.getTracks()[0]?.addEventListener('ended', () => context.close())
  return () => {
    analyser.getFloatTimeDomainData(samples)
    return Math.min(1, Math.max(...samples.map(Math.abs)) * 2)
  }
}

/**
 * The same Opus packets in another envelope: nothing is decoded, and nothing is lost.
 * @param {Blob} webm
 */
async function toOgg(webm) {
  const input = new Input({ source: new BlobSource(webm), formats: [WEBM] })
  const track = await input.getPrimaryAudioTrack()
  if (!track) throw new Error('Nothing was recorded.')
  const target = new BufferTarget()
  const output = new Output({ format: new OggOutputFormat(), target })
  const source = new EncodedAudioPacketSource('opus')
  output.addAudioTrack(source)
  await output.start()
  const decoderConfig = await track.getDecoderConfig()
  const meta = decoderConfig ? { decoderConfig } : {}
  for await (const packet of new EncodedPacketSink(track).packets()) await source.add(packet, meta)
  await output.finalize()
  return new Blob([target.buffer ?? new ArrayBuffer(0)], { type: 'audio/ogg' })
}
