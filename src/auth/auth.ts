/** Sign-in by better-auth: its users, accounts and sessions, with our hashing, our limits and our way of asking who it is. */
import { type BetterAuthOptions, betterAuth } from 'better-auth/minimal'
import { drizzleAdapter } from 'better-auth/adapters/drizzle'
import type { Db } from '../db/client.ts'
import { activeAgentOfUser } from '../db/queries/agents.ts'
import type { Env } from '../env.ts'
import { passwordHasher } from './password-hasher.ts'
import { account, session, user, verification } from './schema.ts'
import { EXTEND_EVERY_MS, IDLE_MS } from './session-life.ts'

export type Auth = ReturnType<typeof authFor>

/** One a request, on that request's database: it costs less than a millisecond, and a client must never be shared. */
export const authFor = (env: Env, db: Db) => betterAuth(optionsFor(env, db))

/** The origin that links are made with, and that decides how cookies are kept. */
export const appOriginOf = (env: Pick<Env, 'APP_ORIGIN'>): string => originsOf(env)[0] ?? ''

/** Every origin the page may be on; what comes from anywhere else changes nothing. */
export const originsOf = (env: Pick<Env, 'APP_ORIGIN'>): string[] =>
  env.APP_ORIGIN.split(',')
    .map((origin) => origin.trim())
    .filter(Boolean)

/** Everywhere but on this machine over plain http. */
export function keepsSecureCookies(env: Pick<Env, 'APP_ORIGIN'>): boolean {
  const { protocol, hostname } = new URL(appOriginOf(env))
  return !(protocol === 'http:' && (hostname === '127.0.0.1' || hostname === 'localhost'))
}

/** better-auth's names, which it makes itself from the prefix. */
export const cookieName = (env: Pick<Env, 'APP_ORIGIN'>, name: 'session_token' | 'scope'): string =>
  `${keepsSecureCookies(env) ? '__Secure-' : ''}${COOKIE_PREFIX}.${name}`

const COOKIE_PREFIX = 'prosa'

function optionsFor(env: Env, db: Db) {
  return {
    appName: 'Prosa',
    baseURL: appOriginOf(env),
    trustedOrigins: originsOf(env),
    secret: env.AUTH_SECRET,
    database: drizzleAdapter(db.orm, { provider: 'sqlite', schema: { user, session, account, verification } }),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: 12,
      maxPasswordLength: 256,
      password: {
        hash: (password) => passwordHasher(env).hash(password),
        verify: ({ hash, password }) => passwordHasher(env).verify(hash, password),
      },
    },
    session: { expiresIn: IDLE_MS / 1000, updateAge: EXTEND_EVERY_MS / 1000 },
    databaseHooks: {
      session: {
        create: {
          // No agent, or one who was deactivated: no session, and the same answer as to a wrong password.
          before: async ({ userId }) => (await activeAgentOfUser(db, userId)) !== null,
        },
      },
    },
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: { disabled: true },
    advanced: {
      cookiePrefix: COOKIE_PREFIX,
      useSecureCookies: keepsSecureCookies(env),
      ipAddress: { disableIpTracking: true },
    },
  } satisfies BetterAuthOptions
}
