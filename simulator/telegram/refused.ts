/** What is wrong with a call, in the words of the Bot API. */
import type { Answer } from '../provider.ts'

const WORDS: Record<number, string> = {
  400: 'Bad Request: chat not found',
  401: 'Unauthorized',
  403: 'Forbidden: bot was blocked by the user',
  404: 'Not Found',
  409: "Conflict: can't use getUpdates method while webhook is active",
  413: 'Request Entity Too Large',
  429: 'Too Many Requests: retry after 1',
  500: 'Internal Server Error',
}

export class Refused extends Error {
  readonly code: number
  readonly parameters: Record<string, unknown> | null

  constructor(code: number, words: string | null = null, parameters: Record<string, unknown> | null = null) {
    super(words ?? WORDS[code] ?? `Error ${code}`)
    this.code = code
    this.parameters = parameters
  }
}

export const bad = (words: string) => new Refused(400, `Bad Request: ${words}`)

export const flood = (seconds: number) =>
  new Refused(429, `Too Many Requests: retry after ${seconds}`, { retry_after: seconds })

export const refusal = ({ code, message, parameters }: Refused, headers: Record<string, string> = {}): Answer => ({
  status: code,
  headers,
  body: { ok: false, error_code: code, description: message, ...(parameters ? { parameters } : {}) },
})

export const done = (result: unknown): Answer => ({ status: 200, body: { ok: true, result } })
