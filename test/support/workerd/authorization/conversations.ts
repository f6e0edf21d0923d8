/** Conversations, and what stands in them. */
import { found, type Kind, sees, signedOut } from './kinds.ts'

export const CONVERSATIONS: Kind[] = [
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
    title: 'a person whom the form names',
    inForm: true,
    outcome: (who, place) => (signedOut(who) ? 'sign-in' : found(sees(who, place))),
    routes: {
      'POST /conversations': { fields: ({ contact, inbox }) => ({ contactId: contact, inboxId: inbox }) },
    },
  },
]
