import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import type { Page } from 'playwright-core'
import { afterEach, expect, it, vi } from 'vitest'
import { storedIn } from '../support/stored.ts'
import {
  answer,
  bubbleOf,
  composerOf,
  eventually,
  held,
  IN_PAGE,
  open,
  PATIENCE,
  reaches,
  rowOf,
  stage,
} from './stage.ts'
import { type Fate, troubleFor } from './trouble.ts'

const prosa = stage()

afterEach(() => prosa.simulator.calm())

/** What a page drawn now holds: a first page of messages. */
const COMPARED = 60
const ROWS_COMPARED = 20
/** Others each time; `npm run soak` tries many. */
const RUNS = Number(process.env['PROSA_RUNS'] ?? 5)
const SEED = Number(process.env['SEED'] ?? Date.now() % 2 ** 31)

const OFFLINE = [/ERR_INTERNET_DISCONNECTED/, /Failed to fetch/, /htmx:ws:error/]
const WATCHING = readFileSync(IN_PAGE, 'utf8')

/** Another browser of the same person, without script: it shows what the server draws, and nothing that was told live. */
const freshPage = (person: 'ana' | 'diego') => prosa.page(person, { javaScriptEnabled: false })

async function drawnAnew(fresh: Page, page: Page) {
  await fresh.goto(page.url())
  return fresh.evaluate(`${WATCHING}; ({ thread: threadNow(${COMPARED}), list: listNow(${ROWS_COMPARED}) })`)
}

const asItStands = (page: Page) =>
  page.evaluate(`({ thread: threadNow(${COMPARED}), list: listNow(${ROWS_COMPARED}) })`)

/** Both at the same moment, as near as it can be told. */
const equalsFresh = (page: Page, fresh: Page) =>
  vi.waitFor(async () => expect(await asItStands(page)).toEqual(await drawnAnew(fresh, page)), {
    timeout: PATIENCE,
    interval: 100,
  })

it('whatever happens to the frames, the page ends equal to a page drawn anew', async () => {
  const diego = await prosa.page('diego')
  const fresh = await freshPage('diego')
  const trouble = await troubleFor(diego)
  const ivo = await prosa.customer('Ivo Ramos')
  await open(diego, ivo)
  let spoken = 0

  const fate = fc.constantFrom<Fate>('through', 'lost', 'twice', 'held')
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.record({ does: fc.constant('write' as const), fate }) },
    { weight: 1, arbitrary: fc.record({ does: fc.constant('answer' as const), fate }) },
    { weight: 1, arbitrary: fc.record({ does: fc.constant('cut' as const), fate }) },
    { weight: 1, arbitrary: fc.record({ does: fc.constant('release' as const), fate }) },
  )
  const acts = {
    write: async () => {
      spoken += 1
      await ivo.writes(`Mensagem ${spoken}`)
    },
    answer: async () => {
      spoken += 1
      await answer(diego, `Resposta ${spoken}`)
      await eventually(() => composerOf(diego).inputValue()).toBe('')
    },
    cut: () => trouble.cut(),
    release: async () => trouble.release(),
  }

  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 6 }), fc.nat(), async (steps, seed) => {
      for (const { does, fate } of steps) {
        trouble.fate = fate
        await acts[does]()
      }
      trouble.fate = 'through'
      trouble.release()
      trouble.replay((frames) => shuffledBy(frames, seed))
      await ivo.reads()
      await equalsFresh(diego, fresh)
    }),
    { numRuns: RUNS, seed: SEED, endOnFailure: true },
  )
  console.log(`${RUNS} runs of seed ${SEED}, ${spoken} messages`)
})

it('a frame that comes late never turns a tick back', async () => {
  const bruno = await prosa.page('bruno')
  const trouble = await troubleFor(bruno)
  const jana = await prosa.customer('Jana Melo')
  await open(bruno, jana)
  await answer(bruno, 'Chega até o fim')
  await reaches(bruno, 'Chega até o fim', 'delivered')
  await jana.reads()
  await reaches(bruno, 'Chega até o fim', 'read')

  await bruno.evaluate("window.seen = statesOf('Chega até o fim')")
  trouble.replay((frames) => frames)
  await jana.writes('Obrigada!')
  await bubbleOf(bruno, 'Obrigada!').waitFor()
  expect(await bruno.evaluate('window.seen')).toEqual(['read'])
  await bubbleOf(bruno, 'Chega até o fim').waitFor()
})

it('the page has caught up when the answer is there, also where another was on its way', async () => {
  const bruno = await prosa.page('bruno')
  const trouble = await troubleFor(bruno)
  await open(bruno, await prosa.customer('Rui Pontes'))
  const thread = await held(bruno, /\/thread\?after=/)
  await bruno.evaluate("dispatchEvent(new Event('focus'))")
  await thread.asked

  await bruno.evaluate("window.caughtUp = 0; addEventListener('prosa:caught-up', () => window.caughtUp++)")
  const connected = bruno.evaluate(`new Promise((done) => {
    addEventListener('htmx:ws:after:connection', ({ target }) => target.id === 'conversation-socket' && setTimeout(done))
  })`)
  await trouble.cut()
  await connected
  expect(await bruno.evaluate('window.caughtUp')).toBe(0)
  await thread.letGo()
  await eventually(() => bruno.evaluate('window.caughtUp')).toBe(1)
})

it.each([
  ['are put where they belong', 500],
  ['are too many to patch: the thread is drawn anew', 620],
])('messages that a sleeping page missed %s', async (_, count) => {
  const ana = await prosa.page('ana')
  prosa.expectComplaints(ana, ...OFFLINE)
  const fresh = await freshPage('ana')
  const trouble = await troubleFor(ana)
  const kiko = await prosa.customer(`Kiko Prates ${count}`)
  await open(ana, kiko)

  await ana.context().setOffline(true)
  await trouble.cut()
  await composerOf(ana).fill('Um rascunho que fica')
  const texts = Array.from({ length: count }, (_, at) => `Perdida ${at + 1} de ${count}`)
  await kiko.writesMany(texts.slice(0, 400))
  await kiko.writesMany(texts.slice(400))
  const last = `Perdida ${count} de ${count}`
  await eventually(() => storedWith(`Perdida % de ${count}`)).toBe(count)
  expect(JSON.stringify(await drawnAnew(fresh, ana))).toContain(last)
  expect(await bubbleOf(ana, 'Perdida').count()).toBe(0)

  await ana.context().setOffline(false)
  await bubbleOf(ana, last).waitFor()
  await equalsFresh(ana, fresh)
  expect(await composerOf(ana).inputValue()).toBe('Um rascunho que fica')
  expect(await ana.locator('.messages > article').count()).toBeLessThanOrEqual(400)
})

async function storedWith(words: string): Promise<number> {
  const stored = storedIn(prosa.prosa.databaseUrl)
  const { rows } = await stored.client.execute({
    sql: 'SELECT count(*) FROM messages WHERE body LIKE ?',
    args: [words],
  })
  stored.close()
  return Number(rows[0]?.[0])
}

/** Always the same way for the same seed. */
function shuffledBy<T>(items: readonly T[], seed: number): T[] {
  let state = seed
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state
  }
  return items
    .map((item) => ({ item, at: next() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item)
}

it('a list that was read before a name was told, and comes after it, does not take it back', async () => {
  const ana = await prosa.page('ana')
  const lia = await prosa.customer('Lia Antiga')
  await rowOf(ana, lia).waitFor()
  const href = await rowOf(ana, lia).locator('.row-link').getAttribute('href')
  const elsewhere = await prosa.page('ana', { javaScriptEnabled: false, at: `${href}?panel=contact&tab=comments` })
  await elsewhere.getByRole('link', { name: 'Editar nome' }).click()
  await elsewhere.getByLabel('Nome', { exact: true }).fill('Lia Renomeada')

  const [read, told] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  await ana.route(
    ({ pathname }) => pathname === '/conversations',
    async (route) => {
      const response = await route.fetch()
      read.resolve()
      await told.promise
      await route.fulfill({ response })
    },
  )
  await ana.evaluate("document.dispatchEvent(new Event('prosa:list-unsure'))")
  await read.promise
  await elsewhere.getByRole('button', { name: 'Salvar' }).click()
  await rowOf(ana, { name: 'Lia Renomeada' }).waitFor()

  const placed = ana.evaluate(`new Promise((done) => {
    addEventListener('htmx:finally:swap', ({ detail: { ctx } }) => {
      if (ctx.request?.action.split('?')[0] === '/conversations') done()
    })
  })`)
  told.resolve()
  await placed
  expect(await rowOf(ana, { name: 'Lia Renomeada' }).count()).toBe(1)
})
