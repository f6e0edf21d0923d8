import type { Channel, Outbound } from './channel.ts'

/**
 * A channel as the demonstration's numbers have it: it looks the same and takes the same, everything that is sent has
 * arrived at once, nothing comes in, and no provider is ever asked.
 */
export const unreached = (channel: Channel): Channel => ({
  ...{ name: channel.name, sign: channel.sign, words: channel.words },
  ...{ connection: channel.connection, limits: channel.limits },
  baseUrl: channel.baseUrl,
  reasonOf: channel.reasonOf,
  handshake: () => null,
  verify: async () => false,
  parse: async () => [],
  send: async (_reach, { attemptId }: Outbound) => ({ externalId: attemptId, address: null }),
  edit: async () => undefined,
  unsend: async () => undefined,
  markRead: async () => undefined,
})
