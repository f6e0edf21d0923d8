/** Sign-in by better-auth: its users, accounts and sessions, with our hashing, our limits and our way of asking who it is. */

import { drizzleAdapter } from 'better-auth/adapters/drizzle'
import { type BetterAuthOptions, betterAuth } from 'better-auth/minimal'
import type { Db } from '../db/client.ts'
import { activeAgentOfUser } from '../db/queries/agents.ts'
import type { Env } from '../env.ts'
import { appOriginOf, COOKIE_PREFIX, keepsSecureCookies, originsOf } from './origins.ts'
import { passwordHasher } from './password-hasher.ts'
import { account, session, user, verification } from './schema.ts'
import { EXTEND_EVERY_MS, IDLE_MS } from './session-life.ts'

/** One a request, on that request's database: it costs less than a millisecond, and a client must never be shared. */
export const authFor = (env: Env, db: Db) => betterAuth(optionsFor(env, db))

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
