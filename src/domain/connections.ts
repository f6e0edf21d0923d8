/** Connecting a number, a page or a profile, and connecting it again: what is asked for, and what becomes of it. */
import { sql } from 'drizzle-orm'
import type { Credentials, InboxSettings } from '../channels/channel.ts'
import type { ConnectionField, ConnectionValues } from '../channels/connection.ts'
import { builtChannels, type ChannelName, channelNamed } from '../channels/index.ts'
import { type AuditEntry, audited, isAudited, type Trail } from '../db/queries/audit.ts'
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

/** As typed. An empty secret of an inbox that is connected already stays what it is. */
export type ConnectionForm = { name: string } & ConnectionValues

/** What each channel asks for, under every name that a form may carry. */
export const CONNECTION_FIELD_NAMES = [
  ...new Set(builtChannels.flatMap((name) => channelNamed(name)?.connection.fields.map((field) => field.name) ?? [])),
]

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
    accessToken: fields.accessToken ?? '',
    // What is not asked for is ours to choose: it goes to the provider with our address.
    appSecret: fields.appSecret ?? app.secret(),
    verifyToken: app.secret(),
  }
  const accountId = accountOf(channel, fields)
  if (accountId === '') throw new AppError('invalid', { field: accountFieldOf(channel), why: 'secret' })
  const row = {
    ...{ id, channel, name, accountId, appId: fields.appId || null },
    webhookKey: app.secret(),
    credentials: await app.seal(of, credentials),
    settings: JSON.stringify(settingsFrom(channel, fields)),
    now: app.now(),
  }
  const guard = isConnectable(viewer, row)
  const entry: AuditEntry = { ...entryOf(app, viewer, trail), action: 'inbox.connected', target: { type: 'inbox', id } }
  const written = await app.db.write(
    audited(entry, guard),
    tellSiblings(viewer, { channel, appId: row.appId, exceptId: id }, guard),
    storeInbox(viewer, row, guard),
    connectionOf(viewer, id).sql,
  )
  const stored = written.at(-1)?.rows[0]
  if (!stored) throw new AppError('invalid', { field: accountFieldOf(channel), why: 'connected' })
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
  if (fields.accessToken && namesAnother(before, fields))
    throw new AppError('invalid', { field: accountFieldOf(before.channel), why: 'other_account' })
  const appSecret = fields.appSecret || known.appSecret
  const credentials: Credentials = {
    ...(fields.accessToken ? withoutEnd(known) : known),
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
  const entry: AuditEntry = {
    ...entryOf(app, viewer, trail),
    action: 'inbox.reconnected',
    target: { type: 'inbox', id },
    detail,
  }
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

/** How long another access holds is not known yet. */
const withoutEnd = ({ accessEndsAt: _, ...credentials }: Credentials): Credentials => credentials

const credentialsOf = async (app: App, { workspaceId }: Viewer, { id, credentials }: ConnectionRow) =>
  (await app.unseal({ workspaceId, inboxId: id }, credentials)) as Credentials

const ID = /^[\w.:-]{1,64}$/
const SECRET = /^[\x21-\x7e]{8,1024}$/

/** The fields of that channel and no others, trimmed; throws at the first that does not fit. */
function checked(
  channel: ChannelName,
  form: ConnectionForm,
  { keepsSecrets }: { keepsSecrets: boolean },
): ConnectionValues {
  const given: Record<string, string> = {}
  for (const field of fieldsOf(channel)) {
    const value = (form[field.name] ?? '').trim()
    const why = value === '' ? emptyProblem(field, form, keepsSecrets) : problemOf(field, value)
    if (why) throw new AppError('invalid', { field: field.name, why })
    given[field.name] = value
  }
  return given
}

function fieldsOf(channel: ChannelName): readonly ConnectionField[] {
  const fields = channelNamed(channel)?.connection.fields
  if (!fields) throw new AppError('not_found')
  return fields
}

function emptyProblem({ kind, required, when }: ConnectionField, form: ConnectionForm, keepsSecrets: boolean) {
  const needed = required && (!when || form[when.field] === when.is)
  return needed && kind !== 'choice' && !(kind === 'secret' && keepsSecrets) ? 'empty' : null
}

function problemOf({ kind, options }: ConnectionField, value: string): string | null {
  switch (kind) {
    case 'id':
      return ID.test(value) ? null : 'id'
    case 'secret':
      return SECRET.test(value) ? null : 'secret'
    case 'url':
      return URL.canParse(value) && /^https?:$/.test(new URL(value).protocol) ? null : 'url'
    case 'choice':
      return options?.includes(value) ? null : 'empty'
    case 'switch':
      return null
  }
}

/** Who a channel knows by its credentials alone may not become somebody else by new ones. */
const namesAnother = ({ channel, external_account_id }: ConnectionRow, fields: ConnectionValues) =>
  ![external_account_id, ''].includes(accountOf(channel, fields))

/** Where the trouble with an account is told: at its own field, or at what says which it is. */
const accountFieldOf = (channel: ChannelName): string =>
  (fieldsOf(channel).find(({ name }) => name === 'accountId') ?? fieldsOf(channel)[0])?.name ?? 'accountId'

const accountOf = (channel: ChannelName, fields: ConnectionValues): string =>
  fields.accountId ?? channelNamed(channel)?.connection.accountId?.(fields) ?? ''

const NO_SETTING = ['accountId', 'accessToken', 'appSecret']

/** What is no secret and names no account is a setting of the inbox; what was left empty is none. */
function settingsFrom(channel: ChannelName, fields: ConnectionValues): InboxSettings {
  const kept = fieldsOf(channel).flatMap(({ name, kind, options }) => {
    const value = fields[name] || (kind === 'choice' ? options?.[0] : '')
    return value && !NO_SETTING.includes(name) ? [[name, kind === 'switch' ? true : value] as const] : []
  })
  return Object.fromEntries(kept)
}

/** The same the other way round: an inbox's settings as its form shows them. */
export const settingsAsTyped = (settings: InboxSettings): ConnectionValues =>
  Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, value === true ? 'on' : String(value)]))
