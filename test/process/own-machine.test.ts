/** Prosa on a machine of one's own: real addresses, https before it, no simulator. */
import { createClient } from '@libsql/client/web'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Prosa, startProsa } from '../support/prosa.ts'

const ORIGIN = 'https://inbox.loja.test'
let prosa: Prosa

beforeAll(async () => {
  prosa = await startProsa({ seed: 'empty', simulator: 'off', env: { APP_ORIGIN: ORIGIN } })
})

afterAll(async () => {
  await prosa.stop()
})

/** As what stands before it passes a request on: where the page was opened, and who asked. */
const post = (path: string, fields: Record<string, string>, { origin = ORIGIN, from = '203.0.113.7' } = {}) =>
  fetch(`${prosa.url}${path}`, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers: { origin, 'cf-connecting-ip': from, 'accept-language': 'pt-BR' },
    redirect: 'manual',
  })

it('says where it is reached', () => {
  expect(prosa.output()).toMatch(/^address +https:\/\/inbox\.loja\.test, /m)
  expect(prosa.output()).toMatch(/^set up +https:\/\/inbox\.loja\.test\/setup +code /m)
})

it('lets the owner in there, with cookies for https alone', async () => {
  const code = /setup +code (\S+)/.exec(prosa.output())?.[1] ?? ''
  const made = await post('/setup', {
    code,
    workspaceName: 'Loja',
    departmentName: 'Atendimento',
    timeZone: 'America/Sao_Paulo',
    ownerName: 'Olga Dona',
    email: 'olga@loja.test',
    password: 'uma frase bem comprida',
  })
  expect(made.status).toBe(303)
  for (const cookie of made.headers.getSetCookie()) expect(cookie).toMatch(/^__Secure-.*; Secure/)

  const cookie = made.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ')
  const page = await fetch(`${prosa.url}/conversations`, { headers: { cookie }, redirect: 'manual' })
  expect(page.status).toBe(200)
})

it('takes nothing from a page that is somewhere else', async () => {
  expect(
    (await post('/sign-in', { email: 'olga@loja.test', password: 'x' }, { origin: 'https://other.test' })).status,
  ).toBe(403)
})

it('counts each visitor for themselves, as what stands before it names them', async () => {
  for (const from of ['203.0.113.8', '203.0.113.9', '203.0.113.9'])
    await post('/sign-in', { email: 'olga@loja.test', password: 'a wrong password' }, { from })
  const client = createClient({ url: prosa.databaseUrl })
  const { rows } = await client
    .execute(
      "SELECT count(*) AS n, count(DISTINCT address_hash) AS addresses FROM audit_log WHERE action = 'session.refused'",
    )
    .finally(() => client.close())
  expect(rows[0]).toMatchObject({ n: 3, addresses: 2 })
})
