/** The Cloud API's errors, in its words. */
import { randomBytes } from 'node:crypto'
import type { Answer } from '../provider.ts'

const ERRORS: Record<number, { status: number; title: string; details?: string }> = {
  1: { status: 500, title: 'An unknown error occurred' },
  2: { status: 503, title: 'Service temporarily unavailable' },
  4: { status: 400, title: 'Application request limit reached' },
  10: { status: 403, title: 'Application does not have permission for this action' },
  33: { status: 400, title: 'Parameter value is not valid', details: 'The business phone number has been deleted.' },
  100: { status: 400, title: 'Invalid parameter' },
  190: { status: 401, title: 'Error validating access token: The session is invalid.' },
  368: { status: 403, title: 'Temporarily blocked for policies violations' },
  80007: { status: 400, title: 'Rate limit issues' },
  130429: { status: 400, title: 'Rate limit hit', details: 'Cloud API message throughput has been reached.' },
  130472: { status: 400, title: "User's number is part of an experiment" },
  131000: { status: 500, title: 'Something went wrong' },
  131005: { status: 403, title: 'Access denied' },
  131008: { status: 400, title: 'Required parameter is missing' },
  131009: { status: 400, title: 'Parameter value is not valid' },
  131016: { status: 500, title: 'Service unavailable' },
  131026: { status: 400, title: 'Message undeliverable', details: 'Message Undeliverable.' },
  131031: { status: 403, title: 'Account has been locked' },
  131042: { status: 400, title: 'Business eligibility payment issue' },
  131047: {
    status: 400,
    title: 'Re-engagement message',
    details:
      'Message failed to send because more than 24 hours have passed since the customer last replied to this number.',
  },
  131048: { status: 400, title: 'Spam rate limit hit' },
  131049: {
    status: 400,
    title: 'This message was not delivered to maintain healthy ecosystem engagement.',
  },
  131051: { status: 400, title: 'Unsupported message type' },
  131056: {
    status: 400,
    title: 'Pair rate limit hit',
    details: 'Too many messages sent from this phone number to the same phone number in a short period of time.',
  },
  131057: { status: 500, title: 'Account in maintenance mode' },
  131052: { status: 400, title: 'Media download error' },
  131053: { status: 400, title: 'Media upload error', details: 'The file does not hold what its type says.' },
  132000: {
    status: 400,
    title: 'Number of parameters does not match the expected number of params',
  },
  132001: { status: 404, title: 'Template name does not exist in the translation' },
  132005: { status: 400, title: 'Template hydrated text too long' },
  132012: { status: 400, title: 'Parameter format does not match format in the created template' },
  132015: { status: 400, title: 'Template is paused' },
  132016: { status: 400, title: 'Template is disabled' },
  2200: { status: 400, title: 'Callback verification failed' },
  2593107: { status: 400, title: 'Sync can only be requested once' },
  133010: { status: 400, title: 'Phone number not registered' },
}

const known = (code: number) => ERRORS[code] ?? { status: 400, title: `Error ${code}` }

/** As it comes in an answer. */
export function refusal(
  code: number,
  of: { details?: string; headers?: Record<string, string>; status?: number } = {},
): Answer {
  const { status, title, details } = { ...known(code), ...(of.details ? { details: of.details } : {}) }
  const error = {
    message: code === 190 ? title : `(#${code}) ${title}`,
    type: 'OAuthException',
    code,
    ...(code === 2 ? { is_transient: true } : {}),
    ...(details ? { error_data: { messaging_product: 'whatsapp', details } } : {}),
    fbtrace_id: randomBytes(9).toString('base64url'),
  }
  return { status: of.status ?? status, body: { error }, ...(of.headers ? { headers: of.headers } : {}) }
}

/** As it comes with a failed status. */
export function statusError(code: number) {
  const { title, details } = known(code)
  return {
    code,
    title,
    message: title,
    error_data: { details: details ?? title },
    href: 'https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/',
  }
}
