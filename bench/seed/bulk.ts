/** Fills a fresh database with many conversations, fast, and always with the same ones. */
import { type Client, createClient, type InStatement } from '@libsql/client/web'
import type { BulkPlan } from './plan.ts'
import { insertRows } from './rows.ts'
import { addStranger, addThread, noRows, type Rows, type Table } from './threads.ts'
import { workspaceStatements } from './workspace.ts'

export interface BulkSeed {
  databaseUrl: string
  credentialsKey: string
  now: number
  plan: BulkPlan
}

const CONVERSATIONS_A_BATCH = 100
const STRANGERS_A_BATCH = 2_000
/** What another points to comes first. */
const ORDER: Table[] = ['contacts', 'contact_tags', 'identities', 'conversations', 'messages', 'send_attempts']

/** Answers with the number of messages. */
export async function seedBulk({ databaseUrl, credentialsKey, now, plan }: BulkSeed): Promise<number> {
  const client = createClient({ url: databaseUrl })
  try {
    await client.batch(await workspaceStatements(plan, credentialsKey, now - 400 * 86_400_000), 'write')
    await seedStrangers(client, plan, now)
    return await seedThreads(client, plan, now)
  } finally {
    client.close()
  }
}

async function seedStrangers(client: Client, plan: BulkPlan, now: number): Promise<void> {
  const all = plan.conversations * plan.contactsPerConversation
  for (let from = plan.conversations; from < all; from += STRANGERS_A_BATCH) {
    const rows = noRows()
    for (let n = from; n < Math.min(from + STRANGERS_A_BATCH, all); n += 1) addStranger(rows, plan, n, now)
    await client.batch(statementsOf(rows), 'write')
  }
}

async function seedThreads(client: Client, plan: BulkPlan, now: number): Promise<number> {
  let messages = 0
  for (let from = 0; from < plan.conversations; from += CONVERSATIONS_A_BATCH) {
    const rows = noRows()
    const to = Math.min(from + CONVERSATIONS_A_BATCH, plan.conversations)
    for (let n = from; n < to; n += 1) addThread(rows, plan, n, now)
    messages += rows.messages.length
    await client.batch(statementsOf(rows), 'write')
  }
  return messages
}

const statementsOf = (rows: Rows): InStatement[] => ORDER.flatMap((table) => insertRows(table, rows[table]))
