/** One kind of route of the table, asked by everyone about everything. */
import { describe, expect, it } from 'vitest'
import type { Kind, Line, Outcome } from './kinds.ts'
import {
  type Account,
  accountOf,
  type Noun,
  newWorld,
  newWorldOf,
  OBJECTS,
  type Place,
  PRINCIPALS,
  type Principal,
  type World,
} from './world.ts'

export function describeKinds(kinds: Kind[]): void {
  describe.each(kinds)('$title', (kind) => {
    // What is refused, and what is only read, changes nothing: one world does for a whole kind, as long as nothing fails.
    let last: { world: World; account: Account } | undefined
    const worldFor = async (line: Line) => {
      if (last && !isCounted(last.world, line)) return last
      const world = await newWorld()
      return { world, account: await accountOf(world) }
    }

    it.each(Object.entries(kind.routes))('%s', async (route, line) => {
      const asked = { route, line, kind }
      const { world, account } = await worldFor(line)
      last = undefined
      const denials = { ...account.denials }
      await Promise.all(
        PRINCIPALS.map(async (who) => {
          denials[who] += await refusedWithoutTrace(world, asked, who)
        }),
      )
      const after = await accountOf(world)
      expect(after.rows, 'a refusal changed something, or a page of the route before').toBe(account.rows)
      expect(after.denials, 'denials in the audit log').toEqual(denials)
      await Promise.all(PRINCIPALS.map((who) => doneWhereAllowed(world, asked, who)))
      last = { world, account: after }
    })
  })
}

/** So many messages of one person within seconds are refused for their number, before anything else is asked. */
const isCounted = (world: World, { fields }: Line) =>
  fields !== undefined && 'clientKey' in fields(world.ids.own, 'own')

interface Case {
  route: string
  line: Line
  kind: Kind
}

/**
 * Where the path names nothing, every place is the same; and whoever is answered alike in every place is asked about what
 * exists and what does not.
 */
function placesOf({ route, kind }: Case, who: Principal): readonly Place[] {
  if (!(route.includes('/:') || kind.inForm)) return ['own']
  const outcomes = new Set(OBJECTS.map((place) => kind.outcome(who, place)))
  return outcomes.size === 1 && !outcomes.has('done') ? ['own', 'missing'] : OBJECTS
}

/** All that this person is refused: each as it should be, none telling what exists. Answers with how often it is a denial. */
async function refusedWithoutTrace(world: World, asked: Case, who: Principal): Promise<number> {
  const bodies = new Set<string>()
  let denials = 0
  for (const place of placesOf(asked, who)) {
    const outcome = asked.kind.outcome(who, place)
    if (outcome === 'done') continue
    const answer = await ask(world, asked, who, place)
    expect([who, place, outcomeOf(answer)]).toEqual([who, place, outcome])
    if (outcome === 'not-found') bodies.add(withoutIds(await answer.text()))
    if (outcome === 'forbidden') denials += 1
  }
  expect(bodies.size, `${who} can tell what exists`).toBeLessThanOrEqual(1)
  return denials
}

/** All that this person may do; whatever changes something is done in a world of one's own. */
async function doneWhereAllowed(shared: World, asked: Case, who: Principal): Promise<void> {
  const { route, line, kind } = asked
  const allowed = placesOf(asked, who).filter((place) => kind.outcome(who, place) === 'done')
  if (allowed.length === 0) return
  const world = route.startsWith('GET') ? shared : await newWorldOf(who, allowed)
  for (const place of allowed) {
    const answer = await ask(world, asked, who, place)
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

function ask(world: World, { route, line, kind }: Case, who: Principal, place: Place): Promise<Response> {
  const [method = ''] = route.split(' ')
  const path = pathOf(world, { route, kind }, place)
  return world.ask(who, method, `${path}${line.query ? `?${line.query}` : ''}`, {
    fields: line.fields?.(world.ids[place], place),
    part: line.part,
  })
}

/** The route's address, with what stands in that place for its parameters. */
export function pathOf(world: World, { route, kind }: Pick<Case, 'route' | 'kind'>, place: Place): string {
  const [, pattern = ''] = route.split(' ')
  return pattern
    .replace('/*', '/nothing-of-that-name')
    .replaceAll(/:([A-Za-z]+)/g, (_, name: string) => world.ids[place][nounOf(name, kind)] ?? name)
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
