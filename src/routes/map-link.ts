/** Where a link of a map leads, read off the link alone: nothing is asked of the net. */
import { AppError } from '../domain/errors.ts'
import type { Place } from '../domain/kinds.ts'

export interface MapPlace {
  latitude: number
  longitude: number
  /** What the link calls the place; empty: nothing. */
  name: string
}

const PAIR = String.raw`(-?\d{1,3}(?:\.\d+)?)\s*,\s*\+?(-?\d{1,3}(?:\.\d+)?)`
const COORDINATES = new RegExp(`^${PAIR}$`)
const IN_QUERY = ['q', 'query', 'll', 'center', 'destination', 'daddr', 'mlat']
/** The pin itself, then where the map was looking. */
const IN_PATH = [
  /!3d(-?\d{1,3}(?:\.\d+)?)!4d(-?\d{1,3}(?:\.\d+)?)/,
  new RegExp(`@${PAIR}`),
  new RegExp(`/${PAIR}(?:/|$)`),
]
const SHORT_HOSTS = new Set(['goo.gl', 'maps.app.goo.gl', 'g.co', 'share.google'])

/** Out of a form's fields; refuses what tells no place. */
export function typedPlace({ where = '', name, address = '' }: Readonly<Record<string, string | undefined>>): Place {
  const found = mapPlace(where)
  if (!found || found === 'short')
    throw new AppError('invalid', { field: 'where', reason: found ? 'shortLink' : 'coordinates' })
  return { ...found, name: name || found.name, address }
}

/** Coordinates, or the full link of a map; `short`: a link that does not tell; null: nothing that could be read. */
export function mapPlace(text: string): MapPlace | 'short' | null {
  const typed = text.trim().slice(0, 4_000)
  const bare = typed.match(COORDINATES)
  if (bare) return place(bare)
  const url = URL.parse(/^https?:/i.test(typed) ? typed : `https://${typed}`)
  if (!url?.hostname.includes('.')) return null
  if (SHORT_HOSTS.has(url.hostname)) return 'short'
  const address = decoded(url.pathname)
  const found =
    address.match(IN_PATH[0] as RegExp) ??
    IN_QUERY.map((name) => url.searchParams.get(name)?.replace(/^loc:/, '').trim().match(COORDINATES)).find(Boolean) ??
    openStreetMap(url) ??
    IN_PATH.slice(1)
      .map((form) => address.match(form))
      .find(Boolean)
  return found ? { ...place(found), name: nameIn(address) } : null
}

const place = ([, latitude, longitude]: readonly (string | undefined)[]): MapPlace => ({
  latitude: Number(latitude),
  longitude: Number(longitude),
  name: '',
})

function openStreetMap({ searchParams, hash }: URL): string[] | null {
  const pin = [searchParams.get('mlat'), searchParams.get('mlon')]
  if (pin.every((part) => part !== null && /^-?\d/.test(part))) return ['', ...(pin as string[])]
  return hash.match(/^#map=[\d.]+\/(-?\d{1,3}(?:\.\d+)?)\/(-?\d{1,3}(?:\.\d+)?)/)
}

function nameIn(address: string): string {
  const name =
    address
      .match(/\/maps\/(?:place|search)\/([^/@]+)/)?.[1]
      ?.replaceAll('+', ' ')
      .trim() ?? ''
  return COORDINATES.test(name) || /\d°/.test(name) ? '' : name
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
