/** Events in our own words, as any channel's adapter tells them. */
import type {
  DeleteEvent,
  EditEvent,
  IdentityEvent,
  InboundMedia,
  MessageEvent,
  NoteEvent,
  Peer,
  ReactionEvent,
  StatusEvent,
  WatermarkEvent,
} from '../../../src/channels/events.ts'

const anyId = () => `mid.${crypto.randomUUID()}`
const ACCOUNT = '1'

export const person = (...externalIds: string[]): Peer => ({ externalIds, phone: null, profileName: null })

type Said = Partial<Omit<MessageEvent, 'kind' | 'dedupeKey' | 'externalId' | 'occurredAt' | 'peer'>>

/** What somebody wrote; `from` is whom the conversation is with, whoever wrote it. */
export const aMessage = ({
  id = anyId(),
  from = 'psid-1' as string | Peer,
  at = null as number | null,
  ...but
}: Said & { id?: string; from?: string | Peer; at?: number | null } = {}): MessageEvent => ({
  ...{ kind: 'message', dedupeKey: `msg:${id}`, accountId: ACCOUNT, occurredAt: at, externalId: id },
  ...{ direction: 'incoming', peer: typeof from === 'string' ? person(from) : from, type: 'text', text: 'Oi!' },
  ...{ media: [], content: {}, replyTo: null, attemptId: null, appId: null, group: false, history: false, raw: null },
  ...but,
})

/** What our side wrote elsewhere. */
export const anEcho = (but: Parameters<typeof aMessage>[0] = {}): MessageEvent =>
  aMessage({ direction: 'outgoing', text: 'Do celular', ...but })

export const aFile = (but: Partial<InboundMedia> = {}): InboundMedia => ({
  ...{ kind: 'image', handle: { id: 'media-1' }, mimeType: 'image/jpeg', fileName: null, bytes: 1_000 },
  ...{ voice: false, animated: false, trouble: null },
  ...but,
})

export const aReaction = (target: string, emoji: string | null, at: number, but: Partial<ReactionEvent> = {}) =>
  ({
    ...{ kind: 'reaction', dedupeKey: `rx:${target}:${emoji}:${at}:${but.direction ?? 'incoming'}` },
    ...{ accountId: ACCOUNT, occurredAt: at, direction: 'incoming', target, emoji },
    ...but,
  }) satisfies ReactionEvent as ReactionEvent

export const anEdit = (target: string, text: string | null, rank: number, at: number): EditEvent => ({
  ...{ kind: 'edit', dedupeKey: `ed:${target}:${rank}:${text}:${at}`, accountId: ACCOUNT, occurredAt: at },
  ...{ direction: 'incoming', target, text, rank },
})

export const aDeletion = (target: string, at: number): DeleteEvent => ({
  ...{ kind: 'delete', dedupeKey: `del:${target}:${at}`, accountId: ACCOUNT, occurredAt: at },
  ...{ direction: 'incoming', target },
})

export const aStatus = (
  target: string,
  status: StatusEvent['status'],
  but: Partial<StatusEvent> = {},
): StatusEvent => ({
  ...{ kind: 'status', dedupeKey: `st:${target}:${status}`, accountId: ACCOUNT, occurredAt: null },
  ...{ target, status, andBefore: false, attemptId: null, error: null },
  ...but,
})

export const aWatermark = (from: string, status: WatermarkEvent['status'], until: number): WatermarkEvent => ({
  ...{ kind: 'watermark', dedupeKey: `${status}:${from}:${until}`, accountId: ACCOUNT, occurredAt: until },
  ...{ peer: person(from), status, until },
})

export const aNote = (from: string, what: NoteEvent['what'], at: number, but: Partial<NoteEvent> = {}): NoteEvent => ({
  ...{ kind: 'note', dedupeKey: `note:${from}:${what}:${at}`, accountId: ACCOUNT, occurredAt: at },
  ...{ what, peer: person(from), content: {} },
  ...but,
})

export const anIdentity = (known: string[], also: string[], but: Partial<IdentityEvent> = {}): IdentityEvent => ({
  ...{ kind: 'identity', dedupeKey: `id:${known}:${also}`, accountId: ACCOUNT, occurredAt: null },
  ...{ known, also, phone: null, note: null },
  ...but,
})
