import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import * as fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { change, type Person, rowsOf } from '../../../test/support/people.ts'
import { NOON, testApp, threadOf } from '../../../test/support/workerd/app.ts'
import { brokenRules, stateOf } from '../../../test/support/workerd/state.ts'
import { echo, eventsOf, said, status } from '../../../test/support/workerd/whatsapp.ts'
import { within } from '../../../test/support/workerd/within.ts'
import {
  department,
  type Inbox,
  mayUse,
  member,
  newInbox,
  newShop,
  type Shop,
  scopeOf,
} from '../../../test/support/workerd/workspace.ts'
import { cancel, confirmSent, reply, saveDraft, see, tryAgain } from '../../domain/messages.ts'
import { receive } from '../../domain/receive.ts'
import { mayHear } from '../../rooms/audience.ts'
import type { Claims } from '../../rooms/claims.ts'
import { openDb } from '../client.ts'
import type { Scope } from '../records.ts'
import { standingOf } from './authorization.ts'
import { EVERYTHING, inboxCounts, LIST_PAGE, listPage, rowsIn } from './conversation-list.ts'
import { headOf } from './conversations.ts'
import { messagesAfter, messagesBefore, messagesChangedSince } from './messages.ts'

const db = openDb(env)

interface Placed {
  id: string
  inbox_id: string
  department_id: string | null
  assignee_id: string | null
  status: string
  unread: number
}

/** Every open conversation of the list, page by page. */
async function listed(scope: Scope): Promise<string[]> {
  const ids: string[] = []
  let from: { at: number; tie: string } | undefined
  for (;;) {
    const [page] = await db.read(listPage(scope, EVERYTHING, from ? { from } : {}))
    const sorted = rowsIn(page)
    ids.push(...sorted.map(({ id }) => id))
    const last = sorted.at(-1)
    if (!last || sorted.length < LIST_PAGE) return ids
    from = { at: last.last_at, tie: last.id }
  }
}

/** As a room knows who sits there: read as it reads it. */
async function claimsOf({ workspaceId, agentId }: Person): Promise<Claims> {
  const [[standing]] = await db.read(standingOf(workspaceId, agentId, 0))
  if (!standing) throw new Error('Nobody of that name works here.')
  return {
    ...{ workspaceId, agentId, name: '', sessionHash: '', locale: 'en', room: '', conversationId: null },
    role: standing.role,
    departmentIds: JSON.parse(standing.departments),
    inboxIds: JSON.parse(standing.inboxes),
    authzVersion: standing.authz_version,
  }
}

describe('P8: what is seen', () => {
  let shop: Shop
  let inboxes: string[]
  let departments: (string | null)[]
  let conversations: Placed[]

  beforeAll(async () => {
    shop = await newShop()
    const vendas = crypto.randomUUID()
    await change(department(shop.workspaceId, vendas, 'Vendas'))
    const more = [await newInbox(shop.workspaceId), await newInbox(shop.workspaceId)]
    inboxes = [shop.inbox.id, ...more.map(({ id }) => id)]
    departments = [shop.suporte, shop.financeiro, vendas, null]
    await change(...Array.from({ length: 120 }, (_, at) => aConversation(at)).flat())
    conversations = await rowsOf<Placed>(sql`SELECT * FROM conversations WHERE workspace_id = ${shop.workspaceId}`)
  })

  /** Of every kind, at few different times, so that a page ends between two of the same moment. */
  function aConversation(at: number) {
    const { workspaceId } = shop
    const [id, inboxId] = [crypto.randomUUID(), inboxes[at % 3]]
    const assignee = at % 5 === 0 ? shop.people.Bruno.agentId : null
    return [
      sql`INSERT INTO contacts (workspace_id, id, created_at) VALUES (${workspaceId}, ${id}, 0)`,
      sql`INSERT INTO identities (workspace_id, id, contact_id, inbox_id, principal_id, external_id, created_at)
        VALUES (${workspaceId}, ${id}, ${id}, ${inboxId}, ${id}, ${id}, 0)`,
      sql`INSERT INTO conversations (workspace_id, id, inbox_id, identity_id, contact_id, department_id, assignee_id, status, seq, unread, last_at, opened_at, closed_at)
        VALUES (${workspaceId}, ${id}, ${inboxId}, ${id}, ${id}, ${departments[Math.floor(at / 3) % 4] ?? null}, ${assignee},
          ${at % 11 === 0 ? 'closed' : 'open'}, 1, ${at % 2}, ${NOON + (at % 7)}, 0, ${at % 11 === 0 ? NOON : null})`,
      sql`INSERT INTO messages (workspace_id, id, conversation_id, inbox_id, direction, body, external_id, occurred_at, ingest_ord, seq, created_at)
        VALUES (${workspaceId}, ${id}, ${id}, ${inboxId}, 'incoming', 'Oi', ${id}, ${NOON}, 1, 1, 0)`,
    ]
  }

  const Rights = fc.record({
    role: fc.constantFrom('owner', 'admin', 'supervisor', 'agent') as fc.Arbitrary<Scope['role']>,
    departments: fc.subarray([0, 1, 2]),
    inboxes: fc.subarray([0, 1, 2]),
  })

  it('in the list is seen as a thread, in the counts and at a socket, and nothing else is', async () => {
    const { Bruno } = shop.people
    let runs = 0
    await within(
      'P8',
      fc.asyncProperty(Rights, async ({ role, departments: few, inboxes: some }) => {
        runs += 1
        await change(
          sql`DELETE FROM department_members WHERE agent_id = ${Bruno.agentId}`,
          sql`DELETE FROM inbox_agents WHERE agent_id = ${Bruno.agentId}`,
          sql`UPDATE agents SET role = ${role} WHERE id = ${Bruno.agentId}`,
          ...few.map((at) => member(Bruno, departments[at] ?? '')),
          ...some.map((at) => mayUse(Bruno, inboxes[at] ?? '')),
        )
        const [scope, claims] = [await scopeOf(Bruno), await claimsOf(Bruno)]
        const heard = conversations.filter((one) =>
          mayHear(claims, { inboxId: one.inbox_id, departmentId: one.department_id }),
        )
        const visible = new Set(heard.map(({ id }) => id))
        const open = heard.filter((one) => one.status !== 'closed')

        const list = await listed(scope)
        expect(list.toSorted()).toEqual(open.map(({ id }) => id).toSorted())

        const some20 = conversations.filter((_, at) => (at + runs) % 6 === 0)
        const answers = await db.read(
          ...some20.flatMap(({ id }) => [
            headOf(scope, id),
            messagesBefore(scope, id, null, 60),
            messagesAfter(scope, id, { at: 0, tie: 0 }, 60),
            messagesChangedSince(scope, id, 0, null),
          ]),
        )
        some20.forEach(({ id }, at) => {
          const rows = answers.slice(at * 4, at * 4 + 4).map((found) => (found as unknown[]).length)
          expect(rows).toEqual(Array(4).fill(visible.has(id) ? 1 : 0))
        })

        const [counts] = await db.read(inboxCounts(scope))
        const count = (inboxId: string, which: (one: Placed) => boolean) =>
          open.filter((one) => one.inbox_id === inboxId && which(one)).length
        for (const inboxId of inboxes) {
          const found = counts.find(({ inbox_id }) => inbox_id === inboxId)
          expect([found?.open ?? 0, found?.unread ?? 0, found?.waiting ?? 0]).toEqual([
            count(inboxId, () => true),
            count(inboxId, ({ unread }) => unread > 0),
            count(inboxId, ({ assignee_id }) => assignee_id === null),
          ])
        }
      }),
    )
    expect(await brokenRules(shop.workspaceId)).toEqual([])
  })

  it('counts are kept right whatever moves a conversation', async () => {
    const Move = fc.record({
      which: fc.nat(119),
      department: fc.nat(3),
      assignee: fc.constantFrom('Ana', 'Bruno', null),
      status: fc.constantFrom('open', 'snoozed', 'closed'),
      unread: fc.nat(2),
      gone: fc.boolean(),
    })
    await within(
      'P8 of counts',
      fc.asyncProperty(fc.array(Move, { minLength: 1, maxLength: 8 }), async (moves) => {
        await change(
          ...moves.map(({ which, department: to, assignee, status: state, unread }) => {
            const assigneeId = assignee ? shop.people[assignee as 'Ana'].agentId : null
            return sql`UPDATE conversations SET department_id = ${departments[to] ?? null}, assignee_id = ${assigneeId}, status = ${state}, unread = ${unread}
              WHERE workspace_id = ${shop.workspaceId} AND id = ${conversations[which]?.id}`
          }),
        )
        expect(await brokenRules(shop.workspaceId)).toEqual([])
      }),
    )
    await change(
      sql`DELETE FROM messages WHERE conversation_id = ${conversations[0]?.id}`,
      sql`DELETE FROM conversations WHERE id = ${conversations[0]?.id}`,
    )
    expect(await brokenRules(shop.workspaceId)).toEqual([])
  })
})

describe('P7: two workspaces', () => {
  const events = async () =>
    (
      await Promise.all([
        eventsOf('1', said({ id: 'wamid.1', from: '5511999990001', name: 'Mariana', text: 'Oi', at: NOON })),
        eventsOf('1', said({ id: 'wamid.2', userId: 'BR.1', name: 'Helena', text: 'Olá', at: NOON + 1_000 })),
        eventsOf('1', echo({ id: 'wamid.3', to: '5511999990001', at: NOON + 2_000 })),
        eventsOf('1', status('wamid.3', 'read'), { news: 1 }),
      ])
    ).flat()

  async function live(shop: Shop, others: Inbox[] = []): Promise<void> {
    const app = testApp()
    const all = await events()
    for (const inbox of [...others, shop.inbox]) {
      for (const event of all) await receive(app, inbox, [{ event, receivedAt: NOON }])
    }
  }

  it('of equal ids, names and phones never mix', async () => {
    const [alone, one, two] = await Promise.all([newShop(), newShop(), newShop()])
    await live(alone)
    await live(one, [two.inbox])
    const expected = await stateOf(alone.workspaceId)
    expect(await stateOf(one.workspaceId)).toEqual(expected)
    expect(await stateOf(two.workspaceId)).toEqual(expected)
  })

  it('see nothing of each other, and change nothing, whatever they ask for', async () => {
    const [ours, theirs] = await Promise.all([newShop(), newShop()])
    await live(ours, [theirs.inbox])
    const [{ id: foreign } = { id: '' }] = await rowsOf<{ id: string }>(
      sql`SELECT id FROM conversations WHERE workspace_id = ${theirs.workspaceId}`,
    )
    const carla = await scopeOf(theirs.people.Ana)
    const written = await reply(testApp(), carla, {
      conversationId: foreign,
      text: 'Olá',
      clientKey: crypto.randomUUID(),
      replyToId: null,
    })
    const before = await stateOf(theirs.workspaceId)
    const drafts = () =>
      rowsOf(sql`SELECT * FROM drafts WHERE workspace_id IN (${ours.workspaceId}, ${theirs.workspaceId})`)

    for (const person of Object.values(ours.people)) {
      const app = testApp()
      // Even one who claims the departments of the others.
      const scope = { ...(await scopeOf(person)), departmentIds: [theirs.suporte, theirs.financeiro] }
      const of = { conversationId: foreign, messageId: written.message.id, no: 1 }
      const asked = [
        reply(app, scope, { conversationId: foreign, text: 'Olá', clientKey: crypto.randomUUID(), replyToId: null }),
        ...[tryAgain, cancel, confirmSent].map((verb) => verb(app, scope, of)),
        see(app, scope, foreign, 100),
        saveDraft(app, scope, { conversationId: foreign, body: 'Olá', replyToId: null }),
      ]
      const answers = await Promise.all(
        asked.map((one) =>
          one.then(
            () => 'done',
            ({ code }) => code,
          ),
        ),
      )
      expect(answers).toEqual(Array(6).fill('not_found'))
      expect(await threadOf(scope, foreign)).toEqual([])
      expect(await listed(scope)).not.toContain(foreign)
      expect(app.published).toEqual([])
    }
    expect(await stateOf(theirs.workspaceId)).toEqual(before)
    expect(await drafts()).toEqual([])
  })

  it('prove nothing for each other', async () => {
    const [ours, theirs] = await Promise.all([newShop(), newShop()])
    await live(ours, [theirs.inbox])
    const [{ id: foreign } = { id: '' }] = await rowsOf<{ id: string }>(
      sql`SELECT id FROM conversations WHERE workspace_id = ${theirs.workspaceId}`,
    )
    const { message } = await reply(testApp(), await scopeOf(theirs.people.Ana), {
      ...{ conversationId: foreign, text: 'Olá', clientKey: crypto.randomUUID(), replyToId: null },
    })
    const [proof] = await eventsOf('1', status('wamid.stolen', 'read', { attemptId: message.attempt?.id ?? '' }))
    if (!proof) throw new Error('There is no proof.')
    expect(await receive(testApp(), ours.inbox, [{ event: proof, receivedAt: NOON }])).toEqual(['waiting'])
    expect(await rowsOf(sql`SELECT state, external_id FROM send_attempts WHERE id = ${message.attempt?.id}`)).toEqual([
      { state: 'queued', external_id: null },
    ])
  })
})
