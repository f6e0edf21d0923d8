/** How the whole is doing, in words and a colour each: numbers, what waits, what is kept, what runs. */
import type { Viewer } from '../db/records.ts'
import type { Dump } from '../domain/dumps.ts'
import type { I18n } from '../i18n/index.ts'
import { sizeOf } from './attachment.tsx'
import { ChannelSign } from './channel-sign.tsx'
import type { InboxEntry } from './settings-inboxes.tsx'
import { StatusWord } from './settings-link.tsx'
import { SettingsPage } from './settings-page.tsx'
import { Dumps } from './status-dumps.tsx'
import { Fact, type Level, Line } from './status-line.tsx'
import { Sweep } from './status-sweep.tsx'

export interface StatusPageProps {
  i18n: I18n
  viewer: Viewer
  inboxes: InboxEntry[]
  /** When the minute's sweep last began; null: never yet. */
  sweptAt: number | null
  files: { files: number; bytes: number }
  /** Null: the server does not tell. */
  database: { pages: number; bytes: number } | null
  dumps: Dump[] | null
  build: { version: string; commit: string; compatibilityDate: string }
  schema: { known: string; newest: string | null }
  now: number
}

/** What waits longer than this is late. */
const LATE_MS = 60_000
/** One may happen to anybody; more than this is a connection that does not hold. */
const MANY_UNKNOWN = 5

export function StatusPage(props: StatusPageProps) {
  const { i18n, viewer, inboxes, sweptAt, files, database, dumps, build, schema, now } = props
  const { t, fill, count, number } = i18n
  const isMigrated = schema.newest !== null && schema.newest >= schema.known
  return (
    <SettingsPage i18n={i18n} viewer={viewer} here="/status" title={t.status.title}>
      <p class="faint">{fill(t.status.at, { at: i18n.dateTime(now) })}</p>
      <h2>{t.status.numbers}</h2>
      {inboxes.length === 0 && <p class="faint">{t.inboxes.empty}</p>}
      <ul class="status" id="status-numbers">
        {inboxes.map((inbox) => (
          <Line i18n={i18n} level={levelOf(inbox, now)}>
            <ChannelSign i18n={i18n} channel={inbox.channel} />{' '}
            <a href={`/settings/inboxes/${inbox.id}/connection`}>
              <bdi hx-ignore>{inbox.name}</bdi>
            </a>{' '}
            · <StatusWord i18n={i18n} status={inbox.status} link={inbox.link} />
            {inbox.health === null ? ` · ${t.inboxes.unreachable}` : troubleOf(i18n, inbox)}
          </Line>
        ))}
      </ul>
      <h2>{t.status.work}</h2>
      <Work i18n={i18n} inboxes={inboxes} sweptAt={sweptAt} now={now} />
      <h2>{t.status.storage}</h2>
      <dl class="facts">
        <Fact
          name={t.status.database}
          value={
            database === null
              ? t.status.untold
              : `${sizeOf(i18n, database.bytes)} · ${fill(t.status.pages, { n: number(database.pages) })}`
          }
        />
        <Fact
          name={t.status.files}
          value={`${sizeOf(i18n, files.bytes)} · ${count(t.status.fileCount, files.files)}`}
        />
      </dl>
      <h2>{t.status.nights}</h2>
      <Dumps i18n={i18n} dumps={dumps} now={now} />
      <h2>{t.status.versions}</h2>
      <ul class="status" id="status-versions">
        <Line i18n={i18n} level={isMigrated ? 'well' : 'trouble'}>
          {isMigrated
            ? fill(t.status.schema, { tag: schema.newest ?? '' })
            : fill(t.status.schemaWaits, { tag: schema.known })}
        </Line>
      </ul>
      <dl class="facts">
        <Fact name={t.status.version} value={build.commit ? `${build.version} · ${build.commit}` : build.version} />
        <Fact name={t.status.compatibility} value={build.compatibilityDate} />
      </dl>
    </SettingsPage>
  )
}

/** What waits, what failed, and what was refused, of all numbers together. */
function Work({ i18n, inboxes, sweptAt, now }: Pick<StatusPageProps, 'i18n' | 'inboxes' | 'sweptAt' | 'now'>) {
  const { t, fill, count, number } = i18n
  const totals = totalsOf(inboxes)
  return (
    <ul class="status" id="status-work">
      <Line i18n={i18n} level={isLate(totals.oldestAt, now) ? 'trouble' : 'well'}>
        {count(t.inboxes.pending, totals.pending)}
        {totals.oldestAt !== null && ` · ${fill(t.inboxes.oldest, { at: i18n.dateTime(totals.oldestAt) })}`}
        {totals.waiting > 0 && ` · ${count(t.status.waiting, totals.waiting)}`}
      </Line>
      <Line i18n={i18n} level={(totals.lagMs ?? 0) > LATE_MS ? 'trouble' : 'well'}>
        {totals.lagMs === null
          ? t.status.nothingApplied
          : fill(t.status.lag, { n: number(Math.ceil(totals.lagMs / 1000)) })}
      </Line>
      <Line i18n={i18n} level={isLate(totals.queuedAt, now) ? 'watch' : 'well'}>
        {count(t.inboxes.queued, totals.queued)}
        {totals.queuedAt !== null && ` · ${fill(t.status.queuedSince, { at: i18n.dateTime(totals.queuedAt) })}`}
      </Line>
      <Line i18n={i18n} level={unknownLevel(totals.unknown)}>
        {count(t.inboxes.unknown, totals.unknown)}
      </Line>
      <Line i18n={i18n} level={totals.failed > 0 ? 'watch' : 'well'}>
        {count(t.inboxes.failed, totals.failed)}
      </Line>
      <Line i18n={i18n} level={totals.dead > 0 ? 'trouble' : 'well'}>
        <a href="/settings/letters">{count(t.inboxes.dead, totals.dead)}</a>
      </Line>
      <Line i18n={i18n} level="well">
        {count(t.inboxes.orphans, totals.orphans)}
      </Line>
      <Line i18n={i18n} level="well">
        {count(t.status.erased, totals.erased)}
      </Line>
      <Sweep i18n={i18n} sweptAt={sweptAt} now={now} />
    </ul>
  )
}

const isLate = (oldestAt: number | null, now: number) => oldestAt !== null && now - oldestAt > LATE_MS

function unknownLevel(unknown: number): Level {
  if (unknown > MANY_UNKNOWN) return 'trouble'
  return unknown > 0 ? 'watch' : 'well'
}

/** The worst of what is known of it. */
export function levelOf({ status, health, outbox, accessEndsAt }: InboxEntry, now: number): Level {
  if (status === 'needs_reauth') return 'trouble'
  if (health === null) return 'watch'
  if (health.dead > 0 || isLate(health.oldestAt, now)) return 'trouble'
  return status === 'paused' || accessEndsAt !== null || outbox.unknown + outbox.failed > 0 ? 'watch' : 'well'
}

function troubleOf({ t, count, fill, dateTime }: I18n, { health, outbox, accessEndsAt }: InboxEntry): string {
  const told: [I18n['t']['inboxes']['dead'], number][] = [
    [t.inboxes.pending, health?.pending ?? 0],
    [t.inboxes.dead, health?.dead ?? 0],
    [t.inboxes.queued, outbox.queued],
    [t.inboxes.unknown, outbox.unknown],
    [t.inboxes.failed, outbox.failed],
  ]
  const ends = accessEndsAt === null ? [] : [` · ${fill(t.inboxes.accessEnds, { at: dateTime(accessEndsAt) })}`]
  return [...ends, ...told.flatMap(([words, n]) => (n > 0 ? [` · ${count(words, n)}`] : []))].join('')
}

function totalsOf(inboxes: InboxEntry[]) {
  const sum = (of: (inbox: InboxEntry) => number) => inboxes.reduce((all, inbox) => all + of(inbox), 0)
  const oldest = (times: number[]) => (times.length > 0 ? Math.min(...times) : null)
  const lags = inboxes.flatMap(({ health }) => health?.lagMs ?? [])
  return {
    pending: sum(({ health }) => health?.pending ?? 0),
    dead: sum(({ health }) => health?.dead ?? 0),
    queued: sum(({ outbox }) => outbox.queued),
    unknown: sum(({ outbox }) => outbox.unknown),
    failed: sum(({ outbox }) => outbox.failed),
    waiting: sum(({ health }) => health?.waiting ?? 0),
    orphans: sum(({ health }) => health?.orphans ?? 0),
    erased: sum(({ health }) => health?.erased ?? 0),
    oldestAt: oldest(inboxes.flatMap(({ health }) => health?.oldestAt ?? [])),
    queuedAt: oldest(inboxes.flatMap(({ outbox }) => outbox.queuedAt ?? [])),
    lagMs: lags.length > 0 ? Math.max(...lags) : null,
  }
}
