/** A provider that takes everything, or answers what a test says: for what concerns every channel and none of them. */
import {
  type Channel,
  ChannelError,
  type Edit,
  type Outbound,
  type Read,
  type SentBefore,
} from '../../../src/channels/channel.ts'
import type { Limits } from '../../../src/channels/limits.ts'
import { whatsapp } from '../../../src/channels/whatsapp/whatsapp.ts'

export interface FakeChannel extends Omit<Channel, 'limits'> {
  /** May change while a test goes on. */
  limits: Limits
  /** What was handed over, whatever became of it. */
  sent: Outbound[]
  typed: Read[]
  /** What was to be put otherwise, or taken back, whatever became of it. */
  edited: Edit[]
  unsent: SentBefore[]
  /** The next answers, by turns: thrown where it is an error, else the provider's id. After the last everything is taken. */
  answers: (ChannelError | string)[]
}

/** Limits like none of ours, but for what is said. */
export function fakeChannel(limits: Partial<Limits> = {}, name: Channel['name'] = 'messenger'): FakeChannel {
  const channel: FakeChannel = {
    name,
    sign: 'whatsapp',
    words: whatsapp.words,
    connection: { fields: [] },
    baseUrl: () => 'http://127.0.0.1:9',
    reasonOf: () => null,
    limits: { ...whatsapp.limits, ...limits },
    sent: [],
    typed: [],
    edited: [],
    unsent: [],
    answers: [],
    handshake: () => null,
    verify: async () => true,
    parse: async () => [],
    async send(_reach, message) {
      channel.sent.push(message)
      const answer = channel.answers.shift() ?? `mid.${crypto.randomUUID()}`
      if (answer instanceof ChannelError) throw answer
      return { externalId: answer, address: null }
    },
    async edit(_reach, of) {
      channel.edited.push(of)
      obey(channel.answers.shift())
    },
    async unsend(_reach, of) {
      channel.unsent.push(of)
      obey(channel.answers.shift())
    },
    async markRead() {},
    async showTyping(_reach, of) {
      channel.typed.push(of)
    },
  }
  return channel
}

function obey(answer: ChannelError | string | undefined): void {
  if (answer instanceof ChannelError) throw answer
}
