/** A refusal of a message that is put together in a form, as a sentence about one of its fields. */
import { AppError } from '../domain/errors.ts'
import type { I18n } from '../i18n/index.ts'
import type { FieldProblem } from '../views/compose.tsx'

const SAID = new Set([
  'invalid',
  'too_long',
  'already_sent',
  'window_closed',
  'window_over',
  'not_supported',
  'conflict',
])

/** What is no trouble of the form's is thrown on. */
export function fieldProblem(i18n: I18n, error: unknown): FieldProblem {
  if (!(error instanceof AppError) || !SAID.has(error.code)) throw error
  const { code, details } = error
  const field = String(details.field ?? '')
  const reasons: Record<string, string> = { ...i18n.t.compose.problem, ...i18n.t.newContact.problem }
  const sentence = code === 'invalid' ? reasons[String(details.reason)] : undefined
  return { field, text: sentence ? i18n.fill(sentence, details) : i18n.error(code, details) }
}

/** Of a form that goes out: what concerns its text is 422, what happened meanwhile 409. */
export const statusOf = (error: unknown): 409 | 422 =>
  error instanceof AppError && error.code !== 'invalid' && error.code !== 'too_long' && error.code !== 'not_supported'
    ? 409
    : 422
