/** A link by which a colleague chooses a new password, once. */
import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
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

const NEXT = 'uma outra frase comprida'
const HOUR = 3_600_000

let people: Record<'Ana' | 'Bia' | 'Bruno', Person>
let bia: Browser

beforeEach(async () => {
  people = await workspaceWith({ Ana: 'owner', Bia: 'admin', Bruno: 'agent' })
  bia = await browserOf(people.Bia)
})

const make = (browser: Browser, of: Person) => browser.send('POST', `/settings/agents/${of.agentId}/password-reset`)

/** The path of the link that the page shows. */
async function linkFor(of: Person, browser = bia): Promise<string> {
  const answer = await make(browser, of)
  expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store'])
  return /value="https?:\/\/[^/]+(\/reset\/\w+)"/.exec(await answer.text())?.[1] ?? ''
}

const choose = (link: string, password: string) => newBrowser().send('POST', link, { password })

const resets = async () =>
  (
    await rowsOf<{
      action: string
      actor_id: string
      target_id: string
    }>(sql`SELECT action, actor_id, target_id FROM audit_log
      WHERE workspace_id = ${people.Ana.workspaceId} AND action LIKE 'password.%' ORDER BY created_at, id`)
  ).map(({ action, actor_id, target_id }) => [action, actor_id, target_id])

describe('the link', () => {
  it('lets whoever holds it choose a password, once, and ends every session of before', async () => {
    const { Bia, Bruno } = people
    const bruno = await browserOf(Bruno)
    const link = await linkFor(Bruno)
    const page = await newBrowser().get(link)
    const html = await page.text()
    expect([page.status, page.headers.get('referrer-policy')]).toEqual([200, 'no-referrer'])
    expect(html).toContain(Bruno.email)

    const done = await choose(link, NEXT)
    expect(done.status).toBe(200)
    expect(await done.text()).toContain('Password changed. Sign in with it.')
    expect(done.headers.getSetCookie().join()).not.toContain('session_token')
    expect((await bruno.get('/settings/profile')).status).toBe(303)
    expect((await newBrowser().signIn(Bruno, PASSWORD)).status).toBe(401)
    expect((await newBrowser().signIn(Bruno, NEXT)).status).toBe(303)

    expect((await newBrowser().get(link)).status).toBe(404)
    expect((await choose(link, `${NEXT}!`)).status).toBe(404)
    expect(await resets()).toEqual([
      ['password.reset_offered', Bia.agentId, Bruno.agentId],
      ['password.reset', Bruno.agentId, Bruno.agentId],
    ])
  })

  it('is kept by its hash alone', async () => {
    const token = (await linkFor(people.Bruno)).split('/').at(-1) ?? ''
    expect(token).toHaveLength(64)
    expect(JSON.stringify(await rowsOf(sql`SELECT * FROM password_resets`))).not.toContain(token)
  })

  it('of two who take it at once serves one', async () => {
    const link = await linkFor(people.Bruno)
    const answers = await Promise.all([choose(link, NEXT), choose(link, `${NEXT}!`)])
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 404])
    expect((await resets()).filter(([action]) => action === 'password.reset')).toHaveLength(1)
  })

  it.each(['', 'eleven char', 'x'.repeat(257), 'Password1234', '\u0000'])(
    'takes %j for no password',
    async (password) => {
      const link = await linkFor(people.Bruno)
      const answer = await choose(link, password)
      expect(answer.status).toBe(422)
      expect(await answer.text()).toContain('aria-invalid="true"')
      expect((await newBrowser().get(link)).status).toBe(200)
    },
  )

  it('is good for a day, until another is made, or the password changes, or they leave', async () => {
    const { Ana, Bruno } = people
    const first = await linkFor(Bruno)
    const second = await linkFor(Bruno)
    expect([(await newBrowser().get(first)).status, (await newBrowser().get(second)).status]).toEqual([404, 200])
    await change(sql`UPDATE password_resets SET expires_at = ${Date.now() - HOUR} WHERE agent_id = ${Bruno.agentId}`)
    expect((await choose(second, NEXT)).status).toBe(404)

    const third = await linkFor(Bruno)
    const bruno = await browserOf(Bruno)
    await bruno.send('PUT', '/settings/profile/password', { current: PASSWORD, next: NEXT })
    expect((await choose(third, `${NEXT}!`)).status).toBe(404)

    const ana = await browserOf(Ana)
    const ofBia = await linkFor(people.Bia, ana)
    await change(sql`UPDATE agents SET deactivated_at = 1 WHERE id = ${people.Bia.agentId}`)
    expect((await choose(ofBia, NEXT)).status).toBe(404)
  })

  it.each(['x', "'--", '%00', 'á'.repeat(500), '..%2f..', '0'.repeat(64)])('/reset/%s is none', async (token) => {
    expect((await newBrowser().get(`/reset/${token}`)).status).toBe(404)
    expect((await choose(`/reset/${token}`, NEXT)).status).toBe(404)
  })
})

describe('making one', () => {
  it('is for administrators, for owners that of an owner, and for nobody that of themselves', async () => {
    const { Ana, Bia, Bruno } = people
    const { Eva } = await workspaceWith({ Eva: 'owner' })
    expect((await make(await browserOf(Bruno), Bia)).status).toBe(403)
    expect((await make(bia, Ana)).status).toBe(403)
    expect((await make(bia, Bia)).status).toBe(403)
    expect((await make(await browserOf(Eva), Bruno)).status).toBe(404)
    expect(await resets()).toEqual([])
  })

  it('is done three times an hour at most for one colleague', async () => {
    const statuses: number[] = []
    for (let made = 0; made < 4; made += 1) statuses.push((await make(bia, people.Bruno)).status)
    expect(statuses).toEqual([200, 200, 200, 429])
  })

  it('is of no use for who was shut out', async () => {
    await change(sql`UPDATE agents SET deactivated_at = 1 WHERE id = ${people.Bruno.agentId}`)
    expect((await make(bia, people.Bruno)).status).toBe(409)
  })
})
