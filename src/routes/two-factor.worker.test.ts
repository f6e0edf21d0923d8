/** The second step of signing in, from the first code to the last. */
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
import { codeOf, nextCodeOf } from '../../test/support/totp.ts'
import { rowOf } from '../../test/support/workerd/workspace.ts'

const PATH = '/settings/profile/two-factor'
const STEP = '/sign-in/2fa'

let people: Record<'Ana' | 'Bia' | 'Bruno' | 'Otto', Person>
let bruno: Browser

beforeEach(async () => {
  people = await workspaceWith({ Ana: 'owner', Bia: 'admin', Bruno: 'agent', Otto: 'owner' })
  bruno = await browserOf(people.Bruno)
})

const actions = async () =>
  (
    await rowsOf<{ action: string }>(
      sql`SELECT action FROM audit_log WHERE workspace_id = ${people.Ana.workspaceId} ORDER BY created_at, id`,
    )
  ).map(({ action }) => action)

const valueIn = (html: string, id: string) => new RegExp(`id="${id}"[^>]*>([^<]+)<`).exec(html)?.[1] ?? ''
const setupIn = (html: string) => /name="setup" value="([^"]+)"/.exec(html)?.[1] ?? ''
const codesIn = (html: string) => Array.from(html.matchAll(/<code>([^<]+)<\/code>/g), ([, code]) => code ?? '')

async function begun(browser: Browser) {
  const html = await (await browser.send('POST', PATH, { password: PASSWORD })).text()
  return { secret: valueIn(html, 'two-factor-secret'), setup: setupIn(html) }
}

async function turnedOn(browser = bruno) {
  const { secret, setup } = await begun(browser)
  const code = await codeOf(secret)
  const answer = await browser.send('PUT', PATH, { code, setup })
  return { secret, code, codes: codesIn(await answer.text()) }
}

/** Up to the second step. */
async function atSecondStep(person = people.Bruno) {
  const browser = newBrowser()
  const answer = await browser.signIn(person, undefined, '/settings/agents')
  expect([answer.status, answer.headers.get('location')]).toEqual([303, `${STEP}?next=%2Fsettings%2Fagents`])
  return browser
}

const isIn = async (browser: Browser) => (await browser.get('/settings/profile')).status === 200

describe('turning it on', () => {
  it('takes the password, and a first code from the app; until then nothing is asked for', async () => {
    const wrong = await bruno.send('POST', PATH, { password: 'not the password' })
    expect(wrong.status).toBe(422)
    expect(await wrong.text()).toContain('That is not your current password.')

    const page = await bruno.send('POST', PATH, { password: PASSWORD })
    const html = await page.text()
    const secret = valueIn(html, 'two-factor-secret')
    expect(secret).toMatch(/^([A-Z2-7]{4} )+[A-Z2-7]{1,4}$/)
    expect(html).toContain('<svg class="link-squares"')
    expect(page.headers.get('cache-control')).toBe('no-store')
    expect((await newBrowser().signIn(people.Bruno)).headers.get('location')).toBe('/settings/profile')

    for (const code of [
      '',
      '000000',
      'abc',
      `${await codeOf(secret, 0)}`,
      'aaaaa-aaaaa',
      '٠١٢٣٤٥',
      'x'.repeat(3_000),
    ]) {
      const refused = await bruno.send('PUT', PATH, { code, setup: setupIn(html) })
      expect(refused.status).toBe(422)
      expect(valueIn(await refused.text(), 'two-factor-secret')).toBe(secret)
    }
    const code = await codeOf(secret)
    const done = await bruno.send('POST', PATH, {
      _method: 'PUT',
      code: `${code.slice(0, 3)} ${code.slice(3)}`,
      setup: setupIn(html),
    })
    expect([done.status, done.headers.get('cache-control')]).toEqual([200, 'no-store'])
    expect(new Set(codesIn(await done.text())).size).toBe(10)
    expect(await (await bruno.get(PATH)).text()).toContain('10 codes are unused.')
    expect(await (await bruno.get('/settings/profile')).text()).toContain('On: besides the password')
    expect((await actions()).filter((action) => action.startsWith('two_factor'))).toEqual(['two_factor.enabled'])
  })

  it('is one’s own affair: another’s set-up, or a forged one, turns on nothing', async () => {
    const { Ana, Bruno } = people
    const { secret, setup } = await begun(await browserOf(Ana))
    expect((await bruno.send('PUT', PATH, { code: await codeOf(secret), setup })).status).toBe(422)
    for (const forged of ['', 'x', 'x.y', `${setup}x`])
      expect((await bruno.send('PUT', PATH, { code: await codeOf(secret), setup: forged })).status).toBe(303)
    for (const person of [Ana, Bruno])
      expect(await rowOf(sql`SELECT two_factor_enabled AS e FROM user WHERE id = ${person.userId}`)).toEqual({ e: 0 })
  })

  it('keeps secret and codes sealed', async () => {
    const { secret, codes } = await turnedOn()
    const row = await rowOf<Record<string, unknown>>(
      sql`SELECT * FROM two_factor WHERE user_id = ${people.Bruno.userId}`,
    )
    const stored = JSON.stringify(row)
    for (const plain of [secret.replaceAll(' ', ''), ...codes]) expect(stored).not.toContain(plain)
  })
})

describe('signing in', () => {
  it('asks for a code after the password, and goes where they wanted to go', async () => {
    const { secret } = await turnedOn()
    const browser = await atSecondStep()
    expect(await isIn(browser)).toBe(false)
    const page = await browser.get(`${STEP}?next=/settings/agents`)
    expect(page.status).toBe(200)
    expect(await page.text()).toContain('name="next" value="/settings/agents"')
    const wrong = await browser.send('POST', STEP, { code: '000000', next: '/settings/agents' })
    expect(wrong.status).toBe(401)
    expect(await wrong.text()).toContain('That code is not right.')
    expect(await isIn(browser)).toBe(false)

    const answer = await browser.send('POST', STEP, { code: await nextCodeOf(secret), next: '/settings/agents' })
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/settings/agents'])
    expect(await isIn(browser)).toBe(true)
    // The step is over: what was proved is proved once.
    expect((await browser.send('POST', STEP, { code: await nextCodeOf(secret) })).status).toBe(401)
    expect((await browser.get(STEP)).headers.get('location')).toBe('/sign-in')
    expect((await actions()).slice(-2)).toEqual(['session.refused', 'session.started'])
  })

  it('takes a code of the app once, also of two who come with it at once, and not the one that turned it on', async () => {
    const { secret, code: first } = await turnedOn()
    const code = await nextCodeOf(secret)
    const browsers = await Promise.all([atSecondStep(), atSecondStep()])
    const statuses = await Promise.all(
      browsers.map(async (browser) => (await browser.send('POST', STEP, { code })).status),
    )
    expect(statuses.sort()).toEqual([303, 401])
    for (const used of [code, first])
      expect((await (await atSecondStep()).send('POST', STEP, { code: used })).status).toBe(401)
  })

  it('takes each recovery code once, as people type it', async () => {
    const { codes } = await turnedOn()
    const [first = '', second = ''] = codes
    expect((await (await atSecondStep()).send('POST', STEP, { code: first })).status).toBe(303)
    expect((await (await atSecondStep()).send('POST', STEP, { code: first })).status).toBe(401)
    const browser = await atSecondStep()
    expect((await browser.send('POST', STEP, { code: ` ${second.replace('-', '')} ` })).status).toBe(303)
    expect(await isIn(browser)).toBe(true)
    expect(await (await bruno.get(PATH)).text()).toContain('8 codes are unused.')
    const used = await rowsOf(sql`SELECT actor_id FROM audit_log
      WHERE workspace_id = ${people.Ana.workspaceId} AND action = 'two_factor.code_used'`)
    expect(used).toEqual(Array(2).fill({ actor_id: people.Bruno.agentId }))
  })

  it('is nothing without the password, whatever the code', async () => {
    const { secret } = await turnedOn()
    const { secret: anas } = await turnedOn(await browserOf(people.Ana))
    const code = await nextCodeOf(secret)
    expect((await newBrowser().send('POST', STEP, { code })).status).toBe(401)
    const forged = newBrowser()
    for (const value of ['x', 'x.y', encodeURIComponent('2fa-abc.c2lnbmF0dXJl')]) {
      forged.cookies.set('prosa.two_factor', value)
      expect((await forged.send('POST', STEP, { code })).status).toBe(401)
      expect((await forged.get(STEP)).status).toBe(303)
    }
    // A colleague's right code, at one's own step.
    expect((await (await atSecondStep()).send('POST', STEP, { code: await nextCodeOf(anas) })).status).toBe(401)
  })

  it('ends the session that the browser had, of whomever it was', async () => {
    const { secret } = await turnedOn()
    const browser = await browserOf(people.Ana)
    const location = (await browser.signIn(people.Bruno)).headers.get('location')
    expect(location).toContain(STEP)
    expect((await browser.send('POST', STEP, { code: await nextCodeOf(secret) })).status).toBe(303)
    expect(await (await browser.get('/settings/profile')).text()).toContain(people.Bruno.email)
    expect(await rowsOf(sql`SELECT 1 FROM session WHERE user_id = ${people.Ana.userId}`)).toEqual([])
  })

  it('is refused to who was shut out between the two steps', async () => {
    const { secret } = await turnedOn()
    const browser = await atSecondStep()
    await change(sql`UPDATE agents SET deactivated_at = 1 WHERE id = ${people.Bruno.agentId}`)
    expect((await browser.send('POST', STEP, { code: await nextCodeOf(secret) })).status).toBe(401)
    expect(await isIn(browser)).toBe(false)
  })

  it('takes nothing that is no code, and breaks over none', async () => {
    await turnedOn()
    const browser = await atSecondStep()
    for (const code of [
      '',
      'x',
      '1234567',
      '0x1234',
      '１２３４５６',
      "' OR 1=1 --",
      '<script>',
      '\ud800\u0000',
      'a'.repeat(3_000),
    ]) {
      const answer = await browser.send('POST', STEP, { code })
      expect([code, answer.status]).toEqual([code, 401])
      expect(await answer.text()).not.toContain('<script>')
    }
  })

  it('after five wrong codes the password is asked for again, after ten the account waits', async () => {
    const { secret, codes } = await turnedOn()
    const first = await atSecondStep()
    const statuses: number[] = []
    for (let tried = 0; tried < 6; tried += 1)
      statuses.push((await first.send('POST', STEP, { code: '000000' })).status)
    expect(statuses).toEqual(Array(6).fill(401))
    expect((await first.get(STEP)).headers.get('location')).toBe('/sign-in')

    const second = await atSecondStep()
    for (let tried = 0; tried < 4; tried += 1) await second.send('POST', STEP, { code: 'aaaaa-aaaaa' })
    for (const code of [await nextCodeOf(secret), codes[0] ?? '']) {
      const refused = await (await atSecondStep()).send('POST', STEP, { code })
      expect(refused.status).toBe(429)
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(600)
    }
  })
})

describe('what it takes to change it', () => {
  it('new recovery codes take the password, and end the old ones', async () => {
    const { codes } = await turnedOn()
    expect((await bruno.send('POST', `${PATH}/codes`, { password: 'not the password' })).status).toBe(422)
    const renewed = codesIn(await (await bruno.send('POST', `${PATH}/codes`, { password: PASSWORD })).text())
    expect(renewed).toHaveLength(10)
    const browser = await atSecondStep()
    expect((await browser.send('POST', STEP, { code: codes[0] ?? '' })).status).toBe(401)
    expect((await browser.send('POST', STEP, { code: renewed[0] ?? '' })).status).toBe(303)
  })

  it('turning it off takes the password', async () => {
    await turnedOn()
    for (const password of ['not the password', '', 'x'.repeat(300)]) {
      expect((await bruno.send('DELETE', PATH, { password })).status).toBe(422)
    }
    await atSecondStep()
    const answer = await bruno.send('POST', PATH, { _method: 'DELETE', password: PASSWORD })
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/settings/profile?done=two-factor'])
    expect(await isIn(bruno)).toBe(true)
    expect((await newBrowser().signIn(people.Bruno)).headers.get('location')).toBe('/settings/profile')
    expect((await actions()).filter((action) => action.startsWith('two_factor'))).toEqual([
      'two_factor.enabled',
      'two_factor.disabled',
    ])
  })

  it('who guesses the password at an open page gets ten tries', async () => {
    const statuses: number[] = []
    for (let tried = 0; tried < 11; tried += 1) statuses.push((await bruno.send('POST', PATH, { password: '' })).status)
    expect(statuses).toEqual([...Array(10).fill(422), 429])
  })
})

describe('a colleague who lost phone and codes', () => {
  const reset = (browser: Browser, of: Person) => browser.send('DELETE', `/settings/agents/${of.agentId}/two-factor`)

  it('is let off by an administrator: their sessions end, and the password alone lets them in', async () => {
    await turnedOn()
    const bia = await browserOf(people.Bia)
    expect(await (await bia.get(`/settings/agents/${people.Bruno.agentId}`)).text()).toContain(
      'Two-step verification is on.',
    )
    for (let time = 0; time < 2; time += 1) expect((await reset(bia, people.Bruno)).status).toBe(303)
    expect(await isIn(bruno)).toBe(false)
    expect((await newBrowser().signIn(people.Bruno)).headers.get('location')).toBe('/settings/profile')
    expect((await actions()).filter((action) => action === 'two_factor.reset')).toHaveLength(1)
    expect(await rowsOf(sql`SELECT 1 FROM two_factor WHERE user_id = ${people.Bruno.userId}`)).toEqual([])
  })

  it('is let off by no one else, and nobody lets themselves off', async () => {
    const [ana, bia] = [await browserOf(people.Ana), await browserOf(people.Bia)]
    await turnedOn(ana)
    await turnedOn(bia)
    const { Eva } = await workspaceWith({ Eva: 'owner' })
    expect((await reset(bruno, people.Bia)).status).toBe(403)
    expect((await reset(bia, people.Ana)).status).toBe(403)
    expect((await reset(bia, people.Bia)).status).toBe(403)
    expect((await reset(ana, people.Ana)).status).toBe(403)
    expect((await reset(await browserOf(Eva), people.Bia)).status).toBe(404)
    for (const person of [people.Ana, people.Bia])
      expect(await rowOf(sql`SELECT two_factor_enabled AS e FROM user WHERE id = ${person.userId}`)).toEqual({ e: 1 })
    expect((await reset(await browserOf(people.Otto), people.Ana)).status).toBe(303)
  })
})
