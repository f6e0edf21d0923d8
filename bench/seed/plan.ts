/** What a bulk database holds; the same shape at every size, so that sizes alone are compared. */
import { demoId } from '../../scripts/seed/identifiers.ts'

export interface BulkPlan {
  conversations: number
  /** On average; one conversation in 25 has six times as many. */
  messagesPerConversation: number
  agents: number
  departments: number
  inboxes: number
  /** Most people of an address book have written long ago, or never. */
  contactsPerConversation: number
  tags: number
}

export interface BenchInbox {
  id: string
  name: string
  webhookKey: string
  accountId: string
  address: string
}

export const BENCH_PASSWORD = 'prosa-bench-2026'
export const BENCH_SECRETS = {
  accessToken: 'prosa-bench-token',
  appSecret: 'prosa-bench-app-secret',
  verifyToken: 'prosa-bench-verify',
}
export const BENCH_WORKSPACE = demoId('bench', 'workspace')
/** Sees everything, and is the one who is measured; the others each sit in some departments. */
export const BENCH_OWNER = 'agent-0@bench.prosa.test'
export const BENCH_AGENT = 'agent-1@bench.prosa.test'

export const SMALL: BulkPlan = {
  conversations: 500,
  messagesPerConversation: 20,
  agents: 12,
  departments: 6,
  inboxes: 4,
  contactsPerConversation: 5,
  tags: 100,
}
export const LARGE: BulkPlan = { ...SMALL, conversations: 10_000 }

export const benchInbox = (n: number): BenchInbox => ({
  id: demoId('bench', 'inbox', n),
  name: `WhatsApp ${n + 1}`,
  webhookKey: `bench-wa-${n + 1}`,
  accountId: `10000000000090${n}`,
  address: `+55 11 90000-09${String(n).padStart(2, '0')}`,
})

export const benchAgent = (n: number) => ({
  id: demoId('bench', 'agent', n),
  userId: demoId('bench', 'user', n),
  email: `agent-${n}@bench.prosa.test`,
})

export const benchDepartment = (n: number) => demoId('bench', 'department', n)

/** The customer of conversation `n`; phones of the invented 9999x-xxxx kind. */
export const benchPeer = (n: number) => `55119${String(90_000_000 + n)}`

export const benchConversation = (n: number) => demoId('bench', 'conversation', n)

export const benchTag = (n: number) => demoId('bench', 'tag', n)

/** The first tag is everybody's tenth, the last one hardly anybody's. */
export const hasTag = (contact: number, tag: number) => contact % (10 + 20 * tag) === tag

/** Long enough for a first page and an older one. */
export const LONG_THREAD = 0

export function lengthOf({ messagesPerConversation }: BulkPlan, n: number): number {
  const long = 6 * messagesPerConversation
  return n % 25 === LONG_THREAD ? long : Math.round((25 * messagesPerConversation - long) / 24)
}
