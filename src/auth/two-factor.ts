/** The second step of signing in, as the library keeps it: turned on and off, and asked for. What it refuses is null. */
import { APIError } from 'better-auth/api'
import type { Db } from '../db/client.ts'
import { AppError } from '../domain/errors.ts'
import type { Env } from '../env.ts'
import { authFor } from './auth.ts'
import { limited } from './limit.ts'
import { cookieName } from './origins.ts'

/** Whoever asks: their cookie says who it is. */
export interface Asking {
  env: Env
  db: Db
  headers: Headers
}

/** A session that the library made, and the cookies that carry it. */
export interface NewSession {
  token: string
  userId: string
  email: string
  cookies: string[]
}

/** A secret for an authenticator app, as the address that its QR code holds. It asks for nothing until a code was right. */
export async function beginTwoFactor({ env, db, headers }: Asking, password: string): Promise<string | null> {
  const body = { password, method: 'totp' } as const
  const begun = await unlessRefused(authFor(env, db).api.enableTwoFactor({ body, headers }))
  return begun && 'totpURI' in begun ? begun.totpURI : null
}

/** With the first code from the app it is on. The library gives the session another token. */
export function confirmTwoFactor(
  { env, db, headers }: Asking,
  userId: string,
  code: string,
): Promise<NewSession | null> {
  const asked = { body: { code }, headers, returnHeaders: true } as const
  return once(env, userId, code, async () => sessionOf(await unlessRefused(authFor(env, db).api.verifyTOTP(asked))))
}

export const recoveryCodesOf = async ({ env, db }: Pick<Asking, 'env' | 'db'>, userId: string): Promise<string[]> =>
  (await authFor(env, db).api.viewBackupCodes({ body: { userId } })).backupCodes

/** The old ones are good for nothing from then on. */
export async function renewRecoveryCodes({ env, db, headers }: Asking, password: string): Promise<string[] | null> {
  const renewed = await unlessRefused(authFor(env, db).api.generateBackupCodes({ body: { password }, headers }))
  return renewed?.backupCodes ?? null
}

/** The library gives the session another token: these are its cookies. */
export async function endTwoFactor({ env, db, headers }: Asking, password: string): Promise<string[] | null> {
  const asked = { body: { password }, headers, returnHeaders: true } as const
  const ended = await unlessRefused(authFor(env, db).api.disableTwoFactor(asked))
  return ended?.headers.getSetCookie() ?? null
}

/** Signs in whom the password was right of, by a code of their app or by one of their recovery codes; each is good once. */
export async function passTwoFactor(
  { env, db, headers }: Asking,
  userId: string,
  code: string,
): Promise<NewSession | null> {
  const { api } = authFor(env, db)
  const asked = { body: { code }, headers: challengeAlone(env, headers), returnHeaders: true } as const
  if (isRecoveryCode(code)) return sessionOf(await unlessRefused(api.verifyBackupCode(asked)))
  return once(env, userId, code, async () => sessionOf(await unlessRefused(api.verifyTOTP(asked))))
}

/**
 * The library takes a code for a minute and a half, however often: whoever saw one typed could use it again. It is used
 * up before it is looked at, so that of two who come at once one is refused; what turned out wrong used nothing up.
 */
async function once<T>(env: Env, userId: string, code: string, look: () => Promise<T | null>): Promise<T | null> {
  let takeBack: () => Promise<void>
  try {
    takeBack = await limited(env, 'usedCode', `${userId} ${code}`)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return null
  }
  const found = await look()
  if (found === null) await takeBack()
  return found
}

/** Whoever this browser was signed in as before is none of this step's business. */
function challengeAlone(env: Env, headers: Headers): Headers {
  const name = `${cookieName(env, 'two_factor')}=`
  const cookie = (headers.get('cookie') ?? '').split(';').find((pair) => pair.trim().startsWith(name))
  return new Headers({ cookie: cookie?.trim() ?? '', 'user-agent': headers.get('user-agent')?.slice(0, 256) ?? '' })
}

/** As people type it: six digits, or ten letters and digits with a line between, which many leave out. */
export function codeFrom(typed: string): string | null {
  const plain = typed.replaceAll(/[\s-]/g, '')
  if (/^\d{6}$/.test(plain)) return plain
  return /^[A-Za-z0-9]{10}$/.test(plain) ? `${plain.slice(0, 5)}-${plain.slice(5)}` : null
}

export const isRecoveryCode = (code: string) => code.includes('-')

interface Verified {
  headers: Headers
  response: { token?: string | null | undefined; user: { id: string; email?: string | null | undefined } }
}

function sessionOf(verified: Verified | null): NewSession | null {
  if (!verified?.response.token) return null
  const { token, user } = verified.response
  return { token, userId: user.id, email: user.email ?? '', cookies: verified.headers.getSetCookie() }
}

/** A wrong password or code, a step that is over; and no session for who was shut out between the two steps. */
async function unlessRefused<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked
  } catch (error) {
    const isRefusal =
      error instanceof APIError && (error.statusCode < 500 || error.body?.code === 'FAILED_TO_CREATE_SESSION')
    if (!isRefusal) throw error
    return null
  }
}
