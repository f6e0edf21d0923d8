import { env, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import * as fc from 'fast-check'
import { expect, it, onTestFinished, vi } from 'vitest'
import { limited } from './limit.ts'
import { passwordHasher } from './password-hasher.ts'

const newCounter = () => env.LIMITS.get(env.LIMITS.newUniqueId())

/** A clock of the test's own, far enough ahead that no alarm of the counters comes before the test is over. */
function ownClock(): { pass(ms: number): void } {
  let now = Date.now() + 86_400_000
  const clock = vi.spyOn(Date, 'now').mockImplementation(() => now)
  onTestFinished(() => clock.mockRestore())
  return {
    pass: (ms) => {
      now += ms
    },
  }
}

it('lets through as many as its limit, and says to the millisecond when the next may come', async () => {
  const clock = ownClock()
  const counter = newCounter()
  const hits = []
  for (let n = 0; n < 4; n += 1) {
    hits.push(await counter.hit(3, 60_000))
    clock.pass(10)
  }
  expect(hits.map((hit) => hit.allowed)).toEqual([true, true, true, false])
  expect(hits[3]?.retryAfterMs).toBe(60_000 - 30)
})

it('what was refused does not count: whoever waited as told comes through', async () => {
  const clock = ownClock()
  const counter = newCounter()
  await counter.hit(1, 300)
  let refused = await counter.hit(1, 300)
  for (let n = 0; n < 5; n += 1) refused = await counter.hit(1, 300)
  expect(refused.allowed).toBe(false)
  clock.pass(refused.retryAfterMs - 1)
  expect((await counter.hit(1, 300)).allowed).toBe(false)
  clock.pass(1)
  expect((await counter.hit(1, 300)).allowed).toBe(true)
})

it('a hit that is taken back was never one, and only once', async () => {
  const counter = newCounter()
  const first = await counter.hit(2, 60_000)
  await counter.hit(2, 60_000)
  await counter.takeBack(first.ordinal)
  await counter.takeBack(first.ordinal)
  const next = await counter.hit(2, 60_000)
  expect(next.allowed).toBe(true)
  expect(next.ordinal).not.toBe(first.ordinal)
  expect((await counter.hit(2, 60_000)).allowed).toBe(false)
})

it('fifty at once get no further than one by one', async () => {
  const counter = newCounter()
  const hits = await Promise.all(Array.from({ length: 50 }, () => counter.hit(7, 60_000)))
  expect(hits.filter((hit) => hit.allowed)).toHaveLength(7)
})

it('in no window are more let through than its limit, and nobody waits longer than the window', async () => {
  const clock = ownClock()
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 5, maxLength: 15 }),
      async (limit, pauses) => {
        const counter = newCounter()
        const through: number[] = []
        for (const ms of pauses) {
          clock.pass(ms)
          const hit = await counter.hit(limit, 100)
          if (hit.allowed) through.push(Date.now())
          else expect(hit.retryAfterMs).toBeGreaterThan(0)
          expect(hit.retryAfterMs).toBeLessThanOrEqual(100)
        }
        for (const [at, time] of through.entries()) {
          const next = through[at + limit]
          if (next !== undefined) expect(next - time).toBeGreaterThanOrEqual(100)
        }
      },
    ),
  )
})

it('forgets everything once its window has passed', async () => {
  const counter = newCounter()
  await counter.hit(1, 60_000)
  expect(await runDurableObjectAlarm(counter)).toBe(true)
  expect((await counter.hit(1, 60_000)).allowed).toBe(false)

  const brief = newCounter()
  await brief.hit(1, 50)
  await expect.poll(() => runInDurableObject(brief, async (_, { storage }) => (await storage.list()).size)).toBe(0)
  expect(await brief.hit(1, 50)).toMatchObject({ allowed: true, ordinal: 1 })
})

it('a refusal is an error that says how many seconds', async () => {
  const key = crypto.randomUUID()
  for (let n = 0; n < 3; n += 1) await limited(env, 'export', key)
  await expect(limited(env, 'export', key)).rejects.toMatchObject({
    code: 'too_many_requests',
    details: { retryAfter: 86_400 },
  })
  await limited(env, 'export', `${key}x`)
})

it('a password is hashed as the library does it, each time with another salt', async () => {
  const { hashPassword, verifyPassword } = await import('better-auth/crypto')
  const [one, other] = await Promise.all([
    passwordHasher(env).hash('prosa-demo-2026'),
    passwordHasher(env).hash('prosa-demo-2026'),
  ])
  expect(one).not.toBe(other)
  expect(await verifyPassword({ hash: one, password: 'prosa-demo-2026' })).toBe(true)
  expect(await passwordHasher(env).verify(await hashPassword('prosa-demo-2026'), 'prosa-demo-2026')).toBe(true)
  expect(await passwordHasher(env).verify(one, 'prosa-demo-2027')).toBe(false)
})
