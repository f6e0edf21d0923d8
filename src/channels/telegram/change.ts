/** A message of ours in other words, or taken back. */
import { ChannelError, type Edit, type Reach, type SentBefore } from '../channel.ts'
import { readMessageId } from './address.ts'
import { callBot } from './api.ts'
import { chatOf, withButtons, wordsOf } from './send.ts'

export async function edit(reach: Reach, { externalId, type, text, content }: Edit): Promise<void> {
  const { address, messageId } = messageOf(externalId)
  const message = { ...chatOf(address), message_id: messageId }
  const said = type === 'text' || type === 'interactive'
  const words = content.buttons ? withButtons(text, content.buttons) : wordsOf(text, said ? 'text' : 'caption')
  const method = said ? 'editMessageText' : 'editMessageCaption'
  await unless('not_modified', callBot(reach, method, { ...message, ...words }))
}

export async function unsend(reach: Reach, { externalId }: SentBefore): Promise<void> {
  const { address, messageId } = messageOf(externalId)
  const { connection } = address
  const call =
    connection === null
      ? callBot(reach, 'deleteMessage', { ...chatOf(address), message_id: messageId })
      : callBot(reach, 'deleteBusinessMessages', { business_connection_id: connection, message_ids: [messageId] })
  await unless('gone', call)
}

function messageOf(externalId: string) {
  const message = readMessageId(externalId)
  if (!message) throw new ChannelError({ class: 'permanent', code: 'gone', detail: 'That is no message.' })
  return message
}

/** That it is so already is no failure: we may have been there before. */
async function unless(code: string, call: Promise<unknown>): Promise<void> {
  try {
    await call
  } catch (error) {
    if (!(error instanceof ChannelError) || error.code !== code) throw error
  }
}
