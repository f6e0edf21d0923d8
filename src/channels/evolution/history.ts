/** The past, as the server has kept it: newest first, a page at a time, of one person or of all. */
import * as z from 'zod'
import { isGroup, isHidden, jidOf } from '../baileys/jids.ts'
import { readMessage } from '../baileys/message.ts'
import { ChannelError, type HistoryPage, type Reach } from '../channel.ts'
import type { MessageEvent } from '../events.ts'
import { isPhone } from '../phone.ts'
import { handleOf } from './media.ts'
import { ask } from './rest.ts'

const A_PAGE = 50

const Page = z.object({
  messages: z.object({
    pages: z.number().catch(1),
    records: z.array(z.unknown()),
  }),
})

interface Asked {
  peer: string[] | null
  page: string | null
  since?: number | null
}

/** A person with a number and an id that hides it may have messages under both. */
export async function historyPage(reach: Reach, { peer, page, since = null }: Asked): Promise<HistoryPage> {
  const no = Number(page ?? '1')
  const chats = peer === null ? [null] : peer.filter(canBeAsked).map(jidOf)
  const pages = await Promise.all(chats.map((chat) => pageOf(reach, chat, no, since)))
  const events = pages.flatMap(({ records }) => records.flatMap((record) => pastIn(reach, record)))
  return {
    events: events.toSorted((a, b) => (b.occurredAt ?? 0) - (a.occurredAt ?? 0)),
    next: pages.some(({ pages: last }) => no < last) ? String(no + 1) : null,
  }
}

const canBeAsked = (address: string) => isPhone(address) || isHidden(address) || isGroup(address)

async function pageOf(reach: Reach, remoteJid: string | null, page: number, since: number | null) {
  const where = {
    ...(remoteJid === null ? {} : { key: { remoteJid } }),
    ...(since === null ? {} : { messageTimestamp: { gte: iso(since), lte: iso(reach.now()) } }),
  }
  const answer = Page.safeParse(await ask(reach, { path: 'chat/findMessages', body: { where, page, offset: A_PAGE } }))
  if (!answer.success)
    throw new ChannelError({ class: 'retryable', code: 'unreadable', detail: 'The answer is no list.' })
  return answer.data.messages
}

const iso = (time: number) => new Date(time).toISOString()

/** Each by itself: one that cannot be read takes no other along. */
function pastIn({ accountId }: Reach, record: unknown): MessageEvent[] {
  const found = readMessage(record, { accountId, history: true, handleOf }) ?? []
  return found.flatMap((one) => ('kind' in one && one.kind === 'message' ? one : []))
}
