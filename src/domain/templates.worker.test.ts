import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { change, rowsOf } from '../../test/support/people.ts'
import { HOUR, MINUTE, NOON, type TestApp, testApp } from '../../test/support/workerd/app.ts'
import { type FakeChannel, fakeChannel } from '../../test/support/workerd/channel.ts'
import { eventsOf, fakeGraph, MARIANA, reachOf, said } from '../../test/support/workerd/whatsapp.ts'
import { newInbox, newShop, rowOf, type Shop, scopeOf } from '../../test/support/workerd/workspace.ts'
import { ChannelError, type ProviderTemplate } from '../channels/channel.ts'
import { templateChoices, templateFor, templatesFor } from '../db/queries/templates.ts'
import type { Scope } from '../db/records.ts'
import type { AppError } from './errors.ts'
import { dispatch } from './outbox.ts'
import { receive } from './receive.ts'
import { refreshTemplates, sendTemplate, syncTemplates } from './templates.ts'

const template = (change: Partial<ProviderTemplate> = {}): ProviderTemplate => ({
  ...{ externalId: '1', name: 'pedido_pronto', language: 'pt_BR', category: 'UTILITY', status: 'APPROVED' },
  parameterFormat: 'positional',
  components: [{ type: 'body', text: 'Olá, {{1}}! Seu pedido está pronto.' }],
  ...change,
})

let shop: Shop
let app: TestApp
let channel: FakeChannel
let bruno: Scope
let conversationId: string

beforeEach(async () => {
  shop = await newShop()
  channel = fakeChannel()
  app = testApp({ now: NOON + MINUTE, channel })
  bruno = await scopeOf(shop.people.Bruno)
  const events = await eventsOf(shop.inbox.accountId, said({ from: MARIANA, at: NOON }))
  await receive(
    app,
    shop.inbox,
    events.map((event) => ({ event, receivedAt: NOON })),
  )
  conversationId = (
    await rowOf<{ id: string }>(sql`SELECT id FROM conversations WHERE workspace_id = ${shop.workspaceId}`)
  ).id
})

const reach = () => reachOf(shop.inbox.accountId, fakeGraph(), app.now)
const sync = (...templates: ProviderTemplate[]) => {
  channel.templates = async () => templates
  return syncTemplates(app, shop.inbox, reach())
}

const stored = () =>
  rowsOf<{ id: string; name: string; language: string; status: string }>(
    sql`SELECT id, name, language, status FROM templates WHERE inbox_id = ${shop.inbox.id} ORDER BY name, language`,
  )

async function idOf(name: string): Promise<string> {
  const found = (await stored()).find((one) => one.name === name)
  if (!found) throw new Error('There is no such template.')
  return found.id
}

const sending = async (values: Record<string, string>, { clientKey = crypto.randomUUID(), scope = bruno } = {}) =>
  sendTemplate(app, scope, {
    ...{ conversationId, clientKey, templateId: await idOf('pedido_pronto'), values },
    ...{ uploadId: null, place: null },
  }).then(
    ({ message, isNew }) => `${isNew} ${message.body}`,
    (error: AppError) => [error.code, error.details.field, error.details.reason].filter(Boolean).join(' '),
  )

const pass = () => dispatch(app, { inbox: shop.inbox, reach: reach(), admit: () => app.now() })

describe('the templates of an inbox', () => {
  it('are what the provider has: new ones come, others change in place, vanished ones go', async () => {
    expect(await sync(template(), template({ name: 'promo', category: 'MARKETING' }))).toBe(true)
    const before = await stored()
    app.clock.now += 1
    expect(await sync(template({ status: 'PAUSED' }), template({ language: 'en_US' }))).toBe(true)
    expect((await stored()).map(({ name, language, status }) => [name, language, status])).toEqual([
      ['pedido_pronto', 'en_US', 'APPROVED'],
      ['pedido_pronto', 'pt_BR', 'PAUSED'],
    ])
    expect((await stored())[1]?.id).toBe(before[0]?.id)
  })

  it('stay as they are where the provider does not tell', async () => {
    await sync(template())
    channel.templates = () => Promise.reject(new ChannelError({ class: 'auth', code: '190', detail: '' }))
    expect(await syncTemplates(app, shop.inbox, reach())).toBe(false)
    delete channel.templates
    expect(await syncTemplates(app, shop.inbox, reach())).toBe(false)
    expect(await stored()).toHaveLength(1)
  })

  it('an answer that was asked for earlier and comes later undoes nothing', async () => {
    const early = syncTemplates({ ...app, now: () => NOON, db: app.db, channel: () => slow }, shop.inbox, reach())
    await sync(template({ status: 'APPROVED' }))
    release()
    await early
    expect(await stored()).toMatchObject([{ status: 'APPROVED' }])
  })
  let release = () => {}
  const slow = {
    ...fakeChannel(),
    templates: () =>
      new Promise<ProviderTemplate[]>((resolve) => {
        release = () => resolve([template({ status: 'PAUSED' })])
      }),
  }

  it('are found by name and text, in a language, of a category; only approved ones, of this inbox', async () => {
    await sync(
      template(),
      template({ language: 'en_US', components: [{ type: 'body', text: 'Hello {{1}}' }] }),
      template({
        name: 'promo_natal',
        category: 'MARKETING',
        components: [{ type: 'body', text: 'Descontos de Natal' }],
      }),
      template({ name: 'velho', status: 'REJECTED' }),
    )
    const other = await newInbox(shop.workspaceId)
    channel.templates = async () => [template({ name: 'de_outro' })]
    await syncTemplates(app, other, reach())

    const find = async (sought: string, language: string | null = null, category: string | null = null) => {
      const [rows] = await app.db.read(templatesFor(bruno, conversationId, { sought, language, category }))
      return rows.map((one) => `${one.name} ${one.language}`)
    }
    expect(await find('')).toEqual(['pedido_pronto en_US', 'pedido_pronto pt_BR', 'promo_natal pt_BR'])
    expect(await find('Pedido pronto')).toEqual(['pedido_pronto en_US', 'pedido_pronto pt_BR'])
    expect(await find('promo_')).toEqual(['promo_natal pt_BR'])
    expect(await find('natal')).toEqual(['promo_natal pt_BR'])
    expect(await find('body')).toEqual([])
    expect(await find('', 'en_US')).toEqual(['pedido_pronto en_US'])
    expect(await find('', null, 'MARKETING')).toEqual(['promo_natal pt_BR'])
    const [[choices]] = await app.db.read(templateChoices(bruno, conversationId))
    expect(JSON.parse(choices?.languages ?? '').sort()).toEqual(['en_US', 'pt_BR'])
  })

  it('exist for whoever sees the conversation', async () => {
    await sync(template())
    await change(sql`UPDATE conversations SET department_id = ${shop.suporte} WHERE id = ${conversationId}`)
    const carla = await scopeOf(shop.people.Carla)
    const all = { sought: '', language: null, category: null }
    const [rows, one] = await app.db.read(
      templatesFor(carla, conversationId, all),
      templateFor(carla, conversationId, await idOf('pedido_pronto')),
    )
    expect([rows, one]).toEqual([[], []])
    expect(await sending({ 'body.1': 'Maria' }, { scope: carla })).toBe('not_found')
    await expect(refreshTemplates(app, carla, conversationId)).rejects.toMatchObject({ code: 'not_found' })
    expect(await refreshTemplates(app, bruno, conversationId)).toBe(true)
    expect(app.asked).toEqual([shop.inbox.webhookKey])
  })
})

describe('a template', () => {
  it('goes out long after the reply window, with what fills it, and is read in the thread', async () => {
    await sync(template())
    app.clock.now = NOON + 400 * HOUR
    expect(await sending({ 'body.1': ' Maria ', 'body.9': 'not asked for' })).toBe(
      'true Olá, Maria! Seu pedido está pronto.',
    )
    await pass()
    expect(channel.sent).toMatchObject([
      {
        type: 'template',
        text: 'Olá, Maria! Seu pedido está pronto.',
        content: {
          template: {
            name: 'pedido_pronto',
            language: 'pt_BR',
            variables: { body: [{ name: '1', value: 'Maria' }] },
          },
        },
      },
    ])
  })

  it('is one however often it is submitted at once', async () => {
    await sync(template())
    const clientKey = crypto.randomUUID()
    const all = await Promise.all(Array.from({ length: 6 }, () => sending({ 'body.1': 'Maria' }, { clientKey })))
    expect(all.filter((one) => one.startsWith('true'))).toHaveLength(1)
    await pass()
    await pass()
    expect(channel.sent).toHaveLength(1)
    expect(await sending({ 'body.1': 'Outra' }, { clientKey })).toBe('already_sent')
  })

  it('is refused with a blank that is not filled, when it is no longer approved, and in a closed conversation', async () => {
    await sync(template())
    expect(await sending({})).toBe('invalid body.1 empty')
    expect(await sending({ 'body.1': 'a\nb' })).toBe('invalid body.1 lines')
    await change(sql`UPDATE conversations SET status = 'closed', closed_at = 1 WHERE id = ${conversationId}`)
    expect(await sending({ 'body.1': 'Maria' })).toBe('conflict')
    await change(sql`UPDATE templates SET status = 'PAUSED' WHERE inbox_id = ${shop.inbox.id}`)
    expect(await sending({ 'body.1': 'Maria' })).toBe('not_found')
    await pass()
    expect(channel.sent).toEqual([])
  })

  it('is refused where the channel has none', async () => {
    await sync(template())
    app = testApp({ now: app.now(), channel: fakeChannel({ templates: false }) })
    expect(await sending({ 'body.1': 'Maria' })).toBe('not_supported')
    await expect(refreshTemplates(app, bruno, conversationId)).rejects.toMatchObject({ code: 'not_supported' })
  })
})
