/** A call that got no answer, or only the beginning of one: nobody knows what became of it. */
import { ChannelError } from './channel.ts'

/** What was thrown while a provider was asked. Where it was not even asked, that is known too. */
export function unanswered(thrown: unknown): ChannelError {
  const name = thrown instanceof Error ? thrown.name : ''
  if (name === 'EgressRefused')
    return new ChannelError({ class: 'auth', code: 'host_refused', detail: 'The address is not one of the web.' })
  return name === 'TimeoutError'
    ? new ChannelError({ class: 'ambiguous', code: 'timeout', detail: 'No answer in time.' })
    : new ChannelError({ class: 'ambiguous', code: 'network', detail: 'The connection broke before an answer came.' })
}
