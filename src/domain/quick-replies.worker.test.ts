/** Words at hand: who keeps and finds which, and what becomes of them in an answer. */
import { env, exports } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { type Browser, browserOf, change, ORIGIN, rowsOf } from '../../test/support/people.ts'
import { losingAnswers, testApp } from '../../test/support/workerd/app.ts'
import { PNG } from '../../test/support/workerd/files.ts'
import { eventsOf, said } from '../../test/support/workerd/whatsapp.ts'
import { newShop, rowOf, type Shop, scopeOf } from '../../test/support/workerd/workspace.ts'
import type { Viewer } from '../db/records.ts'
import { reply } from './messages.ts'
import { createQuickReply } from './quick-replies.ts'
import { forgetQuickReplyFiles } from './quick-reply-files.ts'
import { receive } from './receive.ts'

const PART = { 'HX-Request': 'true', 'HX-Request-Type': 'partial' }
const PATH = '/settings/quick-replies'

let shop: Shop
let ana: Browser
let bruno: Browser
let conversationId: string

beforeEach(async () => {
  shop = await newShop()
  ana = await browserOf(shop.people.Ana)
  bruno = await browserOf(shop.people.Bruno)
  const events = await eventsOf(
    shop.inbox.accountId,
    said({ text: 'Oi!', at: Date.now(), from: '5511999990001', name: 'Maria Souza' }),
  )
  await receive(
    testApp({ now: Date.now() }),
    shop.inbox,
    events.map((event) => ({ event, receivedAt: Date.now() })),
  )
  const { id } = await rowOf<{ id: string }>(sql`SELECT id FROM conversations WHERE inbox_id = ${shop.inbox.id}`)
  conversationId = id
  await change(sql`UPDATE conversations SET department_id = ${shop.suporte} WHERE id = ${id}`)
})

const form = (shortcut: string, body = 'Olá!', owner = 'personal') => ({
  id: crypto.randomUUID(),
  shortcut,
  body,
  owner,
})

const keep = async (who: Browser, ...of: Parameters<typeof form>) => {
  const sent = form(...of)
  expect((await who.send('POST', PATH, sent)).status).toBe(303)
  return sent.id
}

const kept = () =>
  rowsOf<{ shortcut: string; body: string; scope: string }>(
    sql`SELECT shortcut, body, scope FROM quick_replies WHERE workspace_id = ${shop.workspaceId} ORDER BY shortcut`,
  )

const offered = async (who: Browser, q = '') =>
  (await who.get(`/conversations/${conversationId}/quick-replies?q=${encodeURIComponent(q)}`, PART)).text()

const shortcutsIn = (html: string) => [...html.matchAll(/<bdi hx-ignore[^>]*>\/([^<]+)</g)].map(([, name]) => name)

const viewerOf = async (name: 'Ana' | 'Bruno'): Promise<Viewer> =>
  ({ ...(await scopeOf(shop.people[name])), name }) as Viewer

describe('a quick reply', () => {
  it('is kept once, however often its form is sent, and however its answer is lost', async () => {
    const twice = form('ola')
    const answers = await Promise.all([bruno.send('POST', PATH, twice), bruno.send('POST', PATH, twice)])
    expect(answers.map(({ status }) => status)).toEqual([303, 303])
    const app = testApp({ db: losingAnswers() })
    await createQuickReply(app, await viewerOf('Bruno'), form('oi'), {})
    expect((await kept()).map(({ shortcut }) => shortcut)).toEqual(['oi', 'ola'])
  })

  it('has a shortcut that its owner has once, in every spelling; others may have it too', async () => {
    await keep(bruno, '/Olá')
    const answer = await bruno.send('POST', PATH, form('OLA', 'Outra'), PART)
    expect(answer.status).toBe(422)
    const html = await answer.text()
    expect(html).toContain('This shortcut exists here already.')
    expect(html).toContain('value="OLA"')
    await keep(ana, 'ola', 'De todos', 'workspace')
    await keep(ana, 'ola', 'Do suporte', shop.suporte)
    expect(shortcutsIn(await offered(bruno, 'ola'))).toEqual(['Olá', 'ola', 'ola'])
    expect([...(await offered(bruno, 'ola')).matchAll(/data-text="([^"]*)"/g)].map(([, text]) => text)).toEqual([
      'Olá!',
      'Do suporte',
      'De todos',
    ])
  })

  it.each([
    ['', 'Olá!', 'Give it a shortcut.'],
    ['///', 'Olá!', 'Give it a shortcut.'],
    ['\u200b\u202e', 'Olá!', 'Give it a shortcut.'],
    ['ola', ' \n ', 'Write the text.'],
    ['x'.repeat(41), 'Olá!', 'Too long: up to 40 characters.'],
    ['ola', 'x'.repeat(4_097), 'Too long: up to 4096 characters.'],
  ])('called %j, saying %j, is refused beside the field', async (shortcut, body, reason) => {
    const answer = await bruno.send('POST', PATH, form(shortcut, body), PART)
    expect(answer.status).toBe(422)
    const html = await answer.text()
    expect(html).toContain(reason)
    expect(html.match(/aria-invalid="true"/g)).toHaveLength(1)
    expect(await kept()).toEqual([])
  })

  it.each([
    '<script>alert(1)</script>',
    '"><img src=x onerror=alert(1)>',
    'a\u202Eb\u0000c\u200bd',
    "'; DROP TABLE quick_replies; --",
    '% _ NEAR(a b) * ^',
    '{name} {{x}} $' + '{1}',
    '👩‍👩‍👧‍👦',
  ])('saying %j is words and nothing else, in the list and in the composer', async (text) => {
    await keep(bruno, text, text)
    const pages = [await (await bruno.get(PATH)).text(), await offered(bruno)]
    for (const html of pages) expect(html).not.toMatch(/<script>alert|<img src=x/)
    expect((await bruno.get(`${PATH}?q=${encodeURIComponent(text)}`)).status).toBe(200)
    expect(shortcutsIn(await offered(bruno, text)).length).toBeLessThanOrEqual(1)
  })

  it('is found by its words as by its shortcut, without accents, what is called so first', async () => {
    await keep(bruno, 'zeta', 'O Pagamento é até sexta')
    await keep(bruno, 'pagamento', 'Por pix')
    await keep(bruno, 'pagar', 'Assim')
    expect(shortcutsIn(await offered(bruno, 'PAGAMENTO'))).toEqual(['pagamento', 'zeta'])
    expect(shortcutsIn(await offered(bruno, 'paga'))).toEqual(['pagamento', 'pagar', 'zeta'])
    expect(shortcutsIn(await offered(bruno, 'ate sexta'))).toEqual(['zeta'])
    expect(shortcutsIn(await offered(bruno, 'nada disso'))).toEqual([])
  })

  it('is seen by those whose it is: oneself, a department, everyone', async () => {
    const carla = await browserOf(shop.people.Carla)
    const diego = await browserOf(shop.people.Diego)
    await keep(bruno, 'meu')
    await keep(diego, 'suporte', 'Oi', shop.suporte)
    await keep(diego, 'todos', 'Oi', 'workspace')
    const listed = async (who: Browser) => shortcutsIn(await (await who.get(PATH)).text())
    expect(await listed(bruno)).toEqual(['meu', 'suporte', 'todos'])
    expect(await listed(carla)).toEqual(['todos'])
    expect(await listed(ana)).toEqual(['suporte', 'todos'])
    expect((await bruno.send('POST', PATH, form('x', 'Oi', 'workspace'))).status).toBe(403)
    expect((await bruno.send('POST', PATH, form('x', 'Oi', shop.suporte))).status).toBe(403)
    expect((await diego.send('POST', PATH, form('x', 'Oi', shop.financeiro))).status).toBe(403)
  })

  it('is changed by one of two who change it at once; the other keeps what they typed', async () => {
    const id = await keep(bruno, 'ola')
    const [one, two] = await Promise.all(
      ['Um', 'Dois'].map((body) => bruno.send('PUT', `${PATH}/${id}`, { shortcut: 'ola', body, version: '1' }, PART)),
    )
    expect([one?.status, two?.status].sort()).toEqual([204, 409])
    const lost = one?.status === 409 ? one : two
    expect(await lost?.text()).toContain('This changed while you were editing.')
    expect(await kept()).toHaveLength(1)
  })

  it('goes with its department', async () => {
    await keep(ana, 'suporte', 'Oi', shop.suporte)
    await keep(ana, 'todos', 'Oi', 'workspace')
    const { financeiro } = shop
    expect((await ana.send('DELETE', `/settings/departments/${shop.suporte}`, { to: financeiro })).status).toBe(303)
    expect((await kept()).map(({ shortcut }) => shortcut)).toEqual(['todos'])
  })
})

describe('in an answer', () => {
  it('its blanks are filled in with what is known, and the others are left to be filled in', async () => {
    await keep(bruno, 'ola', '{{primeiro_nome}}, aqui é {{agente}} do {{departamento}}: {{valor}}')
    expect(await offered(bruno, 'ola')).toContain('data-text="Maria, aqui é Bruno do Suporte: {{valor}}"')
  })

  it('a blank that nobody filled in does not leave', async () => {
    const app = testApp({ now: Date.now() })
    const sending = { conversationId, clientKey: crypto.randomUUID(), replyToId: null }
    const refused = reply(app, await viewerOf('Bruno'), { ...sending, text: 'Custa {{valor}}' })
    await expect(refused).rejects.toMatchObject({ code: 'unfilled' })
    const answer = await bruno.send(
      'POST',
      `/conversations/${conversationId}/messages`,
      { text: 'Custa {{valor}}', clientKey: sending.clientKey },
      PART,
    )
    expect(answer.status).toBe(422)
    expect(await answer.text()).toContain('Fill in {{valor}} before sending.')
    await reply(app, await viewerOf('Bruno'), { ...sending, text: 'Custa 7, e {{7*7}} é código' })
    expect(
      await rowsOf(sql`SELECT body FROM messages WHERE inbox_id = ${shop.inbox.id} AND direction = 'outgoing'`),
    ).toEqual([{ body: 'Custa 7, e {{7*7}} é código' }])
  })

  it('it comes by the draft where there is no script, behind what is written, and is counted', async () => {
    const id = await keep(bruno, 'ola', 'Oi, {{nome}}!')
    await bruno.send('PUT', `/conversations/${conversationId}/draft`, { body: 'Começo' })
    const answer = await bruno.send('POST', `/conversations/${conversationId}/quick-replies/${id}/uses`)
    expect(answer.headers.get('location')).toBe(`/conversations/${conversationId}`)
    expect(await (await bruno.get(`/conversations/${conversationId}`)).text()).toContain('Começo\nOi, Maria Souza!')
    expect(await rowsOf(sql`SELECT uses FROM quick_replies WHERE id = ${id}`)).toEqual([{ uses: 1 }])
  })

  it('its files are copied: what is chosen outlives the quick reply', async () => {
    const id = await keep(bruno, 'tabela', 'Segue')
    expect((await upload(bruno, id, new File(['nome;preço'], 'tabela.txt', { type: 'text/plain' }))).status).toBe(303)
    const used = await bruno.send('POST', `/conversations/${conversationId}/quick-replies/${id}/uses`, {}, PART)
    expect(await used.text()).toContain('tabela.txt')
    const objects = async () =>
      (await env.MEDIA.list({ prefix: `ws/${shop.workspaceId}/` })).objects.map(({ key }) => key)
    expect(await objects()).toHaveLength(2)
    expect((await bruno.send('DELETE', `${PATH}/${id}`)).status).toBe(303)
    await forgetQuickReplyFiles(testApp())
    const [left] = await objects()
    expect(await rowsOf(sql`SELECT object_key FROM uploads WHERE workspace_id = ${shop.workspaceId}`)).toEqual([
      { object_key: left },
    ])
    expect(await rowsOf(sql`SELECT 1 FROM quick_reply_files WHERE workspace_id = ${shop.workspaceId}`)).toEqual([])
  })

  it('a file that the channel does not take stays out, and is said', async () => {
    const id = await keep(bruno, 'foto')
    const large = new Uint8Array(5 * 1024 * 1024 + 1)
    large.set(PNG)
    await upload(bruno, id, new File([large], 'foto.png', { type: 'image/png' }))
    await upload(bruno, id, new File(['%PDF-1.7'], 'bula.pdf', { type: 'application/pdf' }))
    const used = await bruno.send('POST', `/conversations/${conversationId}/quick-replies/${id}/uses`, {}, PART)
    const html = await used.text()
    expect(html).toContain('bula.pdf')
    expect(html).toContain('One file stayed out. The file is over')
    expect(html).not.toContain('foto.png')
  })
})

/** As a plain form sends a file. */
async function upload(who: Browser, id: string, file: File): Promise<Response> {
  const body = new FormData()
  body.set('file', file)
  const encoded = new Response(body)
  const bytes = await encoded.arrayBuffer()
  return exports.default.fetch(
    new Request(`${ORIGIN}${PATH}/${id}/files`, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        cookie: [...who.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        'sec-fetch-site': 'same-origin',
        'content-type': encoded.headers.get('content-type') ?? '',
        'content-length': String(bytes.byteLength),
      },
      body: bytes,
    }),
  )
}
