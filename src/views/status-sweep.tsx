/** Whether what is to happen every minute happens. */
import type { I18n } from '../i18n/index.ts'
import { Line } from './status-line.tsx'

/** After so long it does not come any more. */
const MISSING_MS = 5 * 60_000

export function Sweep({ i18n, sweptAt, now }: { i18n: I18n; sweptAt: number | null; now: number }) {
  const { t, fill, dateTime } = i18n
  return (
    <Line i18n={i18n} level={sweptAt !== null && now - sweptAt < MISSING_MS ? 'well' : 'trouble'}>
      {sweptAt === null ? t.status.neverSwept : fill(t.status.swept, { at: dateTime(sweptAt) })}
    </Line>
  )
}
