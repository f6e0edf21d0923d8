import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { env, exports } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type Browser, browserOf, change, ORIGIN, type Person } from '../../test/support/people.ts'
import { aMessage } from '../../test/support/workerd/events.ts'
import { eventsOf, MARIANA, said } from '../../test/support/workerd/whatsapp.ts'
import { connect, newShop, rowOf, type Shop, scopeOf } from '../../test/support/workerd/workspace.ts'
import { appFor } from '../app.ts'
import type { InboundEvent } from '../channels/events.ts'
import { deactivate, reactivate } from '../domain/agents.ts'
import { signOut } from '../domain/own-account.ts'
import { receive } from '../domain/receive.ts'
import { agentSocketsOf, conversationRoomName, roomNamed, workspaceRoomName } from './address.ts'
import type { Audience } from './audience.ts'

type Name = 'Ana' | 'Bruno' | 'Carla' | 'Diego'

let shop: Shop
let eva: Shop
let browsers: Record<Name, Browser>
let conversationId: string
const told: Promise<unknown>[] = []
const open: WebSocket[] = []

beforeAll(async () => {
  ;[shop, eva] = await Promise.all([newShop(), newShop()])
  await connect(shop.inbox, { status: 'paused' })
  const names = ['Ana', 'Bruno', 'Carla', 'Diego'] as const
  const signedIn = await Promise.all(names.map(async (name) => [name, await browserOf(shop.people[name])] as const))
  browsers = Object.fromEntries(signedIn) as Record<Name, Browser>
  await hear('Oi!')
  const { id } = await rowOf<{ id: string }>(sql`SELECT id FROM conversations WHERE workspace_id = ${shop.workspaceId}`)
  conversationId = id
}, 30_000)

/** Everyone leaves, and may come in again at once. */
afterEach(async () => {
  for (const socket of open.splice(0)) socket.close(1000)
  for (const person of Object.values(shop.people)) {
    await runInDurableObject(agentSocketsOf(env, person.workspaceId, person.agentId), (_, { storage }) => {
      storage.sql.exec('DELETE FROM joined')
    })
    await expect.poll(() => counted(person)).toBe(0)
  }
  await asItWas()
})

/** Everybody works where they did, and the conversation is everyone's: also after a test that failed half-way. */
const asItWas = () =>
  change(
    sql`UPDATE conversations SET department_id = NULL WHERE id = ${conversationId}`,
    sql`UPDATE agents SET deactivated_at = NULL WHERE workspace_id = ${shop.workspaceId}`,
    sql`INSERT OR IGNORE INTO department_members (workspace_id, agent_id, department_id, created_at)
      VALUES (${shop.workspaceId}, ${shop.people.Bruno.agentId}, ${shop.suporte}, 0)`,
  )

const counted = ({ workspaceId, agentId }: Person) =>
  runInDurableObject(agentSocketsOf(env, workspaceId, agentId), (_, { storage }) =>
    Number(storage.sql.exec('SELECT coalesce(sum(sockets), 0) AS n FROM rooms').one().n),
  )

const app = () => appFor(env, (promise) => void told.push(promise))

const hear = async (text: string) => hearAll(await eventsOf(shop.inbox.accountId, said({ text, at: Date.now() })))

async function hearAll(events: InboundEvent[]): Promise<void> {
  await receive(
    app(),
    shop.inbox,
    events.map((event) => ({ event, receivedAt: Date.now() })),
  )
  await everyoneIsTold()
}

/** All that was left for later has been done. */
async function everyoneIsTold(): Promise<void> {
  while (told.length > 0) await Promise.all(told.splice(0))
}

async function upgrade(browser: Browser | null, path: string, headers: Record<string, string> = { origin: ORIGIN }) {
  const cookie = browser ? { cookie: cookieOf(browser) } : {}
  const answer = await exports.default.fetch(
    new Request(`${ORIGIN}${path}`, {
      headers: { upgrade: 'websocket', 'accept-language': 'en', ...headers, ...cookie },
    }),
  )
  if (answer.webSocket) open.push(answer.webSocket)
  return answer
}

/** The status of an answer at the door; whoever comes in says nothing and hears nothing. */
async function knock(browser: Browser, path: string): Promise<number> {
  const { status, webSocket } = await upgrade(browser, path)
  webSocket?.accept()
  return status
}

const cookieOf = ({ cookies }: Browser) => [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')

interface Seat {
  socket: WebSocket
  frames: { seq?: number; content?: string; t?: string }[]
  closed: { code: number | null }
}

async function sit(browser: Browser, path = `/rooms/conversations/${conversationId}`): Promise<Seat> {
  const answer = await upgrade(browser, path)
  const { webSocket: socket } = answer
  if (!socket) throw new Error(`No socket: ${answer.status}`)
  const seat: Seat = { socket, frames: [], closed: { code: null } }
  socket.addEventListener('message', ({ data }) => {
    seat.frames.push(JSON.parse(String(data)))
  })
  socket.addEventListener('close', ({ code }) => {
    seat.closed.code = code
  })
  socket.accept()
  return seat
}

const WORKSPACE = '/rooms/workspace'
const inConversation = () => roomNamed(env, conversationRoomName(shop.workspaceId, conversationId))
const inWorkspace = () => roomNamed(env, workspaceRoomName(shop.workspaceId))

const everyone = (): Audience => ({ inboxId: shop.inbox.id, departmentId: null })
const frame = (content: string, audience = everyone(), seq?: number) => ({
  ...(seq === undefined ? {} : { seq }),
  html: { 'pt-BR': `${content} (pt)`, en: content, es: `${content} (es)` },
  audience,
})

/** What was published, without what a room says of itself. */
const heard = ({ frames }: Seat) => frames.filter(({ t }) => t === undefined).map(({ content }) => content)

/** As if the last look at everybody's rights had been long ago. */
const longAgo = (room: ReturnType<typeof roomNamed>) => evictDurableObject(room)

describe('the door', () => {
  it.each([
    ['no origin', {}],
    ['somebody else’s', { origin: 'https://evil.example' }],
    ['one that begins like ours', { origin: `${ORIGIN}.evil.example` }],
    ['one of another scheme', { origin: ORIGIN.replace('http:', 'https:') }],
    ['none, as a sandbox has it', { origin: 'null' }],
  ])('refuses %s', async (_, headers) => {
    expect((await upgrade(browsers.Ana, WORKSPACE, headers as Record<string, string>)).status).toBe(403)
  })

  it('refuses whoever is not signed in', async () => {
    expect((await upgrade(null, WORKSPACE)).status).toBe(401)
    const forged = { ...browsers.Ana, cookies: new Map([['prosa.session_token', 'abc.def']]) }
    expect((await upgrade(forged, WORKSPACE)).status).toBe(401)
  })

  it('refuses what is no upgrade', async () => {
    const answer = await exports.default.fetch(
      new Request(`${ORIGIN}${WORKSPACE}`, { headers: { origin: ORIGIN, cookie: cookieOf(browsers.Ana) } }),
    )
    expect(answer.status).toBe(422)
  })

  it('finds no conversation that is foreign, hidden, gone or malformed', async () => {
    await change(sql`UPDATE conversations SET department_id = ${shop.financeiro} WHERE id = ${conversationId}`)
    const evas = await browserOf(eva.people.Ana)
    expect(await knock(evas, `/rooms/conversations/${conversationId}`)).toBe(404)
    expect(await knock(browsers.Bruno, `/rooms/conversations/${conversationId}`)).toBe(404)
    expect(await knock(browsers.Ana, `/rooms/conversations/${crypto.randomUUID()}`)).toBe(404)
    expect(await knock(browsers.Ana, '/rooms/conversations/1')).toBe(404)
    expect(await knock(browsers.Carla, `/rooms/conversations/${conversationId}`)).toBe(101)
  })

  it('lets an agent have ten sockets and no more, until one of them is closed', async () => {
    const seats = await Promise.all(Array.from({ length: 10 }, () => sit(browsers.Ana, WORKSPACE)))
    const refused = await upgrade(browsers.Ana, WORKSPACE)
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await knock(browsers.Bruno, WORKSPACE)).toBe(101)
    seats[0]?.socket.close(1000)
    await expect.poll(() => counted(shop.people.Ana)).toBe(9)
    expect(await knock(browsers.Ana, WORKSPACE)).toBe(101)
  })

  it('lets who flips through conversations into sixty rooms a minute, and no more', async () => {
    const { agentId } = shop.people.Diego
    const sockets = agentSocketsOf(env, shop.workspaceId, agentId)
    for (let room = 0; room < 60; room += 1) {
      expect(await sockets.join(agentId, `room ${room}`)).toBe(0)
      await sockets.leave(`room ${room}`)
    }
    expect(await sockets.join(agentId, 'room 60')).toBeGreaterThan(0)
  })

  it('lets an agent knock at one room twenty times a minute and no more', async () => {
    for (let time = 0; time < 20; time += 1) {
      const { socket } = await sit(browsers.Carla, WORKSPACE)
      socket.close(1000)
      await expect.poll(() => counted(shop.people.Carla)).toBe(0)
    }
    const refused = await upgrade(browsers.Carla, WORKSPACE)
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  })

  it('counts again before it refuses: a goodbye may have been lost', async () => {
    await runInDurableObject(agentSocketsOf(env, shop.workspaceId, shop.people.Diego.agentId), (_, { storage }) => {
      storage.sql.exec("INSERT INTO rooms (name, sockets) VALUES ('a room that is gone', 10)")
    })
    await sit(browsers.Diego, WORKSPACE)
    expect(await counted(shop.people.Diego)).toBe(1)
  })
})

describe('who hears', () => {
  it('everyone at the conversation hears what is said there, in their own language, and so does the list', async () => {
    const [ana, bruno, list] = await Promise.all([
      sit(browsers.Ana),
      sit(browsers.Bruno),
      sit(browsers.Carla, WORKSPACE),
    ])
    const { seq } = await rowOf<{ seq: number }>(sql`SELECT seq FROM conversations WHERE id = ${conversationId}`)
    await hear('Tudo bem?')
    for (const seat of [ana, bruno]) {
      await expect
        .poll(() => seat.frames)
        .toMatchObject([{ seq: seq + 1, content: expect.stringContaining('Tudo bem?') }])
    }
    await expect.poll(() => heard(list)).toEqual([expect.stringContaining(`data-conversation-id="${conversationId}"`)])

    await inConversation().publish(frame('hello'))
    await expect.poll(() => heard(ana).at(-1)).toBe('hello')
  })

  it('of a department hears its own people, its supervisor and those who see everything', async () => {
    const seats = await Promise.all(
      (['Ana', 'Bruno', 'Carla', 'Diego'] as const).map((name) => sit(browsers[name], WORKSPACE)),
    )
    const foreign = await sit(await browserOf(eva.people.Ana), WORKSPACE)
    await inWorkspace().publish(frame('Suporte', { inboxId: shop.inbox.id, departmentId: shop.suporte }))
    await inWorkspace().publish(frame('Financeiro', { inboxId: shop.inbox.id, departmentId: shop.financeiro }))
    await inWorkspace().publish(frame('nobody’s number', { inboxId: 'another', departmentId: shop.suporte }))
    await inWorkspace().publish(frame('all'))
    await expect
      .poll(() => seats.map(heard))
      .toEqual([
        ['Suporte', 'Financeiro', 'nobody’s number', 'all'],
        ['Suporte', 'all'],
        ['Financeiro', 'all'],
        ['Suporte', 'nobody’s number', 'all'],
      ])
    expect(heard(foreign)).toEqual([])
  })

  it('a conversation that moved away is over for those who may not see it any more', async () => {
    const [bruno, carla, list] = await Promise.all([
      sit(browsers.Bruno),
      sit(browsers.Carla),
      sit(browsers.Bruno, WORKSPACE),
    ])
    await inConversation().publish(frame('moved', { inboxId: shop.inbox.id, departmentId: shop.financeiro }))
    await expect.poll(() => bruno.closed.code).toBe(4403)
    await expect.poll(() => heard(carla)).toEqual(['moved'])
    expect([heard(bruno), list.closed.code]).toEqual([[], null])
  })

  it('fault 29: a room that was reset knows who sits in it, and what they may hear', async () => {
    const [bruno, carla] = await Promise.all([sit(browsers.Bruno, WORKSPACE), sit(browsers.Carla, WORKSPACE)])
    await evictDurableObject(inWorkspace())
    await inWorkspace().publish(frame('Suporte', { inboxId: shop.inbox.id, departmentId: shop.suporte }))
    await inWorkspace().publish(frame('all'))
    await expect.poll(() => heard(bruno)).toEqual(['Suporte', 'all'])
    await expect.poll(() => heard(carla)).toEqual(['all'])
  })
})

describe('loss of access', () => {
  const bump = ({ agentId }: Person) => sql`UPDATE agents SET authz_version = authz_version + 1 WHERE id = ${agentId}`
  const leaveSuporte = ({ agentId }: Person) =>
    sql`DELETE FROM department_members WHERE agent_id = ${agentId} AND department_id = ${shop.suporte}`

  it('fault 34: a department is taken away: the conversation is over, the list goes on without it', async () => {
    const { Bruno } = shop.people
    await change(sql`UPDATE conversations SET department_id = ${shop.suporte} WHERE id = ${conversationId}`)
    const [thread, list] = await Promise.all([sit(browsers.Bruno), sit(browsers.Bruno, WORKSPACE)])
    await inConversation().publish(frame('before', { inboxId: shop.inbox.id, departmentId: shop.suporte }))
    await expect.poll(() => heard(thread)).toEqual(['before'])

    await change(leaveSuporte(Bruno), bump(Bruno))
    app().publish({ type: 'agent.changed', workspaceId: shop.workspaceId, agentId: Bruno.agentId })
    await everyoneIsTold()
    await expect.poll(() => thread.closed.code).toBe(4403)
    await inConversation().publish(frame('after', { inboxId: shop.inbox.id, departmentId: shop.suporte }))
    await inWorkspace().publish(frame('Suporte', { inboxId: shop.inbox.id, departmentId: shop.suporte }))
    await inWorkspace().publish(frame('all'))
    await expect.poll(() => heard(list)).toEqual(['all'])
    expect([heard(thread), list.closed.code]).toEqual([['before'], null])
  })

  it('somebody is deactivated: all their sockets end, and not a frame comes after', async () => {
    const { Ana, Carla } = shop.people
    const [thread, list, other] = await Promise.all([
      sit(browsers.Carla),
      sit(browsers.Carla, WORKSPACE),
      sit(browsers.Bruno, WORKSPACE),
    ])
    const ana = { ...(await scopeOf(Ana)), sessionHash: '' }
    await deactivate(app(), ana as never, { id: Carla.agentId, successorId: null })
    await everyoneIsTold()
    await expect.poll(() => [thread.closed.code, list.closed.code]).toEqual([4401, 4401])
    await Promise.all([inConversation().publish(frame('after')), inWorkspace().publish(frame('after'))])
    await expect.poll(() => heard(other)).toEqual(['after'])
    expect([heard(thread), heard(list)]).toEqual([[], []])
    expect(await knock(browsers.Carla, WORKSPACE)).toBe(401)

    await reactivate(app(), ana as never, Carla.agentId)
    browsers.Carla = await browserOf(Carla)
  })

  it('fault 30: the call that tells of it is lost: what is published next closes first', async () => {
    const { Carla, Bruno } = shop.people
    const [gone, moved, other] = await Promise.all([
      sit(browsers.Carla, WORKSPACE),
      sit(browsers.Bruno, WORKSPACE),
      sit(browsers.Ana, WORKSPACE),
    ])
    await longAgo(inWorkspace())
    await change(
      sql`UPDATE agents SET deactivated_at = 1, authz_version = authz_version + 1 WHERE id = ${Carla.agentId}`,
      leaveSuporte(Bruno),
      bump(Bruno),
    )
    await inWorkspace().publish(frame('Suporte', { inboxId: shop.inbox.id, departmentId: shop.suporte }))
    await expect.poll(() => heard(other)).toEqual(['Suporte'])
    await expect.poll(() => gone.closed.code).toBe(4401)
    expect([heard(gone), heard(moved), moved.closed.code]).toEqual([[], [], null])
  })

  it('and so does who types', async () => {
    const [typist, gone] = await Promise.all([sit(browsers.Ana), sit(browsers.Carla)])
    await longAgo(inConversation())
    await change(
      sql`UPDATE agents SET deactivated_at = 1, authz_version = authz_version + 1 WHERE id = ${shop.people.Carla.agentId}`,
    )
    typist.socket.send('{"t":"typing"}')
    await expect.poll(() => gone.closed.code).toBe(4401)
    expect(gone.frames).toEqual([])
  })

  it('signing out ends the sockets of that session, and those of no other', async () => {
    const { Diego } = shop.people
    const phone = await browserOf(Diego)
    const [there, here] = [await sit(phone, WORKSPACE), await sit(browsers.Diego, WORKSPACE)]
    const token = decodeURIComponent(phone.cookies.get('prosa.session_token') ?? '').split('.')[0] ?? ''
    await signOut(app(), { ...(await scopeOf(Diego)), sessionHash: '' } as never, token)
    await everyoneIsTold()
    await expect.poll(() => there.closed.code).toBe(4401)
    await inWorkspace().publish(frame('all'))
    await expect.poll(() => heard(here)).toEqual(['all'])
    expect([here.closed.code, heard(there)]).toEqual([null, []])
  })

  it('signing in over a session ends its sockets, and those of no other', async () => {
    const { Ana, Diego } = shop.people
    const phone = await browserOf(Diego)
    const [there, here] = [await sit(phone, WORKSPACE), await sit(browsers.Diego, WORKSPACE)]
    await phone.signIn(Ana)
    await expect.poll(() => there.closed.code).toBe(4401)
    expect(here.closed.code).toBeNull()
  })
})

describe('a page', () => {
  it('fault 32: that does not keep up is closed, and one that says how far it is, is not', async () => {
    const [slow, quick] = [await sit(browsers.Ana, WORKSPACE), await sit(browsers.Bruno, WORKSPACE)]
    for (let round = 0; round < 21; round += 1) {
      for (let no = 0; no < 10; no += 1) await inWorkspace().publish(frame(`${round}.${no}`))
      await expect.poll(() => quick.frames.length).toBe((round + 1) * 10)
      if (round % 5 === 4) quick.socket.send('{"t":"ack","frames":50}')
    }
    await expect.poll(() => slow.closed.code).toBe(1013)
    expect([slow.frames.length, quick.closed.code]).toEqual([200, null])
  })

  it('fault 32: that holds back too much is closed before it holds two hundred frames', async () => {
    const slow = await sit(browsers.Ana, WORKSPACE)
    for (let no = 0; no < 5; no += 1) await inWorkspace().publish(frame('x'.repeat(60_000)))
    await expect.poll(() => slow.closed.code).toBe(1013)
    expect(slow.frames.length).toBe(4)
  })

  it.each([
    ['more than 4 KB', JSON.stringify({ t: 'typing', padding: 'x'.repeat(4_096) })],
    ['what is no JSON', 'hello'],
    ['what is no object', '1'],
    ['a word that is none', '{"t":"publish"}'],
    ['an ack of nothing', '{"t":"ack"}'],
    ['an ack below nothing', '{"t":"ack","frames":-1}'],
    ['bytes', new Uint8Array([1, 2, 3])],
  ])('that says %s is closed', async (_, data) => {
    const { socket, closed } = await sit(browsers.Ana, WORKSPACE)
    socket.send(data)
    await expect.poll(() => closed.code).toBe(1008)
  })

  it('that talks too much is closed', async () => {
    const { socket, closed } = await sit(browsers.Ana, WORKSPACE)
    for (let no = 0; no < 40 && closed.code === null; no += 1) socket.send('{"t":"ack","frames":0}')
    await expect.poll(() => closed.code).toBe(1008)
  })

  it('that pings is answered', async () => {
    const { socket, frames } = await sit(browsers.Ana, WORKSPACE)
    socket.send('{"t":"ping"}')
    await expect.poll(() => frames).toEqual([{ t: 'pong' }])
  })

  it('whose agent types tells the others at the conversation, and nobody else', async () => {
    const [ana, again, bruno, list] = [
      await sit(browsers.Ana),
      await sit(browsers.Ana),
      await sit(browsers.Bruno),
      await sit(browsers.Bruno, WORKSPACE),
    ]
    ana.socket.send('{"t":"typing"}')
    await expect.poll(() => bruno.frames).toEqual([{ t: 'typing', agentId: shop.people.Ana.agentId, name: 'Ana' }])
    list.socket.send('{"t":"typing"}')
    await inConversation().publish(frame('next'))
    await expect.poll(() => heard(ana)).toEqual(['next'])
    expect([heard(again), list.frames]).toEqual([['next'], []])
  })
})

describe('a past that comes to light', () => {
  it('is heard by those who have its thread open, and by no list', async () => {
    const [seat, list] = [await sit(browsers.Bruno), await sit(browsers.Carla, WORKSPACE)]
    const past = aMessage({ id: 'a past', from: MARIANA, text: 'Antigamente', history: true, at: Date.now() + 1_000 })
    await hearAll([past])
    await hear('E agora')
    await expect.poll(() => seat.frames.length).toBe(2)
    expect(seat.frames[0]?.content).toContain('Antigamente')
    await expect.poll(() => heard(list)).toEqual([expect.stringContaining('data-conversation-id')])
  })
})
