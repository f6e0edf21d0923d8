import type { I18n } from '../i18n/index.ts'

/** The time of day; the whole date for who points at it. */
export function Time({ i18n, at }: { i18n: I18n; at: number }) {
  return (
    <time datetime={new Date(at).toISOString()} data-shows="time" title={i18n.dateTime(at)}>
      {i18n.time(at)}
    </time>
  )
}
