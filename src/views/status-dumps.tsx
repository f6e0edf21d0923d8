/** Whether each night's copy of the workspace was made, how far one is, and under which name the newest is found. */
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
  return last && !failureSince(dumps ?? [], last) ? 'well' : 'watch'
}

/** The newest first, as they all are. */
const failureSince = (dumps: Dump[], last: Dump | undefined) =>
  dumps.find(({ failed, at }) => failed !== null && at > (last?.at ?? 0))

/** The newest whole one, whatever failed since, and one that is on its way. */
function wordsOf(i18n: I18n, dumps: Dump[], last: Dump | undefined): string {
  const { t, fill, number, dateTime } = i18n
  const told = [
    last
      ? fill(t.status.dump, { at: dateTime(last.at), rows: number(last.rows), size: sizeOf(i18n, last.bytes) })
      : t.status.noDump,
  ]
  const failure = failureSince(dumps, last)
  if (failure) {
    const why = t.status.dumpWhy[failure.failed as keyof typeof t.status.dumpWhy] ?? t.status.dumpWhy.failed
    told.push(fill(t.status.dumpFailed, { at: dateTime(failure.at), why }))
  }
  const [newest] = dumps
  if (newest && isUnderWay(newest)) {
    told.push(fill(t.status.dumpUnderWay, { at: dateTime(newest.at), rows: number(newest.rows) }))
  }
  return told.join(' · ')
}

const isUnderWay = ({ isWhole, failed }: Dump) => !isWhole && failed === null
