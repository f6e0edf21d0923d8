/**
 * Hashing a password costs 136 ms of CPU, more than a request may use on the free plan; a Durable Object has 30 s. Each
 * call takes an object of its own that stores nothing, so that people who sign in do not wait for each other. The
 * runtime's scrypt holds its isolate until it is done: never two hashes, of 32 MB each, at once in one.
 */
import { DurableObject } from 'cloudflare:workers'
import { hashPassword, verifyPassword } from 'better-auth/crypto'
import type { Env } from '../env.ts'

export class PasswordHasher extends DurableObject<Env> {
  hash(password: string): Promise<string> {
    return hashPassword(password)
  }

  verify(hash: string, password: string): Promise<boolean> {
    return verifyPassword({ hash, password })
  }
}

export function passwordHasher(env: Pick<Env, 'PASSWORD_HASHERS'>) {
  return env.PASSWORD_HASHERS.get(env.PASSWORD_HASHERS.newUniqueId())
}
