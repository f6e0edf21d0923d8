/** Every call that leaves: to hosts that are named, over https, and nowhere else. */
import type { FileHost } from './channels/channel.ts'
import type { Env } from './env.ts'

const LONGEST_CALL_MS = 30_000
const MOST_HOPS = 3
const REDIRECTS = [301, 302, 303, 307, 308]
const IP_LITERAL = /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[.*\])$/
/** Names that mean this machine, or the network around it. */
const PRIVATE_NAME = /^[^.]*\.?$|\.(?:localhost|local|internal|home\.arpa)\.?$/

export class EgressRefused extends Error {
  constructor(host: string) {
    super(`Calls to ${host} are not allowed.`)
    this.name = 'EgressRefused'
  }
}

/** What one account may be spoken to through. */
export interface Destinations {
  /** Where its provider's API is. */
  baseUrl: string
  /** Where that provider keeps the files that its API points to: read from, never written to. */
  fileHosts: readonly FileHost[]
}

/**
 * Reaches the one provider and its files; what else may be called is listed in EGRESS_ALLOW, and only locally: deployed
 * with it, nothing is called. A file may lie some redirects away: each is checked as the first address was, and what
 * says who we are goes to nobody else.
 */
export function safeFetch(
  env: Pick<Env, 'EGRESS_ALLOW' | 'APP_ORIGIN'>,
  { baseUrl, fileHosts }: Destinations,
): typeof fetch {
  const may = { origin: new URL(baseUrl).origin, fileHosts }
  const local = (env.EGRESS_ALLOW ?? '').split(',').map((host) => host.trim())
  const opened = Boolean(env.EGRESS_ALLOW) && env.APP_ORIGIN.trim().toLowerCase().startsWith('https:')

  const checked = (request: Request): Request => {
    const url = new URL(request.url)
    if (!mayCall(url, may, local, reads(request))) throw new EgressRefused(url.hostname)
    return fileHostOf(url, fileHosts)?.knowsUs === false ? withoutCredentials(request) : request
  }

  return async (input, init) => {
    if (opened) throw new EgressRefused('EGRESS_ALLOW')
    const signal = init?.signal ?? AbortSignal.timeout(LONGEST_CALL_MS)
    let request = checked(new Request(input, { ...init, redirect: 'manual' }))
    for (let hops = 0; ; hops += 1) {
      const answer = await fetch(request, { signal })
      const next = reads(request) ? redirectOf(answer, request.url) : null
      if (!next) return answer
      await answer.body?.cancel()
      if (hops === MOST_HOPS) throw new EgressRefused(next.hostname)
      request = checked(hop(request, next))
    }
  }
}

interface May {
  origin: string
  fileHosts: readonly FileHost[]
}

/** A literal address or plain http is for this machine alone. */
export function mayCall(url: URL, { origin, fileHosts }: May, local: string[], reading = false): boolean {
  if (url.username !== '' || url.password !== '') return false
  if (local.includes(url.hostname)) return url.protocol === 'https:' || url.protocol === 'http:'
  if (url.protocol !== 'https:' || IP_LITERAL.test(url.hostname) || PRIVATE_NAME.test(url.hostname)) return false
  return url.origin === origin || (reading && url.port === '' && fileHostOf(url, fileHosts) !== undefined)
}

const reads = ({ method }: Request) => method === 'GET' || method === 'HEAD'

function redirectOf({ status, headers }: Response, from: string): URL | null {
  const to = REDIRECTS.includes(status) ? headers.get('location') : null
  return to !== null && URL.canParse(to, from) ? new URL(to, from) : null
}

const fileHostOf = (url: URL, hosts: readonly FileHost[]) => hosts.find(({ host }) => host.test(url.hostname))

/** The next address; another host is not told what this one was told. */
function hop(from: Request, to: URL): Request {
  const next = new Request(to, { method: from.method, headers: from.headers, redirect: 'manual' })
  return new URL(from.url).origin === to.origin ? next : withoutCredentials(next)
}

function withoutCredentials(request: Request): Request {
  const headers = new Headers(request.headers)
  for (const name of ['authorization', 'cookie', 'apikey']) headers.delete(name)
  return new Request(request.url, { method: request.method, headers, redirect: 'manual' })
}
