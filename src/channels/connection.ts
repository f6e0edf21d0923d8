/** What a channel needs to be connected, and how it says so: the guided pages are drawn from this. */
import type { Check } from './channel.ts'

export interface ConnectionField {
  /** One of `Credentials`, one of `InboxSettings`, or `accountId`. */
  name: string
  kind: 'id' | 'secret' | 'url' | 'choice' | 'switch'
  required: boolean
  /** Asked for where another field has this value, and else not needed. */
  when?: { field: string; is: string }
  /** Of a choice; the first is meant where nothing was chosen. */
  options?: readonly string[]
}

/** As typed, or as stored: field by field. */
export type ConnectionValues = Readonly<Record<string, string>>

export interface Connection {
  /** In the order in which they are asked. */
  fields: readonly ConnectionField[]
  /** The provider's id of the account, where it is not asked for as `accountId`. */
  accountId?(values: ConnectionValues): string
}

/** The languages in which a channel can tell about itself. */
export type Language = 'pt-BR' | 'en' | 'es'

export interface FieldWords {
  label: string
  /** Where it is found, and what it is for. */
  hint: string
}

export interface ChannelWords {
  /** As it stands beside a number. */
  label: string
  /** What is connected, in a sentence. */
  about: string
  /** What an administrator has to know before: a risk, a licence. */
  notice?: string
  fields: Record<string, FieldWords>
  options?: Record<string, string>
  /** What a person has to type into the provider's own pages; without it there is nothing to type. */
  tell?: string
  /** What the check-up asks the provider for. */
  check: string
  /** What helps where a check does not pass. */
  fixes: Partial<Record<Check['what'], string>>
  /** Of a number that stays on its phone: why that is not connected, and what to do, by the provider's code. */
  lost?: Partial<Record<string, string>>
}
