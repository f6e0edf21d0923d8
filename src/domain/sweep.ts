/** Every minute, what hints may have lost is found again: from the tables, for every inbox that needs it. */
import { builtChannels } from '../channels/index.ts'
import {
  inboxesToCheck,
  inboxesToSweep,
  type SweptInbox,
  siblingsOf,
  storeGatewayVersion,
} from '../db/queries/inboxes.ts'
import type { App } from './app.ts'
import { forgetOldUploads } from './uploads.ts'

/** A provider that forgot us is found out within this time. */
const CHECK_EVERY_MS = 3_600_000
const CHECKS_A_SWEEP = 5

export async function sweep(app: App): Promise<void> {
  await handOverSettings(app)
  await forgetOldUploads(app).catch((error) => app.log.error('sweep.failed', error))
  const [due] = await app.db.read(inboxesToCheck(builtChannels, app.now() - CHECK_EVERY_MS, CHECKS_A_SWEEP))
  await Promise.all(due.map((inbox) => careFor(app, inbox)))
}

/** Looks how the provider sees the account; where it had forgotten us, what was said meanwhile is asked for. */
async function careFor(app: App, { id, webhook_key }: { id: string; webhook_key: string }): Promise<void> {
  try {
    const { resubscribed } = await app.gateway(webhook_key).checkUp()
    if (resubscribed) await app.gateway(webhook_key).readBack(null)
  } catch (error) {
    app.log.error('checkup.failed', error, { inboxId: id })
  }
}

/** Hands each inbox's settings to its gateway where it has not confirmed them, and wakes those with something to send. */
export async function handOverSettings(app: App, workspaceId: string | null = null): Promise<void> {
  const [inboxes, siblings] = await app.db.read(inboxesToSweep(workspaceId), siblingsOf)
  for (const inbox of inboxes) {
    try {
      if (inbox.gateway_version < inbox.version) {
        const held = await app.configure(inbox, siblingsAmong(siblings, inbox))
        await app.db.write(storeGatewayVersion(inbox, held))
      }
      if (inbox.waiting) await app.gateway(inbox.webhook_key).lookAtOutbox()
      if (inbox.fetching) await app.gateway(inbox.webhook_key).lookAtMedia()
    } catch (error) {
      app.log.error('sweep.failed', error, { inboxId: inbox.id })
    }
  }
}

/** The inboxes of the same workspace and provider's app, this one first. */
const siblingsAmong = (all: Sibling[], inbox: SweptInbox) => [
  { accountId: inbox.external_account_id, webhookKey: inbox.webhook_key },
  ...all
    .filter(
      ({ id, workspace_id, channel, provider_app_id }) =>
        id !== inbox.id &&
        workspace_id === inbox.workspace_id &&
        channel === inbox.channel &&
        provider_app_id === inbox.provider_app_id,
    )
    .map((one) => ({ accountId: one.external_account_id, webhookKey: one.webhook_key })),
]

type Sibling = NonNullable<(typeof siblingsOf)['row']>
