/** Something the person at the screen can understand; `i18n` has the sentence of each code. Everything else is a bug. */
export type ErrorCode =
  | 'invalid'
  | 'too_long'
  | 'unfilled'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'already_sent'
  | 'already_taken'
  | 'blocked'
  | 'one_blocked'
  | 'window_closed'
  | 'window_over'
  | 'not_supported'
  | 'too_late'
  | 'too_many_requests'
  | 'too_large'
  | 'file_too_large'
  | 'file_type'
  | 'file_empty'
  | 'image_immense'
  | 'too_many_files'
  | 'unavailable'

export class AppError extends Error {
  readonly code: ErrorCode
  /** Values for the sentence: `{name}`, `{limit}`, …; `retryAfter` in seconds becomes the header. */
  readonly details: Record<string, string | number>

  constructor(code: ErrorCode, details: Record<string, string | number> = {}) {
    super(code)
    this.name = 'AppError'
    this.code = code
    this.details = details
  }
}
