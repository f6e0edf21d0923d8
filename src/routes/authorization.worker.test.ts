import { describe, expect, it, vi } from 'vitest'
import { type Kind, type Line, type Outcome, TABLE } from '../../test/support/workerd/authorization/table.ts'
import {
  denialsOf,
  type Noun,
  newWorld,
  OBJECTS,
  type Place,
  PRINCIPALS,
  type Principal,
  rowsOfWorld,
  type World,
} from '../../test/support/workerd/authorization/world.ts'
import { app } from '../index.ts'

/** As the router knows them: middleware and the several handlers of one route aside. */
const mounted = [
  ...new Set(app.routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => `${method} ${path}`)),
]
const lines = TABLE.flatMap((kind) => Object.entries(kind.routes).map(([route, line]) => ({ route, line, kind })))

it('every route that is mounted has one line in the table, and every line a route', () => {
  expect(lines.map(({ route }) => route).toSorted()).toEqual(mounted.toSorted())
})

describe.each(TABLE)('$title', (kind) => {
  it.each(Object.entries(kind.routes))(
    '%s',
    async (route, line) => {
      const world = await newWorld()
      const before = await rowsOfWorld(world)
      for (const who of PRINCIPALS) await refusedWithoutTrace(world, { route, line, kind }, who)
      expect(await rowsOfWorld(world), 'a refusal changed something').toBe(before)
      for (const who of PRINCIPALS) await doneWhereAllowed({ route, line, kind }, who)
    },
    60_000,
  )
})

it('what happens in a conversation is told at once to whoever may see it, and to nobody else', async () => {
  const world = await newWorld()
  const heard: Principal[] = []
  const sockets: WebSocket[] = []
  for (const who of PRINCIPALS) {
    const { webSocket } = await world.ask(who, 'GET', '/rooms/workspace')
    if (!webSocket) continue
    webSocket.accept()
    webSocket.addEventListener('message', () => void heard.push(who))
    sockets.push(webSocket)
  }
  const tell = (place: Place, text: string) =>
    world.ask('owner', 'POST', `/conversations/${world.ids[place].conversation}/messages`, {
      fields: { text, clientKey: crypto.randomUUID() },
    })
  await tell('own', 'Olá, Suporte')
  const ofSuporte = ['admin', 'assigned', 'owner', 'sameDepartment', 'supervisorOwn']
  await vi.waitFor(() => expect(heard.toSorted()).toEqual(ofSuporte), { timeout: 5_000 })
  // A frame for others would have come by the time that the next one has.
  heard.length = 0
  await tell('otherDepartment', 'Olá, Financeiro')
  const ofFinanceiro = ['admin', 'otherDepartment', 'owner', 'supervisorOther']
  await vi.waitFor(() => expect(heard.toSorted()).toEqual(ofFinanceiro), { timeout: 5_000 })
  for (const socket of sockets) socket.close()
})

interface Case {
  route: string
  line: Line
  kind: Kind
}

/** All that this person is refused: each as it should be, none telling what exists, each denial written down. */
async function refusedWithoutTrace(world: World, { route, line, kind }: Case, who: Principal): Promise<void> {
  const refused = OBJECTS.map((place) => ({ place, outcome: kind.outcome(who, place) })).filter(
    ({ outcome }) => outcome !== 'done',
  )
  const denied = await denialsOf(world, who)
  const bodies = new Set<string>()
  for (const { place, outcome } of refused) {
    const answer = await ask(world, route, line, kind, who, place)
    expect([who, place, outcomeOf(answer)]).toEqual([who, place, outcome])
    if (outcome === 'not-found') bodies.add(withoutIds(await answer.text()))
  }
  expect(bodies.size, `${who} can tell what exists`).toBeLessThanOrEqual(1)
  const forbidden = refused.filter(({ outcome }) => outcome === 'forbidden').length
  expect((await denialsOf(world, who)) - denied, `${who}: denials in the audit log`).toBe(forbidden)
}

/** All that this person may do, in a world of their own: doing it changes it. */
async function doneWhereAllowed({ route, line, kind }: Case, who: Principal): Promise<void> {
  const allowed = OBJECTS.filter((place) => kind.outcome(who, place) === 'done')
  if (allowed.length === 0) return
  const world = await newWorld()
  // Where the path names nothing, every place is the same.
  for (const place of route.includes('/:') || kind.inForm ? allowed : allowed.slice(0, 1)) {
    const answer = await ask(world, route, line, kind, who, place)
    expect([who, place, answer.status], route).toEqual([who, place, statusOf(route, line, who, place)])
    expect([who, place, answer.headers.get('location') ?? '']).not.toEqual([
      who,
      place,
      expect.stringContaining('/sign-in?'),
    ])
    close(answer)
  }
}

function statusOf(route: string, { done }: Line, who: Principal, place: Place): number {
  if (typeof done === 'function') return done(who, place)
  return done ?? (route.startsWith('GET') ? 200 : 303)
}

function ask(world: World, route: string, line: Line, kind: Kind, who: Principal, place: Place): Promise<Response> {
  const [method = '', pattern = ''] = route.split(' ')
  const ids = world.ids[place]
  const path = pattern
    .replace('/*', '/nothing-of-that-name')
    .replaceAll(/:([A-Za-z]+)/g, (_, name: string) => ids[nounOf(name, kind)] ?? name)
  return world.ask(who, method, `${path}${line.query ? `?${line.query}` : ''}`, {
    fields: line.fields?.(ids, place),
    part: line.part,
  })
}

const nounOf = (parameter: string, kind: Kind) =>
  (parameter === 'id' ? kind.noun : parameter.replace(/Id$/, '')) as Noun

function outcomeOf(answer: Response): Outcome | number {
  const toSignIn = answer.headers.get('location')?.startsWith('/sign-in')
  close(answer)
  if (answer.status === 401 || (answer.status === 303 && toSignIn)) return 'sign-in'
  if (answer.status === 403) return 'forbidden'
  return answer.status === 404 ? 'not-found' : answer.status
}

/** The number of the request is new each time, and the page asked for may be in the address of a link. */
const withoutIds = (body: string) => body.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '')

function close({ webSocket }: Response): void {
  webSocket?.accept()
  webSocket?.close()
}
