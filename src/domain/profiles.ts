/** Asks the provider who people are, where it says: what they are called, and how they look. */
import type { Reach } from '../channels/channel.ts'
import { objectKey } from '../db/object-keys.ts'
import type { InboxRef } from '../db/queries/inbound.ts'
import { hasPicture, recordProfile, type Stranger, strangersAmong } from '../db/queries/profiles.ts'
import type { ChannelName } from '../db/records.ts'
import type { App } from './app.ts'
import { publishContact } from './changed.ts'
import { opensInline } from './media-types.ts'
import { takeIn } from './take-in.ts'
import { foldedKey, nameText } from './text.ts'

const ASKED_AGAIN_MS = 7 * 24 * 3_600_000
const LARGEST_PICTURE = 5 * 1024 * 1024

/** Best effort: who cannot be asked about now is asked about at their next message. */
export async function meet(
  app: App,
  inbox: InboxRef & { channel: ChannelName },
  reach: Reach,
  externalIds: string[],
): Promise<void> {
  if (externalIds.length === 0 || !app.channel(inbox.channel).profile) return
  const [strangers] = await app.db.read(strangersAmong(inbox, externalIds, app.now() - ASKED_AGAIN_MS))
  for (const stranger of strangers) {
    try {
      await meetOne(app, inbox, reach, stranger)
    } catch (error) {
      app.log.warn('profile.failed', { inboxId: inbox.id, code: error instanceof Error ? error.name : 'unknown' })
    }
  }
}

async function meetOne(
  app: App,
  inbox: InboxRef & { channel: ChannelName },
  reach: Reach,
  stranger: Stranger,
): Promise<void> {
  const profile = await app.channel(inbox.channel).profile?.(reach, stranger.external_id)
  const pictureKey = profile?.pictureUrl ? await pictureOf(app, inbox, reach, profile.pictureUrl) : null
  const name = nameText(profile?.name ?? profile?.username ?? null)
  const written = await app.db.write(
    ...recordProfile(inbox, stranger, {
      ...{ name, nameKey: foldedKey(name ?? ''), pictureKey, now: app.now() },
      username: nameText(profile?.username ?? null),
    }),
    hasPicture(inbox, stranger, pictureKey ?? ''),
  )
  if (pictureKey && !written.at(-1)?.rows[0]) return app.store.delete([pictureKey])
  if (pictureKey && stranger.picture_key) await app.store.delete([stranger.picture_key])
  if (pictureKey || name) await publishContact(app, inbox.workspaceId, stranger.contact_id)
}

/** A face that cannot be had is no reason to stay a stranger. */
async function pictureOf(app: App, inbox: InboxRef, reach: Reach, url: string): Promise<string | null> {
  const key = objectKey(inbox.workspaceId, app.newId())
  try {
    const answer = await reach.fetch(url)
    if (!answer.ok || !answer.body) return null
    await takeIn(app.store, key, answer.body, answer.headers.get('content-type'), (mimeType) => {
      if (!mimeType.startsWith('image/') || !opensInline(mimeType)) throw new Error('That is no picture.')
      return LARGEST_PICTURE
    })
    return key
  } catch (error) {
    app.log.warn('picture.failed', { inboxId: inbox.id, code: error instanceof Error ? error.name : 'unknown' })
    return null
  }
}
