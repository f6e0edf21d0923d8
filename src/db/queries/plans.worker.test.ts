/** How the database finds what is asked often: by an index, at any size. */

import { type SQL, sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { rowsOf } from '../../../test/support/people.ts'
import type { Scope } from '../records.ts'
import { authzVersions, standingOf } from './authorization.ts'
import { answersItself, occasionOf, storeAutomaticAnswer } from './automatic-answers.ts'
import { accountNews, connectionOf, newestHeard, outboxOf } from './connections.ts'
import { linesWritten, openWith, storeBlock, storeUnblock } from './contact-blocks.ts'
import { EVERYTHING, inboxCounts, type ListFilter, listPage } from './conversation-list.ts'
import { headForPublishing, headOf } from './conversations.ts'
import {
  agentsToHandBack,
  expectHandBackOf,
  handBack,
  handOver,
  leftBehind,
  outOfReach,
  settleHandBack,
} from './hand-over.ts'
import { knownAmong, knowsTarget } from './inbound.ts'
import { storeDelete, storeEdit, storeReaction } from './inbound-changes.ts'
import { giveNumber, knownPerson, principalsAmong, storeAddresses, unite } from './inbound-links.ts'
import { bringForward, type InboundMessage, storeMessage, storePastMessage, storeSilently } from './inbound-message.ts'
import { storeAddress, storeDisconnected, storeKept, storeNote, storeTemplate } from './inbound-news.ts'
import { principalOf, principalsOf } from './inbound-people.ts'
import { sentTo, storeStatus, storeWatermark, tellSentAt } from './inbound-status.ts'
import {
  closeForRemoval,
  inboxUses,
  isIn,
  openConversationsOn,
  outboxRows,
  settleForRemoval,
  storeRemoval,
  unfinishedRemovals,
} from './inbox-states.ts'
import { inboxesToCheck, inboxesToSweep } from './inboxes.ts'
import {
  deletedObjects,
  fetchAgain,
  fetchAllAgain,
  fileFor,
  fileForProvider,
  forgetObject,
  nextFileDue,
  pendingFiles,
  recordFetched,
  recordMissing,
  recordPutOff,
} from './media.ts'
import { attemptDetails, messageDetails } from './message-details.ts'
import { messageForPublishing, messagesAfter, messagesBefore, messagesChangedSince } from './messages.ts'
import {
  claim,
  claimable,
  expiredLeases,
  forSending,
  idOfClientKey,
  learnAddress,
  nextDue,
  ofClientKey,
  recordOutcome,
  recordSent,
  recordWaiting,
  settleAttempt,
  storeNextAttempt,
  storeReply,
} from './outbound.ts'
import {
  recordChanged,
  restoreWords,
  storeEdit as storeRewording,
  storeDelete as storeTakingBack,
  versionsOf,
} from './outbound-changes.ts'
import { storeReaction as reactWith } from './outbound-reactions.ts'
import { pictureFor, recordProfile, strangersAmong } from './profiles.ts'
import { filesOfQuickReply, quickRepliesFor, quickRepliesOf, removedFiles, usableQuickReply } from './quick-replies.ts'
import { markSeen, newestIncoming } from './seen.ts'
import { sessionWithAgent } from './sessions.ts'
import { storedFiles } from './status.ts'
import { storeTemplates, templateChoices, templateFor, templatesFor } from './templates.ts'
import {
  attachUpload,
  forgetUploads,
  forgottenUploads,
  leaveComposer,
  removeForgotten,
  removeUpload,
  stillChosen,
  storeUpload,
  uploadExists,
  uploadsOf,
} from './uploads.ts'

const ROLES: Scope['role'][] = ['owner', 'supervisor', 'agent']
const scopes = ROLES.map(
  (role): Scope => ({ workspaceId: 'w', agentId: 'a', role, departmentIds: ['d', 'e'], authzVersion: 1 }),
)
const [scope] = scopes as [Scope]
const inbox = { workspaceId: 'w', id: 'i', departmentId: null }
const from = { at: 1, tie: 'x' }
const place = { at: 1, tie: 1 }
const standing = { messageId: 'm', conversationId: 'c', no: 1, now: 1 }

const automatic = {
  ...{ id: 'm', attemptId: 't', kind: 'out_of_hours' as const, conversationId: 'c', identityId: 'p', period: '1' },
  ...{ body: 'Oi', windows: { usual: 1, ad: 1, humanAgent: 1 }, now: 1 },
}

const SEVERAL: ListFilter = {
  ...{ ...EVERYTHING, inboxId: 'i', departmentId: 'd', agentId: 'b', status: 'waiting' },
  ...{ tagIds: ['t', 'u'], groupId: 'g' },
}

const READS: [string, SQL[]][] = [
  [
    'the list',
    scopes.flatMap((one) =>
      [undefined, { from }, { from, newer: true }].map((at) => listPage(one, EVERYTHING, at).sql),
    ),
  ],
  [
    'the list, filtered',
    scopes.flatMap((one) =>
      (['mine', 'queue', 'closed'] as const).map((view) => listPage(one, { ...EVERYTHING, view }).sql),
    ),
  ],
  [
    'the list, with several filters at once',
    scopes.flatMap((one) =>
      (['all', 'queue', 'mine', 'closed'] as const).flatMap((view) =>
        (['any', 'all'] as const).flatMap((tagMatch) =>
          [SEVERAL, { ...SEVERAL, groupId: null, tagIds: ['t'] }, { ...SEVERAL, tagIds: [], agentId: null }].map(
            (filter) => listPage(one, { ...filter, view, tagMatch }).sql,
          ),
        ),
      ),
    ),
  ],
  ['the counts', scopes.map((one) => inboxCounts(one).sql)],
  ['a thread’s head', [...scopes.map((one) => headOf(one, 'c').sql), headForPublishing('w', sql`'c'`).sql]],
  [
    'a page of a thread',
    scopes.flatMap((one) => [
      messagesBefore(one, 'c', null, 60).sql,
      messagesBefore(one, 'c', place, 40).sql,
      messagesAfter(one, 'c', place, 60).sql,
    ]),
  ],
  [
    'a catch-up',
    scopes.flatMap((one) => [
      messagesChangedSince(one, 'c', 1, null).sql,
      messagesChangedSince(one, 'c', 1, place).sql,
    ]),
  ],
  [
    'a message that is told',
    [messageForPublishing('w', sql`'m'`).sql, messageForPublishing('w', idOfClientKey(scope, 'k')).sql],
  ],
  [
    'the way of a message',
    scopes.flatMap((one) => [messageDetails(one, 'c', 'm').sql, attemptDetails(one, 'c', 'm').sql]),
  ],
  ['what a message of ours has said', scopes.map((one) => versionsOf(one, 'c', 'm').sql)],
  ['a submit that may have come before', [ofClientKey(scope, 'k').sql]],
  [
    'what may leave',
    [claimable('w', 'i', 20).sql, expiredLeases('w', 'i', 1).sql, nextDue('w', 'i').sql, forSending('w', 's', 'l').sql],
  ],
  ['an id of the provider', [knowsTarget(inbox, 'wamid'), knownAmong(inbox, ['wamid']).sql]],
  ['who is asking', [sessionWithAgent('token').sql, standingOf('w', 'a', 1).sql, authzVersions('w', ['a', 'b']).sql]],
  ['what was read', [newestIncoming(scope, 'c').sql]],
  [
    'the sweep',
    [
      inboxesToSweep(null).sql,
      unfinishedRemovals(5).sql,
      openConversationsOn(inbox, 100).sql,
      inboxesToSweep('w').sql,
      inboxesToCheck({ channels: ['whatsapp'], linked: ['evolution'], before: 1, soonBefore: 1 }, 5).sql,
      forgottenUploads(100).sql,
      agentsToHandBack(20).sql,
    ],
  ],
  [
    'files to fetch and to remove',
    [pendingFiles(inbox, 1, 20).sql, nextFileDue(inbox).sql, deletedObjects(inbox, 20).sql],
  ],
  ['a file that is served', [...scopes.map((one) => fileFor(one, 'f').sql), fileForProvider('w', 'f').sql]],
  ['a picture', scopes.map((one) => pictureFor(one, 'k').sql)],
  ['who was never asked about', [strangersAmong(inbox, ['1', '2'], 1).sql]],
  ['files that are chosen', [uploadsOf(scope, 'c').sql, uploadExists(scope, 'u')]],
  [
    'templates',
    scopes.flatMap((one) => [
      templatesFor(one, 'c', { sought: 'a', language: null, category: null }).sql,
      templateChoices(one, 'c').sql,
      templateFor(one, 'c', 't').sql,
    ]),
  ],
  [
    'quick replies',
    [
      ...scopes.flatMap((one) => [
        quickRepliesFor(one, 'oi', 8).sql,
        quickRepliesOf(one, 'oi', 100).sql,
        usableQuickReply(one, 'q').sql,
      ]),
      filesOfQuickReply(scope, 'q').sql,
      removedFiles(100).sql,
    ],
  ],
  ['what is said by ourselves', [answersItself(inbox).sql, occasionOf(inbox, 'wamid').sql]],
  [
    'how a number is doing',
    [
      outboxRows(scope, 1).sql,
      storedFiles(scope).sql,
      inboxUses(scope, 'i').sql,
      connectionOf(scope, 'i').sql,
      outboxOf(scope, 'i').sql,
      newestHeard(scope, 'i').sql,
      accountNews(scope, 'i').sql,
    ],
  ],
]

const peer = { externalIds: ['BR.1', '5511'], phone: '+5511', profileName: 'Bia', profileKey: 'bia', username: 'bia' }
const file: InboundMessage['files'][number] = {
  ...{ id: 'f', kind: 'image', mimeType: 'image/jpeg', fileName: null, size: 1, voice: false, animated: false },
  ...{ providerMediaId: '1', state: 'pending', errorCode: null },
}
const said = (direction: 'incoming' | 'outgoing') => ({
  ...{ inbox, peer, fresh: { contact: 'k', conversation: 'c', identities: ['1', '2'] }, now: 1 },
  message: {
    ...{ id: 'm', direction, externalId: 'wamid', type: 'image', body: 'Oi', content: null, files: [file] },
    ...{ replyToExternalId: null, occurredAt: 1, providerAt: 1, fromAd: true, attemptId: 's', raw: null },
  },
})
const both = [said('incoming'), said('outgoing')]
const status = {
  ...({ target: 'wamid', attemptId: 's', state: 'read', rank: 50 } as const),
  ...{ errorCode: null, errorDetail: null, sentAt: 1 },
}
const read = { state: 'read', rank: 50 } as const
const note = {
  ...{ id: 'm', dedupeKey: 'k', what: 'call', content: null, detail: null, at: 1, opensWindow: true },
}
const template = {
  ...{ id: 't', externalId: '1', name: 'n', language: 'pt_BR', status: 'APPROVED', reason: null },
  ...{ businessAccountId: null, at: 1 },
}
const link = {
  ...{
    kept: { id: 'p', contact_id: 'k' },
    other: { id: 'q', contact_id: 'l' },
    lineId: 'm',
    mergeId: 'x',
    lineIds: ['n'],
  },
}
const blocking = { contactId: 'k', authorId: 'a', lineIds: ['n'], now: 1 }
const reply = {
  ...{ id: 'm', attemptId: 's', conversationId: 'c', clientKey: 'k', type: 'text', body: 'Oi' },
  ...{ content: '{}', bodyHash: 'h', replyToId: 'q', windows: { usual: 1, ad: 1, humanAgent: 1 }, now: 1 },
}
const stored = { objectKey: 'ws/w/f', mimeType: 'image/png', size: 1, width: 1, height: 1, duration: null }
const upload = {
  id: 'u',
  conversationId: 'c',
  kind: 'image',
  fileName: null,
  voice: false,
  now: 1,
  templateId: null,
} as const
const reacting = { id: 'r', attemptId: 's', conversationId: 'c', messageId: 'm', windows: reply.windows, now: 1 }
const changing = { id: 'r', attemptId: 's', conversationId: 'c', messageId: 'm', since: 1, now: 1 }
const rewording = { ...changing, versionId: 'v', clientKey: 'k', from: 'Oi', to: 'Olá', bodyHash: 'h' }
const stranger = { id: 'p', external_id: '1', contact_id: 'k', picture_key: null }
const outcome = { state: 'failed', rank: 35, notBefore: 0, errorClass: '', errorCode: '', errorDetail: '' } as const

const WRITES: [string, SQL[]][] = [
  ['a message that comes in', storeMessage(said('incoming'))],
  ['an echo', [...storeMessage(said('outgoing')), ...tellSentAt(inbox, 'wamid', 1, 1)]],
  ['a past', both.flatMap(storePastMessage)],
  ['a past that turns out to be news', both.flatMap(bringForward)],
  ['what somebody who is blocked writes', both.flatMap(storeSilently)],
  ['a status', storeStatus(inbox, status)],
  [
    'a watermark',
    [
      ...storeWatermark(inbox, { ...read, identity: principalOf(inbox, peer), until: 1 }),
      ...storeWatermark(inbox, { ...read, ...sentTo(inbox, 'wamid') }),
    ],
  ],
  [
    'what is done to a message',
    [
      ...storeReaction(inbox, { target: 'wamid', side: 'customer', emoji: '👍', at: 1 }),
      ...storeEdit(inbox, { target: 'wamid', body: 'Oi', rank: 1, at: 1 }),
      ...storeDelete(inbox, { target: 'wamid', at: 1 }),
    ],
  ],
  [
    'two who are one',
    [
      knownPerson(inbox, ['BR.1', '5511']),
      principalsOf(inbox, peer),
      principalsAmong(inbox, ['p', 'q']).sql,
      ...storeAddresses(inbox, { known: ['5511'], also: [{ id: '3', externalId: '5512' }], phone: '+5512' }, 1),
      ...unite(inbox, link, 1),
      ...giveNumber(inbox, 'p', '+5512'),
    ],
  ],
  [
    'other news',
    [
      ...storeNote(inbox, peer, note, 1),
      ...storeAddress(inbox, peer, { name: 'Bia', nameKey: 'bia' }, said('incoming').fresh, 1),
      storeTemplate(inbox, template),
      storeDisconnected(inbox, { dedupeKey: 'k', businessAccountId: null, reason: '190' }),
      storeKept(inbox, { dedupeKey: 'k', kind: 'account', payload: '{}', receivedAt: 1 }),
    ],
  ],
  ['an answer', scopes.flatMap((one) => storeReply(one, reply))],
  ['an answer by ourselves', [null, 1].flatMap((since) => storeAutomaticAnswer('w', { ...automatic, since }))],
  ['another attempt', storeNextAttempt(scope, { ...standing, attemptId: 't' })],
  ['what is settled by hand', settleAttempt(scope, standing, 'unknown', { state: 'sent', rank: 30 })],
  ['a claim', claim('w', 's', { id: 'l', until: 1 }, 1)],
  [
    'what became of a send',
    [
      ...recordSent(inbox, 's', 'l', 'wamid', 1),
      ...recordOutcome('w', 's', 'l', outcome),
      ...recordOutcome('w', 's', 'l', { ...outcome, state: 'queued' }),
      ...recordWaiting('w', 's', 1, 'rate'),
    ],
  ],
  [
    'what becomes of a file',
    [
      ...recordFetched('w', 'f', stored),
      ...recordMissing('w', 'f', 'gone'),
      recordPutOff('w', 'f', 1, 'http_500'),
      forgetObject('w', 'f'),
      ...scopes.flatMap((one) => [
        ...fetchAgain(one, { conversationId: 'c', messageId: 'm', attachmentId: 'f' }, 1),
        ...fetchAllAgain(one, 'c', 1),
      ]),
    ],
  ],
  [
    'a file that is chosen, sent or forgotten',
    [
      ...scopes.map((one) => storeUpload(one, { ...stored, ...upload }, 10)),
      removeUpload(scope, 'c', 'u'),
      ...attachUpload(scope, 'u', 'm'),
      leaveComposer(scope, ['u', 'v']),
      ...scopes.flatMap((one) => storeReply(one, { ...reply, only: stillChosen(one, 'c', ['u', 'v']) })),
      forgetUploads(1),
      removeForgotten({ workspace_id: 'w', id: 'u' }),
    ],
  ],
  ['a reaction of ours', scopes.flatMap((one) => reactWith(one, { ...reacting, emoji: '👍' }))],
  [
    'what we do to a message of ours',
    [
      ...scopes.flatMap((one) => [...storeRewording(one, rewording), ...storeTakingBack(one, changing)]),
      ...recordChanged('w', 's', 'l', 1),
      restoreWords('w', 's'),
    ],
  ],
  [
    'who somebody is',
    recordProfile(inbox, stranger, { name: 'Bia', nameKey: 'bia', username: 'bia', pictureKey: 'p', now: 1 }),
  ],
  [
    'a number that is removed',
    [
      ...storeRemoval(scope, { id: 'i', credentials: '' }, isIn(scope, 'i', ['active'])),
      ...settleForRemoval(inbox, 1, 100),
      ...closeForRemoval(inbox, [{ conversation: 'c', row: 'm' }], 1),
    ],
  ],
  ['all templates', storeTemplates(inbox, [], 1)],
  ['an address that is learnt', [learnAddress('w', 'i', 's', '5511', 'x', 1)]],
  [
    'whom we will not hear, and will hear again',
    scopes.flatMap((one) => [
      openWith(one, 'k').sql,
      ...storeBlock(one, blocking),
      ...storeUnblock(one, blocking),
      linesWritten(one, ['n']),
    ]),
  ],
  [
    'what somebody may answer no more, or has left behind',
    [
      leftBehind('w', 'a', 50).sql,
      ...handOver('w', 'a', [{ conversationId: 'c', messageId: 'm' }], 1),
      outOfReach('w', 'a', 50).sql,
      ...handBack('w', 'a', [{ conversationId: 'c', messageId: 'm' }], 1),
      settleHandBack('w', 'a'),
      expectHandBackOf(scope, 'c', 1, sql`1`),
    ],
  ],
  ['what is seen', scopes.flatMap((one) => markSeen(one, 'c', 1))],
]

/** Lines of the plan that read a table of content from one end to the other, or all that a workspace has in it. */
async function scansIn(statement: SQL): Promise<string[]> {
  const lines = (await rowsOf<{ detail: string }>(sql`EXPLAIN QUERY PLAN ${statement}`)).map(({ detail }) => detail)
  // What was gathered by a subquery under that name is read whole, and no more than that was gathered.
  const gathered = new Set(lines.flatMap((line) => /^(?:CO-ROUTINE|MATERIALIZE) (\S+)/.exec(line)?.[1] ?? []))
  // A list in JSON is read from one end to the other: it was given whole.
  const read = lines.filter((line) => !line.includes('VIRTUAL TABLE'))
  return read.filter((line) => {
    const [, name = ''] = /^SCAN (\S+)/.exec(line) ?? []
    const whole = name !== '' && !gathered.has(name) && !name.startsWith('(') && name !== 'CONSTANT' && !SMALL.has(name)
    return whole || WHOLE_WORKSPACE.test(line)
  })
}

/** The inboxes of a deployment are few, and are swept whole; a scan of one row is none. */
const SMALL = new Set(['i', 'inboxes'])

/** A list's index begins with the workspace and goes on in order; in these there is no order to read a page of. */
const WHOLE_WORKSPACE =
  /(?:INDEX (?:sqlite_autoindex_)?(?:messages|send_attempts|attachments|reactions|contacts|identities|contact_tags|contact_groups|quick_replies|automatic_answers)_).*\(workspace_id=\?\)$/

it.each([...READS, ...WRITES])('%s is found by an index', async (_, statements) => {
  for (const statement of statements) expect(await scansIn(statement)).toEqual([])
})

it('a scan would be seen', async () => {
  expect(await scansIn(sql`SELECT 1 FROM messages WHERE body = 'x'`)).toEqual(['SCAN messages'])
  expect(await scansIn(sql`SELECT 1 FROM send_attempts s WHERE s.state = 'queued'`)).toEqual(['SCAN s'])
  expect(await scansIn(sql`SELECT 1 FROM send_attempts WHERE workspace_id = 'w' AND state = 'queued'`)).toEqual([
    'SEARCH send_attempts USING INDEX send_attempts_no (workspace_id=?)',
  ])
})
