/** Real payloads with one thing wrong. What is wrong where follows from the payload's name: a failure comes again. */

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

const HUGE = 'x'.repeat(100_000)
const KINDS = {
  dropped: () => undefined,
  retyped: (value: Json) => (typeof value === 'string' ? 42 : typeof value === 'number' ? [value] : 'text'),
  nested: (value: Json) => ({ value: [value] }),
  null: () => null,
  huge: (value: Json) => (Array.isArray(value) ? Array<Json>(500).fill(value[0] ?? 0) : HUGE),
  empty: (value: Json) => (Array.isArray(value) ? [] : typeof value === 'string' ? '' : {}),
} satisfies Record<string, (value: Json) => Json | undefined>

export interface Mutated {
  name: string
  body: string
}

/** Ten of one payload. `swap` names two ids of which each stands for the other. */
export function mutationsOf(name: string, payload: Json, swap: [string, string], otherObject = 'page'): Mutated[] {
  const text = JSON.stringify(payload)
  const changed = Object.entries(KINDS).map(([kind, change]) => ({
    name: `${name}, ${kind}`,
    body: JSON.stringify(withOneChanged(payload, numberOf(`${name} ${kind}`), change)),
  }))
  return [
    ...changed,
    { name: `${name}, with a key twice`, body: withKeyTwice(text, numberOf(name)) },
    { name: `${name}, with more than is known`, body: JSON.stringify(withMore(payload)) },
    { name: `${name}, of another number`, body: text.replaceAll(swap[0], swap[1]) },
    { name: `${name}, as another object`, body: JSON.stringify({ ...(payload as object), object: otherObject }) },
  ]
}

function withOneChanged(payload: Json, which: number, change: (value: Json) => Json | undefined): Json {
  const copy = structuredClone(payload)
  const places = placesIn(copy)
  const place = places[which % places.length]
  if (!place) return copy
  const { holder, key } = place
  const value = change(holder[key] as Json)
  if (value !== undefined) holder[key] = value
  else delete holder[key]
  return copy
}

interface Place {
  holder: { [key: string]: Json }
  key: string
}

/** Every value there is, with what holds it. */
function placesIn(value: Json): Place[] {
  if (typeof value !== 'object' || value === null) return []
  const holder = value as Place['holder']
  return Object.keys(holder).flatMap((key) => [{ holder, key }, ...placesIn(holder[key] as Json)])
}

function withMore(value: Json): Json {
  if (Array.isArray(value)) return value.map(withMore)
  if (typeof value !== 'object' || value === null) return value
  const known = Object.entries(value).map(([key, member]) => [key, withMore(member)])
  return { ...Object.fromEntries(known), novelty: { since: 2031, of: ['a', null, 1] } }
}

function withKeyTwice(text: string, which: number): string {
  const keys = [...text.matchAll(/"(\w+)":/g)]
  const chosen = keys[which % keys.length]
  if (!chosen) return text
  return `${text.slice(0, chosen.index)}"${chosen[1]}":"twice",${text.slice(chosen.index)}`
}

const numberOf = (name: string) =>
  [...name].reduce((sum, char) => (sum * 31 + (char.codePointAt(0) ?? 0)) % 1_000_003, 7)
