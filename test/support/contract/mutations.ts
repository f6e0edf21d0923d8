/** Payloads as nobody should send them: what a real one becomes when somebody errs, or means harm. */
import fc from 'fast-check'

const ODD = fc.constantFrom<unknown>(
  ...[undefined, null, '', 'x', 0, -1, 1e21, true, [], {}, [null], { toString: 1 }, { id: {} }],
  ...['\ud800', '9'.repeat(600), 'x'.repeat(70_000), Array.from({ length: 300 }, () => 0)],
)

type Change = (place: Place, other: Place) => void

const CHANGES: Record<string, Change> = {
  drop: ({ of, key }) => {
    delete of[key]
  },
  retype: ({ of, key }) => {
    const value = of[key]
    of[key] = typeof value === 'string' ? Number(value) || value.length : (JSON.stringify(value) ?? null)
  },
  wrap: ({ of, key }) => {
    of[key] = [of[key]]
  },
  bury: ({ of, key }) => {
    for (let depth = 0; depth < 40; depth++) of[key] = { of: of[key] }
  },
  swap: (place, other) => {
    const [mine, theirs] = [structuredClone(place.of[place.key]), structuredClone(other.of[other.key])]
    place.of[place.key] = theirs
    other.of[other.key] = mine
  },
  double: ({ of, key }) => {
    const value = of[key]
    if (Array.isArray(value)) of[key] = [...value, ...structuredClone(value)]
  },
}

interface Place {
  of: Record<string, unknown>
  key: string
}

function placesIn(node: unknown): Place[] {
  if (typeof node !== 'object' || node === null) return []
  const of = node as Record<string, unknown>
  return Object.keys(of).flatMap((key) => [{ of, key }, ...placesIn(of[key])])
}

const ALL = ['odd', ...Object.keys(CHANGES)]
/** What leaves a body within the depth to which it is read at all. */
export const SHALLOW = ALL.filter((how) => how !== 'bury')

const stepOf = (ways: string[]) =>
  fc.record({ where: fc.nat(), other: fc.nat(), how: fc.constantFrom(...ways), odd: ODD })

/** One of the payloads, changed in some places. */
export const mutationsOf = (payloads: unknown[], ways = ALL) =>
  fc
    .tuple(fc.constantFrom(...payloads), fc.array(stepOf(ways), { minLength: 1, maxLength: 4 }))
    .map(([payload, steps]) => {
      const body = { payload: structuredClone(payload) }
      for (const { where, other, how, odd } of steps) {
        const places = placesIn(body)
        const [place, second] = [places[where % places.length], places[other % places.length]]
        if (!place || !second) continue
        if (how === 'odd') place.of[place.key] = structuredClone(odd)
        else CHANGES[how]?.(place, second)
      }
      return body.payload
    })
