/** Every minute, what hints may have lost is found again: from the tables, for every inbox that needs it. */
import type { SweptInbox } from '../db/queries/inboxes.ts'
import { inboxesToSweep, siblingsOf, storeGatewayVersion } from '../db/queries/inboxes.ts'
import type { App } from './app.ts'

export type Configure = (inbox: SweptInbox, siblings: { accountId: string; webhookKey: string }[]) => Promise<number>

/** Hands each inbox's settings to its gateway where it has not confirmed them, and wakes those with something to send. */
export async function sweep(app: App, configure: Configure): Promise<void> {
  const [inboxes, siblings] = await app.db.read(inboxesToSweep, siblingsOf)
  for (const inbox of inboxes) {
    try {
      if (inbox.gateway_version < inbox.version) {
        const near = siblings.filter(
          ({ workspace_id, channel, provider_app_id }) =>
            workspace_id === inbox.workspace_id &&
            channel === inbox.channel &&
            provider_app_id === inbox.provider_app_id,
        )
        const held = await configure(inbox, [
          { accountId: inbox.external_account_id, webhookKey: inbox.webhook_key },
          ...near
            .filter(({ id }) => id !== inbox.id)
            .map((one) => ({ accountId: one.external_account_id, webhookKey: one.webhook_key })),
        ])
        await app.db.write(storeGatewayVersion(inbox, held))
      }
      if (inbox.waiting) await app.gateway(inbox.webhook_key).lookAtOutbox()
    } catch (error) {
      app.log.error('sweep.failed', error, { inboxId: inbox.id })
    }
  }
}
