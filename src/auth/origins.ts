/** Where the page may be found, and what that says about its cookies. */
import type { Env } from '../env.ts'

type Origins = Pick<Env, 'APP_ORIGIN'>

/** Every origin the page may be on; what comes from anywhere else changes nothing. */
export const originsOf = (env: Origins): string[] =>
  env.APP_ORIGIN.split(',')
    .map((origin) => origin.trim())
    .filter(Boolean)

/** The one that links are made with. */
export const appOriginOf = (env: Origins): string => originsOf(env)[0] ?? ''

/** Everywhere but on this machine over plain http. */
export function keepsSecureCookies(env: Origins): boolean {
  const { protocol, hostname } = new URL(appOriginOf(env))
  return !(protocol === 'http:' && (hostname === '127.0.0.1' || hostname === 'localhost'))
}

export const COOKIE_PREFIX = 'prosa'

/** As better-auth makes them from the prefix. */
export const cookieName = (env: Origins, name: 'session_token' | 'two_factor' | 'scope' | 'panel'): string =>
  `${keepsSecureCookies(env) ? '__Secure-' : ''}${COOKIE_PREFIX}.${name}`
