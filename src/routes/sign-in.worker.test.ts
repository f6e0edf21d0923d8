import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { expect, it, onTestFinished, vi } from 'vitest'
import { browserOf, change, newBrowser, type Person, rowsOf, workspaceWith } from '../../test/support/people.ts'
import { PasswordHasher } from '../auth/password-hasher.ts'
import { signed, unsigned } from '../auth/signing.ts'
import { sessionHashOf } from '../db/queries/sessions.ts'
import { SCOPE_PURPOSE } from './session.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const SESSION = 'prosa.session_token'
const SCOPE = 'prosa.scope'

const tokenOf = (cookies: Map<string, string>) => decodeURIComponent(cookies.get(SESSION) ?? '').split('.')[0] ?? ''

const auditOf = ({ workspaceId }: Person) =>
  rowsOf<{
    action: string
    actor_id: string | null
    target_id: string
    session_hash: string | null
    address_hash: string
  }>(sql`SELECT * FROM audit_log WHERE workspace_id = ${workspaceId} ORDER BY created_at, id`)

const versionOf = async ({ agentId }: Person) =>
  (await rowsOf<{ v: number }>(sql`SELECT authz_version AS v FROM agents WHERE id = ${agentId}`))[0]?.v ?? 0

/** What differs from one answer to the next without saying anything: the request's name, the e-mail that was typed. */
const plain = (html: string, email: string) => html.replaceAll(email, '').replaceAll(/[0-9a-f-]{36}/g, '')

/** By the password, as people do. */
async function signedIn(person: Person) {
  const browser = newBrowser()
  expect((await browser.signIn(person)).status).toBe(303)
  return browser
}

/** No password is right, and none is hashed: hashes take their time, and these tests are about how often one may try. */
function noPasswordIsRight() {
  const verify = vi.spyOn(PasswordHasher.prototype, 'verify').mockResolvedValue(false)
  onTestFinished(() => verify.mockRestore())
  return verify
}

it('whoever knows the password comes in, and goes where they wanted to go', async () => {
  const { Ana } = await workspaceWith({ Ana: 'owner' })
  const browser = newBrowser()

  const answer = await browser.signIn({ email: ` ${Ana.email.toUpperCase()} ` }, undefined, '/settings/agents')
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/settings/agents'])
  const cookie = answer.headers.getSetCookie().find((line) => line.startsWith(SESSION))
  expect(cookie).toMatch(/; Max-Age=43200; Path=\/; HttpOnly; SameSite=Lax$/)

  const page = await browser.get('/settings/agents')
  expect(page.status).toBe(200)
  expect(await page.text()).toContain(Ana.email)
  expect(page.headers.get('cache-control')).toBe('no-store')
  expect((await browser.get('/sign-in?next=/settings/agents')).headers.get('location')).toBe('/settings/agents')
})

it('a wrong password, an unknown e-mail and a deactivated agent are told the same', async () => {
  const { Ana, Bruno } = await workspaceWith({ Ana: 'owner', Bruno: 'agent' })
  await change(sql`UPDATE agents SET deactivated_at = 1 WHERE id = ${Bruno.agentId}`)
  const told = async (email: string, password?: string) => {
    const startedAt = Date.now()
    const answer = await newBrowser().signIn({ email }, password)
    const headers = Object.fromEntries([...answer.headers].filter(([name]) => name !== 'x-request-id'))
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(450)
    return { status: answer.status, headers, html: plain(await answer.text(), email) }
  }

  const wrong = await told(Ana.email, 'not the password')
  expect(wrong.status).toBe(401)
  expect(wrong.html).toContain('Wrong e-mail or password')
  expect(wrong.headers).not.toHaveProperty('set-cookie')
  expect(await told('nobody@prosa.test', 'not the password')).toEqual(wrong)
  expect(await told(Bruno.email)).toEqual(wrong)
})

it.each([
  ['no e-mail', { email: '', password: 'x' }],
  ['no password', { email: 'ana@prosa.test', password: '' }],
  ['what is no e-mail', { email: "' OR 1=1 --", password: 'x' }],
  ['a password as long as a book', { email: 'ana@prosa.test', password: 'x'.repeat(257) }],
  ['nothing', {}],
])('%s is answered with the form', async (_, fields) => {
  const answer = await newBrowser().send('POST', '/sign-in', fields)
  expect(answer.status).toBe(401)
  expect(await answer.text()).toContain('Wrong e-mail or password')
})

it('a list of e-mails is no e-mail', async () => {
  const { Ana } = await workspaceWith({ Ana: 'owner' })
  const answer = await newBrowser().send('POST', '/sign-in', { 'email[]': Ana.email, password: 'x' })
  expect(answer.status).toBe(401)
})

it.each(['//evil.example', 'https://evil.example', '/\\evil.example', '/.//evil.example'])(
  'signing in does not lead to %s',
  async (next) => {
    const { Ana } = await workspaceWith({ Ana: 'owner' })
    const answer = await newBrowser().signIn(Ana, undefined, next)
    expect(answer.headers.get('location')).toBe('/conversations')
  },
)

it('after ten failures an account waits, to the second, even for the right password', async () => {
  const { Ana, Bruno } = await workspaceWith({ Ana: 'owner', Bruno: 'agent' })
  const browser = newBrowser()
  const verify = noPasswordIsRight()
  const startedAt = Date.now()
  expect((await browser.signIn(Ana, 'not the password')).status).toBe(401)
  const firstBy = Date.now()
  const failures = await Promise.all(Array.from({ length: 9 }, () => browser.signIn(Ana, 'not the password')))
  expect(failures.map((answer) => answer.status)).toEqual(Array(9).fill(401))
  verify.mockRestore()

  const askedAt = Date.now()
  const refused = await newBrowser().signIn(Ana)
  const retryAfter = Number(refused.headers.get('retry-after'))
  expect(refused.status).toBe(429)
  expect(retryAfter).toBeGreaterThanOrEqual(Math.floor((startedAt + 900_000 - Date.now()) / 1000))
  expect(retryAfter).toBeLessThanOrEqual(Math.ceil((firstBy + 900_000 - askedAt) / 1000))
  expect(await refused.text()).toContain(`Try again in ${Math.ceil(retryAfter / 60)} minutes`)

  expect((await browser.signIn(Bruno)).status).toBe(303)
})

it('many tries at once get no further than one by one', async () => {
  const { Ana } = await workspaceWith({ Ana: 'owner' })
  noPasswordIsRight()
  const answers = await Promise.all(Array.from({ length: 16 }, () => newBrowser().signIn(Ana, 'not the password')))
  const statuses = answers.map((answer) => answer.status)
  expect(statuses.filter((status) => status === 401)).toHaveLength(10)
  expect(statuses.filter((status) => status === 429)).toHaveLength(6)
})

it('after thirty failures an address waits, whomever it tries next; its whole /64 counts as one', async () => {
  const { Ana } = await workspaceWith({ Ana: 'owner' })
  const network = `2001:db8:${Math.floor(Math.random() * 65_536).toString(16)}:1`
  const verify = noPasswordIsRight()
  // A few at a time, as the database takes them.
  for (let at = 0; at < 30; at += 5) {
    const tries = Array.from({ length: 5 }, (_, nth) =>
      newBrowser(`${network}::${at + nth + 1}`).signIn(
        { email: `${crypto.randomUUID()}@prosa.test` },
        'not the password',
      ),
    )
    expect((await Promise.all(tries)).map((answer) => answer.status)).toEqual(Array(5).fill(401))
  }
  verify.mockRestore()

  expect((await newBrowser(`${network}::ffff`).signIn(Ana)).status).toBe(429)
  expect((await newBrowser().signIn(Ana)).status).toBe(303)
})

it('signing in well counts for nothing', async () => {
  const { Ana } = await workspaceWith({ Ana: 'owner' })
  const browser = newBrowser()
  for (let time = 0; time < 12; time += 1) expect((await browser.signIn(Ana)).status).toBe(303)
  const sessions = await rowsOf(sql`SELECT 1 FROM session WHERE user_id = ${Ana.userId}`)
  expect(sessions).toHaveLength(1)
})

it('of many sessions the twenty newest stay', async () => {
  const { Ana } = await workspaceWith({ Ana: 'owner' })
  const now = Date.now()
  await change(
    ...Array.from(
      { length: 20 },
      (_, at) => sql`INSERT INTO session (id, token, user_id, expires_at, created_at)
        VALUES (${crypto.randomUUID()}, ${`${Ana.userId}-${at}`}, ${Ana.userId}, ${now + HOUR}, ${now - (20 - at) * 1000})`,
    ),
  )
  const was = await versionOf(Ana)
  await signedIn(Ana)
  expect(await versionOf(Ana)).toBe(was + 1)
  const tokens = await rowsOf<{ token: string }>(
    sql`SELECT token FROM session WHERE user_id = ${Ana.userId} ORDER BY created_at`,
  )
  expect(tokens).toHaveLength(20)
  expect(tokens[0]?.token).toBe(`${Ana.userId}-1`)
})

it('the session that the browser had ends, and its agent is asked anew', async () => {
  const { Ana, Bruno } = await workspaceWith({ Ana: 'owner', Bruno: 'agent' })
  const browser = await browserOf(Bruno)
  const before = [await versionOf(Ana), await versionOf(Bruno)]
  await browser.signIn(Ana)
  expect([await versionOf(Ana), await versionOf(Bruno)]).toEqual([before[0], (before[1] ?? 0) + 1])
  expect(await rowsOf(sql`SELECT 1 FROM session WHERE user_id = ${Bruno.userId}`)).toEqual([])
})

it('the audit log knows who came and who was refused, and nothing personal', async () => {
  const { Ana } = await workspaceWith({ Ana: 'owner' })
  const browser = newBrowser('203.0.113.77')
  await browser.signIn(Ana, 'not the password')
  await browser.signIn(Ana)
  await browser.send('POST', '/sign-out')

  const rows = await auditOf(Ana)
  expect(rows.map((row) => [row.action, row.actor_id])).toEqual([
    ['session.refused', null],
    ['session.started', Ana.agentId],
    ['session.ended', Ana.agentId],
  ])
  expect(rows[0]?.session_hash).toBeNull()
  expect(rows[1]?.session_hash).toBe(rows[2]?.session_hash)
  expect(new Set(rows.map((row) => row.address_hash)).size).toBe(1)
  expect(JSON.stringify(rows)).not.toMatch(/203\.0\.113\.77|@prosa\.test/)
})

it('without a session one is sent to sign in, and back again afterwards', async () => {
  const browser = newBrowser()
  const page = await browser.get('/settings/agents?a=1')
  expect([page.status, page.headers.get('location')]).toEqual([303, '/sign-in?next=%2Fsettings%2Fagents%3Fa%3D1'])

  const part = await browser.get('/settings/agents', {
    'HX-Request': 'true',
    'HX-Request-Type': 'partial',
    'HX-Current-URL': 'http://localhost:8787/settings/profile',
  })
  expect([part.status, part.headers.get('hx-redirect')]).toEqual([401, '/sign-in?next=%2Fsettings%2Fprofile'])
  expect(part.headers.get('cache-control')).toBe('no-store')

  const form = await browser.send('PUT', '/settings/profile', { locale: 'en', theme: 'dark' })
  expect([form.status, form.headers.get('location')]).toEqual([303, '/sign-in'])

  const socket = await browser.get('/rooms/workspace', { upgrade: 'websocket', origin: 'http://localhost:8787' })
  expect(socket.status).toBe(401)
})

it('a session cookie of which one character was changed opens nothing', async () => {
  const { Ana } = await workspaceWith({ Ana: 'owner' })
  const browser = await signedIn(Ana)
  const cookie = browser.cookies.get(SESSION) ?? ''
  for (const at of [0, 10, cookie.length - 12]) {
    const changed = `${cookie.slice(0, at)}${cookie[at] === 'x' ? 'y' : 'x'}${cookie.slice(at + 1)}`
    const thief = newBrowser()
    thief.cookies.set(SESSION, changed)
    expect((await thief.get('/settings/profile')).status, `at ${at}`).toBe(303)
  }
  const bare = newBrowser()
  bare.cookies.set(SESSION, tokenOf(browser.cookies))
  expect((await bare.get('/settings/profile')).status).toBe(303)
})

it('a kept scope is believed only as we signed it, for its own session, and for a minute', async () => {
  const { Ana, Bruno } = await workspaceWith({ Ana: 'owner', Bruno: 'agent' })
  const ana = await browserOf(Ana)
  const bruno = await browserOf(Bruno)
  await ana.get('/settings/profile')
  await bruno.get('/settings/profile')
  const scope = JSON.parse((await unsigned(env.AUTH_SECRET, SCOPE_PURPOSE, bruno.cookies.get(SCOPE) ?? '')) ?? '')
  expect(scope.viewer).toMatchObject({ agentId: Bruno.agentId, role: 'agent' })
  expect(scope.until - Date.now()).toBeLessThanOrEqual(60_000)

  const asOwner = { ...scope, viewer: { ...scope.viewer, role: 'owner' } }
  const forged = [
    ana.cookies.get(SCOPE) ?? '',
    await signed('another secret', SCOPE_PURPOSE, JSON.stringify(asOwner)),
    await signed(env.AUTH_SECRET, 'media.v1', JSON.stringify(asOwner)),
    await signed(env.AUTH_SECRET, SCOPE_PURPOSE, JSON.stringify({ ...asOwner, until: Date.now() - 1 })),
    'nonsense',
  ]
  for (const cookie of forged) {
    bruno.cookies.set(SCOPE, cookie)
    const page = await (await bruno.get('/settings/agents')).text()
    expect(page).toContain(Bruno.email)
    expect(page).not.toContain('/deactivation')
  }
})

it('what changes something asks for the session itself, not for what was kept of it', async () => {
  const { Ana } = await workspaceWith({ Ana: 'owner' })
  const browser = await browserOf(Ana)
  await browser.get('/settings/profile')
  await change(sql`DELETE FROM session WHERE user_id = ${Ana.userId}`)
  expect((await browser.get('/settings/profile')).status).toBe(200)
  const form = await browser.send('PUT', '/settings/profile', { locale: 'en', theme: 'dark' })
  expect(form.headers.get('location')).toBe('/sign-in')
})

it('a page under an older scope is drawn again under the new one', async () => {
  const { Ana } = await workspaceWith({ Ana: 'owner', Bruno: 'agent' })
  const browser = await browserOf(Ana)
  expect(await (await browser.get('/settings/agents')).text()).toContain('/deactivation')
  const kept = browser.cookies.get(SCOPE)

  await change(sql`UPDATE agents SET role = 'agent', authz_version = authz_version + 1 WHERE id = ${Ana.agentId}`)
  const page = await browser.get('/settings/agents')
  expect(page.status).toBe(200)
  expect(await page.text()).not.toContain('/deactivation')
  expect(browser.cookies.get(SCOPE)).not.toBe(kept)
})

it('a deactivated agent with a live cookie is out at once', async () => {
  const { Bruno } = await workspaceWith({ Bruno: 'agent' })
  const browser = await browserOf(Bruno)
  await browser.get('/settings/profile')
  await change(sql`UPDATE agents SET deactivated_at = 1, authz_version = authz_version + 1 WHERE id = ${Bruno.agentId}`)

  expect((await browser.get('/settings/profile')).headers.get('location')).toBe('/sign-in?next=%2Fsettings%2Fprofile')
  expect((await browser.get('/sign-in?next=%2Fsettings%2Fprofile')).status).toBe(200)
  const part = await browser.get('/settings/agents', { 'HX-Request': 'true', 'HX-Request-Type': 'partial' })
  expect([part.status, part.headers.has('hx-redirect')]).toEqual([401, true])
})

it.each([
  ['an agent', 'agent', 29 * DAY, HOUR, 200],
  ['an agent', 'agent', 31 * DAY, HOUR, 303],
  ['an owner', 'owner', 6 * DAY, HOUR, 200],
  ['an owner', 'owner', 8 * DAY, HOUR, 303],
  ['an agent', 'agent', DAY, -1, 303],
] as const)('the session of %s (%s), %i ms old, with %i ms left: %i', async (_, role, age, left, status) => {
  const { Ana } = await workspaceWith({ Ana: role })
  const browser = await browserOf(Ana)
  const now = Date.now()
  await change(
    sql`UPDATE session SET created_at = ${now - age}, expires_at = ${now + left} WHERE user_id = ${Ana.userId}`,
  )
  expect((await browser.get('/settings/profile')).status).toBe(status)
})

it('a session in use is put off, a session just put off is left alone', async () => {
  const { Ana } = await workspaceWith({ Ana: 'agent' })
  const browser = await browserOf(Ana)
  expect((await browser.get('/settings/profile')).headers.getSetCookie().join()).not.toContain(SESSION)

  browser.cookies.delete(SCOPE)
  const now = Date.now()
  await change(
    sql`UPDATE session SET updated_at = ${now - 700_000}, expires_at = ${now + HOUR} WHERE user_id = ${Ana.userId}`,
  )
  expect((await browser.get('/settings/profile')).headers.getSetCookie().join()).toContain(`${SESSION}=`)
  await expect
    .poll(() =>
      rowsOf<{ left: number }>(sql`SELECT expires_at - ${now} AS left FROM session WHERE user_id = ${Ana.userId}`),
    )
    .toEqual([{ left: expect.closeTo(12 * HOUR, -4) }])
})

it('signing out ends this session and wipes what the browser kept; the others live on', async () => {
  const { Ana } = await workspaceWith({ Ana: 'owner' })
  const [here, there] = [await signedIn(Ana), await browserOf(Ana)]
  await here.get('/settings/profile')
  const before = new Map(here.cookies)

  const answer = await here.send('POST', '/sign-out')
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/sign-in'])
  expect(answer.headers.get('clear-site-data')).toBe('"cache", "storage"')
  expect(here.cookies.size).toBe(0)

  const thief = newBrowser()
  for (const [name, value] of before) thief.cookies.set(name, value)
  expect((await thief.get('/settings/profile')).status).toBe(303)
  expect((await there.get('/settings/profile')).status).toBe(200)
  expect((await here.send('POST', '/sign-out')).status).toBe(303)
})

it('signing out everywhere leaves no session', async () => {
  const { Ana, Bruno } = await workspaceWith({ Ana: 'owner', Bruno: 'agent' })
  const [here, there, bruno] = [await browserOf(Ana), await browserOf(Ana), await browserOf(Bruno)]
  await there.get('/settings/profile')

  const answer = await here.send('POST', '/sign-out/everywhere')
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/sign-in'])
  expect((await there.get('/settings/profile')).status).toBe(303)
  expect((await bruno.get('/settings/profile')).status).toBe(200)
  expect((await auditOf(Ana)).map((row) => row.action)).toContain('session.ended_everywhere')
})

it('what the database keeps of a session does not open it', async () => {
  const { Ana } = await workspaceWith({ Ana: 'owner' })
  const browser = await signedIn(Ana)
  const [row] = await rowsOf<{ token: string; ip_address: string | null }>(
    sql`SELECT token, ip_address FROM session WHERE user_id = ${Ana.userId}`,
  )
  expect(row?.token).toBe(tokenOf(browser.cookies))
  expect(row?.ip_address || null).toBeNull()
  const hash = await sessionHashOf(row?.token ?? '')
  for (const cookie of [row?.token ?? '', `${row?.token}.`, `${row?.token}.${hash}`]) {
    const thief = newBrowser()
    thief.cookies.set(SESSION, encodeURIComponent(cookie))
    expect((await thief.get('/settings/profile')).status).toBe(303)
  }
})
