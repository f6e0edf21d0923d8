/** The people and things that the tests of the views talk about. */
import type { CustomField } from '../db/contact-records.ts'
import type { Attachment, ConversationHead, Glimpse, ThreadMessage, Viewer } from '../db/records.ts'
import { i18nFor } from '../i18n/index.ts'

export const i18n = i18nFor('pt-BR', 'America/Sao_Paulo')
export const NOON = Date.UTC(2026, 10, 20, 15)
const MINUTE = 60_000

export const ana: Viewer = {
  workspaceId: 'w1',
  agentId: 'ana',
  role: 'owner',
  departmentIds: [],
  authzVersion: 1,
  name: 'Ana Lima',
  email: 'ana@prosa.test',
  locale: 'pt-BR',
  theme: 'system',
  workspaceName: 'Casa Jurema',
  timeZone: 'America/Sao_Paulo',
  listFilters: '',
  ownTimeZone: null,
  sounds: { mine: true, queue: false, tick: false, volume: 60 },
  sessionHash: 'hash',
}

export function conversation(over: Partial<ConversationHead> = {}): ConversationHead {
  return {
    id: 'c1',
    seq: 7,
    version: 1,
    status: 'open',
    contactId: 'maria',
    identityId: 'maria-whatsapp',
    contactName: 'Maria Souza',
    contactPhone: '+55 81 98888-1000',
    tags: { count: 0, first: [] },
    blocked: false,
    channel: 'whatsapp',
    inboxId: 'i1',
    inboxName: 'WhatsApp 1',
    departmentId: null,
    departmentName: null,
    assigneeId: null,
    assigneeName: null,
    unread: 0,
    lastAt: NOON,
    waitingSince: null,
    last: { ...glimpse({ body: 'Oi!' }), kind: 'message', state: 'received' },
    inboxAddress: '+55 11 90000-0001',
    inboxStatus: 'active',
    webhookKey: 'key',
    timeZone: 'America/Sao_Paulo',
    lastAdAt: null,
    inboxSettings: {},
    lastIncomingAt: NOON,
    openedAt: NOON,
    closedAt: null,
    ...over,
  }
}

export const glimpse = (over: Partial<Glimpse> = {}): Glimpse => ({
  direction: 'incoming',
  type: 'text',
  body: null,
  label: null,
  voice: false,
  deleted: false,
  ...over,
})

/** The nth message of the thread: a minute after the one before. */
export function incoming(n: number, over: Partial<ThreadMessage> = {}): ThreadMessage {
  return {
    id: `m${n}`,
    conversationId: 'c1',
    channel: 'whatsapp',
    kind: 'message',
    direction: 'incoming',
    type: 'text',
    body: `Mensagem ${n}`,
    content: {},
    attachments: [],
    reactions: [],
    editedAt: null,
    deletedAt: null,
    occurredAt: NOON + n * MINUTE,
    sentAt: null,
    ingestOrd: n,
    seq: n,
    authorId: null,
    authorName: null,
    clientKey: null,
    automatic: null,
    state: 'received',
    attempt: null,
    change: null,
    possiblyDoubled: false,
    replyTo: null,
    supersededById: null,
    detail: null,
    comment: null,
    ...over,
  }
}

export const attachment = (over: Partial<Attachment> = {}): Attachment => ({
  id: 'f1',
  kind: 'image',
  mimeType: 'image/jpeg',
  fileName: null,
  size: 48_000,
  width: 800,
  height: 600,
  duration: null,
  voice: false,
  animated: false,
  state: 'stored',
  errorCode: null,
  ...over,
})

type Attempt = NonNullable<ThreadMessage['attempt']>

export function attempt(over: Partial<Attempt> = {}): Attempt {
  return { id: 'a1', no: 1, state: 'sent', notBefore: 0, errorClass: null, errorCode: null, errorDetail: null, ...over }
}

export const outgoing = (n: number, over: Partial<ThreadMessage> = {}) =>
  incoming(n, {
    direction: 'outgoing',
    authorId: 'ana',
    authorName: 'Ana Lima',
    state: 'sent',
    attempt: attempt(),
    ...over,
  })

/** The thread with its usual surroundings. */
export const threadOf = (messages: ThreadMessage[], over: Partial<ConversationHead> = {}) => ({
  i18n,
  viewer: ana,
  conversation: conversation(over),
  messages,
  drawnAt: 0,
  olderHref: null,
  newerHref: null,
  pinned: [],
  draft: null,
  clientKey: '0b9f4d0e-4a64-4d6e-8d57-6b8f0e6a2f11',
  shut: null,
  textLimit: { length: 4096, unit: 'utf16' as const },
  offers: [],
  outsideWindow: 'template' as const,
  marks: null,
  typing: false,
  reactions: null,
  changes: false,
  windowEndsAt: NOON + 5 * 60 * MINUTE,
})

/** The start tags of a piece of HTML, in order. */
export const tagsOf = (html: string) => html.match(/<[a-z][^>]*>/gi) ?? []

export const fields: CustomField[] = [
  { id: 'f1', name: 'Cidade', nameKey: 'cidade', kind: 'text', choices: [], version: 1 },
  { id: 'f2', name: 'Plano', nameKey: 'plano', kind: 'choice', choices: ['Ouro', 'Prata'], version: 2 },
]
