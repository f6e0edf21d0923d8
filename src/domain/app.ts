/** What a verb may ask for. `src/app.ts` builds it for a request or a Durable Object; a test builds its own. */
import type { Channel, Read } from '../channels/channel.ts'
import type { ChannelName } from '../channels/index.ts'
import type { Db } from '../db/client.ts'
import type { Sealed } from '../db/credentials.ts'
import type { ImportRef } from '../db/queries/contact-imports.ts'
import type { InboxRef } from '../db/queries/inbound.ts'
import type { SweptInbox } from '../db/queries/inboxes.ts'
import type { ConversationHead, ThreadMessage } from '../db/records.ts'
import type { Looked } from './checkup.ts'
import type { Dump } from './dumps.ts'
import type { ErasureLedger } from './erasure-ledger.ts'
import type { Store } from './store.ts'

export interface App {
  db: Db
  channel(name: ChannelName): Channel
  gateway(webhookKey: string): GatewayHints
  /** Whoever works a file of contacts off; a call that is lost is made again by the sweep. */
  importer(importId: string): { work(of: ImportRef): Promise<void> }
  /** Does what takes a workspace long, bit by bit. A hint: the sweep finds what is left to do. */
  lookAfter(workspaceId: string): Promise<void>
  /** What is known of erasures outside of the workspace's database. */
  ledger(workspaceId: string): ErasureLedger
  /** The dumps of the workspace, the newest first. */
  dumps(workspaceId: string): Promise<Dump[]>
  store: Store
  /** An address at which a provider can fetch a file of ours for some minutes, without signing in. */
  publicUrl(workspaceId: string, attachmentId: string): Promise<string>
  /** Tells everyone who may see it. May be lost: pages ask for what they missed. */
  publish(happened: Happened): void
  /** Secrets at rest, bound to the workspace and inbox that they were saved for. */
  seal(of: Sealed, secret: unknown): Promise<string>
  unseal(of: Sealed, sealed: string): Promise<unknown>
  /** A keyed hash, for what is to be known again and must not be read. */
  erasedKey(of: InboxRef, what: string): Promise<string>
  /** Hands an inbox's settings to its gateway; answers with the version that the gateway holds from then on. */
  configure(inbox: SweptInbox, siblings: { accountId: string; webhookKey: string }[]): Promise<number>
  /** Where a provider calls for that inbox. */
  webhookUrl(channel: ChannelName, webhookKey: string): string
  /** Work that the answer does not wait for; hints and metrics alone. */
  later(promise: Promise<unknown>): void
  now(): number
  newId(): string
  /** 32 letters and digits that nobody can guess. */
  secret(): string
  /** From 0 up to 1: spreads what would otherwise happen all at once. */
  random(): number
  log: Log
}

/** Calls that may be lost, doubled or late: a gateway's alarm and the sweep find the work anyway. */
export interface GatewayHints {
  lookAtOutbox(): Promise<void>
  lookAtMedia(): Promise<void>
  /** For a database that was put back to that time: what came in since has its effect again. Answers with how many. */
  replaySince(time: number): Promise<number>
  /** Everything that waits is looked at once more, now; answers when that is done. */
  lookAgain(): Promise<void>
  markRead(of: Read): Promise<void>
  /** Asks the provider how the account is doing, and puts right what can be. Answers with the check-up as it was kept. */
  checkUp(): Promise<Looked>
  /**
   * Reads back what was said while we did not listen: to one person, or to everyone; since then, or as far as is new. Null: the channel keeps no past.
   * Throws where the provider cannot be asked.
   */
  readBack(peer: string[] | null, since: number | null): Promise<Recovered | null>
  /** Shows the customer that somebody is writing, where the channel can. */
  showTyping(of: Read): Promise<void>
  /** Asks the provider for the inbox's templates; answers whether it told them. */
  syncTemplates(): Promise<boolean>
  /** Lets go of a part of what the journal holds of people who were erased, or are `mentioned`. Safe to repeat; waited for. */
  forgetErased(part: { after: number; mentioned: string[] }): Promise<Forgotten>
}

export interface Forgotten {
  events: number
  /** Where the next part begins; null: that was all. */
  next: number | null
}

/** What the provider told of the past that we did not have. */
export interface Recovered {
  messages: number
  /** When the oldest of them was said, ms; null: there were none. */
  since: number | null
}

/** What happened, in ids and rows; only `src/app.ts` knows that it comes to mean HTML in a room. */
export type Happened =
  | {
      type: 'thread.changed'
      workspaceId: string
      conversation: ConversationHead
      messages: ThreadMessage[]
      /** What is kept about the person changed: whoever has it open reads it again. */
      aboutContact?: boolean
      /** A past came to light: news to whoever has the thread open, to no list. */
      quiet?: boolean
      /** How it stood before it moved: whoever could see it then and cannot now is shown that it is gone. */
      former?: ConversationHead
    }
  | {
      type: 'conversation.handed'
      workspaceId: string
      conversation: ConversationHead
      toAgentId: string
      byName: string
      /** How many came at once, this one with them; missing: it alone. */
      count?: number
    }
  | { type: 'agent.changed'; workspaceId: string; agentId: string }

/** An allowlist of fields: never a body, a name, a phone, a token, an address or a provider's id. */
export interface Log {
  info(event: string, fields?: LogFields): void
  warn(event: string, fields?: LogFields): void
  error(event: string, error: unknown, fields?: LogFields): void
}

export interface LogFields {
  requestId?: string
  workspaceId?: string
  inboxId?: string
  conversationId?: string
  messageId?: string
  attemptId?: string
  agentId?: string
  kind?: string
  code?: string
  count?: number
  ms?: number
  status?: number
  route?: string
}
