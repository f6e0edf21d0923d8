/** For the tests of Messenger and Instagram: a page and an account, and a provider that answers in turn. */
import type { Channel, InboxSettings, Reach } from '../../src/channels/channel.ts'
import { messenger } from '../../src/channels/messenger/messenger.ts'
import { providerAnswering } from '../../src/channels/test-provider.ts'

export const PAGE = '300000000000001'
export const ACCOUNT = '17840000000000001'
export const PERSON = '6200000000000001'

interface Asked {
  method: string
  path: string
  body: unknown
}

/** What is asked of the provider is written down as it is asked; an error among the answers is a line that went dead. */
export function provider(channel: Channel, answers: (Response | Error)[], settings: InboxSettings = {}) {
  const { reach, calls } = providerAnswering(
    ...answers.map((answer) => async () => {
      if (answer instanceof Error) throw answer
      return answer
    }),
  )
  const asked = (): Asked[] => calls.map(({ method, path, body }) => ({ method, path, body }))
  const ours: Reach = { ...reach, accountId: channel === messenger ? PAGE : ACCOUNT, settings }
  return { reach: ours, asked }
}

export const ok = (body: unknown = { recipient_id: PERSON, message_id: 'm_OUT1' }) => Response.json(body)

export const refusal = (status: number, code: number, subcode?: number, message = `(#${code}) refused`) =>
  Response.json({ error: { message, type: 'OAuthException', code, error_subcode: subcode } }, { status })
