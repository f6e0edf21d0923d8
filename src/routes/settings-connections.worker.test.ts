import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { browserOf, change, type Person, rowsOf, workspaceWith } from '../../test/support/people.ts'
import type { Credentials } from '../channels/channel.ts'
import { unseal } from '../db/credentials.ts'
import { gatewayOf } from '../gateways/address.ts'

const PART = { 'HX-Request': 'true', 'HX-Request-Type': 'partial' }
const account = () => String(Math.floor(Math.random() * 1e15))

const form = (over: Record<string, string> = {}) => ({
  ...{ id: crypto.randomUUID(), channel: 'whatsapp', name: 'Loja do centro', accountId: account() },
  ...{ businessAccountId: '200000000000001', appId: 'app-1', accessToken: 'token-of-a-test', appSecret: 'a-secret-1' },
  ...over,
})

interface Row {
  id: string
  channel: string
  external_account_id: string
  webhook_key: string
  status: string
  settings: string
  credentials: string
  version: number
  gateway_version: number
}

const inboxesOf = ({ workspaceId }: Person) =>
  rowsOf<Row>(sql`SELECT * FROM inboxes WHERE workspace_id = ${workspaceId} ORDER BY created_at, id`)

const secretsOf = async ({ workspaceId }: Person, row: Row) =>
  (await unseal(env.CREDENTIALS_KEY, { workspaceId, inboxId: row.id }, row.credentials)) as Credentials

it('connected, a number has a gateway that knows its secrets, and a page that says what to paste where', async () => {
  const { Ana } = await workspaceWith({ Ana: 'owner' })
  const ana = await browserOf(Ana)
  const given = form()
  const answer = await ana.send('POST', '/settings/inboxes', given)
  expect([answer.status, answer.headers.get('location')]).toEqual([303, `/settings/inboxes/${given.id}/connection`])

  const [row] = await inboxesOf(Ana)
  if (!row) throw new Error('no inbox')
  expect(row).toMatchObject({ channel: 'whatsapp', external_account_id: given.accountId, status: 'active' })
  expect(JSON.parse(row.settings)).toEqual({ businessAccountId: '200000000000001', appId: 'app-1' })
  expect(row.credentials).not.toContain(given.accessToken)
  expect(row.gateway_version).toBe(row.version)
  const secrets = await secretsOf(Ana, row)
  expect(await gatewayOf(env, row.webhook_key).ingress()).toMatchObject({
    accountId: given.accountId,
    credentials: secrets,
  })

  const page = await (await ana.get(`/settings/inboxes/${row.id}/connection`)).text()
  expect(page).toContain(`http://localhost:8787/webhooks/whatsapp/${row.webhook_key}`)
  expect(page).toContain(secrets.verifyToken)
  expect(page).not.toContain(given.accessToken)
  expect(page).not.toContain(given.appSecret)
})

it('the same form twice is one number', async () => {
  const { Ana } = await workspaceWith({ Ana: 'owner' })
  const ana = await browserOf(Ana)
  const given = form()
  await Promise.all([1, 2, 3].map(() => ana.send('POST', '/settings/inboxes', given)))
  expect(await inboxesOf(Ana)).toHaveLength(1)
})

it('an account is connected once, in whatever workspace; what was typed stays, secrets do not', async () => {
  const { Ana } = await workspaceWith({ Ana: 'owner' })
  const { Eva } = await workspaceWith({ Eva: 'owner' })
  const given = form()
  await (await browserOf(Ana)).send('POST', '/settings/inboxes', given)
  const answer = await (await browserOf(Eva)).send(
    'POST',
    '/settings/inboxes',
    form({ accountId: given.accountId }),
    PART,
  )
  const html = await answer.text()
  expect(answer.status).toBe(422)
  expect(html).toContain('This account is connected already')
  expect(html).toContain('Loja do centro')
  expect(html).not.toContain(given.appSecret)
  expect(await inboxesOf(Eva)).toHaveLength(0)
})

it.each([
  ['name', { name: '  ' }, 'name'],
  ['accountId', { accountId: '' }, 'Fill in this field'],
  ['accountId', { accountId: '12 34' }, 'does not look like an ID'],
  ['accessToken', { accessToken: 'with a space in it' }, 'too short for a credential'],
  ['appSecret', { appSecret: '' }, 'Fill in this field'],
] as const)('%s is refused beside its field: %o', async (field, over, reason) => {
  const { Ana } = await workspaceWith({ Ana: 'owner' })
  const answer = await (await browserOf(Ana)).send('POST', '/settings/inboxes', form(over), PART)
  const html = await answer.text()
  expect(answer.status).toBe(422)
  expect(html).toMatch(
    new RegExp(`id="connection-${field}"[^>]*aria-invalid="true"|aria-invalid="true"[^>]*id="connection-${field}"`),
  )
  expect(html).toContain(reason)
  expect(await inboxesOf(Ana)).toHaveLength(0)
})

it('a second number of the same app is told to the first one’s gateway', async () => {
  const { Ana } = await workspaceWith({ Ana: 'owner' })
  const ana = await browserOf(Ana)
  const [one, two] = [form(), form({ name: 'Loja do bairro' })]
  await ana.send('POST', '/settings/inboxes', one)
  await ana.send('POST', '/settings/inboxes', two)
  const rows = await inboxesOf(Ana)
  for (const row of rows) {
    const ingress = await gatewayOf(env, row.webhook_key).ingress()
    expect(ingress?.siblings.map(({ accountId }) => accountId).toSorted()).toEqual(
      [one.accountId, two.accountId].toSorted(),
    )
  }
})

it('a number that goes to another app is no longer heard at the addresses of its old one', async () => {
  const { Ana } = await workspaceWith({ Ana: 'owner' })
  const ana = await browserOf(Ana)
  const [one, two] = [form(), form({ name: 'Loja do bairro' })]
  for (const given of [one, two]) await ana.send('POST', '/settings/inboxes', given)
  const rows = await inboxesOf(Ana)
  const [first, second] = [one, two].map(({ id }) => rows.find((row) => row.id === id))
  if (!first || !second) throw new Error('no inbox')
  const { id: _, channel: __, accountId: ___, ...again } = two
  const path = `/settings/inboxes/${second.id}/connection`
  const answer = await ana.send('PUT', path, { ...again, appId: 'app-2', version: String(second.version) })
  expect(answer.status).toBe(303)
  const ingress = await gatewayOf(env, first.webhook_key).ingress()
  expect(ingress?.siblings.map(({ accountId }) => accountId)).toEqual([one.accountId])
})

it('new credentials bring a refused number back; the secret before is still believed; nobody overwrites what they did not see', async () => {
  const { Ana } = await workspaceWith({ Ana: 'admin' })
  const ana = await browserOf(Ana)
  const given = form()
  await ana.send('POST', '/settings/inboxes', given)
  const [before] = await inboxesOf(Ana)
  if (!before) throw new Error('no inbox')
  await change(sql`UPDATE inboxes SET status = 'needs_reauth', status_reason = '190' WHERE id = ${before.id}`)
  const path = `/settings/inboxes/${before.id}/connection`
  const again = {
    businessAccountId: '200000000000001',
    appId: 'app-1',
    accessToken: 'a-new-token',
    appSecret: 'a-secret-2',
  }
  expect((await ana.send('PUT', path, { ...again, version: String(before.version) })).status).toBe(303)

  const [after] = await inboxesOf(Ana)
  if (!after) throw new Error('no inbox')
  expect(after).toMatchObject({ status: 'active', version: before.version + 1, gateway_version: before.version + 1 })
  const secrets = await secretsOf(Ana, after)
  expect(secrets).toMatchObject({
    accessToken: 'a-new-token',
    appSecret: 'a-secret-2',
    previousAppSecret: 'a-secret-1',
  })
  expect(secrets.verifyToken).toBe((await secretsOf(Ana, before)).verifyToken)

  const late = await ana.send(
    'PUT',
    path,
    { ...again, accessToken: 'an-old-page', version: String(before.version) },
    PART,
  )
  expect(late.status).toBe(409)
  expect((await secretsOf(Ana, (await inboxesOf(Ana))[0] as Row)).accessToken).toBe('a-new-token')
})

it('what it does is written down, without what it said', async () => {
  const { Ana } = await workspaceWith({ Ana: 'owner' })
  const given = form()
  await (await browserOf(Ana)).send('POST', '/settings/inboxes', given)
  const written = await rowsOf<{ action: string; target_id: string }>(
    sql`SELECT action, target_id, detail FROM audit_log WHERE workspace_id = ${Ana.workspaceId} AND action LIKE 'inbox.%'`,
  )
  expect(written).toMatchObject([{ action: 'inbox.connected', target_id: given.id }])
  expect(JSON.stringify(written)).not.toContain(given.accessToken)
})

it('a provider that does not answer is said so, and the look is kept', async () => {
  const { Ana } = await workspaceWith({ Ana: 'owner' })
  const ana = await browserOf(Ana)
  const given = form()
  await ana.send('POST', '/settings/inboxes', given)
  const answer = await ana.send('POST', `/settings/inboxes/${given.id}/checkup`, {}, PART)
  expect(answer.status).toBe(200)
  const [row] = await rowsOf<{ checkup: string; checked_at: number }>(
    sql`SELECT checkup, checked_at FROM inboxes WHERE id = ${given.id}`,
  )
  expect(row?.checked_at).toBeGreaterThan(0)
  expect(JSON.parse(row?.checkup ?? '{}')).toMatchObject({ resubscribed: false })
})
