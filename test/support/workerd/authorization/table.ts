/**
 * Who may ask what: one line a route, under the kind of route that it is. A route that is mounted and has no line here
 * fails the tests, as does a line whose route is gone.
 *
 * To add a route, write it under its kind, in the file of its topic beside this one, e.g.
 *
 *     'POST /conversations/:conversationId/flags': { fields: () => ({ colour: 'red' }) },
 *
 * `fields` is a form that a person who may do it would send; `done` is the status of the answer where it is not a page
 * (200) or a way back to one (303). Parameters are filled in by their names (`:contactId` is a contact); a plain `:id` is
 * the kind's own noun. A thing that is nowhere yet gets its rows in `world.ts`.
 */
import { CONTACTS } from './contacts.ts'
import { CONVERSATIONS } from './conversations.ts'
import { EVERYONE } from './everyone.ts'
import type { Kind } from './kinds.ts'
import { SETTINGS } from './settings.ts'

export const TABLE: Kind[] = [...EVERYONE, ...CONVERSATIONS, ...CONTACTS, ...SETTINGS]

/** What is set, and not what is said: the table is asked in two halves. */
export const isOfSettings = ({ routes }: Kind) => Object.keys(routes).some((route) => route.includes(' /settings'))
