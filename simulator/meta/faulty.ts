/** What a call gets instead of its answer. */
import type { Fault } from '../behaviour.ts'
import type { Answer } from '../provider.ts'

/** `refusal` words a code as the provider does. */
export function faulty(
  fault: Fault,
  refusal: (code: number | null, of: { status?: number; headers: Record<string, string> }) => Answer,
): Answer {
  const headers: Record<string, string> = fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter }
  switch (fault.kind) {
    case 'code':
      return refusal(fault.code ?? null, { headers })
    case 'http_429':
      return { status: 429, headers: { 'content-type': 'text/plain', ...headers }, body: 'Too Many Requests' }
    case 'http_500':
      return refusal(fault.code ?? null, { status: 500, headers })
    case 'http_502':
      return {
        status: 502,
        headers: { 'content-type': 'text/html', ...headers },
        body: '<html><h1>502 Bad Gateway</h1></html>',
      }
    case 'broken_json':
      return {
        status: 200,
        headers: { 'content-type': 'application/json' },
        body: '{"messaging_product":"whatsapp","messages":[{"id":"wami',
      }
    case 'reset':
    case 'hang':
      return fault.kind
  }
}
