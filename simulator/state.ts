/** What the simulator remembers: people, what stands on their phones, files, accounts, and webhooks that wait. */
import * as z from 'zod'

export const Customer = z.object({
  id: z.string(),
  name: z.string(),
  /** E.164, as people write it: in Brazil with the ninth digit. */
  number: z.string(),
  /** Has a phone that receives. */
  online: z.boolean(),
  /** Lets the business know what was read. */
  readReceipts: z.boolean(),
  /** Goes by a username: the business is told an id instead of the number. */
  hidesNumber: z.boolean(),
  /** How often the provider gave this person another id. */
  renamed: z.number().default(0),
  /** At Messenger and Instagram, by inbox: the ids under which Prosa wrote to them first. */
  scopedIds: z.record(z.string(), z.string()).default({}),
  /** `cast`: always there. `added`: by hand. `met`: Prosa wrote to this number first. */
  origin: z.enum(['cast', 'added', 'met']),
})
export type Customer = z.infer<typeof Customer>

export const FILE_KINDS = ['image', 'video', 'audio', 'document', 'sticker'] as const

const File = z.object({
  /** The provider's id of it: digits. */
  id: z.string(),
  kind: z.enum(FILE_KINDS),
  mimeType: z.string(),
  name: z.string().nullable(),
  bytes: z.number(),
  /** Base64. */
  sha256: z.string(),
  voice: z.boolean(),
  animated: z.boolean(),
  /** One of the simulator's own; null: it was sent to us, and is kept. */
  asset: z.string().nullable(),
  at: z.number(),
})
export type File = z.infer<typeof File>

/** Something on the business's message that can be pressed. */
const Button = z.object({
  id: z.string(),
  title: z.string(),
  description: z.string().nullable().default(null),
  /** What pressing it says: a reply, a row of a list, a template's button, …; `url` says nothing. */
  kind: z.enum(['reply', 'row', 'template', 'quick_reply', 'postback', 'location', 'contact', 'url']),
})
export type Button = z.infer<typeof Button>

const Message = z.object({
  /** The provider's id. */
  id: z.string(),
  from: z.enum(['customer', 'business']),
  kind: z.string().default('text'),
  /** The words; under a file its caption. */
  text: z.string(),
  files: z.array(File).default([]),
  /** What a card says beside the words: a place, a person, an order. */
  lines: z.array(z.string()).default([]),
  footer: z.string().nullable().default(null),
  buttons: z.array(Button).default([]),
  /** Said above it: forwarded, from an ad, typed on the business's phone. */
  mark: z.string().nullable().default(null),
  reactions: z.object({ customer: z.string().nullable(), business: z.string().nullable() }).default({
    customer: null,
    business: null,
  }),
  edits: z.number().default(0),
  deleted: z.boolean().default(false),
  replyTo: z.string().nullable(),
  at: z.number(),
  /** A customer's: sending, delivered, read. The business's: accepted, sent, delivered, read, failed. */
  state: z.enum(['sending', 'accepted', 'sent', 'delivered', 'read', 'failed']),
  /** What the business wants to hear again with each status. */
  callbackData: z.string().nullable(),
  errorCode: z.number().nullable(),
  /** In the provider's own words: what its webhook says of this message beside who and when. */
  wire: z.record(z.string(), z.unknown()).default({}),
})
export type Message = z.infer<typeof Message>

/** A message with nothing special about it, but for what is given. */
export function newMessage(of: Pick<Message, 'id' | 'from' | 'state'> & Partial<Message>): Message {
  return Message.parse({ text: '', replyTo: null, at: Date.now(), callbackData: null, errorCode: null, ...of })
}

const Chat = z.object({
  customerId: z.string(),
  inboxKey: z.string(),
  messages: z.array(Message),
  /** When the customer last wrote; null: never. */
  lastWroteAt: z.number().nullable(),
  typingUntil: z.number(),
  /** Telegram: the customer lets the bot say nothing more. */
  blocked: z.boolean().default(false),
})
export type Chat = z.infer<typeof Chat>

const Pending = z.object({
  id: z.string(),
  inboxKey: z.string(),
  kind: z.string(),
  body: z.string(),
  at: z.number(),
  /** The customer's message that it tells of. */
  messageId: z.string().nullable(),
})
/** A webhook that Prosa has not taken yet. */
export type Pending = z.infer<typeof Pending>

export const Inbox = z.object({
  /** Prosa's webhook key. */
  key: z.string(),
  channel: z.string(),
  accountId: z.string(),
  /** WhatsApp: the account above it, with its templates and its subscription. */
  businessAccountId: z.string().optional(),
  name: z.string(),
  address: z.string(),
  workspace: z.string(),
})
/** An account that customers can write to. */
export type Inbox = z.infer<typeof Inbox>

const Account = z.object({
  accountId: z.string(),
  /** Are its events told at all? */
  subscribed: z.boolean(),
  /** An address of its own for them; null: Prosa's usual one. */
  callback: z.string().nullable(),
  /** What was asked to be told; null: all that there is. */
  fields: z.array(z.string()).nullable().default(null),
  /** Telegram: what goes along with each update; null: the demo's. */
  secret: z.string().nullable().default(null),
  /** Telegram: its group is a supergroup by now. */
  groupMoved: z.boolean().default(false),
  /** Telegram: the owner's own account was connected and is no more. */
  ownerLeft: z.boolean().default(false),
})
export type Account = z.infer<typeof Account>

const Instance = z.object({
  name: z.string(),
  id: z.string(),
  profile: z.string(),
  /** What opens it. */
  key: z.string(),
  state: z.enum(['open', 'connecting', 'close']),
  /** To be scanned; null: there is none. */
  code: z.string().nullable(),
  /** How many there were in a row. */
  codes: z.number(),
  /** The number that a code of letters was asked for. */
  pairing: z.string().nullable(),
  history: z.boolean(),
  webhook: z
    .object({
      enabled: z.boolean(),
      url: z.string(),
      headers: z.record(z.string(), z.string()),
      byEvents: z.boolean(),
      base64: z.boolean(),
      /** None: all that there are. */
      events: z.array(z.string()),
    })
    .nullable(),
})
/** A phone's place on an Evolution server. */
export type Instance = z.infer<typeof Instance>

export const State = z.object({
  customers: z.array(Customer),
  chats: z.array(Chat),
  pending: z.array(Pending),
  files: z.array(File).default([]),
  /** Beside the demo's. */
  inboxes: z.array(Inbox).default([]),
  accounts: z.array(Account).default([]),
  instances: z.array(Instance).default([]),
})
export type State = z.infer<typeof State>
