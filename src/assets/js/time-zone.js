/**
 * What a room sends is drawn once for everyone, in the company's time. Whoever keeps another reads it in their own: the
 * times of lists and threads, written as the server writes them.
 */
const zone = document.body.dataset.timeZone

/** @type {Record<string, string>} */
const REGIONS = { en: 'en-US', es: 'es-419' }
const { lang } = document.documentElement

/** @param {Intl.DateTimeFormatOptions} options */
const format = (options) => new Intl.DateTimeFormat(REGIONS[lang] ?? lang, { timeZone: zone, ...options })
const time = format(
  lang === 'en' ? { hour: 'numeric', minute: '2-digit' } : { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
)
const date = format({ day: '2-digit', month: '2-digit' })
const fullDate = format({ day: '2-digit', month: '2-digit', year: 'numeric' })

function translate() {
  const today = fullDate.format()
  for (const shown of document.querySelectorAll('time[data-shows]')) {
    if (!(shown instanceof HTMLTimeElement)) continue
    const at = Date.parse(shown.dateTime)
    const day = fullDate.format(at)
    const text = shown.dataset.shows === 'time' || day === today ? time.format(at) : date.format(at)
    if (shown.textContent === text) continue
    shown.textContent = text
    shown.title = `${day} ${time.format(at)}`
  }
}

if (zone) document.addEventListener('htmx:after:swap', translate)
