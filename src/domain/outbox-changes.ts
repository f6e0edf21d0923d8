/** What leaves about a message that the provider has: other words for it, or that it be taken back. */
import { type Channel, ChannelError, type Reach } from '../channels/channel.ts'
import { Content } from '../channels/content.ts'
import type { StoredForSending, TargetForSending } from '../db/queries/outbound.ts'

/** What is gone already needs no taking back, and has no other words. */
export async function changeSent(
  channel: Channel,
  reach: Reach,
  { type, body, reply_to_external_id, addresses }: StoredForSending,
  target: TargetForSending,
): Promise<void> {
  const of = { externalId: reply_to_external_id ?? '', to: JSON.parse(addresses), type: target.type }
  const isEdit = type === 'edit'
  if (target.deleted && !isEdit) return
  if (target.deleted) throw new ChannelError({ class: 'permanent', code: 'target_gone', detail: '' })
  if (isEdit && channel.edit) await channel.edit(reach, { ...of, text: body ?? '', content: contentOf(target.content) })
  else if (!isEdit && channel.unsend) await channel.unsend(reach, of)
  else throw new ChannelError({ class: 'permanent', code: 'not_offered', detail: '' })
}

/** To put otherwise what says so already, or to take back what is gone, does no harm. */
export const mayBeRepeated = ({ type }: { type: string }) => type === 'edit' || type === 'delete'

export const contentOf = (stored: string | null): Content => (stored === null ? {} : Content.parse(JSON.parse(stored)))
