/** What everyone is answered alike, and what one does for oneself. */
import { KEY, type Kind, signedOut } from './kinds.ts'

export const EVERYONE: Kind[] = [
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
]
