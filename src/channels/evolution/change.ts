/** A message of ours that the customer has already: in other words, or taken back. */
import { bestOf, jidOf } from '../baileys/jids.ts'
import { ChannelError, type Edit, type Reach, type SentBefore } from '../channel.ts'
import { isPhone } from '../phone.ts'
import { ask } from './rest.ts'

export async function edit(reach: Reach, { text, ...message }: Edit): Promise<void> {
  const { address, key } = keyOf(message)
  const number = isPhone(address) ? address : jidOf(address)
  await ask(reach, { path: 'chat/updateMessage', body: { number, key, text } })
}

export async function unsend(reach: Reach, message: SentBefore): Promise<void> {
  const { key } = keyOf(message)
  await ask(reach, { method: 'DELETE', path: 'chat/deleteMessageForEveryone', body: key })
}

function keyOf({ externalId: id, to }: SentBefore) {
  const address = bestOf(to)
  if (address === null)
    throw new ChannelError({
      class: 'permanent',
      code: 'no_address',
      detail: 'None of the addresses can be written to.',
    })
  const remoteJid = jidOf(address)
  return { address, key: { id, remoteJid, fromMe: true } }
}
