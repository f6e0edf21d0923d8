/** The account itself, and the people who write to it: is it well, are we told of everything, who is that. */
import * as z from 'zod'
import { ChannelError, type Check, type Checkup, type Profile, type Reach } from '../channel.ts'
import { maybe } from '../maybe.ts'
import type { Dialect } from './messaging-dialect.ts'
import { isAboutPermissions, judgeMessaging } from './messaging-errors.ts'
import { graphGet, graphPost, Id } from './meta.ts'

const Person = z.object({
  name: maybe(z.string()),
  first_name: maybe(z.string()),
  last_name: maybe(z.string()),
  username: maybe(z.string()),
  profile_pic: maybe(z.string()),
})

/** No such person, none of whom we may know, none that agreed to be known. */
const NO_PROFILE = new Set(['100', '230', '551', '9010'])

export async function profileOf(dialect: Dialect, reach: Reach, externalId: string): Promise<Profile | null> {
  const path = `${encodeURIComponent(externalId)}?fields=${dialect.profileFields.join(',')}`
  try {
    const person = Person.safeParse(await graphGet(reach, path, judgeMessaging)).data
    if (!person) return null
    const { name, first_name, last_name, username, profile_pic } = person
    return {
      name: name?.trim() || [first_name, last_name].filter(Boolean).join(' ').trim() || null,
      username: username?.replace(/^@/, '') || null,
      pictureUrl: profile_pic || null,
    }
  } catch (error) {
    if (error instanceof ChannelError && NO_PROFILE.has(error.code)) return null
    throw error
  }
}

const Account = z.object({
  id: maybe(Id),
  user_id: maybe(Id),
  name: maybe(z.string()),
  username: maybe(z.string()),
})

export async function checkAccount(dialect: Dialect, reach: Reach): Promise<Checkup> {
  const { node, fields } = dialect.account(reach)
  const asked = await asking(graphGet(reach, `${node}?fields=${fields.join(',')}`, judgeMessaging))
  if ('refusal' in asked) {
    return { name: null, address: null, quality: null, checks: [{ what: 'token', ok: false, detail: asked.refusal }] }
  }
  const account = Account.safeParse(asked.answer).data
  const { name = null, username } = account ?? {}
  const id = account?.user_id ?? account?.id
  const permissions = await checkPermissions(dialect, reach)
  return {
    name: name ?? username ?? null,
    address: username ? `@${username}` : null,
    quality: null,
    checks: [
      { what: 'token', ok: true, detail: null },
      permissions,
      { what: 'account', ok: id === reach.accountId, detail: id === reach.accountId ? null : (id ?? null) },
      await checkSubscription(dialect, reach),
    ],
  }
}

/** May it read what is written to it? Whatever else is wrong with the question says nothing about that. */
async function checkPermissions(dialect: Dialect, reach: Reach): Promise<Check> {
  const path = `${dialect.node(reach)}/conversations?platform=${dialect.name}&limit=1`
  const asked = await asking(graphGet(reach, path, judgeMessaging))
  const ok = !('refusal' in asked && isAboutPermissions(asked.code))
  return { what: 'permissions', ok, detail: 'refusal' in asked && !ok ? asked.refusal : null }
}

const Subscriptions = z.object({
  data: z.array(z.object({ id: maybe(Id), subscribed_fields: maybe(z.array(z.string())) })),
})

/** What is missing is named. */
async function checkSubscription(dialect: Dialect, reach: Reach): Promise<Check> {
  const asked = await asking(graphGet(reach, `${dialect.node(reach)}/subscribed_apps`, judgeMessaging))
  if ('refusal' in asked) return { what: 'subscription', ok: false, detail: asked.refusal }
  const apps = Subscriptions.safeParse(asked.answer).data?.data ?? []
  const { appId } = reach.settings
  const ours = apps.filter(({ id }) => appId === undefined || id === undefined || id === appId)
  const told = new Set(ours.flatMap((app) => app.subscribed_fields ?? []))
  const missing = dialect.subscribedFields(reach.settings).filter((field) => !told.has(field))
  return { what: 'subscription', ok: missing.length === 0, detail: missing.join(', ') || null }
}

/** A refusal is something to show; that nobody could be asked is not. */
async function asking(call: Promise<unknown>): Promise<{ answer: unknown } | { refusal: string; code: string }> {
  try {
    return { answer: await call }
  } catch (error) {
    if (error instanceof ChannelError && (error.class === 'auth' || error.class === 'permanent')) {
      return { refusal: error.message, code: error.code }
    }
    throw error
  }
}

const Subscribed = z.object({ success: z.literal(true) })

export async function subscribeTo(dialect: Dialect, reach: Reach): Promise<void> {
  const fields = dialect.subscribedFields(reach.settings).join(',')
  const path = `${dialect.node(reach)}/subscribed_apps?subscribed_fields=${fields}`
  const answer = await graphPost(reach, path, undefined, judgeMessaging)
  if (!Subscribed.safeParse(answer).success) {
    throw new ChannelError({ class: 'retryable', code: 'unreadable', detail: 'The subscription was not confirmed.' })
  }
}
