/** Hours, holidays and what is said without anybody writing it: as administrators set it. */
import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { type Browser, browserOf, change, rowsOf } from '../../test/support/people.ts'
import { newShop, type Shop } from '../../test/support/workerd/workspace.ts'

const PART = { 'HX-Request': 'true', 'HX-Request-Type': 'partial' }
const PATH = '/settings/hours'

let shop: Shop
let ana: Browser

beforeEach(async () => {
  shop = await newShop()
  ana = await browserOf(shop.people.Ana)
})

const week = (monday = '08:00-18:00') =>
  Object.fromEntries(Array.from({ length: 7 }, (_, day) => [`day${day}`, day === 1 ? monday : '']))

const hoursForm = (over: Record<string, string> = {}) => ({ ...week(), answer: '', version: '0', ...over })

const kept = () =>
  rowsOf<{ week: string; answer: string | null; version: number }>(
    sql`SELECT week, answer, version FROM business_hours WHERE workspace_id = ${shop.workspaceId}`,
  )

const holidays = async () =>
  (
    await rowsOf<{ day: string }>(sql`SELECT day FROM holidays WHERE workspace_id = ${shop.workspaceId} ORDER BY day`)
  ).map(({ day }) => day)

const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  'a\u202Eb\u0000c',
  "'; DROP TABLE holidays; --",
  '\ud800',
  'x'.repeat(20_000),
]

describe('the hours of a week', () => {
  it('are kept as they are read, and shown again as one writes them', async () => {
    const form = hoursForm({ day1: '13:30 – 18h, 8h às 12h', answer: 'Voltamos às 8h.' })
    expect((await ana.send('PUT', `${PATH}/workspace`, form)).status).toBe(303)
    const html = await (await ana.get(`${PATH}/workspace`)).text()
    expect(html).toContain('value="08:00-12:00, 13:30-18:00"')
    expect(html).toContain('Voltamos às 8h.')
    expect(await (await ana.get(PATH)).text()).toContain('Mon: 08:00-12:00, 13:30-18:00 · Tue–Sun: Closed')
  })

  it('twice the same form is one change; of two that differ the second sees how it stands', async () => {
    const twice = await Promise.all([
      ana.send('PUT', `${PATH}/${shop.suporte}`, hoursForm()),
      ana.send('PUT', `${PATH}/${shop.suporte}`, hoursForm()),
    ])
    expect(twice.map(({ status }) => status)).toEqual([303, 303])
    const late = await ana.send('PUT', `${PATH}/${shop.suporte}`, hoursForm({ day2: '9-10' }), PART)
    expect(late.status).toBe(409)
    expect(await late.text()).toMatch(/This changed while you were editing\.[\s\S]*value="9-10"/)
    expect((await kept()).map(({ version }) => version)).toEqual([1])
  })

  it.each([...HOSTILE, '8-12, 11-14', '25-26', 'sempre'])('written as %j are none, and that is said', async (text) => {
    const answer = await ana.send('PUT', `${PATH}/workspace`, hoursForm({ day1: text }), PART)
    const html = await answer.text()
    expect(answer.status).toBe(422)
    expect(html).not.toMatch(/<script>alert|<img src=x/)
    expect(await kept()).toEqual([])
    expect(html).toMatch(/id="day1"[^>]*aria-invalid="true"/)
  })

  it.each([
    ['Fale com {{agente}}', '{{agente}} does not fill itself in'],
    ['Custa {{valor}}', '{{valor}} does not fill itself in'],
    ['x'.repeat(701), 'Too long: up to 700 characters.'],
  ])('with words that nobody can fill in, or too many, are refused: %s', async (text, reason) => {
    const answer = await ana.send('PUT', `${PATH}/workspace`, hoursForm({ answer: text }), PART)
    expect(answer.status).toBe(422)
    expect(await answer.text()).toContain(reason)
    expect(await kept()).toEqual([])
  })

  it('are those of the workspace’s clock, wherever whoever looks at them is', async () => {
    await change(
      sql`UPDATE workspaces SET time_zone = 'America/Manaus' WHERE id = ${shop.workspaceId}`,
      sql`UPDATE agents SET time_zone = 'Europe/Lisbon' WHERE id = ${shop.people.Ana.agentId}`,
    )
    expect(await (await ana.get(PATH)).text()).toContain('Time zone: America/Manaus.')
  })

  it('go with their department', async () => {
    await ana.send('PUT', `${PATH}/${shop.suporte}`, hoursForm())
    await ana.send('DELETE', `/settings/departments/${shop.suporte}`, { to: '' })
    expect(await kept()).toEqual([])
  })
})

describe('a greeting', () => {
  it('is set, changed and taken away again', async () => {
    const path = `${PATH}/greetings/${shop.inbox.id}`
    await ana.send('PUT', path, { body: 'Olá, {{nome}}!', once: 'conversation', version: '0' })
    const html = await (await ana.get(path)).text()
    expect(html).toContain('Olá, {{nome}}!')
    expect(html).toContain('Olá, Maria Souza!')
    await ana.send('PUT', path, { body: ' ', once: 'contact', version: '1' })
    expect(await rowsOf(sql`SELECT 1 FROM greetings WHERE workspace_id = ${shop.workspaceId}`)).toEqual([])
  })

  it('is offered for no number that was removed', async () => {
    await change(sql`UPDATE inboxes SET status = 'removed' WHERE id = ${shop.inbox.id}`)
    expect(await (await ana.get(PATH)).text()).not.toContain(shop.inbox.id)
    expect((await ana.get(`${PATH}/greetings/${shop.inbox.id}`)).status).toBe(404)
  })

  it.each(HOSTILE)('saying %j is words, or refused', async (body) => {
    const path = `${PATH}/greetings/${shop.inbox.id}`
    const answer = await ana.send('PUT', path, { body, once: 'contact', version: '0' }, PART)
    expect([204, 422]).toContain(answer.status)
    for (const html of [await answer.text(), await (await ana.get(path)).text(), await (await ana.get(PATH)).text()])
      expect(html).not.toMatch(/<script>alert|<img src=x/)
  })
})

describe('holidays', () => {
  it('of Brazil come by one button, once, beside those that are there', async () => {
    await ana.send('POST', `${PATH}/holidays`, { name: 'Natal da loja', day: '2026-12-25', yearly: '1' })
    const before = await holidays()
    expect(before).toEqual(['12-25'])
    const pressed = () => ana.send('POST', `${PATH}/holidays/brazil`)
    await Promise.all([pressed(), pressed()])
    expect(await holidays()).toHaveLength(13)
    const html = await (await ana.get(PATH)).text()
    expect(html).toContain('Natal da loja')
    expect(html).toContain('Corpus Christi')
    expect((await ana.send('DELETE', `${PATH}/holidays/${encodeURIComponent('easter+60')}`)).status).toBe(303)
    expect(await holidays()).not.toContain('easter+60')
    expect(
      await rowsOf(sql`SELECT action, count(*) AS n FROM audit_log
        WHERE workspace_id = ${shop.workspaceId} AND action LIKE 'holiday.%' GROUP BY action`),
    ).toEqual([
      { action: 'holiday.added', n: 2 },
      { action: 'holiday.removed', n: 1 },
    ])
  })

  it.each<[string, string, string]>([
    ['', '2026-12-24', 'Give it a name.'],
    ['Véspera', '2026-02-30', 'Choose a day that exists.'],
    ['Véspera', 'amanhã', 'Choose a day that exists.'],
    ...HOSTILE.map((day): [string, string, string] => ['Véspera', day, 'Choose a day that exists.']),
  ])('called %j on %j are refused beside the field', async (name, day, reason) => {
    const answer = await ana.send('POST', `${PATH}/holidays`, { name, day }, PART)
    const html = await answer.text()
    expect(answer.status).toBe(422)
    expect(html).toContain(reason)
    expect(html).not.toMatch(/<script>alert|<img src=x/)
    expect(await holidays()).toEqual([])
  })

  it('are one a day', async () => {
    await ana.send('POST', `${PATH}/holidays`, { name: 'Véspera', day: '2026-12-24' })
    const again = await ana.send('POST', `${PATH}/holidays`, { name: 'Outra', day: '2026-12-24' }, PART)
    expect(again.status).toBe(422)
    expect(await again.text()).toContain('This day is a holiday already.')
  })
})
