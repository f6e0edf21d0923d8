/**
 * A new version takes over only once it has answered; until then, and where it does not, the one before serves. The first
 * one, and one that brings a new kind of Durable Object, has nobody to wait behind.
 */
import { messageOf } from '../message-of.ts'
import { deployAtOnce, RefusedByCloudflare, serve, servedVersions, uploadVersion } from './wrangler.ts'

/** How long a version may take to be known everywhere, and to answer. */
const READY_MS = Number(process.env['PROSA_READY_MS'] ?? 90_000)
const EVERY_MS = 1_000
/** As wrangler.toml names the Worker. */
const WORKER = 'prosa'

export interface Publishing {
  origin: string
  secrets: Record<string, string>
}

/** Throws, with whoever served before serving again, where the new version is not ready in time. */
export async function publish({ origin, secrets }: Publishing): Promise<void> {
  const [serving] = servedVersions() ?? []
  const next = serving ? uploadVersion(secrets)?.version_id : undefined
  if (!serving || !next) {
    deployAtOnce(secrets)
    await requireReady(origin, null)
    return
  }
  serve({ [serving]: 100, [next]: 0 })
  try {
    await requireReady(origin, next)
  } catch (error) {
    serve({ [serving]: 100 })
    throw new RefusedByCloudflare(
      `${messageOf(error)} Version ${serving} still serves; nobody was sent to the new one.`,
    )
  }
  serve({ [next]: 100 })
  await requireReady(origin, null)
}

/** Back to the version before, or to the one that is named; its schema is a part of the present one, for migrations only add. */
export async function rollBack(origin: string, named?: string): Promise<{ from: string; to: string }> {
  const served = servedVersions()
  if (!served)
    throw new RefusedByCloudflare('Nothing is deployed, or nobody is signed in: there is nothing to go back to.')
  const [from = ''] = served
  const to = named ?? served.find((version) => version !== from)
  if (!to) throw new RefusedByCloudflare('Only one version was ever deployed: there is nothing to go back to.')
  serve({ [to]: 100 })
  await requireReady(origin, null)
  return { from, to }
}

/** Asks one version, also where it serves nobody yet: Cloudflare's version overrides. Null: whoever serves. */
async function requireReady(origin: string, version: string | null): Promise<void> {
  const deadline = Date.now() + READY_MS
  for (;;) {
    const said = await asked(origin, version)
    if (said === null) return
    if (Date.now() > deadline) {
      throw new RefusedByCloudflare(`${origin}/readyz says: ${said}. \`npx wrangler tail\` shows more.`)
    }
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS))
  }
}

/** Null where it is ready; else what it says. */
async function asked(origin: string, version: string | null): Promise<string | null> {
  const headers = version ? { 'Cloudflare-Workers-Version-Overrides': `${WORKER}="${version}"` } : {}
  try {
    const response = await fetch(`${origin}/readyz`, { headers, signal: AbortSignal.timeout(10_000) })
    const text = (await response.text()).trim().slice(0, 200)
    if (response.status !== 200) return `${response.status} ${text}`
    const answered = response.headers.get('x-prosa-version')
    return version && answered !== version ? `version ${answered ?? 'unknown'} answered instead of ${version}` : null
  } catch (error) {
    return messageOf(error)
  }
}
