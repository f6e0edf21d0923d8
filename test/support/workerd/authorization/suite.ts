/** One kind of route of the table, asked by everyone about everything. */
import { describe, expect, it } from 'vitest'
import type { Kind, Line, Outcome } from './table.ts'
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
} from './world.ts'

export function describeKinds(kinds: Kind[]): void {
  describe.each(kinds)('$title', (kind) => {
    it.each(Object.entries(kind.routes))(
      '%s',
      async (route, line) => {
        const world = await newWorld()
        const before = await rowsOfWorld(world)
        for (const who of PRINCIPALS) await refusedWithoutTrace(world, { route, line, kind }, who)
        expect(await rowsOfWorld(world), 'a refusal changed something').toBe(before)
        // Reading changes nothing: everyone may read in one world. Whatever else is done is done in a world of one's own.
        const worldOf = route.startsWith('GET') ? async () => world : newWorld
        for (const who of PRINCIPALS) await doneWhereAllowed(worldOf, { route, line, kind }, who)
      },
      60_000,
    )
  })
}

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

/** All that this person may do. */
async function doneWhereAllowed(
  worldOf: () => Promise<World>,
  { route, line, kind }: Case,
  who: Principal,
): Promise<void> {
  const allowed = OBJECTS.filter((place) => kind.outcome(who, place) === 'done')
  if (allowed.length === 0) return
  const world = await worldOf()
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
