/** How an Evolution server says no. */
import type { Fault } from '../behaviour.ts'
import { faulty } from '../meta/faulty.ts'
import type { Answer } from '../provider.ts'

const NAMES: Record<number, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
}

export class Refused extends Error {
  readonly status: number
  readonly said: unknown

  constructor(status: number, said: unknown) {
    super(String(status))
    this.status = status
    this.said = said
  }
}

export const refusal = (
  { status, said }: Pick<Refused, 'status' | 'said'>,
  headers: Record<string, string> = {},
): Answer => ({
  status,
  headers,
  body: { status, error: NAMES[status] ?? 'Error', response: { message: said } },
})

export const CONNECTION_CLOSED = ['Error: Connection Closed']

/** A fault's code is an HTTP status; 428 is what the phone's connection says of itself. */
const WORDS: Record<number, { status: number; said: unknown }> = {
  401: { status: 401, said: 'Unauthorized' },
  428: { status: 400, said: CONNECTION_CLOSED },
  404: { status: 404, said: ['The instance does not exist'] },
}

export const faultOf = (fault: Fault): Answer =>
  faulty(fault, (code, { status = 400, headers }) => {
    if (status >= 500) return refusal({ status, said: CONNECTION_CLOSED }, headers)
    const known = code === null ? undefined : WORDS[code]
    return refusal(known ?? { status: code ?? status, said: ['Refused, as it was asked for'] }, headers)
  })
