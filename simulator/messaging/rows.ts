/** The webhooks of Messenger and Instagram: one row about one person. */
import { DEMO_APP_ID } from '../../scripts/demo.ts'
import { written } from '../meta/bodies.ts'
import type { Told } from '../provider.ts'
import type { Customer, Inbox, Message } from '../state.ts'
import { scopedId } from './people.ts'

export const OUR_APP = Number(DEMO_APP_ID)
/** The page's own inbox, where people of the business answer by hand. */
const PAGE_INBOX_APP = 263902037430900

type Row = Record<string, unknown>

/** What the customer did. */
export const rowOf = (
  about: string,
  inbox: Inbox,
  customer: Customer,
  row: Row,
  list: 'messaging' | 'standby' = 'messaging',
) =>
  told(
    about,
    inbox,
    {
      sender: { id: scopedId(customer, inbox) },
      recipient: { id: inbox.accountId },
      timestamp: Date.now(),
      ...row,
    },
    list,
  )

/** A message of the customer's; what is pressed in a menu comes as a postback. */
export function messageRow(inbox: Inbox, customer: Customer, { id: mid, at, text, replyTo, wire }: Message): Told {
  const { postback, standby, ...parts } = wire
  if (typeof postback === 'object')
    return rowOf('postback', inbox, customer, { timestamp: at, postback: { mid, ...postback } })
  const reply =
    replyTo === null
      ? {}
      : { reply_to: { mid: replyTo, ...(inbox.channel === 'messenger' ? { is_self_reply: false } : {}) } }
  const message = { mid, ...(text === '' ? {} : { text }), ...reply, ...parts }
  return rowOf('message', inbox, customer, { timestamp: at, message }, standby ? 'standby' : 'messaging')
}

/** What the business said, by Prosa or by hand. */
export function echoRow(
  inbox: Inbox,
  customer: Customer,
  { id: mid, at, text, callbackData, replyTo, wire }: Message,
  byUs: boolean,
): Told {
  const messenger = inbox.channel === 'messenger'
  const message = {
    is_echo: true,
    ...(messenger ? { app_id: byUs ? OUR_APP : PAGE_INBOX_APP } : {}),
    ...(messenger && callbackData !== null ? { metadata: callbackData } : {}),
    mid,
    ...(text === '' ? {} : { text }),
    ...(replyTo === null ? {} : { reply_to: { mid: replyTo } }),
    ...wire,
  }
  return told('echo', inbox, {
    sender: { id: inbox.accountId },
    recipient: { id: scopedId(customer, inbox) },
    timestamp: at,
    message,
  })
}

export function told(about: string, inbox: Inbox, row: Row, list: 'messaging' | 'standby' = 'messaging'): Told {
  return { about, body: written(envelope(inbox, { [list]: [row] })) }
}

export const envelope = ({ channel, accountId }: Inbox, of: Row) => ({
  object: channel === 'messenger' ? 'page' : 'instagram',
  entry: [{ id: accountId, time: Date.now(), ...of }],
})

const TIMES = new Set(['time', 'timestamp', 'watermark'])

/** A payload that was seen elsewhere, as if it happened now at this account: under ids that nobody has seen. */
export function renewed(payload: unknown, inbox: Inbox, now: number): unknown {
  const text = JSON.stringify(payload)
  const accounts = new Set([...text.matchAll(/"id":"((?:30000|17840)\d{8,})"/g)].map(([, id = '']) => id))
  const own = [...accounts].filter((id) => text.includes(`"entry":[{"id":"${id}"`))
  return JSON.parse(text, (key, value: unknown) => {
    if (TIMES.has(key) && typeof value === 'number') return value < 1e11 ? Math.floor(now / 1000) : now
    if (key === 'mid' && typeof value === 'string') return `${value}.${now.toString(36)}`
    if (key === 'id' && typeof value === 'string' && own.includes(value)) return inbox.accountId
    return value
  })
}
