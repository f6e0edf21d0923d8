import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Rate } from '../channels/limits.ts'
import { gatewayOf } from './address.ts'
import { Journal, type JournalEntry } from './journal.ts'
import { Limiter } from './limiter.ts'

const DAY = 86_400_000
const NOW = Date.UTC(2026, 10, 20, 12)

/** The store of a gateway that has no inbox, so that nobody else works in it. */
const inStorage = (work: (storage: DurableObjectStorage) => void) =>
  runInDurableObject(gatewayOf(env, crypto.randomUUID()), (_, state) => work(state.storage))

const withJournal = (work: (journal: Journal, storage: DurableObjectStorage) => void) =>
  inStorage((storage) => {
    const journal = new Journal(storage)
    journal.prepare()
    work(journal, storage)
  })

const entry = (dedupeKey: string, target: string | null = null): JournalEntry => ({
  dedupeKey,
  kind: 'status',
  target,
  occurredAt: NOW,
  receivedAt: NOW,
  payload: `"${dedupeKey}"`,
})

const payloads = (journal: Journal, now: number) => journal.due(now, 100).map(({ payload }) => payload)

describe('the journal', () => {
  it('keeps each event once, in the order in which they came', () =>
    withJournal((journal) => {
      journal.add([entry('a'), entry('b'), entry('a')])
      journal.add([entry('b'), entry('c')])
      expect(payloads(journal, NOW)).toEqual(['"a"', '"b"', '"c"'])
      expect(journal.due(NOW, 2)).toHaveLength(2)
      expect(journal.backlog).toMatchObject({ pending: 3, dead: 0, orphans: 0, oldestAt: NOW })
    }))

  it('takes all of a delivery, or none of it', () =>
    withJournal((journal) => {
      const broken = { ...entry('b'), payload: null } as unknown as JournalEntry
      expect(() => journal.add([entry('a'), broken])).toThrow()
      expect(payloads(journal, NOW)).toEqual([])
    }))

  it('remembers what was applied for 30 days, so that it is not applied again, and then forgets it', () =>
    withJournal((journal) => {
      journal.add([entry('done'), entry('dead'), entry('pending')])
      const [done, dead] = journal.due(NOW, 2) as [never, never]
      journal.applied((done as { id: number }).id, NOW)
      for (let tries = 0; tries < 8; tries += 1)
        journal.failed({ ...(dead as object), tries } as never, NOW, 0, 'poison')

      expect(journal.prunesAt).toBe(NOW + 30 * DAY + 1)
      journal.prune(NOW + 30 * DAY)
      journal.add([entry('done')])
      expect(payloads(journal, NOW)).toEqual(['"pending"'])
      journal.prune(NOW + 30 * DAY + 1)
      journal.add([entry('done'), entry('dead'), entry('pending')])
      expect(payloads(journal, NOW)).toEqual(['"pending"', '"done"'])
      expect(journal.prunesAt).toBeNull()
      expect(journal.backlog).toMatchObject({ dead: 1 })
    }))

  it('fault 18: what waits for an id is asked after 2 s, 10 s, a minute, ten minutes and an hour, then counted as an orphan', () =>
    withJournal((journal) => {
      journal.add([entry('early', 'wamid.X')])
      let now = NOW
      for (const wait of [2_000, 10_000, 60_000, 600_000, 3_600_000]) {
        const [waiting] = journal.due(now, 1)
        if (!waiting) throw new Error('It was not due.')
        journal.waits(waiting, now)
        expect(journal.due(now + wait - 1, 1)).toEqual([])
        expect(journal.nextDue).toBe(now + wait)
        now += wait
      }
      const [last] = journal.due(now, 1)
      if (!last) throw new Error('It was not due.')
      journal.waits(last, now)
      expect(journal.nextDue).toBeNull()
      expect(journal.backlog).toMatchObject({ pending: 0, orphans: 1 })
    }))

  it('wakes those who wait for an id, and nobody else', () =>
    withJournal((journal) => {
      journal.add([entry('x', 'wamid.X'), entry('y', 'wamid.Y')])
      for (const waiting of journal.due(NOW, 2)) journal.waits(waiting, NOW)
      journal.wake(['wamid.X'])
      expect(payloads(journal, NOW)).toEqual(['"x"'])
    }))

  it('puts off what fails, longer each time, and sets it aside after eight tries', () =>
    withJournal((journal) => {
      journal.add([entry('poison'), entry('fine')])
      let now = NOW
      for (let tries = 0; tries < 8; tries += 1) {
        const [failing] = journal.due(now, 100).filter(({ payload }) => payload === '"poison"')
        if (!failing) throw new Error('It was not due.')
        expect(failing.tries).toBe(tries)
        journal.failed(failing, now, 1, 'SQLITE_CONSTRAINT')
        const wait = 2_000 * 2 ** tries
        expect(payloads(journal, now + wait - 1)).toEqual(['"fine"'])
        now += wait
      }
      expect(payloads(journal, now + DAY)).toEqual(['"fine"'])
      expect(journal.dead(10)).toMatchObject([
        { kind: 'status', tries: 8, reason: 'SQLITE_CONSTRAINT', receivedAt: NOW },
      ])

      journal.replay(journal.dead(10).map(({ id }) => id))
      expect(journal.dead(10)).toEqual([])
      expect(payloads(journal, now)).toEqual(['"poison"', '"fine"'])
    }))

  it('finds what is due by its index, however much was applied', () =>
    withJournal((_, { sql }) => {
      const plan = (statement: string, ...values: number[]) =>
        sql
          .exec(`EXPLAIN QUERY PLAN ${statement}`, ...values)
          .toArray()
          .map(({ detail }) => String(detail))
          .join('; ')
      const due = plan(
        "SELECT id FROM journal WHERE state IN ('pending', 'waiting') AND not_before <= ? ORDER BY not_before, id LIMIT ?",
        NOW,
        25,
      )
      expect(due).toContain('journal_due')
      expect(due).not.toContain('TEMP B-TREE')
      expect(plan("SELECT min(not_before) AS at FROM journal WHERE state IN ('pending', 'waiting')")).toContain(
        'journal_due',
      )
    }))
})

describe('the limiter', () => {
  const RATES = { account: { burst: 8, perSecond: 4 }, recipient: { burst: 3, perSecond: 1 / 2 } }
  const withLimiter = (work: (limiter: Limiter) => void) =>
    withJournal((_, storage) => {
      storage.sql.exec('DELETE FROM buckets')
      work(new Limiter(storage, RATES))
    })

  /** How many of these times fall into the busiest stretch of that length. */
  const busiest = (times: number[], length: number) =>
    Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + length).length))

  /** Somebody is written to, so long after the one before; answers with what left, and when. */
  const leaving = (limiter: Limiter, asked: [to: number, after: number][]) => {
    let now = NOW
    return asked.flatMap(([to, after]) => {
      now += after
      return limiter.admit(String(to), now) <= now ? [{ to, at: now }] : []
    })
  }

  it('P11: in no window does more leave than the bucket holds and gains, to one or to all', () =>
    withJournal((_, storage) => {
      const property = fc.property(fc.array(fc.tuple(fc.nat(2), fc.nat(1_500)), { maxLength: 60 }), (asked) => {
        storage.sql.exec('DELETE FROM buckets')
        const left = leaving(new Limiter(storage, RATES), asked)
        for (const window of [1, 500, 1_000, 5_000, 30_000]) {
          const most = ({ burst, perSecond }: Rate) => burst + (perSecond * window) / 1_000
          const timesOf = (who: number[]) => left.filter(({ to }) => who.includes(to)).map(({ at }) => at)
          expect(busiest(timesOf([0, 1, 2]), window)).toBeLessThanOrEqual(most(RATES.account))
          for (const who of [0, 1, 2])
            expect(busiest(timesOf([who]), window)).toBeLessThanOrEqual(most(RATES.recipient))
        }
      })
      fc.assert(property, { numRuns: 1_000 })
    }))

  it('P11: whoever comes back when told is let through', () =>
    withLimiter((limiter) => {
      let now = NOW
      for (let time = 0; time < 50; time += 1) {
        const from = limiter.admit('Mariana', now)
        if (from > now) {
          expect(limiter.admit('Mariana', from - 1)).toBeGreaterThan(from - 1)
          expect(limiter.admit('Mariana', from)).toBe(from)
          now = from
        }
      }
    }))

  it('one who waits takes nothing from the others', () =>
    withLimiter((limiter) => {
      for (let time = 0; time < 10; time += 1) limiter.admit('Mariana', NOW)
      for (let time = 0; time < 3; time += 1) expect(limiter.admit('Tiago', NOW)).toBe(NOW)
    }))

  it.each([
    ['back', -3_600_000],
    ['forward', 3_600_000],
  ])('fault 35: a clock that jumps an hour %s opens no gate and closes none', (_, jump) =>
    withLimiter((limiter) => {
      const burst = (at: number) =>
        Array.from({ length: 20 }, () => limiter.admit('Mariana', at)).filter((from) => from <= at).length
      expect(burst(NOW)).toBe(3)
      const now = NOW + jump
      expect(burst(now)).toBeLessThanOrEqual(3)
      expect(limiter.admit('Mariana', now) - now).toBeLessThanOrEqual(2_000)
      expect(limiter.admit('Mariana', now + 2_000)).toBe(now + 2_000)
    }),
  )

  it('keeps its count when the object starts anew, and forgets full buckets', () =>
    withJournal((_, storage) => {
      for (let time = 0; time < 3; time += 1) new Limiter(storage, RATES).admit('Mariana', NOW)
      expect(new Limiter(storage, RATES).admit('Mariana', NOW)).toBeGreaterThan(NOW)
      new Limiter(storage, RATES).prune(NOW + 6_000)
      expect(storage.sql.exec('SELECT count(*) AS n FROM buckets').one().n).toBe(2)
      new Limiter(storage, RATES).prune(NOW + 6_001)
      expect(storage.sql.exec('SELECT count(*) AS n FROM buckets').one().n).toBe(0)
    }))
})
