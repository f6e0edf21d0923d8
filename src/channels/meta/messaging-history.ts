/** The past of Messenger and Instagram, by the Conversations API: the 20 newest messages of each conversation, no more. */
import * as z from 'zod'
import { ChannelError, type HistoryPage, type Reach } from '../channel.ts'
import type { Direction, InboundMedia, MessageEvent } from '../events.ts'
import { maybe } from '../maybe.ts'
import { mediaAt } from './messaging-attachments.ts'
import type { Dialect } from './messaging-dialect.ts'
import { judgeMessaging } from './messaging-errors.ts'
import { graphGet, Id } from './meta.ts'

const FIELDS =
  'id,updated_time,participants,messages.limit(20){id,created_time,from,to,message,attachments,reply_to,sticker}'
const CONVERSATIONS_A_PAGE = 25

interface Asked {
  peer: string[] | null
  page: string | null
}

export async function historyPage(dialect: Dialect, reach: Reach, { peer, page }: Asked): Promise<HistoryPage> {
  const query = new URLSearchParams({
    platform: dialect.name,
    fields: FIELDS,
    limit: String(CONVERSATIONS_A_PAGE),
    ...(peer?.[0] === undefined ? {} : { user_id: peer[0] }),
    ...(page === null ? {} : { after: page }),
  })
  const answer = await graphGet(reach, `${dialect.node(reach)}/conversations?${query}`, judgeMessaging)
  const conversations = Conversations.parse(answer)
  if (!conversations)
    throw new ChannelError({ class: 'retryable', code: 'unreadable', detail: 'The answer is no list.' })
  const events = conversations.flatMap((conversation) => eventsOf(dialect, reach, conversation, peer))
  return { events: events.toSorted((a, b) => (b.occurredAt ?? 0) - (a.occurredAt ?? 0)), next: nextOf(answer) }
}

const Somebody = z.object({ id: Id, name: maybe(z.string()), username: maybe(z.string()) })
type Somebody = z.infer<typeof Somebody>

/** Each by itself: one that cannot be read takes no other along. */
const each = <T extends z.ZodType>(schema: T) =>
  z
    .object({ data: z.array(z.unknown()) })
    .transform(({ data }) => data.flatMap((item) => schema.safeParse(item).data ?? []))
    .optional()
    .catch(undefined)

const Attachment = z.object({
  mime_type: maybe(z.string()),
  name: maybe(z.string()),
  size: maybe(z.int().nonnegative()),
  image_data: maybe(z.object({ url: z.string() })),
  video_data: maybe(z.object({ url: z.string() })),
  file_url: maybe(z.string()),
})

const PastMessage = z.looseObject({
  id: Id,
  created_time: maybe(z.string()),
  from: maybe(Somebody),
  to: each(Somebody),
  message: maybe(z.string()),
  attachments: each(Attachment),
  reply_to: maybe(z.object({ mid: maybe(Id) })),
  sticker: maybe(z.string()),
})
type PastMessage = z.infer<typeof PastMessage>

const Conversation = z.object({ participants: each(Somebody), messages: each(PastMessage) })

const Paged = z.object({
  paging: z.object({ cursors: maybe(z.object({ after: maybe(z.string()) })), next: z.string() }),
})

const Conversations = each(Conversation)

/** The cursor alone: the address of the next page carries a host, and a token. */
function nextOf(answer: unknown): string | null {
  const paging = Paged.safeParse(answer).data?.paging
  if (!paging) return null
  const { cursors, next } = paging
  return cursors?.after ?? (URL.canParse(next) ? new URL(next).searchParams.get('after') : null)
}

function eventsOf(
  dialect: Dialect,
  { accountId, settings }: Reach,
  { participants = [], messages = [] }: z.infer<typeof Conversation>,
  peer: string[] | null,
): MessageEvent[] {
  const isUs = ({ id }: Somebody) => (peer ? !peer.includes(id) : id === accountId || id === settings.pageId)
  return messages.flatMap((message) => {
    const { from, to = [] } = message
    const customer = [...(from ? [from] : []), ...to, ...participants].find((somebody) => !isUs(somebody))
    if (!from || !customer) return []
    return eventOf(dialect, accountId, message, isUs(from) ? 'outgoing' : 'incoming', customer)
  })
}

function eventOf(
  dialect: Dialect,
  accountId: string,
  message: PastMessage,
  direction: Direction,
  { id, name, username }: Somebody,
): MessageEvent {
  const media = mediaOf(message, dialect)
  const type = media[0]?.kind ?? (message.message ? 'text' : 'unsupported')
  return {
    kind: 'message',
    // The key of the webhook that told, or will tell, the same.
    dedupeKey: `${direction === 'outgoing' ? 'echo' : 'msg'}:${message.id}`,
    accountId,
    occurredAt: timeOf(message.created_time),
    direction,
    externalId: message.id,
    peer: { externalIds: [id], phone: null, profileName: name?.trim() || username?.trim() || null },
    type,
    text: message.message || null,
    media,
    content: type === 'unsupported' ? { unsupported: {} } : {},
    replyTo: message.reply_to?.mid ?? null,
    attemptId: null,
    appId: null,
    group: false,
    history: true,
    raw: type === 'unsupported' ? message : null,
  }
}

function mediaOf({ attachments = [], sticker }: PastMessage, { audioIsVoice }: Dialect): InboundMedia[] {
  const files = attachments.map(({ mime_type, name, size, image_data, video_data, file_url }) => {
    const kind = kindOf(mime_type, image_data !== undefined, video_data !== undefined)
    return {
      ...mediaAt(image_data?.url ?? video_data?.url ?? file_url, kind, kind === 'audio' && audioIsVoice),
      mimeType: mime_type ?? null,
      fileName: name ?? null,
      bytes: size ?? null,
    }
  })
  return sticker === undefined ? files : [...files, mediaAt(sticker, 'sticker')]
}

function kindOf(mimeType: string | undefined, isImage: boolean, isVideo: boolean): InboundMedia['kind'] {
  if (isImage) return 'image'
  if (isVideo) return 'video'
  const family = mimeType?.split('/')[0]
  return family === 'image' || family === 'video' || family === 'audio' ? family : 'document'
}

const ZONE = /([+-]\d{2})(\d{2})$/

function timeOf(written: string | undefined): number | null {
  const time = Date.parse((written ?? '').replace(ZONE, '$1:$2'))
  return Number.isNaN(time) ? null : time
}
