/** Connecting a number, a page or a profile, and connecting it again: what is asked for, and what becomes of it. */
import { sql } from 'drizzle-orm'
import type { ChannelName, Credentials, InboxSettings } from '../channels/channel.ts'
import { channelNamed } from '../channels/index.ts'
import { audited, isAudited, type Trail } from '../db/queries/audit.ts'
import {
  type ConnectionRow,
  changeConnection,
  connectionOf,
  isConnectable,
  mayBeReconnected,
  storeInbox,
  tellSiblings,
} from '../db/queries/connections.ts'
import type { Viewer } from '../db/records.ts'
import { entryOf, refuseUnlessAdministrator } from './administration.ts'
import type { App } from './app.ts'
import { AppError } from './errors.ts'
import { handOverSettings } from './sweep.ts'
import { nameText } from './text.ts'

export type FieldName =
  | 'login'
  | 'accountId'
  | 'businessAccountId'
  | 'pageId'
  | 'appId'
  | 'accessToken'
  | 'appSecret'
  | 'humanAgent'

export interface ConnectionField {
  name: FieldName
  kind: 'id' | 'secret' | 'choice' | 'switch'
  /** Asked for; `byFacebook`: where the account is reached through its page. */
  required: boolean | 'byFacebook'
}

const APP: ConnectionField[] = [
  { name: 'accessToken', kind: 'secret', required: true },
  { name: 'appSecret', kind: 'secret', required: true },
  { name: 'appId', kind: 'id', required: true },
]

/** What each channel needs to be connected, in the order in which it is asked. A channel without a line cannot be connected yet. */
export const CONNECTION_FIELDS: Partial<Record<ChannelName, ConnectionField[]>> = {
  whatsapp: [
    { name: 'accountId', kind: 'id', required: true },
    { name: 'businessAccountId', kind: 'id', required: true },
    ...APP,
  ],
  messenger: [
    { name: 'accountId', kind: 'id', required: true },
    ...APP,
    { name: 'humanAgent', kind: 'switch', required: false },
  ],
  instagram: [
    { name: 'login', kind: 'choice', required: true },
    { name: 'accountId', kind: 'id', required: true },
    { name: 'pageId', kind: 'id', required: 'byFacebook' },
    ...APP,
    { name: 'humanAgent', kind: 'switch', required: false },
  ],
}

/** As typed. An empty secret of an inbox that is connected already stays what it is. */
export type ConnectionForm = { name: string } & Record<FieldName, string>

export const connectableChannels = (): ChannelName[] =>
  (Object.keys(CONNECTION_FIELDS) as ChannelName[]).filter((name) => channelNamed(name) !== null)

/** Stores a new inbox and hands it to its gateway; answers with its id. The same form twice is one inbox. */
export async function connectInbox(
  app: App,
  viewer: Viewer,
  { id, channel, form }: { id: string; channel: ChannelName; form: ConnectionForm },
  trail: Trail,
): Promise<string> {
  refuseUnlessAdministrator(viewer)
  const name = nameText(form.name)
  if (name === null) throw new AppError('invalid', { field: 'name', why: 'empty' })
  const fields = checked(channel, form, { keepsSecrets: false })
  const of = { workspaceId: viewer.workspaceId, inboxId: id }
  const credentials: Credentials = {
    accessToken: fields.accessToken,
    appSecret: fields.appSecret,
    verifyToken: app.secret(),
  }
  const row = {
    ...{ id, channel, name, accountId: fields.accountId, appId: fields.appId || null },
    webhookKey: app.secret(),
    credentials: await app.seal(of, credentials),
    settings: JSON.stringify(settingsFrom(channel, fields)),
    now: app.now(),
  }
  const guard = isConnectable(viewer, row)
  const entry = { ...entryOf(app, viewer, trail), action: 'inbox.connected', target: { type: 'inbox', id } }
  const written = await app.db.write(
    audited(entry, guard),
    tellSiblings(viewer, { channel, appId: row.appId, exceptId: id }, guard),
    storeInbox(viewer, row, guard),
    connectionOf(viewer, id).sql,
  )
  const stored = written.at(-1)?.rows[0]
  if (!stored) throw new AppError('invalid', { field: 'accountId', why: 'connected' })
  await handOverSettings(app, viewer.workspaceId)
  return id
}

/** New credentials, or the same once more: what the provider refused until now is tried again, and what waits goes out. */
export async function reconnectInbox(
  app: App,
  viewer: Viewer,
  { id, version, form }: { id: string; version: number; form: ConnectionForm },
  trail: Trail,
): Promise<void> {
  refuseUnlessAdministrator(viewer)
  const [[before]] = await app.db.read(connectionOf(viewer, id))
  if (!before) throw new AppError('not_found')
  const known = await credentialsOf(app, viewer, before)
  const fields = checked(before.channel, { ...form, accountId: before.external_account_id }, { keepsSecrets: true })
  const appSecret = fields.appSecret || known.appSecret
  const credentials: Credentials = {
    ...known,
    accessToken: fields.accessToken || known.accessToken,
    appSecret,
    // While the provider changes over, calls come signed with either.
    ...(appSecret === known.appSecret ? {} : { previousAppSecret: known.appSecret }),
  }
  const settings = settingsFrom(before.channel, fields)
  const change = {
    ...{ id, version, appId: fields.appId || null },
    credentials: await app.seal({ workspaceId: viewer.workspaceId, inboxId: id }, credentials),
    settings: JSON.stringify(settings),
  }
  const guard = mayBeReconnected(viewer, change)
  const changed = [
    ...(fields.accessToken ? ['accessToken'] : []),
    ...(fields.appSecret ? ['appSecret'] : []),
    ...(JSON.stringify(settings) === before.settings ? [] : ['settings']),
  ]
  const detail = { fields: changed.join(' ') }
  const entry = { ...entryOf(app, viewer, trail), action: 'inbox.reconnected', target: { type: 'inbox', id }, detail }
  const written = await app.db.write(
    audited(entry, guard),
    tellSiblings(viewer, { channel: before.channel, appId: change.appId, exceptId: id }, guard),
    changeConnection(viewer, change, guard),
    sql`SELECT ${isAudited(entry)} AS done`,
  )
  // Whoever was first wrote the version that this page would have written: only our own entry says that it was us.
  if (written.at(-1)?.rows[0]?.done !== 1) throw new AppError('conflict')
  await handOverSettings(app, viewer.workspaceId)
}

/** What the provider is to be told when our address is saved there. For administrators' eyes. */
export async function verifyTokenOf(app: App, viewer: Viewer, row: ConnectionRow): Promise<string> {
  refuseUnlessAdministrator(viewer)
  return (await credentialsOf(app, viewer, row)).verifyToken
}

const credentialsOf = async (app: App, { workspaceId }: Viewer, { id, credentials }: ConnectionRow) =>
  (await app.unseal({ workspaceId, inboxId: id }, credentials)) as Credentials

const ID = /^[\w.:-]{1,64}$/
const SECRET = /^[\x21-\x7e]{8,1024}$/

/** The fields of that channel and no others, trimmed; throws at the first that does not fit. */
function checked(
  channel: ChannelName,
  form: ConnectionForm,
  { keepsSecrets }: { keepsSecrets: boolean },
): Record<FieldName, string> {
  const fields = CONNECTION_FIELDS[channel]
  if (!fields || !channelNamed(channel)) throw new AppError('not_found')
  const given = { ...NOTHING }
  for (const { name, kind, required } of fields) {
    const value = form[name].trim()
    const needed = required === 'byFacebook' ? form.login === 'facebook' : required
    if (value === '' && needed && !(kind === 'secret' && keepsSecrets))
      throw new AppError('invalid', { field: name, why: 'empty' })
    if (value !== '' && kind === 'id' && !ID.test(value)) throw new AppError('invalid', { field: name, why: 'id' })
    if (value !== '' && kind === 'secret' && !SECRET.test(value))
      throw new AppError('invalid', { field: name, why: 'secret' })
    given[name] = value
  }
  return given
}

const NOTHING: Record<FieldName, string> = {
  ...{ login: '', accountId: '', businessAccountId: '', pageId: '', appId: '' },
  ...{ accessToken: '', appSecret: '', humanAgent: '' },
}

function settingsFrom(channel: ChannelName, fields: Record<FieldName, string>): InboxSettings {
  return {
    ...(fields.humanAgent ? { humanAgent: true } : {}),
    ...(fields.businessAccountId ? { businessAccountId: fields.businessAccountId } : {}),
    ...(channel === 'instagram' ? { login: fields.login === 'facebook' ? 'facebook' : 'instagram' } : {}),
    ...(fields.pageId ? { pageId: fields.pageId } : {}),
    ...(fields.appId ? { appId: fields.appId } : {}),
  }
}
