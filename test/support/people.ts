/** A small cast for tests inside workerd: people of a workspace of their own, and the browsers they sit at. */

import { env, exports } from 'cloudflare:workers'
import { hashPassword } from 'better-auth/crypto'
import { type SQL, sql } from 'drizzle-orm'
import { serializeSigned } from 'hono/utils/cookie'
import { cookieName } from '../../src/auth/origins.ts'
import { openDb, query } from '../../src/db/client.ts'
import type { Role } from '../../src/db/records.ts'

export const ORIGIN = 'http://localhost:8787'
export const PASSWORD = 'correct horse battery'

const DAY = 86_400_000
let hash: Promise<string> | undefined

declare global {
  namespace Cloudflare {
    interface GlobalProps {
      mainModule: typeof import('../../src/index.ts')
    }
  }
}

export interface Person {
  workspaceId: string
  agentId: string
  userId: string
  name: string
  email: string
}

/** A workspace, and in it a person of each role that is named, called as their key says. */
export async function workspaceWith<Name extends string>(roles: Record<Name, Role>): Promise<Record<Name, Person>> {
  const workspaceId = crypto.randomUUID()
  const now = Date.now() - DAY
  hash ??= hashPassword(PASSWORD)
  const password = await hash
  const people = Object.fromEntries(Object.keys(roles).map((name) => [name, personNamed(name, workspaceId)])) as Record<
    Name,
    Person
  >
  const rows = (Object.entries(people) as [Name, Person][]).flatMap(([name, person]) => [
    sql`INSERT INTO user (id, name, email, email_verified) VALUES (${person.userId}, ${name}, ${person.email}, 1)`,
    sql`INSERT INTO account (id, account_id, provider_id, user_id, password)
      VALUES (${crypto.randomUUID()}, ${person.userId}, 'credential', ${person.userId}, ${password})`,
    sql`INSERT INTO agents (workspace_id, id, user_id, name, email, role, created_at)
      VALUES (${workspaceId}, ${person.agentId}, ${person.userId}, ${name}, ${person.email}, ${roles[name]}, ${now})`,
  ])
  await openDb(env).write(
    sql`INSERT INTO workspaces (id, name, created_at) VALUES (${workspaceId}, 'Padaria', ${now})`,
    ...rows,
  )
  return people
}

function personNamed(name: string, workspaceId: string): Person {
  const agentId = crypto.randomUUID()
  const email = `${name.toLowerCase()}.${agentId}@prosa.test`
  return { workspaceId, agentId, userId: crypto.randomUUID(), name, email }
}

export async function rowsOf<Row>(statement: SQL): Promise<Row[]> {
  const [rows] = await openDb(env).read(query<Row>(statement))
  return rows
}

/** Of several questions, in one round trip. */
export async function rowsOfEach<Statements extends SQL[]>(
  ...statements: Statements
): Promise<{ [At in keyof Statements]: Record<string, unknown>[] }> {
  const rows = await openDb(env).read(...statements.map((one) => query<Record<string, unknown>>(one)))
  return rows as { [At in keyof Statements]: Record<string, unknown>[] }
}

export const change = (...statements: SQL[]) => openDb(env).write(...statements)

export interface Browser {
  cookies: Map<string, string>
  get(path: string, headers?: Record<string, string>): Promise<Response>
  send(
    method: string,
    path: string,
    fields?: Record<string, string>,
    headers?: Record<string, string>,
  ): Promise<Response>
  signIn(person: Pick<Person, 'email'>, password?: string, next?: string): Promise<Response>
}

/** Keeps cookies and follows no redirects. Each calls from an address of its own, unless one is given. */
export function newBrowser(address = anyAddress()): Browser {
  const cookies = new Map<string, string>()
  const ask = async (path: string, init: RequestInit & { headers: Record<string, string> }) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = {
      'cf-connecting-ip': address,
      'accept-language': 'en',
      ...(cookie ? { cookie } : {}),
      ...init.headers,
    }
    const answer = await exports.default.fetch(
      new Request(`${ORIGIN}${path}`, { ...init, headers, redirect: 'manual' }),
    )
    for (const line of answer.headers.getSetCookie()) keep(cookies, line)
    return answer
  }
  const send: Browser['send'] = (method, path, fields = {}, headers = {}) =>
    ask(path, {
      method,
      headers: { 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams(fields).toString(),
    })
  return {
    cookies,
    send,
    get: (path, headers = {}) => ask(path, { headers }),
    signIn: ({ email }, password = PASSWORD, next = '/settings/profile') =>
      send('POST', '/sign-in', { email, password, next }),
  }
}

/** A browser in which that person has just signed in: with the session and the cookie of it, without hashing a password. */
export async function browserOf({ userId }: Pick<Person, 'userId'>): Promise<Browser> {
  const browser = newBrowser()
  const token = crypto.randomUUID().replaceAll('-', '')
  await change(newSession(userId, token))
  keep(browser.cookies, await serializeSigned(cookieName(env, 'session_token'), token, env.AUTH_SECRET))
  return browser
}

/** As sign-in leaves it behind. */
export function newSession(userId: string, token: string): SQL {
  const now = Date.now()
  return sql`INSERT INTO session (id, token, user_id, expires_at, created_at, updated_at)
    VALUES (${crypto.randomUUID()}, ${token}, ${userId}, ${now + DAY / 2}, ${now}, ${now})`
}

function keep(cookies: Map<string, string>, line: string): void {
  const [pair = '', ...attributes] = line.split(';')
  const cut = pair.indexOf('=')
  const name = pair.slice(0, cut)
  if (attributes.some((attribute) => attribute.trim().toLowerCase() === 'max-age=0')) cookies.delete(name)
  else cookies.set(name, pair.slice(cut + 1))
}

const anyAddress = () => `10.${byte()}.${byte()}.${byte()}`
const byte = () => Math.floor(Math.random() * 256)
