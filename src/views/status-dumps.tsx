/** Whether each night's copy of the workspace was made, and under which name it is found. */
import type { Dump } from '../domain/dumps.ts'
import type { I18n } from '../i18n/index.ts'
import { sizeOf } from './attachment.tsx'
import { Fact, type Level, Line } from './status-line.tsx'

/** A night was missed, and the day after it. */
const LATE_MS = 36 * 3_600_000

interface DumpsProps {
  i18n: I18n
  /** The newest first. Null: nobody could be asked. */
  dumps: Dump[] | null
  now: number
}

export function Dumps({ i18n, dumps, now }: DumpsProps) {
  const { t, count } = i18n
  const whole = dumps?.filter(({ isWhole }) => isWhole) ?? []
  const [last] = whole
  return (
    <>
      <ul class="status" id="status-nights">
        <Line i18n={i18n} level={levelOf(dumps, last, now)}>
          {dumps === null ? t.inboxes.unreachable : wordsOf(i18n, dumps, last)}
        </Line>
      </ul>
      {last && (
        <dl class="facts">
          <Fact name={t.status.dumpKey} value={last.key ?? ''} />
          <Fact name={t.status.dumpSum} value={last.sha256} />
          <Fact name={t.status.nights} value={count(t.status.dumpsKept, whole.length)} />
        </dl>
      )}
    </>
  )
}

function levelOf(dumps: Dump[] | null, last: Dump | undefined, now: number): Level {
  if (last && now - last.at > LATE_MS) return 'trouble'
  return last && dumps?.[0]?.failed === null ? 'well' : 'watch'
}

function wordsOf(i18n: I18n, dumps: Dump[], last: Dump | undefined): string {
  const { t, fill, number, dateTime } = i18n
  const told = last
    ? fill(t.status.dump, { at: dateTime(last.at), rows: number(last.rows), size: sizeOf(i18n, last.bytes) })
    : t.status.noDump
  const [newest] = dumps
  if (!newest?.failed) return told
  const why = t.status.dumpWhy[newest.failed as keyof typeof t.status.dumpWhy] ?? t.status.dumpWhy.failed
  return `${told} · ${fill(t.status.dumpFailed, { at: dateTime(newest.at), why })}`
}
