/** Fills a fresh local database with the demo: two workspaces that look lived in. Never part of a deployed Worker. */
import { type SQL, sql } from 'drizzle-orm'
import type { SQLiteInsertValue, SQLiteTable } from 'drizzle-orm/sqlite-core'
import { account, user } from '../../src/auth/schema.ts'
import { type Db, openDb, query } from '../../src/db/client.ts'
import * as schema from '../../src/db/schema/index.ts'
import { foldedKey } from '../../src/domain/text.ts'
import { cast, workspaceId } from './cast.ts'
import { sampleFor } from './dialogue.ts'
import { demoId } from './identifiers.ts'
import { bytesOf } from './samples.ts'
import { STORIES } from './stories.ts'
import { threads } from './threads.ts'

export interface DemoSeed {
  databaseUrl: string
  databaseAuthToken?: string
  /** 32 bytes, base64: what the Worker unseals the inboxes' credentials with. */
  credentialsKey: string
  /** Every time is relative to it. */
  now: number
}

const ROWS_A_STATEMENT = 100
const AGE_OF_THE_SHOP = 200 * 24 * 3_600_000

/** What the demo's messages brought along, by the key under which the store keeps it. */
export const demoFiles = (): { key: string; bytes: Uint8Array }[] =>
  threads(STORIES, 0).attachments.flatMap((row) =>
    row.objectKey ? [{ key: row.objectKey, bytes: bytesOf(sampleFor(row)) }] : [],
  )

/** All of it or nothing, once: a database that has the demo keeps what became of it. */
export async function seedDemo({ databaseUrl, databaseAuthToken, credentialsKey, now }: DemoSeed): Promise<void> {
  const db = openDb({
    DATABASE_URL: databaseUrl,
    ...(databaseAuthToken ? { DATABASE_AUTH_TOKEN: databaseAuthToken } : {}),
  })
  if (await isSeeded(db)) return

  const people = await cast({ credentialsKey, createdAt: now - AGE_OF_THE_SHOP })
  const told = threads(STORIES, now)
  await db.write(
    ...insert(db, schema.workspaces, people.workspaces),
    ...insert(db, user, people.users),
    ...insert(db, account, people.accounts),
    ...insert(db, schema.agents, people.agents),
    ...insert(db, schema.departments, people.departments),
    ...insert(db, schema.departmentMembers, people.departmentMembers),
    ...insert(db, schema.inboxes, people.inboxes),
    ...insert(db, schema.inboxAgents, people.inboxAgents),
    ...insert(db, schema.contacts, told.contacts.values()),
    ...insert(db, schema.identities, told.identities.values()),
    ...insert(db, schema.conversations, told.conversations),
    ...insert(db, schema.messages, told.messages),
    ...insert(db, schema.sendAttempts, told.attempts),
    ...insert(db, schema.attachments, told.attachments),
    ...insert(db, schema.reactions, told.reactions),
    ...insert(db, schema.tags, told.tags.values()),
    ...insert(db, schema.contactTags, told.contactTags.values()),
    ...insert(db, schema.groups, told.groups.values()),
    ...insert(db, schema.contactGroups, told.contactGroups.values()),
    ...insert(db, schema.comments, told.comments),
    ...insert(db, schema.drafts, told.drafts),
    ...insert(db, schema.quickReplies, QUICK_REPLIES.map(quickReply)),
  )
}

/** What the shop says most often. */
const QUICK_REPLIES = [
  ['ola', '{{saudacao}}, {{primeiro_nome}}! Aqui é {{agente}}, da Casa Aurora. Em que posso ajudar?'],
  ['pix', 'Nossa chave Pix é pix@casaaurora.test. O valor é {{valor}}.'],
  ['prazo', 'O prazo de entrega é de 5 dias úteis. Seu protocolo é {{protocolo}}.'],
  ['obrigada', 'Nós que agradecemos, {{primeiro_nome}}. Até a próxima!'],
] as const

const quickReply = ([shortcut, body]: (typeof QUICK_REPLIES)[number]) => ({
  ...{
    workspaceId: workspaceId('prosa'),
    id: demoId('quick-reply', shortcut),
    scope: 'workspace' as const,
    ownerId: '',
  },
  ...{ shortcut, shortcutKey: foldedKey(shortcut), body, terms: foldedKey(`${shortcut} ${body}`), createdAt: 0 },
})

async function isSeeded(db: Db): Promise<boolean> {
  const [found] = await db.read(
    query<{ id: string }>(sql`SELECT id FROM workspaces WHERE id = ${workspaceId('prosa')}`),
  )
  return found.length > 0
}

/** `ON CONFLICT DO NOTHING` makes the batch safe to repeat when its answer is lost. */
function insert<T extends SQLiteTable>(db: Db, table: T, rows: Iterable<SQLiteInsertValue<T>>): SQL[] {
  const all = [...rows]
  const statements: SQL[] = []
  for (let from = 0; from < all.length; from += ROWS_A_STATEMENT) {
    statements.push(
      db.orm
        .insert(table)
        .values(all.slice(from, from + ROWS_A_STATEMENT))
        .onConflictDoNothing()
        .getSQL(),
    )
  }
  return statements
}
