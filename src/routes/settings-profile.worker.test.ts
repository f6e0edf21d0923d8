/** What people set for themselves, and what must not happen while they do. */
import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import {
  type Browser,
  browserOf,
  change,
  newBrowser,
  PASSWORD,
  type Person,
  rowsOf,
  workspaceWith,
} from '../../test/support/people.ts'
import { rowOf } from '../../test/support/workerd/workspace.ts'
import { PasswordHasher } from '../auth/password-hasher.ts'

const PART = { 'HX-Request': 'true', 'HX-Request-Type': 'partial' }
const NEXT = 'uma outra frase comprida'

let people: Record<'Ana' | 'Bruno', Person>
let ana: Browser

beforeEach(async () => {
  people = await workspaceWith({ Ana: 'owner', Bruno: 'agent' })
  ana = await browserOf(people.Ana)
})

const actions = async () =>
  (
    await rowsOf<{ action: string; actor_id: string }>(
      sql`SELECT action, actor_id FROM audit_log WHERE workspace_id = ${people.Ana.workspaceId} ORDER BY id`,
    )
  ).map(({ action, actor_id }) => [action, actor_id])

const sessionsOf = ({ userId }: Person) => rowsOf<{ id: string }>(sql`SELECT id FROM session WHERE user_id = ${userId}`)

describe('one’s own name', () => {
  const names = () =>
    rowOf(
      sql`SELECT a.name AS agent, u.name AS user FROM agents a JOIN user u ON u.id = a.user_id WHERE a.id = ${people.Ana.agentId}`,
    )

  it('changes wherever it stands, and nobody else’s with it', async () => {
    const answer = await ana.send('POST', '/settings/profile/name', { _method: 'PUT', name: '  Ana   Lima ' })
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/settings/profile?done=name'])
    const html = await (await ana.get('/settings/profile?done=name')).text()
    expect(html).toContain('Name changed.')
    expect(html).toContain('value="Ana Lima"')
    expect(await names()).toEqual({ agent: 'Ana Lima', user: 'Ana Lima' })
    await ana.send('PUT', '/settings/profile/name', { name: 'Ana Lima' })
    expect(await actions()).toEqual([['agent.renamed', people.Ana.agentId]])
    expect(await rowOf(sql`SELECT name FROM agents WHERE id = ${people.Bruno.agentId}`)).toEqual({ name: 'Bruno' })
  })

  it.each([
    '',
    '   ',
    '\u200b\u2060',
    '\u202e',
    '<script>alert(1)</script>',
    'a\u202eb\u0000c',
    '\ud800',
    'x'.repeat(20_000),
    '{name}',
  ])('%j is taken as a name or refused beside the field, and is never markup', async (name) => {
    const answer = await ana.send('PUT', '/settings/profile/name', { name }, PART)
    const html = answer.status === 422 ? await answer.text() : await (await ana.get('/settings/profile')).text()
    expect([204, 422]).toContain(answer.status)
    expect(html).not.toContain('<script>alert')
    if (answer.status === 422)
      expect(html).toMatch(/id="own-name"[^>]*aria-invalid="true"|aria-invalid="true"[^>]*id="own-name"/)
    const { agent } = (await names()) as { agent: string }
    expect(agent).not.toMatch(/[\p{Cc}\u200b\u202a-\u202e\u2060-\u2069]/u)
    expect(agent.trim()).not.toBe('')
  })
})

describe('one’s own password', () => {
  const chooses = (current: string, next: string, browser = ana) =>
    browser.send('PUT', '/settings/profile/password', { current, next }, PART)

  it('changes for whoever knows it, and every other session ends', async () => {
    const [elsewhere, bruno] = [await browserOf(people.Ana), await browserOf(people.Bruno)]
    const answer = await chooses(PASSWORD, NEXT)
    expect([answer.status, answer.headers.get('hx-redirect')]).toEqual([204, '/settings/profile?done=password'])
    expect((await ana.get('/settings/profile?done=password')).status).toBe(200)
    expect((await elsewhere.get('/settings/profile')).headers.get('location')).toContain('/sign-in')
    expect((await bruno.get('/settings/profile')).status).toBe(200)
    expect((await newBrowser().signIn(people.Ana)).status).toBe(401)
    expect((await newBrowser().signIn(people.Ana, NEXT)).status).toBe(303)
    expect(await actions()).toEqual(expect.arrayContaining([['password.changed', people.Ana.agentId]]))
    expect(await rowOf(sql`SELECT authz_version AS v FROM agents WHERE id = ${people.Ana.agentId}`)).toEqual({ v: 2 })
  })

  it.each([
    ['not the password', NEXT, 'That is not your current password.'],
    ['', NEXT, 'That is not your current password.'],
    ['x'.repeat(3_000), NEXT, 'That is not your current password.'],
    [PASSWORD, '', '12 to 256'],
    [PASSWORD, 'eleven char', '12 to 256'],
    [PASSWORD, 'x'.repeat(257), '12 to 256'],
    [PASSWORD, 'Password 1234', 'too common'],
    [PASSWORD, '000000000000', 'too common'],
  ])('%j, then %j: refused beside the field, and nothing typed is shown again', async (current, next, why) => {
    const elsewhere = await browserOf(people.Ana)
    const answer = await chooses(current, next)
    const html = await answer.text()
    expect(answer.status).toBe(422)
    expect(html).toContain(why)
    expect(html).toContain('aria-invalid="true"')
    for (const typed of [current, next]) if (typed) expect(html).not.toContain(`value="${typed}"`)
    expect((await elsewhere.get('/settings/profile')).status).toBe(200)
    expect(await actions()).toEqual([])
  })

  it.each([
    {},
    { current: PASSWORD },
    { current: PASSWORD, next: NEXT, role: 'owner' },
    { 'next[]': NEXT, current: PASSWORD },
  ])('a form that is none changes nothing: %j', async (fields) => {
    expect((await ana.send('PUT', '/settings/profile/password', fields as Record<string, string>)).status).toBe(422)
    expect(await actions()).toEqual([])
  })

  it('of two who change it at once one wins, and the other is told', async () => {
    const elsewhere = await browserOf(people.Ana)
    const statuses = await Promise.all([chooses(PASSWORD, NEXT), chooses(PASSWORD, `${NEXT}!`, elsewhere)])
    const won = statuses.filter(({ status }) => status === 204)
    expect(won).toHaveLength(1)
    expect((await actions()).filter(([action]) => action === 'password.changed')).toHaveLength(1)
  })

  it('whoever guesses it at somebody’s open page gets ten tries', async () => {
    const verify = vi.spyOn(PasswordHasher.prototype, 'verify').mockResolvedValue(false)
    onTestFinished(() => verify.mockRestore())
    const statuses: number[] = []
    for (let tried = 0; tried < 11; tried += 1) statuses.push((await chooses('not the password', NEXT)).status)
    expect(statuses).toEqual([...Array(10).fill(422), 429])
  })
})

describe('the sessions', () => {
  it('end one by one, each for its owner alone', async () => {
    const [elsewhere, bruno] = [await browserOf(people.Ana), await browserOf(people.Bruno)]
    const [brunos] = await sessionsOf(people.Bruno)
    const html = await (await ana.get('/settings/profile')).text()
    const ids = Array.from(html.matchAll(/data-session-id="([^"]+)"/g), ([, id]) => id)
    const ending = Array.from(html.matchAll(/action="\/settings\/profile\/sessions\/([^"]+)"/g), ([, id]) => id)
    expect([ids.length, ending.length]).toEqual([2, 1])

    for (const id of [brunos?.id ?? '', 'x', "'--", crypto.randomUUID()]) {
      expect((await ana.send('DELETE', `/settings/profile/sessions/${encodeURIComponent(id)}`)).status).toBe(303)
    }
    expect((await bruno.get('/settings/profile')).status).toBe(200)
    expect(await actions()).toEqual([])

    const answer = await ana.send('POST', `/settings/profile/sessions/${ending[0]}`, { _method: 'DELETE' })
    expect(answer.headers.get('location')).toBe('/settings/profile?done=sessions')
    expect((await elsewhere.get('/settings/profile')).status).toBe(303)
    expect((await ana.get('/settings/profile')).status).toBe(200)
    expect(await actions()).toEqual([['session.ended', people.Ana.agentId]])
  })

  it('all others end at once, and this one stays', async () => {
    const [phone, tablet] = [await browserOf(people.Ana), await browserOf(people.Ana)]
    const bruno = await browserOf(people.Bruno)
    expect((await ana.send('DELETE', '/settings/profile/sessions')).status).toBe(303)
    for (const browser of [phone, tablet]) expect((await browser.get('/settings/profile')).status).toBe(303)
    for (const browser of [ana, bruno]) expect((await browser.get('/settings/profile')).status).toBe(200)
    expect(await sessionsOf(people.Ana)).toHaveLength(1)
    await ana.send('DELETE', '/settings/profile/sessions')
    expect(await actions()).toEqual([['session.ended_elsewhere', people.Ana.agentId]])
  })
})

describe('sounds', () => {
  it('are as the person wants them, on every page of theirs', async () => {
    expect(await (await ana.get('/tags')).text()).toContain('data-sounds="mine" data-volume="60"')
    const answer = await ana.send('POST', '/settings/profile/sounds', {
      _method: 'PUT',
      queue: 'on',
      tick: 'on',
      volume: '35',
    })
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/settings/profile?done=sounds'])
    expect(await (await ana.get('/tags')).text()).toContain('data-sounds="queue tick" data-volume="35"')
    expect(await (await (await browserOf(people.Bruno)).get('/tags')).text()).toContain('data-sounds="mine"')
  })

  it.each([
    {},
    { volume: '101' },
    { volume: '-1' },
    { volume: '1e1' },
    { volume: '' },
    { volume: '5', mine: 'yes' },
    { volume: '5', role: 'owner' },
  ])('%j is refused', async (fields) => {
    expect((await ana.send('PUT', '/settings/profile/sounds', fields as Record<string, string>)).status).toBe(422)
    expect(await rowOf(sql`SELECT sounds FROM agents WHERE id = ${people.Ana.agentId}`)).toEqual({ sounds: null })
  })
})

describe('the time zone', () => {
  const looks = { locale: 'en', theme: 'system' }

  it('is the company’s, or one’s own', async () => {
    const { agentId, workspaceId } = people.Ana
    // Yesterday: a session of long ago is over. At that hour it is the same day in all three places.
    const opened = new Date(Date.now() - 86_400_000)
    opened.setUTCHours(13, 5)
    const day = opened.toLocaleDateString('en', { timeZone: 'UTC', year: 'numeric', month: '2-digit', day: '2-digit' })
    await change(sql`UPDATE session SET created_at = ${opened.getTime()} WHERE user_id = ${people.Ana.userId}`)
    expect(await (await ana.get('/settings/profile')).text()).toContain(`Opened on ${day} 10:05 AM`)
    await ana.send('PUT', '/settings/profile', { ...looks, timeZone: 'Asia/Tokyo' })
    const html = await (await ana.get('/settings/profile')).text()
    expect(html).toContain(`Opened on ${day} 10:05 PM`)
    expect(html).toContain('data-time-zone="Asia/Tokyo"')
    expect(html).toContain('<option value="Asia/Tokyo" selected="">')
    await ana.send('PUT', '/settings/profile', looks)
    expect(await (await ana.get('/settings/profile')).text()).not.toContain('data-time-zone')
    expect(await rowOf(sql`SELECT time_zone AS z FROM workspaces WHERE id = ${workspaceId}`)).toEqual({
      z: 'America/Sao_Paulo',
    })
    expect(await rowOf(sql`SELECT time_zone AS z FROM agents WHERE id = ${agentId}`)).toEqual({ z: null })
  })

  it.each(['Mars/Base', 'asia/tokyo', '<script>', "'--", 'x'.repeat(2_000)])('%j is none', async (timeZone) => {
    expect((await ana.send('PUT', '/settings/profile', { ...looks, timeZone })).status).toBe(422)
  })
})
