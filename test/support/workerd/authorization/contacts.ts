/** People, and what is kept about them: comments, tags, groups, files of contacts. */
import { administrates, CREATED, found, inWorkspace, KEY, type Kind, sees, signedOut, supervises } from './kinds.ts'

export const CONTACTS: Kind[] = [
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
]
