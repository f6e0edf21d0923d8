import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { pause } from '../../bench/numbers.ts'
import { type Agent, signIn } from '../support/agent.ts'
import { descendantsOf, oneNamed } from '../support/processes.ts'
import { type Prosa, startProsa, temporaryFolder } from '../support/prosa.ts'
import {
  type Answer,
  accept,
  after,
  badGateway,
  brokenJson,
  hangUp,
  type Provider,
  refuse,
  type Send,
  startProvider,
  throttle,
} from '../support/provider.ts'
import { type Stored, storedIn } from '../support/stored.ts'
import { type Begun, begun } from '../support/story.ts'
import { type Line, lineAt, type Text, textFrom } from '../support/whatsapp.ts'

const MINUTE = 60_000
const SOAK_MS = Number(process.env['SOAK_MINUTES'] ?? 30) * MINUTE
const QUIET_MS = 4 * MINUTE
const NAMES = ['ana', 'bruno', 'carla', 'diego']
const CONVERSATIONS = 20

let provider: Provider
let dataFolder: string
let prosa: Prosa
let stored: Stored
let line: Line
let agents: Agent[]
let conversations: Begun[]
const said: Text[] = []
/** What is not over yet: a delivery that is tried until it is taken. */
const underWay = new Set<Promise<unknown>>()
/** How often a message was taken, or may have been, by the attempt it was handed over with. */
const taken = new Map<string, number>()
const proved = new Set<string>()

beforeAll(async () => {
  provider = await startProvider()
  dataFolder = await temporaryFolder()
  await start()
  agents = await Promise.all(NAMES.map((name) => signIn(prosa.url, `${name}@prosa.test`)))
  line = lineAt(prosa.url)
  conversations = []
  for (let no = 0; no < CONVERSATIONS; no += 1) conversations.push(await begun(one(agents)))
})

afterAll(async () => {
  for (const agent of agents) agent.leave()
  stored.close()
  await prosa.stop()
  await provider.stop()
  await rm(dataFolder, { recursive: true, force: true })
})

it('with everything failing around it, nothing is lost, nothing is doubled, and nothing goes back', async () => {
  const end = Date.now() + SOAK_MS
  await Promise.all([
    every(20, end, hear),
    ...agents.map((agent) => every(2_500, end, () => answer(agent))),
    every(5_000, end, comeAndGo),
    every(30_000, end, crash),
    every(3 * MINUTE, end, stopTheDatabase),
  ])
  await Promise.all(underWay)

  await expect.poll(() => stored.countOf(said), { timeout: QUIET_MS, interval: 1_000 }).toBe(said.length)
  await expect.poll(unfinished, { timeout: QUIET_MS, interval: 1_000 }).toEqual([])
  await expect.poll(unproved, { timeout: QUIET_MS, interval: 1_000 }).toEqual([])
  expect([...taken].filter(([, times]) => times > 1)).toEqual([])
  expect(await repeatedPlaces()).toEqual([])
  expect(await conversationsOpenedTwice()).toEqual([])
})

async function start(port?: number): Promise<void> {
  const env = { GRAPH_API_URL: provider.url }
  prosa = await startProsa({ ...(port ? { port } : {}), dataFolder, simulator: 'off', env })
  stored = storedIn(prosa.databaseUrl)
}

async function every(ms: number, end: number, act: () => Promise<void>): Promise<void> {
  while (Date.now() < end) {
    await act()
    await pause(ms * (0.5 + Math.random()))
  }
}

/** Something new, and now and then something old again. */
async function hear(): Promise<void> {
  const text = Math.random() < 0.3 ? said.at(-1 - Math.floor(Math.random() * 100)) : undefined
  const next = text ?? textFrom(one(conversations).customer, `em meio a tudo ${said.length}`)
  if (!text) said.push(next)
  go(() => line.texts(next))
}

async function answer(agent: Agent): Promise<void> {
  const text = `resposta ${randomUUID()}`
  const clientKey = randomUUID()
  provider.answer(text, ...(Math.random() < 0.1 ? one(FAULTS) : [took]))
  const { id } = one(conversations)
  go(async () => {
    const { status } = await agent.reply(id, text, clientKey)
    // What is refused stays refused; all else is submitted again, with its key.
    return status < 500 ? 200 : status
  })
}

/** Its statuses come twice, in any order, and as often as they have to. */
const tell = (send: Send) => {
  proved.add(send.attemptId)
  for (const status of shuffled(['sent', 'delivered', 'read', 'delivered'] as const))
    go(() => line.status(send, status))
}

const counted =
  (answerWith: Answer): Answer =>
  (send, response) => {
    taken.set(send.attemptId, (taken.get(send.attemptId) ?? 0) + 1)
    return answerWith(send, response)
  }

const took = counted(after(tell))
const FAULTS: Answer[][] = [
  [throttle(1), took],
  [refuse(500, 131000), took],
  [refuse(503, 131016), refuse(500, 2), took],
  [counted(brokenJson)],
  [counted(hangUp)],
  [counted(badGateway)],
  [counted(after(tell, hangUp))],
  [refuse(400, 131026), accept],
]

/** A page is opened and left. */
async function comeAndGo(): Promise<void> {
  const seat = await one(agents)
    .enter(`conversations/${one(conversations).id}`)
    .catch(() => undefined)
  go(async () => {
    await pause(Math.random() * 20_000)
    seat?.leave()
    return 200
  })
}

let crashes = 0

/** Mostly the runtime alone; every third time all of it. */
async function crash(): Promise<void> {
  crashes += 1
  if (crashes % 3 > 0) {
    process.kill(oneNamed('workerd', descendantsOf(prosa.pid)).pid, 'SIGKILL')
    return
  }
  await prosa.kill()
  stored.close()
  await start(Number(new URL(prosa.url).port))
}

async function stopTheDatabase(): Promise<void> {
  try {
    const { pid } = oneNamed('sqld', descendantsOf(prosa.pid))
    process.kill(pid, 'SIGSTOP')
    await pause(5_000)
    process.kill(pid, 'SIGCONT')
  } catch {
    // It was killed with all the rest meanwhile.
  }
}

/** Tried until it is taken, as a provider and a page do. */
function go(ask: () => Promise<number>): void {
  const trying = (async () => {
    while ((await ask().catch(() => 0)) !== 200) await pause(200 + Math.random() * 800)
  })()
  underWay.add(trying)
  void trying.finally(() => underWay.delete(trying))
}

const column = async (sql: string) => (await stored.client.execute(sql)).rows.map((row) => String(row[0]))

const unfinished = () => column("SELECT id FROM send_attempts WHERE state IN ('queued', 'sending')")

/** The provider said that it has it, and we do not. */
async function unproved(): Promise<string[]> {
  const known = new Set(await column("SELECT id FROM send_attempts WHERE state IN ('sent', 'delivered', 'read')"))
  return [...proved].filter((id) => !known.has(id))
}

const repeatedPlaces = () =>
  column('SELECT conversation_id FROM messages GROUP BY conversation_id, seq HAVING count(*) > 1')

const conversationsOpenedTwice = () =>
  column(
    "SELECT identity_id FROM conversations WHERE status <> 'closed' GROUP BY inbox_id, identity_id HAVING count(*) > 1",
  )

function one<T>(among: readonly T[]): T {
  const chosen = among[Math.floor(Math.random() * among.length)]
  if (chosen === undefined) throw new Error('There is none to choose from.')
  return chosen
}

const shuffled = <T>(all: readonly T[]) =>
  all
    .map((each) => ({ each, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ each }) => each)
