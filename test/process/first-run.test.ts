/** An empty database, from the code that the server prints to a signed-in owner. */
import { createClient } from '@libsql/client/web'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Prosa, startProsa, temporaryFolder } from '../support/prosa.ts'

let prosa: Prosa
let dataFolder: string

beforeAll(async () => {
  dataFolder = await temporaryFolder()
  prosa = await startProsa({ dataFolder, seed: 'empty', simulator: 'off' })
})

afterAll(async () => {
  await prosa.stop()
})

const codeIn = (output: string) =>
  /set up +\S+\/setup +code ([A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4})/.exec(output)?.[1] ?? ''

const FORM = {
  workspaceName: 'Loja Exemplo',
  departmentName: 'Atendimento',
  timeZone: 'America/Manaus',
  ownerName: 'Olga Dona',
  email: ' Olga@Prosa.Test ',
  password: 'uma frase bem comprida',
}

const post = (path: string, fields: Record<string, string>) =>
  fetch(`${prosa.url}${path}`, {
    method: 'POST',
    body: new URLSearchParams(fields),
    headers: { origin: prosa.url, 'accept-language': 'pt-BR' },
    redirect: 'manual',
  })

async function counted(): Promise<Record<string, unknown>> {
  const client = createClient({ url: prosa.databaseUrl })
  const { rows } = await client.execute(`SELECT
    (SELECT count(*) FROM workspaces) AS workspaces, (SELECT count(*) FROM agents) AS agents,
    (SELECT count(*) FROM user) AS users, (SELECT count(*) FROM account) AS accounts,
    (SELECT count(*) FROM departments) AS departments, (SELECT group_concat(action) FROM audit_log) AS actions`)
  client.close()
  return { ...rows[0] }
}

it('leads whoever comes to the set-up, which asks for the code', async () => {
  const door = await fetch(`${prosa.url}/sign-in`, { redirect: 'manual' })
  expect([door.status, door.headers.get('location')]).toEqual([303, '/setup'])
  const page = await fetch(`${prosa.url}/setup`, { headers: { 'accept-language': 'pt-BR' } })
  expect(await page.text()).toContain('Código de instalação')
})

it('says at each field what is wrong, and makes nothing', async () => {
  const wrong = {
    ...FORM,
    code: 'AAAA-BBBB-CCCC',
    email: 'olga',
    password: 'curta',
    ownerName: ' ',
    timeZone: 'Mars/Base',
  }
  const answer = await post('/setup', wrong)
  expect(answer.status).toBe(422)
  const text = await answer.text()
  for (const sentence of [
    'O código não confere',
    'Confira o e-mail',
    'de 12 a 256',
    'Preencha este campo',
    'Escolha um fuso',
  ])
    expect(text).toContain(sentence)
  expect(text).not.toContain('curta')
  expect(await counted()).toMatchObject({ workspaces: 0, users: 0 })
})

it('makes one workspace of two who come at once, and signs its owner in', async () => {
  const form = { ...FORM, code: codeIn(prosa.output()).toLowerCase() }
  const answers = await Promise.all([post('/setup', form), post('/setup', { ...form, email: 'outra@prosa.test' })])
  expect(answers.map(({ status }) => status)).toEqual([303, 303])
  expect(await counted()).toEqual({
    ...{ workspaces: 1, agents: 1, users: 1, accounts: 1, departments: 1 },
    actions: expect.stringContaining('workspace.created'),
  })
  const first = answers.find((answer) => answer.headers.get('location') === '/settings/start')
  const cookie =
    first?.headers
      .getSetCookie()
      .map((one) => one.split(';')[0])
      .join('; ') ?? ''
  const start = await fetch(`${prosa.url}/settings/start`, { headers: { cookie, 'accept-language': 'pt-BR' } })
  expect(start.status).toBe(200)
  const steps = await start.text()
  for (const words of ['Conectar um número', 'Carregar a demonstração']) expect(steps).toContain(words)
})

it('is closed for good afterwards, also for who has the code, and prints none at the next start', async () => {
  const late = await post('/setup', { ...FORM, code: codeIn(prosa.output()), email: 'tarde@prosa.test' })
  expect([late.status, late.headers.get('location')]).toEqual([303, '/sign-in'])
  expect(await counted()).toMatchObject({ workspaces: 1, users: 1 })
  await prosa.stop()
  prosa = await startProsa({ dataFolder, seed: 'empty', simulator: 'off' })
  expect(codeIn(prosa.output())).toBe('')
  const page = await fetch(`${prosa.url}/setup`, { redirect: 'manual' })
  expect([page.status, page.headers.get('location')]).toEqual([303, '/sign-in'])
})
