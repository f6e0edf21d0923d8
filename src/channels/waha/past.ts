/** What the server has kept: files, and messages of before. */
import { nameOn } from '../baileys/account.ts'
import { isGroup, isHidden } from '../baileys/jids.ts'
import { ChannelError, type FetchedMedia, type HistoryPage, type Reach } from '../channel.ts'
import type { InboundMedia } from '../events.ts'
import { isPhone } from '../phone.ts'
import { chatOf } from './ids.ts'
import { readMessage } from './message.ts'
import { answerOf, ask } from './rest.ts'

const FILE = /\/api\/(files\/.+)$/

/** It names itself by the host that it thinks it has: the path is what counts, and our key opens it. */
export async function fetchMedia(reach: Reach, handle: NonNullable<InboundMedia['handle']>): Promise<FetchedMedia> {
  const { pathname = '', search = '' } = 'url' in handle && URL.canParse(handle.url) ? new URL(handle.url) : {}
  const path = FILE.exec(pathname)?.[1]
  if (path === undefined)
    throw new ChannelError({ class: 'permanent', code: 'gone', detail: 'No file of the server’s.' })
  const response = await answerOf(reach, `${path}${search}`, { method: 'GET' })
  if (response.ok && response.body) {
    const bytes = Number(response.headers.get('content-length') ?? '')
    const mimeType = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() || null
    return { body: response.body, mimeType, bytes: Number.isSafeInteger(bytes) && bytes > 0 ? bytes : null }
  }
  await response.body?.cancel()
  const gone = response.status === 404 || response.status === 410
  throw new ChannelError({
    class: gone ? 'permanent' : 'retryable',
    code: gone ? 'gone' : `http_${response.status}`,
    detail: `HTTP ${response.status}`,
  })
}

const A_PAGE = 50

/** A page is asked for by how many stand before it. */
export async function historyPage(
  reach: Reach,
  { peer, page, since = null }: { peer: string[] | null; page: string | null; since?: number | null },
): Promise<HistoryPage> {
  const before = Number(page ?? '0')
  const known = peer?.filter((address) => isPhone(address) || isHidden(address) || isGroup(address)).map(chatOf)
  const pages = await Promise.all((known ?? ['all']).map((chat) => pageOf(reach, chat, before, since)))
  const rows = pages.flat()
  const events = rows.flatMap((row) => readMessage(row, { accountId: reach.accountId, history: true }) ?? [])
  return {
    events: events.toSorted((a, b) => (b.occurredAt ?? 0) - (a.occurredAt ?? 0)),
    next: pages.some(({ length }) => length === A_PAGE) ? String(before + A_PAGE) : null,
  }
}

async function pageOf(reach: Reach, chat: string, offset: number, since: number | null): Promise<unknown[]> {
  const query = new URLSearchParams({
    ...{
      limit: String(A_PAGE),
      offset: String(offset),
      downloadMedia: 'false',
      sortBy: 'timestamp',
      sortOrder: 'desc',
    },
    ...(since === null ? {} : { 'filter.timestamp.gte': String(Math.floor(since / 1000)) }),
  })
  const path = `${encodeURIComponent(nameOn(reach.accountId))}/chats/${encodeURIComponent(chat)}/messages?${query}`
  const answer = await ask(reach, { method: 'GET', path })
  if (Array.isArray(answer)) return answer
  throw new ChannelError({ class: 'retryable', code: 'unreadable', detail: 'The answer is no list.' })
}
