/** A table: every payload that a channel is known to send, through its adapter, into the tables. */
import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { change, type Person, rowsOf, workspaceWith } from '../../test/support/people.ts'
import { MINUTE, NOON, testApp } from '../../test/support/workerd/app.ts'
import { aMessage } from '../../test/support/workerd/events.ts'
import { brokenRules } from '../../test/support/workerd/state.ts'
import { viewerOf } from '../../test/support/workerd/viewers.ts'
import { type Inbox, newEmptyWorkspace, newInbox } from '../../test/support/workerd/workspace.ts'
import type { InboundEvent, MessageEvent } from '../channels/events.ts'
import { channelNamed } from '../channels/index.ts'
import { openDb, query } from '../db/client.ts'
import { block } from './contact-blocks.ts'
import { goOnErasing } from './erasing.ts'
import { erase } from './erasures.ts'
import { receive } from './receive.ts'

const Expected = z.record(
  z.string(),
  z.array(
    z.looseObject({
      kind: z.string(),
      dir: z.enum(['in', 'out']).default('in'),
      type: z.string().optional(),
      /** How many of the kind. */
      n: z.number().default(1),
      /** Of a past: how many messages it holds. */
      messages: z.number().default(1),
      attachments: z.number().optional(),
      reply: z.boolean().optional(),
      referral: z.boolean().optional(),
      emoji: z.string().nullable().default(null),
    }),
  ),
)
type Expected = z.infer<typeof Expected>[string][number]

const files = import.meta.glob<string>('../channels/fixtures/*/*.json', {
  query: '?raw',
  import: 'default',
  eager: true,
})

/** Of each folder: what its payloads mean, and the payloads. */
const folders = new Map<string, { expected: z.infer<typeof Expected>; payloads: Map<string, string> }>()
for (const [path, text] of Object.entries(files)) {
  const [folder = '', file = ''] = path.split('/').slice(-2)
  const at = folders.get(folder) ?? { expected: {}, payloads: new Map() }
  if (file === 'expect.json') at.expected = Expected.parse(JSON.parse(text))
  else if (!file.startsWith('api_')) at.payloads.set(file.replace(/\.json$/, ''), text)
  folders.set(folder, at)
}

describe.each([...folders].filter(([folder]) => channelNamed(folder) !== null))(
  '%s',
  (folder, { expected, payloads }) => {
    it.each([...payloads])('%s is stored as what it means, once', async (name, body) => {
      const [inbox] = await newEmptyWorkspace(1)
      const channel = channelNamed(folder)
      const meant = expected[name]
      if (!inbox || !channel || !meant) throw new Error('There is nothing to receive, or nothing is known of it.')
      const events = await channel.parse(new TextEncoder().encode(body), inbox.accountId)

      await hearAll(inbox, spokenOf(events))
      await hearAll(inbox, events)
      const stored = await storedIn(inbox.workspaceId)
      expect(stored.bubbles).toEqual(meant.flatMap(bubblesOf))
      expect(stored.changes).toEqual(meant.flatMap(changeOf))
      expect(stored.pasts).toBe(meant.some(({ kind }) => PAST.has(kind)) ? 1 : 0)
      expect(stored.templates).toBe(meant.filter(({ kind }) => kind === 'template').length)

      await hearAll(inbox, events)
      expect(await storedIn(inbox.workspaceId)).toEqual(stored)
      expect(await brokenRules(inbox.workspaceId)).toEqual([])
    })
  },
)

describe('erased', () => {
  it.each([...folders].filter(([folder]) => channelNamed(folder) !== null))(
    'whoever %s told of stays erased, whatever of it is told again',
    async (folder, { payloads }) => {
      const people = await workspaceWith({ Ana: 'owner' })
      const inbox = await newInbox(people.Ana.workspaceId)
      const channel = channelNamed(folder)
      const told = await Promise.all(
        [...payloads.values()].map((body) => channel?.parse(new TextEncoder().encode(body), inbox.accountId) ?? []),
      )
      const events = told.flat().filter(({ kind }) => kind !== 'account')
      await hearAll(inbox, [...spokenOf(events), ...events])
      await hearAll(inbox, events)
      await eraseEveryone(people.Ana)
      const before = await storedIn(inbox.workspaceId)

      await hearAll(inbox, events)
      expect(await peopleIn(inbox.workspaceId)).toEqual([])
      expect(await storedIn(inbox.workspaceId)).toEqual(before)
      expect(await brokenRules(inbox.workspaceId)).toEqual([])
    },
  )
})

describe('blocked', () => {
  it.each([...folders].filter(([folder]) => channelNamed(folder) !== null))(
    'whoever %s told of is heard whole, and opens, counts and waits for nothing',
    async (folder, { payloads }) => {
      const people = await workspaceWith({ Ana: 'owner' })
      const inbox = await newInbox(people.Ana.workspaceId)
      const [free] = await newEmptyWorkspace(1)
      const channel = channelNamed(folder)
      if (!free || !channel) throw new Error('There is nobody to hear.')
      const told = await Promise.all(
        [...payloads.values()].map((body) => channel.parse(new TextEncoder().encode(body), inbox.accountId)),
      )
      const spoken = told.flat().flatMap((event) => (event.kind === 'message' ? [asBefore(event)] : []))
      const events = [...spokenOf(told.flat()), ...told.flat()].filter(({ kind }) => kind !== 'account')
      for (const at of [inbox, free]) await hearAll(at, spoken)
      await change(sql`UPDATE conversations SET unread = 0 WHERE workspace_id = ${inbox.workspaceId}`)
      await blockEveryone(people.Ana)

      for (const at of [inbox, free]) await hearAll(at, events)
      expect(await saidIn(inbox.workspaceId)).toEqual(await saidIn(free.workspaceId))
      expect(
        await rowsOf(sql`SELECT id FROM conversations WHERE workspace_id = ${inbox.workspaceId}
          AND (unread > 0 OR waiting_since IS NOT NULL) AND contact_id IN (SELECT id FROM contacts WHERE blocked_at IS NOT NULL)`),
      ).toEqual([])
      expect(await brokenRules(inbox.workspaceId)).toEqual([])
    },
  )
})

/** Something else that the same person said, or that was said to them. */
const asBefore = (event: MessageEvent): MessageEvent => ({
  ...event,
  ...{ externalId: `before ${event.externalId}`, dedupeKey: `before ${event.dedupeKey}`, attemptId: null },
})

async function blockEveryone(owner: Person): Promise<void> {
  const [app, viewer] = [testApp(), await viewerOf(owner)]
  for (const { id } of await peopleIn(owner.workspaceId)) await block(app, viewer, id, {})
}

const saidIn = (workspaceId: string) =>
  rowsOf(sql`SELECT external_id, direction, type, body, occurred_at, edited_at, deleted_at,
      (SELECT json_group_array(emoji) FROM reactions r WHERE r.workspace_id = m.workspace_id AND r.message_id = m.id) AS reactions,
      (SELECT count(*) FROM attachments f WHERE f.workspace_id = m.workspace_id AND f.message_id = m.id) AS files
    FROM messages m WHERE workspace_id = ${workspaceId} AND kind = 'message' ORDER BY external_id`)

const peopleIn = (workspaceId: string) =>
  rowsOf<{ id: string; shown: string }>(sql`SELECT id, coalesce(name, profile_name, phone, '?') AS shown FROM contacts
    WHERE workspace_id = ${workspaceId} AND merged_into_id IS NULL AND erased_at IS NULL`)

async function eraseEveryone(owner: Person): Promise<void> {
  const [app, viewer] = [testApp(), await viewerOf(owner)]
  for (const { id, shown } of await peopleIn(owner.workspaceId))
    await erase(app, viewer, { contactId: id, typed: shown, shown }, {})
  for (let left: number | null = 0; left !== null; ) left = await goOnErasing(app, owner.workspaceId)
}

/** What something is done to was said before. */
const spokenOf = (events: InboundEvent[]): InboundEvent[] =>
  events.flatMap((event) =>
    event.kind === 'reaction' || event.kind === 'edit' || event.kind === 'delete'
      ? [aMessage({ id: event.target, text: 'Antes', type: SPOKEN, at: NOON - MINUTE })]
      : [],
  )

/** A type that no payload has: these are not what the payload brought. */
const SPOKEN = 'spoken before'

/** What waits for something that this payload does not bring goes on waiting. */
async function hearAll(inbox: Inbox, events: InboundEvent[]): Promise<void> {
  if (events.length === 0) return
  await receive(
    testApp(),
    inbox,
    events.map((event) => ({ event, receivedAt: NOON })),
  )
}

const bubblesIn = (workspaceId: string) =>
  query<{ direction: string; type: string; files: number; reply: number; referral: number }>(
    sql`SELECT direction, type, reply_to_external_id IS NOT NULL AS reply, json_extract(content, '$.referral') IS NOT NULL AS referral,
        (SELECT count(*) FROM attachments f WHERE f.workspace_id = m.workspace_id AND f.message_id = m.id) AS files
      FROM messages m WHERE workspace_id = ${workspaceId} AND kind = 'message' AND type <> ${SPOKEN} ORDER BY id`,
  )

const changesIn = (workspaceId: string) =>
  query<{ edited: number; deleted: number; reactions: string }>(
    sql`SELECT edited_at IS NOT NULL AS edited, deleted_at IS NOT NULL AS deleted,
        (SELECT json_group_array(emoji) FROM reactions r WHERE r.workspace_id = m.workspace_id AND r.message_id = m.id) AS reactions
      FROM messages m WHERE workspace_id = ${workspaceId} AND type = ${SPOKEN}`,
  )

const countsIn = (workspaceId: string) =>
  query<{ pasts: number; templates: number }>(
    sql`SELECT (SELECT count(*) > 0 FROM conversations WHERE workspace_id = ${workspaceId} AND imported = 1 AND status = 'closed') AS pasts,
      (SELECT count(*) FROM templates WHERE workspace_id = ${workspaceId}) AS templates`,
  )

async function storedIn(workspaceId: string) {
  const [bubbles, changes, [counts]] = await openDb(env).read(
    bubblesIn(workspaceId),
    changesIn(workspaceId),
    countsIn(workspaceId),
  )
  return {
    bubbles: bubbles.map(({ direction, type, files, reply, referral }) => ({
      ...{ dir: direction === 'incoming' ? 'in' : 'out', type, files, reply: reply === 1, referral: referral === 1 },
    })),
    changes: changes.map(({ edited, deleted, reactions }) => ({
      ...{ edited: edited === 1, deleted: deleted === 1, reactions: JSON.parse(reactions) },
    })),
    ...counts,
  }
}

const PAST = new Set(['history', 'history_media'])
const OF_A_FILE = new Set(['image', 'video', 'audio', 'document', 'sticker'])

/** A message is a bubble; a past is as many as it holds. What the expectation leaves open may be anything. */
function bubblesOf({ kind, dir, type, n, messages, attachments, reply, referral }: Expected): unknown[] {
  if (PAST.has(kind))
    return Array.from({ length: messages }, () => expect.objectContaining({ type: expect.any(String) }))
  if (kind !== 'message') return []
  const files = attachments ?? (type === undefined ? undefined : Number(OF_A_FILE.has(type)))
  const told = Object.entries({ dir, type, files, reply, referral }).filter(([, value]) => value !== undefined)
  return Array.from({ length: n }, () => expect.objectContaining(Object.fromEntries(told)))
}

function changeOf({ kind, emoji }: Expected): unknown[] {
  const unchanged = { edited: false, deleted: false, reactions: [] }
  if (kind === 'reaction') return [{ ...unchanged, reactions: [emoji] }]
  if (kind === 'edit') return [{ ...unchanged, edited: true }]
  return kind === 'delete' ? [{ ...unchanged, deleted: true }] : []
}
