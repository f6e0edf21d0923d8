/** The one place that ties it together: database, channels, rooms and views become what a verb may ask for. */
import { uuidv7 } from 'uuidv7'
import { publicMediaUrl } from './auth/media-address.ts'
import { caretakerOf } from './caretakers/address.ts'
import type { Credentials, Reach } from './channels/channel.ts'
import { type ChannelName, channelNamed } from './channels/index.ts'
import { openDb } from './db/client.ts'
import { erasedKey, seal, unseal } from './db/credentials.ts'
import type { SweptInbox } from './db/queries/inboxes.ts'
import type { ConversationHead, Locale } from './db/records.ts'
import { LOCALES } from './db/schema/index.ts'
import type { App, Happened } from './domain/app.ts'
import { AppError } from './domain/errors.ts'
import { safeFetch } from './egress.ts'
import type { Env } from './env.ts'
import type { GatewaySettings } from './gateways/settings.ts'
import { type I18n, i18nFor } from './i18n/index.ts'
import { consoleLog } from './log.ts'
import { agentSocketsOf, conversationRoomName, roomNamed, workspaceRoomName } from './rooms/address.ts'
import { storeOn } from './store.ts'
import { goneFrame, handedFrame, rowFrame, threadFrame } from './views/live.tsx'

export type Later = (promise: Promise<unknown>) => void

/** For one request, or one round of a Durable Object's work: its database client must not outlive that. */
export function appFor(env: Env, later: Later): App {
  const log = consoleLog
  const hint = (promise: Promise<unknown>) => later(promise.catch((error) => log.error('hint.lost', error)))
  return {
    db: openDb(env),
    channel(name) {
      const channel = channelNamed(name)
      if (!channel) throw new AppError('unavailable')
      return channel
    },
    gateway: (webhookKey) => env.GATEWAYS.get(env.GATEWAYS.idFromName(webhookKey)),
    importer: (importId) => env.IMPORTERS.get(env.IMPORTERS.idFromName(importId)),
    lookAfter: (workspaceId) => caretakerOf(env, workspaceId).look(workspaceId),
    ledger: (workspaceId) => caretakerOf(env, workspaceId),
    dumps: (workspaceId) => caretakerOf(env, workspaceId).dumps(),
    store: storeOn(env.MEDIA),
    publicUrl: (workspaceId, attachmentId) => publicMediaUrl(env, { workspaceId, attachmentId }, Date.now()),
    publish: (happened) => hint(tell(env, happened)),
    later: hint,
    seal: (of, secret) => seal(env.CREDENTIALS_KEY, of, secret),
    unseal: (of, sealed) => unseal(env.CREDENTIALS_KEY, of, sealed),
    erasedKey: ({ workspaceId, id }, what) => erasedKey(env.CREDENTIALS_KEY, { workspaceId, inboxId: id }, what),
    configure: (inbox, siblings) =>
      env.GATEWAYS.get(env.GATEWAYS.idFromName(inbox.webhook_key)).configure(settingsOf(inbox, siblings)),
    webhookUrl: (channel, webhookKey) => webhookUrlOf(env, channel, webhookKey),
    now: () => Date.now(),
    newId: () => uuidv7(),
    secret: () => crypto.randomUUID().replaceAll('-', ''),
    random: () => Math.random(),
    log,
  }
}

async function tell(env: Env, happened: Happened): Promise<void> {
  switch (happened.type) {
    case 'agent.changed':
      return agentSocketsOf(env, happened.workspaceId, happened.agentId).changed(happened.agentId)
    case 'conversation.handed':
      return tellReceiver(env, happened)
    case 'thread.changed':
      return tellThread(env, happened)
  }
}

async function tellThread(
  env: Env,
  { workspaceId, conversation, messages, former, aboutContact, quiet }: HappenedOf<'thread.changed'>,
): Promise<void> {
  const { seq, id } = conversation
  const toThread = roomNamed(env, conversationRoomName(workspaceId, id)).publish({
    seq,
    html: inEachLanguage((i18n) => threadFrame(i18n, conversation, messages, aboutContact), conversation),
    audience: conversation,
  })
  if (quiet) return toThread
  await Promise.all([
    toThread,
    roomNamed(env, workspaceRoomName(workspaceId)).publish({
      html: inEachLanguage((i18n) => rowFrame(i18n, conversation, Date.now(), aboutContact), conversation),
      audience: conversation,
      ...(former ? { gone: { html: inEachLanguage(() => goneFrame(id), conversation), audience: former } } : {}),
    }),
  ])
}

/** A notice for the one who has it now, wherever in Prosa they are. */
async function tellReceiver(
  env: Env,
  { workspaceId, conversation, toAgentId, byName, count }: HappenedOf<'conversation.handed'>,
): Promise<void> {
  await roomNamed(env, workspaceRoomName(workspaceId)).publish({
    html: inEachLanguage((i18n) => handedFrame(i18n, conversation, byName, count), conversation),
    audience: conversation,
    agentId: toAgentId,
  })
}

type HappenedOf<Type extends Happened['type']> = Extract<Happened, { type: Type }>

/** Once a language, never once a socket; whoever looks reads the workspace's time. */
const inEachLanguage = (draw: (i18n: I18n) => string, { timeZone }: Pick<ConversationHead, 'timeZone'>) =>
  Object.fromEntries(LOCALES.map((locale) => [locale, draw(i18nFor(locale, timeZone))])) as Record<Locale, string>

const settingsOf = (inbox: SweptInbox, siblings: GatewaySettings['siblings']): GatewaySettings => ({
  version: inbox.version,
  workspaceId: inbox.workspace_id,
  inboxId: inbox.id,
  channel: inbox.channel,
  accountId: inbox.external_account_id,
  sealedCredentials: inbox.credentials,
  inboxSettings: JSON.parse(inbox.settings),
  status: inbox.status,
  siblings,
})

/** Where the provider calls for an inbox: the first of our origins, which links are made with as well. */
export function webhookUrlOf(env: Pick<Env, 'APP_ORIGIN'>, channel: ChannelName, webhookKey: string): string {
  const [origin = ''] = env.APP_ORIGIN.split(',')
  return `${origin.trim()}/webhooks/${channel}/${webhookKey}`
}

/** How an inbox reaches its provider. */
export function reachOf(
  env: Env,
  app: App,
  settings: Pick<GatewaySettings, 'channel' | 'accountId' | 'inboxSettings'>,
  credentials: Credentials,
): Reach {
  const channel = app.channel(settings.channel)
  const inboxSettings = settings.inboxSettings ?? {} // a gateway that was told before there were any
  const baseUrl = channel.baseUrl(env, inboxSettings)
  return {
    credentials,
    accountId: settings.accountId,
    settings: inboxSettings,
    baseUrl,
    fetch: safeFetch(env, { baseUrl, fileHosts: channel.fileHosts ?? [] }),
    now: app.now,
  }
}
