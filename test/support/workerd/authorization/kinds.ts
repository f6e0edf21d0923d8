/** The kinds of routes that the authorization table is made of, and who is who in them. */
import type { Noun, Place, Principal, World } from './world.ts'

/** What becomes of a request. */
export type Outcome = 'done' | 'sign-in' | 'forbidden' | 'not-found'

export type Ids = World['ids'][Place]

export interface Line {
  /** From what the path names, and where it stands; a department, tag, group or reason is called as its place. */
  fields?: (ids: Ids, place: Place) => Record<string, string>
  /** The status where it is not refused. */
  done?: number | ((who: Principal, place: Place) => number)
  /** A part of a page, which is asked for by htmx alone. */
  part?: boolean
  /** A query string that the route needs. */
  query?: string
}

export interface Kind {
  title: string
  /** What a plain `:id` names. */
  noun?: Noun
  /** The thing is named in the form, not in the path. */
  inForm?: boolean
  outcome: (who: Principal, place: Place) => Outcome
  routes: Record<string, Line>
}

export const signedOut = (who: Principal) => who === 'anonymous' || who === 'deactivated' || who === 'revoked'

/** For whom a thing of that department exists. */
const SEES: Partial<Record<Principal, Place[]>> = {
  assigned: ['own'],
  sameDepartment: ['own'],
  otherDepartment: ['otherDepartment'],
  supervisorOwn: ['own'],
  supervisorOther: ['otherDepartment'],
  admin: ['own', 'otherDepartment'],
  owner: ['own', 'otherDepartment'],
  otherWorkspace: ['otherWorkspace'],
}

/** For whom a thing of the whole workspace exists. */
export const inWorkspace = (who: Principal, place: Place) =>
  who === 'otherWorkspace' ? place === 'otherWorkspace' : place === 'own' || place === 'otherDepartment'

export const sees = (who: Principal, place: Place) => SEES[who]?.includes(place) ?? false

export const found = (exists: boolean): Outcome => (exists ? 'done' : 'not-found')

export const administrates = (who: Principal) => who === 'admin' || who === 'owner' || who === 'otherWorkspace'

export const supervises = (who: Principal) => administrates(who) || who === 'supervisorOwn' || who === 'supervisorOther'

/** What whoever makes something of that name sends. */
export const CREATED = () => ({ name: 'Novo nome', id: KEY })
export const KEY = 'b8f8a2f4-8c58-4f0e-9d6b-3c1f5d3a7e10'

/** Changed by administrators alone; whoever is none hears nothing of what exists. */
export function administered(noun: Noun, routes: Record<string, Line>): Kind[] {
  return [
    {
      title: `${noun}: what administrators change`,
      noun,
      outcome: (who, place) => {
        if (signedOut(who)) return 'sign-in'
        return administrates(who) ? found(inWorkspace(who, place)) : 'forbidden'
      },
      routes,
    },
  ]
}
