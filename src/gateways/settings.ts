/** What an inbox's gateway must know to work while the database cannot be asked. Written when the inbox is saved. */
import type { InboxSettings } from '../channels/channel.ts'
import type { ChannelName, InboxStatus } from '../db/records.ts'

export interface GatewaySettings {
  /** Of the inbox row: older settings never replace newer ones. */
  version: number
  workspaceId: string
  inboxId: string
  channel: ChannelName
  accountId: string
  sealedCredentials: string
  /** What an administrator set that is no secret. */
  inboxSettings: InboxSettings
  status: InboxStatus
  /** The inboxes of the same workspace and provider's app, this one included: their events may come to this address. */
  siblings: Sibling[]
}

export interface Sibling {
  accountId: string
  webhookKey: string
}
