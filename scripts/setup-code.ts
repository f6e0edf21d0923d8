/** The code that lets the first owner in: made for a database without a workspace, printed to whoever runs the server. */
import { randomBytes } from 'node:crypto'
import { type DatabaseSettings, openDatabase } from './database-settings.ts'

/** Null: there is a workspace already, and nothing to set up. */
export const setupCodeFor = async (database: DatabaseSettings): Promise<string | null> =>
  (await hasWorkspace(database)) ? null : newSetupCode()

export async function hasWorkspace(database: DatabaseSettings): Promise<boolean> {
  const client = openDatabase(database)
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
