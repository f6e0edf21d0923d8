/** Every minute, what hints may have lost is found again: from the tables, for every inbox that needs it. */
import { workspacesErasing } from '../db/queries/erasures.ts'
import {
  inboxesToSweep,
  type SweptInbox,
  siblingsOf,
  storeGatewayVersion,
  storeReplayed,
} from '../db/queries/inboxes.ts'
import { workspacesAt, workspacesKeepingTooLong } from '../db/queries/retention.ts'
import { noticeAbsence } from './absence.ts'
import type { App } from './app.ts'
import { careForDue } from './checkup.ts'
import { forgetOldFiles, wakeImports } from './contact-imports.ts'
import { eraseAgain } from './erasing-again.ts'
import { handOverWhatIsLeft } from './hand-over.ts'
import { finishRemovals } from './inbox-removal.ts'
import { forgetOldRows, isHour } from './old-rows.ts'
import { forgetQuickReplyFiles } from './quick-reply-files.ts'
import { forgetOldUploads } from './uploads.ts'

export async function sweep(app: App): Promise<void> {
  await eraseAgain(app)
  await handOverSettings(app)
  for (const work of [
    noticeAbsence,
    handOverWhatIsLeft,
    lookAfterWorkspaces,
    forgetOldUploads,
    forgetOldFiles,
    wakeImports,
    forgetQuickReplyFiles,
    finishRemovals,
    forgetOldRows,
  ])
    await work(app).catch((error) => app.log.error('sweep.failed', error))
  await careForDue(app)
}

/** Wakes whatever does a workspace's long work, where some is left; once an hour all, for what comes with the time. */
export async function lookAfterWorkspaces(app: App): Promise<void> {
  const [erasing, keeping, all] = await app.db.read(
    workspacesErasing,
    workspacesKeepingTooLong(app.now()),
    workspacesAt(isHour(app.now())),
  )
  for (const id of new Set([...erasing, ...keeping, ...all].map((workspace) => workspace.id))) await app.lookAfter(id)
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
      if (inbox.replay_since !== null) {
        await app.gateway(inbox.webhook_key).replaySince(inbox.replay_since)
        await app.db.write(storeReplayed(inbox))
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
