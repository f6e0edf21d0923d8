import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { pause, until } from '../../bench/numbers.ts'
import type { Answer } from '../../bench/visitor.ts'
import { type Agent, type Seat, signIn } from '../support/agent.ts'
import type { Bubble } from '../support/markup.ts'
import { descendantsOf, oneNamed } from '../support/processes.ts'
import { type Prosa, startProsa } from '../support/prosa.ts'
import { type Provider, startProvider } from '../support/provider.ts'
import { upgrade } from '../support/socket.ts'
import { type Stored, storedIn } from '../support/stored.ts'
import { type Begun, begun } from '../support/story.ts'
import { type Line, lineAt, textFrom } from '../support/whatsapp.ts'

/** Within what the loss of a right takes effect. */
const REVOKED_MS = 5_000
const SESSION_ENDED = 4401
const NOT_VISIBLE = 4403

let provider: Provider
let prosa: Prosa
let stored: Stored
let line: Line
let ana: Agent
let bruno: Agent
let carla: Agent
let eva: Agent

beforeAll(async () => {
  provider = await startProvider()
  prosa = await startProsa({ from: inject('seededFolder'), simulator: 'off', env: { GRAPH_API_URL: provider.url } })
  stored = storedIn(prosa.databaseUrl)
  line = lineAt(prosa.url)
  ana = await agentNamed('ana')
  bruno = await agentNamed('bruno')
  carla = await agentNamed('carla')
  eva = await agentNamed('eva')
})

afterAll(async () => {
  for (const agent of [ana, bruno, carla, eva]) agent.leave()
  stored.close()
  await prosa.stop()
  await provider.stop()
})

it('what is said in a conversation reaches everyone who may see it, and nobody of another workspace', async () => {
  const { id, customer } = await begun(ana)
  const seats = await Promise.all([ana, bruno, carla].map((agent) => agent.enter('workspace')))
  const thread = await bruno.enter(`conversations/${id}`)
  const evas = await eva.enter('workspace')

  await line.texts(textFrom(customer, 'para a equipe'))

  await expect.poll(() => thread.bubbles().map(({ text }) => text)).toEqual(['para a equipe'])
  for (const seat of seats) await expect.poll(() => hears(seat, id)).toBe(true)
  // What is hers reaches her: so nothing else was only late.
  const own = await begun(eva, 'demo-eva')
  await expect.poll(() => hears(evas, own.id)).toBe(true)
  expect(evas.frames().filter(({ content }) => !content?.includes(own.id))).toEqual([])
  leaveAll(...seats, thread, evas)
})

it('a conversation of one department is not there for another: no frame, no page, no row', async () => {
  const { id, customer } = await ofDepartment(await begun(ana), 'Suporte')
  const own = await ofDepartment(await begun(ana), 'Financeiro')
  const [brunos, carlas] = await Promise.all([bruno.enter('workspace'), carla.enter('workspace')])

  await line.texts(textFrom(customer, 'só o suporte'))
  await expect.poll(() => hears(brunos, id)).toBe(true)
  await line.texts(textFrom(own.customer, 'só o financeiro'))
  await expect.poll(() => hears(carlas, own.id)).toBe(true)

  expect(hears(carlas, id)).toBe(false)
  expect(hears(brunos, own.id)).toBe(false)
  expect((await carla.page(`/conversations/${id}`)).status).toBe(404)
  expect((await bruno.page(`/conversations/${id}`)).status).toBe(200)
  expect(await carla.conversationWith(customer.name)).toBeUndefined()
  expect(await carla.knock(`conversations/${id}`)).toBe(404)
  leaveAll(brunos, carlas)
})

it('34: who leaves the department is shown out of the conversation within five seconds, and hears nothing more', async () => {
  const { id, customer } = await ofDepartment(await begun(ana), 'Financeiro')
  const [seat, workspace] = await Promise.all([carla.enter(`conversations/${id}`), carla.enter('workspace')])
  await line.texts(textFrom(customer, 'ainda com ela'))
  await expect.poll(() => seat.bubbles()).toHaveLength(1)

  // As the page that will do it one day, whose call to the rooms got lost.
  await stored.client.batch(
    [
      "DELETE FROM department_members WHERE agent_id = (SELECT id FROM agents WHERE email = 'carla@prosa.test')",
      "UPDATE agents SET authz_version = authz_version + 1 WHERE email = 'carla@prosa.test'",
    ],
    'write',
  )
  const from = Date.now()
  for (let said = 1; seat.closed() === undefined && Date.now() - from < 2 * REVOKED_MS; said += 1) {
    await line.texts(textFrom(customer, `sem ela ${said}`))
    await pause(250) // Faster, and she would be shown out for being slow.
  }
  expect(seat.closed()).toBe(NOT_VISIBLE)
  expect(Date.now() - from).toBeLessThan(REVOKED_MS + 1_000)

  const before = workspace.frames().length
  const other = await begun(ana)
  await line.texts(textFrom(customer, 'nada mais'))
  await line.texts(textFrom(other.customer, 'mas isto sim'))
  await expect.poll(() => hears(workspace, other.id)).toBe(true)
  expect(
    workspace
      .frames()
      .slice(before)
      .some(({ content }) => content?.includes(id)),
  ).toBe(false)
  expect((await carla.page(`/conversations/${id}`)).status).toBe(404)
  leaveAll(workspace)
})

it('Bruno deactivated: his sockets close within five seconds, no frame comes after, and he is signed out', async () => {
  const { id, customer } = await begun(ana)
  const seats = await Promise.all([bruno.enter('workspace'), bruno.enter(`conversations/${id}`)])
  const anas = await ana.enter(`conversations/${id}`)
  await line.texts(textFrom(customer, 'antes'))
  for (const seat of seats) await expect.poll(() => seat.frames().length).toBeGreaterThan(0)
  const path = `/settings/agents/${await idOfBruno()}/deactivation`

  const from = Date.now()
  expect((await ana.post(path, { _method: 'PUT' })).status).toBe(200)
  const heard = seats.map(({ frames }) => frames().length)
  for (const seat of seats)
    expect([SESSION_ENDED, NOT_VISIBLE]).toContain(await until('he is shown out', async () => seat.closed()))
  expect(Date.now() - from).toBeLessThan(REVOKED_MS)

  await line.texts(textFrom(customer, 'depois'))
  await expect.poll(() => anas.bubbles().map(({ text }) => text)).toContain('depois')
  expect(seats.map(({ frames }) => frames().length)).toEqual(heard)
  expect(await bruno.page('/conversations')).toMatchObject({
    status: 303,
    headers: { location: expect.stringContaining('/sign-in') },
  })
  expect(await bruno.knock('workspace')).toBe(401)

  expect((await ana.post(path, { _method: 'DELETE' })).status).toBe(200)
  bruno = await agentNamed('bruno')
  expect((await bruno.page(`/conversations/${id}`)).status).toBe(200)
  leaveAll(anas)
})

it('for Eva what belongs to another workspace is what does not exist, to the letter', async () => {
  const { id } = await begun(ana)
  const [bubble] = await ana.thread(id)
  const form = { text: 'olá', clientKey: randomUUID(), seq: '1', body: 'rascunho', no: '1' }
  const asked = (conversation: string, message: string, agent: string): Promise<Answer>[] => [
    eva.page(`/conversations/${conversation}`),
    eva.part(`/conversations/${conversation}`),
    eva.part(`/conversations/${conversation}/thread?after=0`),
    eva.part(`/conversations/${conversation}/messages?before=9999999999999-1`),
    eva.post(`/conversations/${conversation}/messages`, form),
    eva.post(`/conversations/${conversation}/seen`, form),
    eva.post(`/conversations/${conversation}/draft`, { ...form, _method: 'PUT' }),
    eva.post(`/conversations/${conversation}/messages/${message}/attempts`, form),
    eva.post(`/conversations/${conversation}/messages/${message}/cancellation`, form),
    eva.post(`/conversations/${conversation}/messages/${message}/confirmation`, { ...form, _method: 'PUT' }),
    eva.post(`/settings/agents/${agent}/deactivation`, { _method: 'PUT' }),
  ]
  const foreign = await Promise.all(asked(id, bubble?.id ?? '', await idOfBruno()))
  const missing = await Promise.all(asked(randomUUID(), randomUUID(), randomUUID()))

  expect(foreign.map(({ status }) => status)).toEqual(foreign.map(() => 404))
  expect(foreign.map(toldBy)).toEqual(missing.map(toldBy))
  expect(await eva.knock(`conversations/${id}`)).toBe(404)
  expect(await eva.knock(`conversations/${randomUUID()}`)).toBe(404)
  // And nothing of it was done.
  expect(await ana.thread(id)).toEqual([bubble])
  expect((await bruno.page('/conversations')).status).toBe(200)
})

it('a socket opens for our own page and for who is signed in, and so often at most', async () => {
  const diego = await agentNamed('diego')
  expect(await diego.knock('workspace', {})).toBe(403)
  expect(await diego.knock('workspace', { origin: 'https://prosa.example' })).toBe(403)
  expect(await diego.knock('workspace', { origin: `${prosa.url}.example` })).toBe(403)
  expect((await upgrade(`${prosa.url}/rooms/workspace`, { origin: prosa.url })).status).toBe(401)
  expect(await diego.knock('conversations/no-id')).toBe(404)

  const statuses: number[] = []
  for (let no = 1; no <= 21; no += 1) statuses.push(await diego.knock('workspace'))
  expect(statuses).toEqual([...Array(20).fill(101), 429])
  diego.leave()
})

it('31: whatever happens while the runtime is away, a page ends as a fresh one, with no bubble twice', async () => {
  const { id, customer } = await begun(ana)
  const seat = await ana.enter(`conversations/${id}`)
  const page = new Map((await ana.thread(id)).map((bubble) => [bubble.id, bubble]))
  const texts = Array.from({ length: 30 }, (_, no) => textFrom(customer, `no ar ${no + 1}`))

  const posting = Promise.all(
    texts.map(async (text, no) => {
      if (no === 10) process.kill(oneNamed('workerd', descendantsOf(prosa.pid)).pid, 'SIGKILL')
      // As the provider does: until it is taken.
      await until('it is taken', async () => (await line.texts(text).catch(() => 0)) === 200 || undefined)
    }),
  )
  await expect.poll(() => seat.closed()).toBeDefined()
  await posting
  const back = await until('the room is open again', () => ana.enter(`conversations/${id}`).catch(() => undefined))
  await expect.poll(() => stored.countOf(texts)).toBe(texts.length)
  const last = textFrom(customer, 'o último')
  await line.texts(last)
  await expect.poll(() => back.bubbles().map(({ text }) => text)).toContain('o último')

  const seen = Math.max(...[...page.values(), ...seat.bubbles()].map(({ seq }) => seq))
  for (const bubble of [...seat.bubbles(), ...back.bubbles(), ...(await ana.missed(id, seen))]) take(page, bubble)
  const fresh = await ana.thread(id)
  expect(fresh).toHaveLength(32)
  expect([...page.values()].toSorted((a, b) => a.seq - b.seq)).toEqual(fresh.toSorted((a, b) => a.seq - b.seq))
  expect(await stored.faultsOf([...texts, last])).toEqual([])
  leaveAll(back)
})

const agentNamed = (name: string) => signIn(prosa.url, `${name}@prosa.test`)

const hears = ({ frames }: Seat, id: string) => frames().some(({ content }) => content?.includes(id))

function leaveAll(...seats: Seat[]): void {
  for (const seat of seats) seat.leave()
}

/** As a page does: a bubble that is not newer than what it shows changes nothing. */
function take(page: Map<string, Bubble>, bubble: Bubble): void {
  if ((page.get(bubble.id)?.seq ?? 0) < bubble.seq) page.set(bubble.id, bubble)
}

async function ofDepartment(conversation: Begun, department: string): Promise<Begun> {
  await stored.client.execute({
    sql: `UPDATE conversations SET department_id = (SELECT d.id FROM departments d
      WHERE d.workspace_id = conversations.workspace_id AND d.name = ?) WHERE id = ?`,
    args: [department, conversation.id],
  })
  return conversation
}

async function idOfBruno(): Promise<string> {
  const { rows } = await stored.client.execute("SELECT id FROM agents WHERE email = 'bruno@prosa.test'")
  return String(rows[0]?.['id'])
}

/** A page's words, less what names the request and what was asked for. */
const toldBy = ({ status, body }: Answer) => ({
  status,
  body: body.toString().replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'an id'),
})
