/** Somebody of the cast as a verb gets them. */
import type { Viewer } from '../../../src/db/records.ts'
import type { Person } from '../people.ts'
import { scopeOf } from './workspace.ts'

/** As they stand in the tables now. */
export const viewerOf = async (person: Person): Promise<Viewer> => ({
  ...(await scopeOf(person)),
  name: person.name,
  email: person.email,
  locale: 'pt-BR',
  theme: 'system',
  workspaceName: 'Padaria',
  timeZone: 'America/Sao_Paulo',
  listFilters: '',
  ownTimeZone: null,
  sounds: { mine: true, queue: false, tick: false, volume: 60 },
  sessionHash: 'the hash of a session',
})
