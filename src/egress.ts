/** Every call that leaves: to hosts that are named, over https, and nowhere else. */
import type { Env } from './env.ts'

const LONGEST_CALL_MS = 30_000
const IP_LITERAL = /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[.*\])$/

export class EgressRefused extends Error {
  constructor(host: string) {
    super(`Calls to ${host} are not allowed.`)
    this.name = 'EgressRefused'
  }
}

/**
 * The providers' hosts are those of the settings; what else may be called is listed in EGRESS_ALLOW, and only locally:
 * deployed with it, nothing is called.
 */
export function safeFetch(
  env: Pick<Env, 'GRAPH_API_URL' | 'INSTAGRAM_API_URL' | 'TELEGRAM_API_URL' | 'EGRESS_ALLOW' | 'APP_ORIGIN'>,
): typeof fetch {
  const origins = [env.GRAPH_API_URL, env.INSTAGRAM_API_URL, env.TELEGRAM_API_URL].flatMap((url) =>
    url ? [new URL(url).origin] : [],
  )
  const local = (env.EGRESS_ALLOW ?? '').split(',').map((host) => host.trim())
  const opened = Boolean(env.EGRESS_ALLOW) && env.APP_ORIGIN.trim().toLowerCase().startsWith('https:')
  return async (input, init) => {
    if (opened) throw new EgressRefused('EGRESS_ALLOW')
    const request = new Request(input, { ...init, redirect: 'manual' })
    const url = new URL(request.url)
    if (!mayCall(url, origins, local)) throw new EgressRefused(url.hostname)
    return fetch(request, { signal: init?.signal ?? AbortSignal.timeout(LONGEST_CALL_MS) })
  }
}

/** `origins` are the settings' own; a literal address or plain http is for this machine alone. */
export function mayCall(url: URL, origins: string[], local: string[]): boolean {
  if (url.username !== '' || url.password !== '') return false
  if (local.includes(url.hostname)) return url.protocol === 'https:' || url.protocol === 'http:'
  return url.protocol === 'https:' && url.port === '' && !IP_LITERAL.test(url.hostname) && origins.includes(url.origin)
}
