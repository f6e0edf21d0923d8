/** The instance on its server: whether it is there, whether it is connected, and where it tells us what happens. */
import * as z from 'zod'
import { nameOn } from '../baileys/account.ts'
import { addressOf, isGroup, jidOf } from '../baileys/jids.ts'
import { isRow, type Row, words } from '../baileys/lenient.ts'
import { ChannelError, type Check, type Checkup, type Profile, type Reach } from '../channel.ts'
import { maybe } from '../maybe.ts'
import { phoneOf } from '../phone.ts'
import { ask } from './rest.ts'
import { SECRET_HEADER } from './verify.ts'

/** All that we understand, and no more: every other call would be for nothing. */
export const EVENTS = [
  ...['QRCODE_UPDATED', 'CONNECTION_UPDATE', 'STATUS_INSTANCE', 'LOGOUT_INSTANCE', 'REMOVE_INSTANCE'],
  ...['MESSAGES_SET', 'MESSAGES_UPSERT', 'MESSAGES_EDITED', 'MESSAGES_UPDATE', 'MESSAGES_DELETE', 'SEND_MESSAGE'],
  ...['CONTACTS_UPSERT', 'GROUPS_UPSERT', 'GROUP_UPDATE', 'CALL'],
]

export async function check(reach: Reach, webhookUrl: string): Promise<Checkup> {
  const state = await orRefusal(stateOf(reach))
  if (state instanceof ChannelError) {
    const known = state.code !== 'unauthorized'
    const checks: Check[] = [
      { what: 'token', ok: known, detail: known ? null : state.message },
      ...(known ? ([{ what: 'account', ok: false, detail: state.message }, missing('webhook')] as Check[]) : []),
    ]
    return { name: null, address: null, quality: null, checks, ...(known ? { link: 'closed' } : {}) }
  }
  const [known, webhook] = await Promise.all([
    ownerOf(reach).catch(() => null),
    orRefusal(webhookOf(reach, webhookUrl)),
  ])
  return {
    name: known?.name ?? null,
    address: known?.address ?? null,
    quality: null,
    link: state === 'open' || state === 'connecting' ? state : 'closed',
    checks: [
      { what: 'token', ok: true, detail: null },
      { what: 'account', ok: state === 'open', detail: state },
      webhook instanceof ChannelError ? { what: 'webhook', ok: false, detail: webhook.message } : webhook,
    ],
  }
}

const missing = (what: Check['what']): Check => ({ what, ok: false, detail: null })

async function orRefusal<T>(asked: Promise<T>): Promise<T | ChannelError> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof ChannelError && error.class !== 'ambiguous') return error
    throw error
  }
}

const State = z.object({ instance: z.object({ state: z.string() }) })

export async function stateOf(reach: Reach): Promise<string> {
  const answer = State.safeParse(await ask(reach, { method: 'GET', path: 'instance/connectionState' })).data
  return answer?.instance.state ?? 'close'
}

const Owner = z.object({ name: words, instanceName: words, ownerJid: words, owner: words, profileName: words })

/** Whose number it is, as far as the server says; older ones wrap each of their rows. */
async function ownerOf(reach: Reach): Promise<{ name: string | null; address: string | null } | null> {
  const query = { instanceName: nameOn(reach.accountId) }
  const answer = await ask(reach, { method: 'GET', path: 'instance/fetchInstances', global: true, query })
  const rows = (Array.isArray(answer) ? answer : [answer]).filter(isRow)
  const all = rows.map((row: Row) => Owner.safeParse(isRow(row.instance) ? row.instance : row).data)
  const own = all.find((row) => row && (row.name ?? row.instanceName) === query.instanceName)
  if (!own) return null
  const phone = phoneOf(addressOf(own.ownerJid ?? own.owner) ?? '')
  return { name: own.profileName?.trim() || null, address: phone }
}

const Webhook = z.object({
  enabled: maybe(z.boolean()),
  url: words,
  events: maybe(z.array(z.string())),
  headers: maybe(z.record(z.string(), z.unknown())),
  webhookBase64: maybe(z.boolean()),
})

/** It tells us when it is on, leads to our address, carries our secret and leaves files out. */
async function webhookOf(reach: Reach, webhookUrl: string): Promise<Check> {
  const { credentials } = reach
  const answer = await ask(reach, { method: 'GET', path: 'webhook/find' })
  const found = Webhook.safeParse(isRow(answer) && isRow(answer.webhook) ? answer.webhook : answer).data
  const events = found?.events ?? []
  const ok =
    found?.enabled === true &&
    found.url === webhookUrl &&
    found.webhookBase64 !== true &&
    (found.headers === undefined || found.headers[SECRET_HEADER] === credentials.appSecret) &&
    (events.length === 0 || EVENTS.every((event) => events.includes(event)))
  return { what: 'webhook', ok, detail: null }
}

/** Has the instance on its server, where it is not yet, and has it tell us. What it was set to before is ours to change. */
export async function subscribe(reach: Reach, webhookUrl: string): Promise<void> {
  const state = await orRefusal(stateOf(reach))
  if (state instanceof ChannelError) {
    if (state.code !== 'instance_missing') throw state
    await create(reach, webhookUrl)
  }
  await ask(reach, { path: 'webhook/set', body: { webhook: webhookFor(reach, webhookUrl) } })
}

const webhookFor = ({ credentials }: Reach, url: string) => ({
  ...{ enabled: true, url, byEvents: false, base64: false },
  headers: { [SECRET_HEADER]: credentials.appSecret },
  events: EVENTS,
})

/** Answered as taken where somebody else was first: then it is there, which is what was wanted. */
async function create(reach: Reach, webhookUrl: string): Promise<void> {
  await ask(reach, {
    path: 'instance/create',
    global: true,
    body: {
      ...{ instanceName: nameOn(reach.accountId), integration: 'WHATSAPP-BAILEYS', qrcode: true },
      ...{ groupsIgnore: false, rejectCall: false, readMessages: false, alwaysOnline: false, readStatus: false },
      syncFullHistory: true,
      webhook: webhookFor(reach, webhookUrl),
    },
  })
}

const Picture = z.object({ profilePictureUrl: words })

const Group = z.object({ subject: words, pictureUrl: words })

/** How they look; what people are called comes with what they write, what a group is called is to be asked for. */
export async function profile(reach: Reach, externalId: string): Promise<Profile | null> {
  if (isGroup(externalId)) return groupProfile(reach, jidOf(externalId))
  const body = { number: jidOf(externalId) }
  const answer = Picture.safeParse(await ask(reach, { path: 'chat/fetchProfilePictureUrl', body })).data
  return { name: null, username: null, pictureUrl: answer?.profilePictureUrl ?? null }
}

/** One that the phone has left by now says nothing any more. */
async function groupProfile(reach: Reach, groupJid: string): Promise<Profile | null> {
  try {
    const answer = await ask(reach, { method: 'GET', path: 'group/findGroupInfos', query: { groupJid } })
    const group = Group.safeParse(answer).data
    return { name: group?.subject ?? null, username: null, pictureUrl: group?.pictureUrl ?? null }
  } catch (error) {
    if (error instanceof ChannelError && error.class === 'permanent') return null
    throw error
  }
}
