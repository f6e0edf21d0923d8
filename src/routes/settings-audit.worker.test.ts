/** Who did what, to what and when, for those who answer for it. */
import { type SQL, sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { type Browser, browserOf, change, type Person, rowsOf } from '../../test/support/people.ts'
import { newShop, type Shop } from '../../test/support/workerd/workspace.ts'
import { AUDIT_ACTIONS, type AuditAction } from '../db/audit-actions.ts'
import { type AuditFilter, auditPage } from '../db/queries/audit-page.ts'
import type { Scope } from '../db/records.ts'

let shop: Shop
let ana: Browser

beforeEach(async () => {
  shop = await newShop()
  ana = await browserOf(shop.people.Ana)
})

const PATH = '/settings/audit'
const HOUR = 3_600_000

interface Entry {
  action: AuditAction | 'moon.landed'
  at: number
  by?: Person
  target?: { type: string; id: string }
  detail?: object
}

const entered = ({ action, at, by, target, detail }: Entry): SQL =>
  sql`INSERT INTO audit_log (workspace_id, id, actor_id, action, target_type, target_id, detail, created_at)
    VALUES (${shop.workspaceId}, ${crypto.randomUUID()}, ${by?.agentId ?? null}, ${action}, ${target?.type ?? null},
      ${target?.id ?? null}, ${detail ? JSON.stringify(detail) : null}, ${at})`

/** The actions of a page, in its order. */
const shownIn = (html: string) => Array.from(html.matchAll(/data-action="([^"]+)"/g), ([, action]) => action)

const page = async (query = '') => (await ana.get(`${PATH}${query}`)).text()

describe('the page', () => {
  it('tells what was done in words, the newest first, with a way to what it was done to', async () => {
    const { Bruno } = shop.people
    await ana.send('PUT', `/settings/agents/${Bruno.agentId}/role`, { role: 'supervisor', was: 'agent' })
    await ana.send('POST', '/settings/departments', { id: crypto.randomUUID(), name: 'Pós-venda' })
    await ana.send('POST', `/settings/departments/${shop.financeiro}/members`, { agentId: Bruno.agentId })
    await ana.send('PUT', `/settings/inboxes/${shop.inbox.id}`, {
      name: 'Loja',
      departmentId: shop.suporte,
      version: '1',
    })
    const html = await page()
    expect(shownIn(html)).toEqual([
      'inbox.changed',
      'department.agent_added',
      'department.created',
      'agent.role_changed',
    ])
    const text = html.replaceAll(/<[^>]+>/g, '').replaceAll(/\s+/g, ' ')
    for (const told of [
      'Ana changed the number: Loja',
      'fields: name and department',
      'Ana added the person to a department: Bruno',
      'department: Financeiro',
      'Ana created the department: Pós-venda',
      'Ana changed the role: Bruno',
      'from Agent · to Supervisor',
    ])
      expect(text).toContain(told)
    expect(html).toContain(`href="/settings/agents/${Bruno.agentId}"`)
    expect(html).toContain(`href="/settings/inboxes/${shop.inbox.id}"`)
  })

  it('leads an administrator to no page of an owner, and nobody to what is gone', async () => {
    const { Ana, Bruno } = shop.people
    await change(
      sql`UPDATE agents SET role = 'admin' WHERE id = ${Bruno.agentId}`,
      entered({ action: 'agent.reactivated', at: 1, by: Ana, target: { type: 'agent', id: Ana.agentId } }),
      entered({ action: 'tag.deleted', at: 2, by: Ana, target: { type: 'tag', id: crypto.randomUUID() } }),
    )
    const html = await (await (await browserOf(Bruno)).get(PATH)).text()
    expect(shownIn(html)).toEqual(['tag.deleted', 'agent.reactivated'])
    expect(html).not.toContain(`href="/settings/agents/${Ana.agentId}"`)
    expect(html).toContain('no longer exists')
    expect(html).not.toContain('href="/tags/')
  })

  it('shows as it stands what another version wrote', async () => {
    await change(entered({ action: 'moon.landed', at: 1, detail: { crater: 'Tycho' } }))
    const html = await page()
    expect(html).toContain('moon.landed')
    expect(html).toContain('System')
    expect(html).not.toContain('Tycho')
  })

  it('is filtered by who, what, when in the workspace’s time, and about what', async () => {
    const { Ana, Bruno } = shop.people
    // Midnight of 20 November in São Paulo is three hours later in Greenwich.
    const midnight = Date.UTC(2026, 10, 20, 3)
    const inbox = { type: 'inbox', id: shop.inbox.id }
    await change(
      entered({ action: 'tag.created', at: midnight - 1, by: Bruno }),
      entered({ action: 'inbox.changed', at: midnight, by: Ana, target: inbox }),
      entered({ action: 'inbox.connected', at: midnight + HOUR, by: Bruno, target: inbox }),
      entered({ action: 'session.refused', at: midnight + 24 * HOUR - 1 }),
      entered({ action: 'session.started', at: midnight + 24 * HOUR, by: Bruno }),
    )
    const shown = async (query: string) => shownIn(await page(query))
    expect(await shown(`?who=${Bruno.agentId}`)).toEqual(['session.started', 'inbox.connected', 'tag.created'])
    expect(await shown('?who=system')).toEqual(['session.refused'])
    expect(await shown('?what=inbox')).toEqual(['inbox.connected', 'inbox.changed'])
    expect(await shown('?what=session.started')).toEqual(['session.started'])
    expect(await shown('?from=2026-11-20&until=2026-11-20')).toEqual([
      'session.refused',
      'inbox.connected',
      'inbox.changed',
    ])
    expect(await shown('?until=2026-11-19')).toEqual(['tag.created'])
    expect(await shown(`?target=${shop.inbox.id}`)).toEqual(['inbox.connected', 'inbox.changed'])
    expect(await shown(`?target=${shop.inbox.id}&who=${Ana.agentId}&what=inbox&from=2026-11-20`)).toEqual([
      'inbox.changed',
    ])
    expect(await shown(`?who=${Ana.agentId}&what=session`)).toEqual([])
    expect(await shown('?who=&what=&from=&until=&target=')).toHaveLength(5)
  })

  it('goes on page by page, and no entry is missed or told twice, however many happened at once', async () => {
    await change(...Array.from({ length: 120 }, (_, n) => entered({ action: 'tag.changed', at: 5 + (n % 2) })))
    for (const query of ['', 'what=tag']) {
      const seen: string[] = []
      let href: string | undefined = `${PATH}?${query}`
      let pages = 0
      for (; href !== undefined; pages += 1) {
        const html: string = await (await ana.get(href)).text()
        seen.push(...(shownIn(html) as string[]))
        href = /<a href="([^"]+)"[^>]*>Older</.exec(html)?.[1]?.replaceAll('&amp;', '&')
      }
      expect([pages, seen.length]).toEqual([3, 120])
    }
  })

  it.each([
    'who=nobody',
    'who=1%27%20OR%201=1',
    'what=moon',
    'what=inbox%25',
    'from=2026-02-30',
    'from=yesterday',
    'from=0000-01-01',
    'until=99999-01-01',
    'target=..%2F..',
    'before=1',
    'before=%2d1-x',
    `before=${'9'.repeat(40)}-x`,
  ])('says of %s that it is not right, and asks nothing', async (query) => {
    const answer = await ana.get(`${PATH}?${query}`)
    expect(answer.status).toBe(422)
    await answer.text()
  })

  it('never shows what another workspace did', async () => {
    const other = await newShop()
    await change(entered({ action: 'tag.created', at: 1, target: { type: 'inbox', id: other.inbox.id } }))
    const html = await (await (await browserOf(other.people.Ana)).get(`${PATH}?target=${other.inbox.id}`)).text()
    expect(shownIn(html)).toEqual([])
    // A name of theirs is not told by an id that was written down here.
    await change(sql`UPDATE inboxes SET name = 'Segredo' WHERE id = ${other.inbox.id}`)
    expect(await page()).not.toContain('Segredo')
  })
})

describe('the file', () => {
  const exported = (fields: Record<string, string> = {}) => ana.send('POST', `${PATH}/export`, fields)

  it('has what the filters show, safe for spreadsheets, and is written down itself', async () => {
    const { Bruno } = shop.people
    await change(
      sql`UPDATE agents SET name = '=cmd|"/c calc"!A1' WHERE id = ${Bruno.agentId}`,
      ...Array.from({ length: 620 }, (_, n) =>
        entered({ action: 'agent.deactivated', at: 1_000 + n, target: { type: 'agent', id: Bruno.agentId } }),
      ),
      entered({ action: 'tag.created', at: 3 }),
    )
    const answer = await exported({ what: 'agent' })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(answer.headers.get('content-disposition')).toMatch(
      /^attachment; filename="activity-log-\d{4}-\d\d-\d\d\.csv"$/,
    )
    const bytes = new Uint8Array(await answer.arrayBuffer())
    expect([...bytes.slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
    const lines = new TextDecoder().decode(bytes).trimEnd().split('\r\n')
    expect(lines[0]).toBe('Date and time (UTC),Date and time of the workspace,Who,What,About,Details,Action code,ID')
    expect(lines).toHaveLength(621)
    expect(lines[1]).toBe(
      `1970-01-01T00:00:01.619Z,12/31/1969 9:00 PM,System,deactivated the person,"'=cmd|""/c calc""!A1",,agent.deactivated,${Bruno.agentId}`,
    )
    expect(lines[620]).toContain('1970-01-01T00:00:01.000Z')
    const [entry] = await rowsOf<{ detail: string; actor_id: string }>(
      sql`SELECT detail, actor_id FROM audit_log WHERE workspace_id = ${shop.workspaceId} AND action = 'audit.exported'`,
    )
    expect(entry).toEqual({ detail: '{"fields":"actions"}', actor_id: shop.people.Ana.agentId })
  })

  it('is given three times a day', async () => {
    const answers = []
    for (let n = 0; n < 4; n += 1) answers.push(await exported())
    await Promise.all(answers.map((answer) => answer.text()))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429])
    expect(Number(answers[3]?.headers.get('retry-after'))).toBeGreaterThan(80_000)
  })

  it.each([{ what: 'moon' }, { who: '1' }, { from: 'x' }, { more: 'x' }, { before: '1-x' }] as Record<
    string,
    string
  >[])('is refused for %o, and nothing is counted or written down', async (fields) => {
    const answer = await exported(fields)
    expect(answer.status).toBe(422)
    await answer.text()
    const rows = await rowsOf(
      sql`SELECT 1 FROM audit_log WHERE workspace_id = ${shop.workspaceId} AND action = 'audit.exported'`,
    )
    expect(rows).toEqual([])
  })
})

it('a page of it reads no more than a page, however long the log, whatever is asked for', async () => {
  const ALL: AuditFilter = { actor: null, actions: null, from: null, until: null, targetId: null }
  const sessions = AUDIT_ACTIONS.filter((action) => action.startsWith('session.'))
  const scope: Scope = { workspaceId: 'w', agentId: 'a', role: 'owner', departmentIds: [], authzVersion: 1 }
  for (const [filter, index] of [
    [ALL, 'audit_log_time'],
    [{ ...ALL, from: 1, until: 2 }, 'audit_log_time'],
    [{ ...ALL, actor: 'b', actions: sessions }, 'audit_log_actor'],
    [{ ...ALL, actor: 'system' }, 'audit_log_actor'],
    [{ ...ALL, actions: sessions, from: 1 }, 'audit_log_action'],
    [{ ...ALL, targetId: 't', actor: 'b', actions: sessions }, 'audit_log_target'],
  ] as const) {
    for (const before of [null, { at: 1, tie: 'x' }]) {
      const plan = await rowsOf<{ detail: string }>(
        sql`EXPLAIN QUERY PLAN ${auditPage(scope, filter as AuditFilter, before, 50).sql}`,
      )
      const lines = plan.map(({ detail }) => detail).filter((line) => line.includes('audit_log'))
      expect(lines.length).toBeGreaterThan(0)
      for (const line of lines) expect(line).toContain(`INDEX ${index} `)
      // What is read of the log comes in order, so that no more of it is read than is shown: what several actions give is a page each.
      const last = plan.findLastIndex(({ detail }) => detail.includes('audit_log'))
      expect(plan[last + 1]?.detail).not.toContain('TEMP B-TREE')
    }
  }
})
