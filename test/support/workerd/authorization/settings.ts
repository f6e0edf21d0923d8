/** What is set. */
import {
  administered,
  administrates,
  CREATED,
  found,
  type Ids,
  KEY,
  type Kind,
  sees,
  signedOut,
  supervises,
} from './kinds.ts'
import type { Place } from './world.ts'

const RENAMED = (_ids: Ids, place: Place) => ({ name: `Novo nome de ${place}`, was: place })
/** The account is nobody's yet, in any workspace. */
const CONNECTED = ({ namesake }: Ids) => ({
  ...{ id: KEY, channel: 'whatsapp', name: 'Novo número', accountId: namesake, businessAccountId: '1', appId: '1' },
  ...{ accessToken: 'token-of-a-test', appSecret: 'secret-of-a-test' },
})
const WEEK = Object.fromEntries(Array.from({ length: 7 }, (_, day) => [`day${day}`, '08:00-18:00']))

export const SETTINGS: Kind[] = [
  {
    title: 'an event that was set aside, an invitation, an erasure: there is none',
    noun: 'inbox',
    outcome: (who) => (signedOut(who) ? 'sign-in' : administrates(who) ? 'not-found' : 'forbidden'),
    routes: {
      'GET /settings/inboxes/:id/letters/:letterId': {},
      'DELETE /settings/agents/invitations/:id': {},
      'GET /settings/privacy/erasures/:id': {},
      'GET /settings/privacy/erasures/:id/standing': {},
      'GET /settings/privacy/erasures/:id/proof': {},
    },
  },
  {
    title: 'departments, to look at: administrators all, supervisors theirs',
    noun: 'department',
    outcome: (who, place) => (signedOut(who) ? 'sign-in' : supervises(who) ? found(sees(who, place)) : 'forbidden'),
    routes: { 'GET /settings/departments/:id': {} },
  },
  {
    title: 'the list of departments',
    outcome: (who) => (signedOut(who) ? 'sign-in' : supervises(who) ? 'done' : 'forbidden'),
    routes: { 'GET /settings/departments': {} },
  },
  {
    title: 'what administrators make and look at',
    outcome: (who) => (signedOut(who) ? 'sign-in' : administrates(who) ? 'done' : 'forbidden'),
    routes: {
      'POST /settings/departments': { fields: CREATED },
      'GET /settings/start': {},
      // Where there is something real, it is refused.
      'POST /settings/start/demonstration': { done: (who) => (who === 'otherWorkspace' ? 303 : 409) },
      'DELETE /settings/start/demonstration': {},
      'POST /settings/agents/invitations': { fields: () => ({ id: KEY, role: 'agent' }), done: 200 }, // the one page that shows the link
      'GET /settings/inboxes': {},
      'GET /settings/inboxes/new': {},
      'GET /settings/inboxes/new/:channel': { done: 404 }, // none of that name: asked for as `channel`
      'POST /settings/inboxes': { fields: CONNECTED },
      'GET /settings/hours': {},
      'POST /settings/hours/holidays': { fields: () => ({ name: 'Aniversário', day: '2027-03-04' }) },
      'POST /settings/hours/holidays/brazil': {},
      'DELETE /settings/hours/holidays/:day': {},
      'GET /settings/letters': {},
      'POST /settings/letters/replay': { fields: () => ({ id: `${KEY}:1` }) },
      'POST /settings/letters/discard': { fields: () => ({ id: `${KEY}:1`, reason: 'Em dobro' }) },
      'GET /settings/status': {},
      'GET /settings/audit': {},
      'POST /settings/audit/export': { done: 200 }, // a file
      'GET /settings/contact-fields': {},
      'POST /settings/contact-fields': { fields: () => ({ ...CREATED(), kind: 'text' }) },
      'GET /settings/close-reasons': {},
      'GET /settings/privacy': {},
      'GET /settings/privacy/retention': { query: 'days=90' },
      'PUT /settings/privacy/retention': { fields: () => ({ days: '90', was: '0' }) },
      'POST /settings/close-reasons': { fields: CREATED },
    },
  },
  {
    title: 'a quick reply of a department, changed by whoever leads there',
    noun: 'quickReply',
    outcome: (who, place) => (signedOut(who) ? 'sign-in' : found(supervises(who) && sees(who, place))),
    routes: {
      'GET /settings/quick-replies/:id': {},
      'PUT /settings/quick-replies/:id': { fields: () => ({ shortcut: 'ola', body: 'Olá!', version: '1' }) },
      'GET /settings/quick-replies/:id/removal': {},
      'DELETE /settings/quick-replies/:id': {},
      // It is no form of files.
      'POST /settings/quick-replies/:id/files': { done: 415 },
      'DELETE /settings/quick-replies/:id/files/:fileId': {},
    },
  },
  ...administered('department', {
    'GET /settings/hours/:id': {},
    'PUT /settings/hours/:id': { fields: () => ({ ...WEEK, answer: 'Voltamos amanhã.', version: '0' }) },
    'PUT /settings/departments/:id': { fields: RENAMED },
    'GET /settings/departments/:id/removal': {},
    'DELETE /settings/departments/:id': { fields: () => ({ to: '' }) },
    'POST /settings/departments/:id/members': { fields: ({ agent }) => ({ agentId: agent }) },
    'DELETE /settings/departments/:id/members/:agentId': {},
  }),
  ...administered('agent', {
    'GET /settings/agents/:id': {},
    'GET /settings/agents/:id/deactivation': {},
    'PUT /settings/agents/:id/deactivation': { fields: () => ({ to: '' }) },
    'DELETE /settings/agents/:id/deactivation': {},
    'PUT /settings/agents/:id/role': { fields: () => ({ role: 'supervisor', was: 'agent' }) },
    'DELETE /settings/agents/:id/two-factor': {},
    'POST /settings/agents/:id/password-reset': { done: 200 }, // the one page that shows the link
    'POST /settings/agents/:id/departments': { fields: ({ department }) => ({ departmentId: department }) },
    'DELETE /settings/agents/:id/departments/:departmentId': {},
    'POST /settings/agents/:id/inboxes': { fields: ({ inbox }) => ({ inboxId: inbox }) },
    'DELETE /settings/agents/:id/inboxes/:inboxId': {},
  }),
  ...administered('inbox', {
    'GET /settings/hours/greetings/:id': {},
    'PUT /settings/hours/greetings/:id': { fields: () => ({ body: 'Olá!', once: 'contact', version: '0' }) },
    'GET /settings/inboxes/:id': {},
    'PUT /settings/inboxes/:id': {
      fields: ({ department }) => ({ name: 'Novo nome', departmentId: department, version: '1' }),
    },
    'GET /settings/inboxes/:id/removal': {},
    'DELETE /settings/inboxes/:id': { fields: () => ({ name: 'Número' }) },
    'PUT /settings/inboxes/:id/pause': {},
    'DELETE /settings/inboxes/:id/pause': {},
    'GET /settings/inboxes/:id/connection': {},
    'PUT /settings/inboxes/:id/connection': {
      fields: () => ({ version: '1', businessAccountId: '1', appId: '1', accessToken: 'token-of-a-test' }),
    },
    'GET /settings/inboxes/:id/heard': {},
    'POST /settings/inboxes/:id/checkup': {},
    'GET /settings/inboxes/:id/link': {},
    'POST /settings/inboxes/:id/link': { fields: () => ({ phone: '' }) },
    'POST /settings/inboxes/:id/link/restart': {},
    'POST /settings/inboxes/:id/link/end': {},
    'POST /settings/inboxes/:id/history': {},
    'POST /settings/inboxes/:id/test': {
      fields: ({ conversation, merge }) => ({ conversationId: conversation, clientKey: merge }),
    },
    'GET /settings/inboxes/:id/letters': {},
    'POST /settings/inboxes/:id/letters/replay': { fields: () => ({ id: '1' }) },
    'POST /settings/inboxes/:id/letters/discard': { fields: () => ({ id: '1', reason: 'Em dobro' }) },
    'POST /settings/inboxes/:id/agents': { fields: ({ agent }) => ({ agentId: agent }) },
    'DELETE /settings/inboxes/:id/agents/:agentId': {},
    'POST /settings/inboxes/:id/departments': { fields: ({ department }) => ({ departmentId: department }) },
  }),
  ...administered('field', {
    'GET /settings/contact-fields/:id': {},
    'PUT /settings/contact-fields/:id': { fields: (_ids, place) => ({ name: `Novo ${place}`, version: '1' }) },
    'PUT /settings/contact-fields/:id/position': { fields: () => ({ by: 'up' }) },
    'GET /settings/contact-fields/:id/removal': {},
    'DELETE /settings/contact-fields/:id': {},
  }),
  ...administered('reason', {
    'PUT /settings/close-reasons/:id': { fields: RENAMED },
    'GET /settings/close-reasons/:id/farewell': {},
    'PUT /settings/close-reasons/:id/farewell': { fields: () => ({ farewell: 'Até logo!', was: '' }) },
    'GET /settings/close-reasons/:id/removal': {},
    'DELETE /settings/close-reasons/:id': {},
  }),
]
