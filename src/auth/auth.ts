/** Sign-in by better-auth: its users, accounts and sessions, with our hashing, our limits and our way of asking who it is. */

import { drizzleAdapter } from 'better-auth/adapters/drizzle'
import { type BetterAuthOptions, betterAuth } from 'better-auth/minimal'
import { twoFactor as twoFactorPlugin } from 'better-auth/plugins/two-factor'
import type { Db } from '../db/client.ts'
import { activeAgentOfUser } from '../db/queries/agents.ts'
import type { Env } from '../env.ts'
import { appOriginOf, COOKIE_PREFIX, keepsSecureCookies, originsOf } from './origins.ts'
import { passwordHasher } from './password-hasher.ts'
import { LONGEST_PASSWORD, SHORTEST_PASSWORD } from './password-rules.ts'
import { account, session, twoFactor, user, verification } from './schema.ts'
import { EXTEND_EVERY_MS, IDLE_MS } from './session-life.ts'

/** One a request, on that request's database: it costs less than a millisecond, and a client must never be shared. */
export const authFor = (env: Env, db: Db) => betterAuth(optionsFor(env, db))

function optionsFor(env: Env, db: Db) {
  return {
    appName: 'Prosa',
    baseURL: appOriginOf(env),
    trustedOrigins: originsOf(env),
    secret: env.AUTH_SECRET,
    database: drizzleAdapter(db.orm, {
      provider: 'sqlite',
      schema: { user, session, account, verification, twoFactor },
    }),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: SHORTEST_PASSWORD,
      maxPasswordLength: LONGEST_PASSWORD,
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
    // Our own counters say how often a code may be tried (routes/second-step.tsx), exactly and for all of the account's.
    plugins: [twoFactorPlugin({ issuer: 'Prosa', accountLockout: { enabled: false } })],
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
