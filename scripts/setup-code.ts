/** The code that lets the first owner in: made for a database without a workspace, printed to whoever runs the server. */
import { randomBytes } from 'node:crypto'
import { createClient } from '@libsql/client/web'

interface Database {
  databaseUrl: string
  authToken?: string
}

/** Null: there is a workspace already, and nothing to set up. */
export const setupCodeFor = async (database: Database): Promise<string | null> =>
  (await hasWorkspace(database)) ? null : newSetupCode()

export async function hasWorkspace({ databaseUrl: url, authToken }: Database): Promise<boolean> {
  const client = createClient({ url, ...(authToken ? { authToken } : {}) })
  try {
    return (await client.execute('SELECT 1 FROM workspaces LIMIT 1')).rows.length > 0
  } finally {
    client.close()
  }
}

/** Typed once: in groups as they are read aloud, without letters that look like digits. */
function newSetupCode(): string {
  const letters = [...randomBytes(12)].map((byte) => LETTERS[byte % LETTERS.length]).join('')
  return letters.replaceAll(/(.{4})(?=.)/g, '$1-')
}

const LETTERS = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789'
