/** A database at Turso, made where none is named yet (Turso's Platform API). */
import * as z from 'zod'

export interface TursoAccount {
  /** Of the Platform API: `turso auth api-tokens mint`. */
  apiToken: string
  organization: string
  group: string
  url: string
}

export type MadeDatabase = Record<'DATABASE_URL' | 'DATABASE_AUTH_TOKEN', string>

const NAME = 'prosa'
const Database = z.object({ database: z.object({ Hostname: z.string().min(1) }) })
const Token = z.object({ jwt: z.string().min(1) })
const Problem = z.object({ error: z.string() })

/** Null where the environment names no account. */
export function tursoAccountOf(env: NodeJS.ProcessEnv): TursoAccount | null {
  const { TURSO_API_TOKEN: apiToken, TURSO_ORGANIZATION: organization } = env
  if (!apiToken || !organization) return null
  return {
    apiToken,
    organization,
    group: env['TURSO_GROUP'] || 'default',
    url: env['TURSO_API_URL'] || 'https://api.turso.tech',
  }
}

/** The database `prosa` of that organization, made unless it is there, and a token for it. */
export async function databaseAt(account: TursoAccount): Promise<MadeDatabase> {
  const databases = `/v1/organizations/${encodeURIComponent(account.organization)}/databases`
  const found = await ask(account, 'GET', `${databases}/${NAME}`)
  const made =
    found.status === 404 ? await ask(account, 'POST', databases, { name: NAME, group: account.group }) : found
  const { database } = await read(made, Database, 'make a database')
  const token = await ask(
    account,
    'POST',
    `${databases}/${NAME}/auth/tokens?expiration=never&authorization=full-access`,
  )
  const { jwt } = await read(token, Token, 'make a token for the database')
  return { DATABASE_URL: `libsql://${database.Hostname}`, DATABASE_AUTH_TOKEN: jwt }
}

const ask = ({ url, apiToken }: TursoAccount, method: string, path: string, body?: object) =>
  fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${apiToken}`, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
    signal: AbortSignal.timeout(30_000),
  })

async function read<T>(response: Response, shape: z.ZodType<T>, what: string): Promise<T> {
  const body: unknown = await response.json().catch(() => null)
  const parsed = shape.safeParse(body)
  if (response.ok && parsed.success) return parsed.data
  const problem = Problem.safeParse(body)
  const why = problem.success ? problem.data.error : 'it did not say why'
  const hint = response.status === 401 ? ' Make a new TURSO_API_TOKEN.' : ''
  throw new Error(`Turso did not ${what} (${response.status}): ${why}.${hint}`)
}
