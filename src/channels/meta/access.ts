/** How long Meta's tokens hold, and how the one kind that is prolonged is prolonged. */
import * as z from 'zod'
import { ChannelError, type Reach } from '../channel.ts'
import { graphGet, type Judge } from './meta.ts'

const SECOND = 1000

/** `expires_at` in seconds, 0 of a token without an end. */
const TokenInfo = z.object({ data: z.object({ expires_at: z.int().nonnegative() }) })

/** Asked as the app itself: `GET /debug_token` takes the app's own token, its id and secret. */
export async function accessEnds(reach: Reach, judge: Judge): Promise<number | null> {
  const { appId } = reach.settings
  const { accessToken, appSecret } = reach.credentials
  if (!appId || appSecret === '') return null
  const asApp: Reach = { ...reach, credentials: { ...reach.credentials, accessToken: `${appId}|${appSecret}` } }
  const path = `debug_token?${new URLSearchParams({ input_token: accessToken })}`
  const told = TokenInfo.safeParse(await graphGet(asApp, path, judge)).data?.data.expires_at
  return told ? told * SECOND : null
}

/** `expires_in` in seconds: sixty days, from now on. */
const Prolonged = z.object({ access_token: z.string().min(8).max(1024), expires_in: z.int().positive() })

/** Of an account that signed in with Instagram itself; the provider refuses a token that is younger than a day. */
export async function prolongAccess(reach: Reach, judge: Judge): Promise<{ accessToken: string; endsAt: number }> {
  const { accessToken } = reach.credentials
  const query = new URLSearchParams({ grant_type: 'ig_refresh_token', access_token: accessToken })
  const found = Prolonged.safeParse(await graphGet(reach, `refresh_access_token?${query}`, judge))
  if (!found.success)
    throw new ChannelError({ class: 'retryable', code: 'unreadable', detail: 'The new token cannot be read.' })
  const { access_token, expires_in } = found.data
  return { accessToken: access_token, endsAt: reach.now() + expires_in * SECOND }
}
