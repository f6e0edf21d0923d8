/** What Prosa holds, read past it: by its database's own URL. */
import { type Client, createClient } from '@libsql/client/web'
import type { Send } from './provider.ts'
import type { Text } from './whatsapp.ts'

export interface Stored {
  /** How many of these are there. */
  countOf(texts: Text[]): Promise<number>
  /** What is wrong with how these stand there, in sentences: each once, each customer in one conversation, no gap in `seq`. */
  faultsOf(texts: Text[]): Promise<string[]>
  /** The states of all attempts for messages with this text, by their number. */
  attemptsOf(text: string): Promise<string[]>
  /** The same for each of these, in one question. */
  attemptsOfEach(texts: string[]): Promise<string[][]>
  /** What the ledger of the provider tells that no attempt does, or that two do. */
  unexplained(ledger: readonly Send[]): Promise<string[]>
  client: Client
  close(): void
}

export function storedIn(databaseUrl: string): Stored {
  const client = createClient({ url: databaseUrl })
  const column = async (sql: string, args: string[]) => {
    const { rows } = await client.execute({ sql, args })
    return rows.map((row) => String(row[0]))
  }
  const idsOf = (texts: Text[]) => JSON.stringify([...new Set(texts.map(({ id }) => id))])

  return {
    client,
    close: () => client.close(),
    countOf: async (texts) => (await column(`SELECT id ${AMONG}`, [idsOf(texts)])).length,
    faultsOf: async (texts) => [
      ...(await column(MISSING, [idsOf(texts)])),
      ...(await column(DOUBLED, [idsOf(texts)])),
      ...(await column(SPREAD, [JSON.stringify([...new Set(texts.map(({ from }) => from.waId))])])),
      ...(await column(GAPS, [idsOf(texts)])),
    ],
    attemptsOf: (text) =>
      column(
        `SELECT s.state FROM send_attempts s JOIN messages m ON m.id = s.message_id WHERE m.body = ? ORDER BY s.no`,
        [text],
      ),
    attemptsOfEach: async (texts) => {
      const { rows } = await client.execute({
        sql: `SELECT m.body, s.state FROM send_attempts s JOIN messages m ON m.id = s.message_id
          WHERE m.body IN (SELECT value FROM json_each(?)) ORDER BY s.no`,
        args: [JSON.stringify(texts)],
      })
      return texts.map((text) => rows.filter(({ body }) => body === text).map(({ state }) => String(state)))
    },
    unexplained: async (ledger) => {
      const known = new Set(await column('SELECT id FROM send_attempts', []))
      const handed = ledger.map(({ attemptId }) => attemptId)
      return [
        ...handed.filter((id) => !known.has(id)).map((id) => `nothing of ours is ${id}`),
        ...handed.filter((id, at) => handed.indexOf(id) !== at).map((id) => `${id} was handed over again`),
      ]
    },
  }
}

const AMONG = 'FROM messages WHERE external_id IN (SELECT value FROM json_each(?))'

const MISSING = `SELECT 'missing: ' || value FROM json_each(?)
  WHERE NOT EXISTS (SELECT 1 FROM messages WHERE external_id = value)`

const DOUBLED = `SELECT 'doubled: ' || external_id ${AMONG} GROUP BY external_id HAVING count(*) > 1`

const SPREAD = `SELECT 'not in one open conversation: ' || external_id FROM identities i
  WHERE external_id IN (SELECT value FROM json_each(?))
    AND 1 <> (SELECT count(*) FROM conversations WHERE identity_id = i.principal_id AND status <> 'closed')`

/** Each of these conversations was changed by its messages alone: what was stored first is 1, and the last is its `seq`. */
const GAPS = `SELECT 'gap: ' || c.id || ' is at ' || c.seq || ' with ' || count(*) || ' messages up to ' || max(m.ingest_ord)
  FROM conversations c JOIN messages m ON m.conversation_id = c.id
  WHERE c.id IN (SELECT conversation_id ${AMONG})
  GROUP BY c.id HAVING c.seq <> count(*) OR max(m.ingest_ord) <> count(*) OR count(DISTINCT m.ingest_ord) <> count(*)`
