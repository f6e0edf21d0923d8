/** Addresses of files that need no sign-in, for some minutes: for a provider, or on a host of their own. */
import * as z from 'zod'
import type { Env } from '../env.ts'
import { appOriginOf } from './origins.ts'
import { signed, unsigned } from './signing.ts'

const PROVIDER_MS = 10 * 60_000
const AGENT_MS = 5 * 60_000

const ForProvider = z.object({ workspaceId: z.string(), attachmentId: z.string(), until: z.number() })
const ForAgent = z.object({
  attachmentId: z.string(),
  workspaceId: z.string(),
  agentId: z.string(),
  sessionHash: z.string(),
  download: z.boolean(),
  until: z.number(),
})

type Secrets = Pick<Env, 'AUTH_SECRET' | 'APP_ORIGIN' | 'MEDIA_ORIGIN'>

export async function publicMediaUrl(
  env: Secrets,
  of: Omit<z.infer<typeof ForProvider>, 'until'>,
  now: number,
): Promise<string> {
  const token = await signed(env.AUTH_SECRET, 'media.public', JSON.stringify({ ...of, until: now + PROVIDER_MS }))
  return `${appOriginOf(env)}/media/public/${token}`
}

/** On the host of files; null: there is none. */
export async function agentMediaUrl(
  env: Secrets,
  of: Omit<z.infer<typeof ForAgent>, 'until'>,
  now: number,
): Promise<string | null> {
  if (!env.MEDIA_ORIGIN) return null
  const token = await signed(env.AUTH_SECRET, 'media.agent', JSON.stringify({ ...of, until: now + AGENT_MS }))
  return `${env.MEDIA_ORIGIN}/media/private/${token}`
}

export const providersAsk = (env: Secrets, token: string, now: number) =>
  opened(env, 'media.public', token, ForProvider, now)

export const agentsAsk = (env: Secrets, token: string, now: number) => opened(env, 'media.agent', token, ForAgent, now)

/** What we signed for this purpose and is not over. */
async function opened<T extends { until: number }>(
  env: Secrets,
  purpose: string,
  token: string,
  schema: z.ZodType<T>,
  now: number,
): Promise<T | null> {
  const text = await unsigned(env.AUTH_SECRET, purpose, token)
  const parsed = text ? schema.safeParse(JSON.parse(text)) : null
  return parsed?.success && parsed.data.until > now ? parsed.data : null
}
