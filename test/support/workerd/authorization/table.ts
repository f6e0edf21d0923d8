/**
 * Who may ask what: one line a route, under the kind of route that it is. A route that is mounted and has no line here
 * fails the tests, as does a line whose route is gone.
 *
 * To add a route, write it under its kind, e.g.
 *
 *     'POST /conversations/:conversationId/flags': { fields: () => ({ colour: 'red' }) },
 *
 * `fields` is a form that a person who may do it would send; `done` is the status of the answer where it is not a page
 * (200) or a way back to one (303). Parameters are filled in by their names (`:contactId` is a contact); a plain `:id` is
 * the kind's own noun. A thing that is nowhere yet gets its rows in `world.ts`.
 */
import type { Noun, Place, Principal, World } from './world.ts'

/** What becomes of a request. */
export type Outcome = 'done' | 'sign-in' | 'forbidden' | 'not-found'

type Ids = World['ids'][Place]

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

const signedOut = (who: Principal) => who === 'anonymous' || who === 'deactivated' || who === 'revoked'

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
const inWorkspace = (who: Principal, place: Place) =>
  who === 'otherWorkspace' ? place === 'otherWorkspace' : place === 'own' || place === 'otherDepartment'

const sees = (who: Principal, place: Place) => SEES[who]?.includes(place) ?? false

const found = (exists: boolean): Outcome => (exists ? 'done' : 'not-found')

const administrates = (who: Principal) => who === 'admin' || who === 'owner' || who === 'otherWorkspace'

const supervises = (who: Principal) => administrates(who) || who === 'supervisorOwn' || who === 'supervisorOther'

const RENAMED = (_ids: Ids, place: Place) => ({ name: `Novo nome de ${place}`, was: place })
/** The account is nobody's yet, in any workspace. */
const CONNECTED = ({ namesake }: Ids) => ({
  ...{ id: KEY, channel: 'whatsapp', name: 'Novo número', accountId: namesake, businessAccountId: '1', appId: '1' },
  ...{ accessToken: 'token-of-a-test', appSecret: 'secret-of-a-test' },
})
const WEEK = Object.fromEntries(Array.from({ length: 7 }, (_, day) => [`day${day}`, '08:00-18:00']))
const CREATED = () => ({ name: 'Novo nome', id: KEY })
const KEY = 'b8f8a2f4-8c58-4f0e-9d6b-3c1f5d3a7e10'

export const TABLE: Kind[] = [
  {
    title: 'for everyone, signed in or not',
    outcome: () => 'done',
    routes: {
      'GET /healthz': {},
      'GET /readyz': { done: 200 },
      'POST /reports/csp': { done: 204 },
      'GET /': { done: 303 },
      'POST /sign-out': { done: 303 },
      // There are workspaces already: nothing is set up here any more.
      'GET /setup': { done: 303 },
      'POST /setup': { done: 303 },
      'GET /sign-in': { done: (who) => (signedOut(who) ? 200 : 303) },
      'POST /sign-in': { done: 401 },
      // Nobody's password was right a moment ago.
      'GET /sign-in/2fa': { done: 303 },
      'POST /sign-in/2fa': { done: 401 },
    },
  },
  {
    title: 'nothing, whoever asks: there is no such file, no inbox of that key, no such link',
    outcome: () => 'not-found',
    routes: {
      'GET /*': {},
      'GET /invite/:token': {},
      'POST /invite/:token': {
        fields: () => ({ name: 'Nova', email: 'nova@prosa.test', password: 'uma frase comprida' }),
      },
      'GET /reset/:token': {},
      'POST /reset/:token': { fields: () => ({ password: 'uma frase comprida' }) },
      'GET /exports/:token': {},
      'POST /exports/:token': {},
      'GET /media/public/:token': {},
      'GET /media/private/:token': {},
      'GET /webhooks/:channel/:webhookKey': {},
      'POST /webhooks/:channel/:webhookKey/:event{[a-z-]+}?': {},
    },
  },
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
    title: 'what one does for oneself',
    outcome: (who) => (signedOut(who) ? 'sign-in' : 'done'),
    routes: {
      'GET /conversations': {},
      'GET /conversations/counts': {},
      'GET /rooms/workspace': { done: 101 },
      'GET /settings': { done: 303 },
      'GET /settings/profile': {},
      'PUT /settings/profile': { fields: () => ({ locale: 'en', theme: 'dark' }) },
      'PUT /settings/profile/sounds': { fields: () => ({ mine: 'on', volume: '30' }) },
      'PUT /settings/profile/name': { fields: () => ({ name: 'Outra' }) },
      // Nobody here has a password.
      'PUT /settings/profile/password': {
        fields: () => ({ current: 'uma frase comprida', next: 'outra frase comprida' }),
        done: 422,
      },
      'GET /settings/profile/two-factor': {},
      'POST /settings/profile/two-factor': { fields: () => ({ password: 'x' }), done: 422 },
      'PUT /settings/profile/two-factor': { fields: () => ({ code: '123456', setup: '' }) },
      // There is none: on to the page that says so.
      'POST /settings/profile/two-factor/codes': { fields: () => ({ password: 'x' }) },
      'DELETE /settings/profile/two-factor': { fields: () => ({ password: 'x' }) },
      'DELETE /settings/profile/sessions': {},
      'DELETE /settings/profile/sessions/:sessionId': {},
      'POST /sign-out/everywhere': {},
      'GET /settings/agents': {},
      'GET /settings/quick-replies': {},
      'GET /settings/quick-replies/new': {},
      'POST /settings/quick-replies': {
        fields: () => ({ id: KEY, owner: 'personal', shortcut: 'oi', body: 'Olá' }),
      },
      'GET /tags': {},
      'GET /groups': {},
      'GET /contacts': {},
      'GET /contacts/marks': { done: 303 },
      'DELETE /contacts/marks': { fields: ({ tag }) => ({ mark: `tag:${tag}`, at: String(Date.now()) }), done: 200 },
      'GET /conversations/new': {},
      'GET /conversations/filters': {},
      'PUT /conversations/filters': { fields: () => ({ query: '' }), done: 204 },
      'GET /contacts/new': {},
      'POST /contacts': { fields: () => ({ phone: '81 98888-1000', name: 'Maria', clientKey: KEY }) },
    },
  },
  {
    title: 'a conversation, and what stands in it',
    noun: 'conversation',
    outcome: (who, place) => (signedOut(who) ? 'sign-in' : found(sees(who, place))),
    routes: {
      'GET /conversations/:conversationId': {},
      'GET /conversations/:conversationId/messages': {},
      'GET /conversations/:conversationId/thread': { query: 'after=0' },
      'GET /conversations/:conversationId/composer': { part: true },
      'GET /rooms/conversations/:conversationId': { done: 101 },
      'POST /conversations/:conversationId/seen': { fields: () => ({ seq: '1' }), done: 204 },
      'PUT /conversations/:conversationId/draft': { fields: () => ({ body: 'Olá' }), done: 204 },
      'POST /conversations/:conversationId/messages': {
        fields: ({ comment }) => ({ text: 'Olá', clientKey: comment }),
      },
      'POST /conversations/:conversationId/messages/:messageId/attempts': { fields: () => ({ no: '1' }) },
      'PUT /conversations/:conversationId/messages/:messageId/confirmation': { fields: () => ({ no: '1' }) },
      'POST /conversations/:conversationId/messages/:messageId/attachments/:attachmentId/attempts': {},
      'GET /media/:attachmentId': { done: 200 },
      'GET /conversations/:conversationId/messages/new': { query: 'kind=location' },
      'POST /conversations/:conversationId/messages/new': {
        fields: ({ contact }) => ({ kind: 'location', where: '-8.06, -34.87', clientKey: contact }),
      },
      'POST /conversations/:conversationId/messages/preview': {
        fields: () => ({ kind: 'location', where: '-8.06, -34.87' }),
        done: 200,
      },
      'GET /conversations/:conversationId/templates': {},
      // Nobody is connected to a provider here: the answer says so.
      'POST /conversations/:conversationId/templates/refresh': { done: 200 },
      'GET /conversations/:conversationId/templates/:templateId': {},
      'POST /conversations/:conversationId/templates/:templateId': {
        fields: ({ template }) => ({ 'body.1': 'Maria', clientKey: template }),
      },
      'POST /conversations/:conversationId/templates/:templateId/preview': {
        fields: () => ({ 'body.1': 'Maria' }),
        done: 200,
      },
      // It is no form of files.
      'POST /conversations/:conversationId/templates/:templateId/file': { done: 415 },
      'PUT /conversations/:conversationId/reaction': {
        fields: ({ incoming }) => ({ messageId: incoming, emoji: '👍' }),
      },
      'POST /conversations/:conversationId/typing': { done: 204 },
      'DELETE /conversations/:conversationId/uploads/:uploadId': {},
      // It is no form of files.
      'POST /conversations/:conversationId/uploads': { done: 415 },
      // Only what is still queued can be taken back, and this is not.
      'POST /conversations/:conversationId/messages/:messageId/cancellation': {
        fields: () => ({ no: '1' }),
        done: 409,
      },
      'GET /conversations/:conversationId/messages/:messageId/menu': {},
      'GET /conversations/:conversationId/messages/:messageId/details': {},
      'GET /conversations/:conversationId/messages/:messageId/versions': {},
      // What was sent on this channel stays as it was sent.
      'GET /conversations/:conversationId/messages/:messageId/edit': { done: 422 },
      'PUT /conversations/:conversationId/messages/:messageId': {
        fields: ({ comment }) => ({ text: 'Outro', from: '0'.repeat(64), clientKey: comment }),
        done: 422,
      },
      'DELETE /conversations/:conversationId/messages/:messageId': { done: 422 },
      // Whoever comes second is told who has it.
      'PUT /conversations/:conversationId/assignee': {
        done: (who, place) => (place === 'own' && who !== 'assigned' ? 409 : 303),
      },
      'GET /conversations/:conversationId/closure': {},
      'POST /conversations/:conversationId/closure': {
        fields: ({ comment }) => ({ clientKey: comment, version: '1', seq: '1' }),
      },
      'POST /conversations/:conversationId/closure/farewell': { fields: () => ({ farewell: 'Até logo!' }), done: 200 },
      'DELETE /conversations/:conversationId/closure': {},
      'GET /conversations/:conversationId/transfer': {},
      'PUT /conversations/:conversationId/transfer': {
        fields: ({ department }) => ({ departmentId: department, version: '1' }),
      },
      'POST /conversations/:conversationId/sync': { fields: () => ({ seq: '0' }) },
      'GET /conversations/:conversationId/quick-replies': {},
      'POST /conversations/:conversationId/quick-replies/:quickReplyId/uses': {},
    },
  },
  {
    title: 'a person, who is visible as one of their conversations is',
    noun: 'contact',
    outcome: (who, place) => (signedOut(who) ? 'sign-in' : found(sees(who, place))),
    routes: {
      'GET /contacts/:contactId': {},
      'GET /contacts/:contactId/panel': { part: true },
      'GET /contacts/:contactId/picture': {},
      'GET /contacts/:contactId/news': {},
      'GET /contacts/:contactId/name': {},
      'PUT /contacts/:contactId/name': { fields: () => ({ name: 'Maria Souza', version: '1' }) },
      'GET /contacts/:contactId/comments': { query: `before=1-${KEY}` },
      'POST /contacts/:contactId/comments': { fields: ({ message }) => ({ text: 'Olá', clientKey: message }) },
      'POST /contacts/:contactId/groups': { fields: ({ group }) => ({ groupId: group }) },
      'DELETE /contacts/:contactId/groups/:groupId': {},
      'GET /contacts/:contactId/block': {},
      'PUT /contacts/:contactId/block': {},
      'DELETE /contacts/:contactId/block': {},
      'GET /contacts/:contactId/fields': {},
      'PUT /contacts/:contactId/fields': { fields: ({ field }) => ({ [`value.${field}`]: 'x', [`was.${field}`]: '' }) },
      'GET /contacts/:contactId/merge': {},
      'POST /contacts/:contactId/merges': { fields: ({ merge, namesake }) => ({ id: merge, mergedId: namesake }) },
      // There is no such merge of theirs to undo.
      'DELETE /contacts/:contactId/merges/:mergeId': { done: 409 },
      'GET /contacts/:contactId/tags': {},
      'PUT /contacts/:contactId/tags': { fields: ({ tag }) => ({ tag }) },
    },
  },
  {
    title: 'a person, whom administrators erase, or whose data they hand out',
    noun: 'contact',
    outcome: (who, place) => (signedOut(who) ? 'sign-in' : administrates(who) ? found(sees(who, place)) : 'forbidden'),
    routes: {
      'GET /contacts/:contactId/export': {},
      // The one page that shows the link; there are three a day.
      'POST /contacts/:contactId/export': { done: 200 },
      'GET /contacts/:contactId/erasure': {},
      'POST /contacts/:contactId/erasure': { fields: (_ids, place) => ({ name: `maria ${place}` }) },
    },
  },
  {
    title: 'a comment, for whoever sees the person',
    outcome: (who, place) => (signedOut(who) ? 'sign-in' : found(sees(who, place))),
    routes: {
      'GET /contacts/:contactId/comments/:commentId/versions': {},
    },
  },
  {
    title: 'a comment, changed by its author and by whoever is more than an agent',
    outcome: (who, place) => {
      if (signedOut(who)) return 'sign-in'
      if (!sees(who, place)) return 'not-found'
      return supervises(who) ? 'done' : 'forbidden'
    },
    routes: {
      'GET /contacts/:contactId/comments/:commentId/edit': {},
      'PUT /contacts/:contactId/comments/:commentId': { fields: () => ({ text: 'Outro', version: '1' }) },
      'DELETE /contacts/:contactId/comments/:commentId': {},
      'PUT /contacts/:contactId/comments/:commentId/highlight': {},
      'DELETE /contacts/:contactId/comments/:commentId/highlight': {},
    },
  },
  {
    title: 'groups, made and changed by whoever is more than an agent',
    outcome: (who, place) =>
      signedOut(who) ? 'sign-in' : supervises(who) ? found(inWorkspace(who, place)) : 'forbidden',
    routes: {
      'GET /groups/:groupId': {},
      'PUT /groups/:groupId': { fields: (_ids, place) => ({ name: `Nova ${place}`, version: '1' }) },
      'GET /groups/:groupId/deletion': {},
      'DELETE /groups/:groupId': {},
    },
  },
  {
    title: 'new groups',
    outcome: (who) => (signedOut(who) ? 'sign-in' : supervises(who) ? 'done' : 'forbidden'),
    routes: { 'GET /groups/new': {}, 'POST /groups': { fields: CREATED } },
  },
  {
    title: 'files of contacts, sent by whoever is more than an agent',
    outcome: (who) => (signedOut(who) ? 'sign-in' : supervises(who) ? 'done' : 'forbidden'),
    // It is no form of files.
    routes: {
      'GET /contacts/import': {},
      'POST /contacts/import': { done: 415 },
      'POST /contacts/export': { done: 200 },
    },
  },
  {
    title: "a colleague's file of contacts: administrators see each, whoever else leads their own",
    outcome: (who, place) => {
      if (signedOut(who)) return 'sign-in'
      if (!supervises(who)) return 'forbidden'
      return found(administrates(who) && inWorkspace(who, place))
    },
    routes: {
      'GET /contacts/import/:importId': {},
      'GET /contacts/import/:importId/problems.csv': {},
      'PUT /contacts/import/:importId': { fields: () => ({ country: 'BR', 'column.0': 'phone' }) },
      // Nothing was tried out yet.
      'POST /contacts/import/:importId/run': { done: 409 },
      'DELETE /contacts/import/:importId': {},
    },
  },
  {
    title: 'people whom the form names, and a tag of theirs: who may not see them changes nothing, and learns nothing',
    outcome: (who) => (signedOut(who) ? 'sign-in' : 'done'),
    routes: {
      'POST /contacts/marks': {
        fields: ({ contact, tag }) => ({ act: 'put', mark: `tag:${tag}`, contact }),
        // In its own workspace; elsewhere there is no such tag.
        done: (who) => (who === 'otherWorkspace' ? 422 : 200),
      },
    },
  },
  {
    title: 'a person whom the form names',
    inForm: true,
    outcome: (who, place) => (signedOut(who) ? 'sign-in' : found(sees(who, place))),
    routes: {
      'POST /conversations': { fields: ({ contact, inbox }) => ({ contactId: contact, inboxId: inbox }) },
    },
  },
  {
    title: 'tags, made and changed by whoever is more than an agent',
    noun: 'tag',
    outcome: (who, place) =>
      signedOut(who) ? 'sign-in' : supervises(who) ? found(inWorkspace(who, place)) : 'forbidden',
    routes: {
      'GET /tags/:tagId': {},
      'PUT /tags/:tagId': { fields: (_ids, place) => ({ name: `Nova ${place}`, color: 'sea', version: '1' }) },
      'GET /tags/:tagId/deletion': {},
      'DELETE /tags/:tagId': {},
    },
  },
  {
    title: 'new tags',
    outcome: (who) => (signedOut(who) ? 'sign-in' : supervises(who) ? 'done' : 'forbidden'),
    routes: {
      'GET /tags/new': {},
      'POST /tags': { fields: () => ({ name: 'Nova', color: 'sea' }) },
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

/** Changed by administrators alone; whoever is none hears nothing of what exists. */
function administered(noun: Noun, routes: Record<string, Line>): Kind[] {
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

/** What is set, and not what is said: the table is asked in two halves. */
export const isOfSettings = ({ routes }: Kind) => Object.keys(routes).some((route) => route.includes(' /settings'))
