/** Messenger and Instagram are one platform behind two doors: what they share is code, and this is how they differ. */
import type { InboxSettings, ProviderUrls, Reach } from '../channel.ts'
import type { ChannelWords, ConnectionField, Language } from '../connection.ts'
import type { Limits } from '../limits.ts'

export interface Dialect {
  name: 'messenger' | 'instagram'
  /** The `object` of its webhooks. */
  object: 'page' | 'instagram'
  limits: Limits
  words: Record<Language, ChannelWords>
  /** What is asked for to connect it. */
  fields: readonly ConnectionField[]
  baseUrl(urls: ProviderUrls, settings: InboxSettings): string
  /** What a link without a host belongs to. */
  site: string
  /** Its apps send no other audio than what somebody spoke. */
  audioIsVoice: boolean
  /** Files of ours are uploaded, or fetched by the provider from an address of ours. */
  files: 'uploaded' | 'fetched'
  /** An answer says that it is one, and carries the attempt's id, which its echo brings back. */
  namesItsAnswers: boolean
  /** The provider's name of each reaction that we may send, by its emoji. */
  reactionNames: ReadonlyMap<string, string>
  /** The node of the API that speaks for the account: its messages, conversations and subscription hang on it. */
  node(reach: Pick<Reach, 'accountId' | 'settings'>): string
  /** What the provider is to tell us. */
  subscribedFields(settings: InboxSettings): readonly string[]
  /** Where the account tells about itself. */
  account(reach: Pick<Reach, 'accountId' | 'settings'>): { node: string; fields: readonly string[] }
  /** Its token ends, and the provider prolongs it; others hold for as long as the app's door tells. */
  prolongs(settings: InboxSettings): boolean
  profileFields: readonly string[]
}
