/**
 * Lets people hear that somebody wrote: theirs, the queue's, or softly where they are looking at it. Of several tabs one
 * speaks, and the one before somebody's eyes decides.
 */
import { byId, openThread } from './dom.js'
import { play } from './tunes.js'

const { sounds = '', volume = '0', agentId } = document.body.dataset
const wanted = sounds.split(' ')
const LATE_MS = 10 * 60_000
const RECENT_MS = 60_000
const OTHERS_WAIT_MS = 250
const HELD_MS = 2_000

/** @type {Map<string, { at: number, unread: number }>} */
const heard = new Map()

/** @param {string} id */
function known(id) {
  const { order = '', unread = '0' } = byId(`conversation-${id}`)?.dataset ?? {}
  const at = Number.parseInt(order, 10)
  return Number.isNaN(at) ? { at: Date.now() - LATE_MS, unread: 0 } : { at, unread: Number(unread) }
}

/**
 * A row that was told of: has somebody written in it who was not heard before? Several messages may be of one second; and
 * what is only marked as unread again is older.
 * @param {string} tag
 */
function hear(tag) {
  const of = (/** @type {string} */ name) => new RegExp(` data-${name}="([^"]*)"`).exec(tag)?.[1] ?? ''
  const [id, assignee, at, unread] = [
    of('conversation-id'),
    of('assignee-id'),
    Number.parseInt(of('order'), 10),
    Number(of('unread')),
  ]
  const before = heard.get(id) ?? known(id)
  heard.set(id, { at: Math.max(at, before.at), unread })
  const isNew = at > before.at || (unread > before.unread && at > Date.now() - RECENT_MS)
  if (unread === 0 || !isNew) return
  if (assignee === agentId) speak(`${id} ${at} ${unread}`, id, 'mine')
  else if (assignee === '') speak(`${id} ${at} ${unread}`, id, 'queue')
}

/**
 * @param {string} news
 * @param {string} id
 * @param {'mine' | 'queue'} name
 */
function speak(news, id, name) {
  const looking = document.hasFocus()
  const tune = looking && openThread()?.id === id ? 'tick' : name
  if (!wanted.includes(tune) && !looking) return
  setTimeout(
    () =>
      navigator.locks.request(`prosa-sound ${news}`, { ifAvailable: true }, async (lock) => {
        if (!lock) return
        if (wanted.includes(tune)) await play(tune, Number(volume))
        await new Promise((resolve) => setTimeout(resolve, HELD_MS))
      }),
    looking ? 0 : OTHERS_WAIT_MS,
  )
}

document.addEventListener('htmx:ws:before:message:incoming', ({ target, detail: { message } }) => {
  if (!(target instanceof Element) || target.id !== 'workspace-socket') return
  const html = String(message.data).replaceAll('\\"', '"')
  for (const [tag] of html.matchAll(/<li id="conversation-[^>]*>/g)) hear(tag)
})
