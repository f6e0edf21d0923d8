import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { change, rowsOf } from '../../test/support/people.ts'
import { losingAnswers, NOON, type TestApp, testApp, threadOf } from '../../test/support/workerd/app.ts'
import { type FakeChannel, fakeChannel } from '../../test/support/workerd/channel.ts'
import { PNG, type Written, writtenTo } from '../../test/support/workerd/files.ts'
import { brokenRules } from '../../test/support/workerd/state.ts'
import { fakeGraph, reachOf } from '../../test/support/workerd/whatsapp.ts'
import { newShop, rowOf, type Shop, scopeOf } from '../../test/support/workerd/workspace.ts'
import type { ProviderTemplate, TemplateComponent } from '../channels/channel.ts'
import { fileFor } from '../db/queries/media.ts'
import { toUpload, type Upload, uploadsOf } from '../db/queries/uploads.ts'
import type { Scope } from '../db/records.ts'
import type { AppError } from './errors.ts'
import { dispatch } from './outbox.ts'
import { sendFiles } from './send-files.ts'
import { chooseHeaderFile, type Filling, sendTemplate, syncTemplates } from './templates.ts'
import { choose, chosenFiles, forgetOldUploads } from './uploads.ts'

type Format = NonNullable<TemplateComponent['format']>

const PDF = new TextEncoder().encode('%PDF-1.7 hello')
const PLACE = { latitude: -8.06, longitude: -34.87, name: 'Loja', address: 'Rua A, 1' }

let shop: Shop
let app: TestApp
let channel: FakeChannel
let written: Written
let ana: Scope

beforeEach(async () => {
  shop = await newShop()
  channel = fakeChannel()
  app = testApp({ now: NOON, channel })
  written = await writtenTo(shop.inbox, app)
  ana = await scopeOf(shop.people.Ana)
})

const reach = () => reachOf(shop.inbox.accountId, fakeGraph(), app.now)
const pass = () => dispatch(app, { inbox: shop.inbox, reach: reach(), admit: app.now })

const templateWith = async (...formats: Format[]): Promise<string[]> => {
  channel.templates = async () =>
    formats.map(
      (format, at): ProviderTemplate => ({
        ...{
          externalId: String(at),
          name: `com_${format}`,
          language: 'pt_BR',
          category: 'UTILITY',
          status: 'APPROVED',
        },
        parameterFormat: 'positional',
        components: [
          { type: 'header', format },
          { type: 'body', text: 'Olá!' },
        ],
      }),
    )
  app.clock.now += 1
  await syncTemplates(app, shop.inbox, reach())
  const rows = await rowsOf<{ id: string; name: string }>(
    sql`SELECT id, name FROM templates WHERE inbox_id = ${shop.inbox.id}`,
  )
  return formats.map((format) => rows.find(({ name }) => name === `com_${format}`)?.id ?? '')
}

const codeOf = ({ code, details }: AppError) => [code, details.field, details.reason].filter(Boolean).join(' ')
const streamOf = (bytes: Uint8Array<ArrayBuffer>) => new Response(bytes).body as ReadableStream<Uint8Array>
const file = (content: Uint8Array<ArrayBuffer> = PNG) => ({
  ...{
    conversationId: written.conversationId,
    body: streamOf(content),
    mimeType: null,
    fileName: 'a.png',
    voice: false,
  },
})
const chosen = (templateId: string, content: Uint8Array<ArrayBuffer> = PNG, by = ana) =>
  chooseHeaderFile(app, by, { templateId, ...file(content) })
const standing = async (templateId: string | null, by = ana) => {
  const [rows] = await app.db.read(uploadsOf(by, written.conversationId, templateId))
  return rows.map(toUpload).map(({ id }) => id)
}
const inStore = async () => (await env.MEDIA.list({ prefix: `ws/${shop.workspaceId}/` })).objects.length

const filling = (templateId: string, over: Partial<Filling> = {}): Filling => ({
  ...{ conversationId: written.conversationId, clientKey: crypto.randomUUID(), templateId, values: {} },
  ...{ uploadId: null, place: null },
  ...over,
})
const sending = (of: Filling, by = app) =>
  sendTemplate(by, ana, of).then(({ message, isNew }) => ({ isNew, id: message.id }), codeOf)

const ours = async () =>
  (await threadOf(ana, written.conversationId)).filter(({ direction }) => direction === 'outgoing')

describe('the file of a template’s header', () => {
  it('stands in that template’s form alone, for whoever chose it', async () => {
    const [image = '', document = ''] = await templateWith('image', 'document')
    const upload = await chosen(image)
    expect(upload).toMatchObject({ kind: 'image', mimeType: 'image/png', width: 1, height: 2 })
    const bruno = await scopeOf(shop.people.Bruno)
    expect([await standing(image), await standing(image, bruno)]).toEqual([[upload.id], []])
    expect([await standing(document), await chosenFiles(app, ana, written.conversationId)]).toEqual([[], []])
    const answer = { conversationId: written.conversationId, text: '', replyToId: null, clientKey: crypto.randomUUID() }
    await expect(sendFiles(app, ana, { ...answer, uploadIds: [upload.id] })).rejects.toThrow('conflict')

    const own = await choose(app, ana, file())
    expect([await standing(image), await standing(null)]).toEqual([[upload.id], [own.id]])
    expect(await sending(filling(image, { uploadId: own.id }))).toBe('invalid media media')
  })

  it('is seen before it is sent by whoever chose it, and by nobody else', async () => {
    const [image = ''] = await templateWith('image')
    const { id } = await chosen(image)
    const [[seen], [unseen]] = await app.db.read(fileFor(ana, id), fileFor(await scopeOf(shop.people.Bruno), id))
    expect([seen?.id, unseen]).toEqual([id, undefined])
  })

  it('is the newest that was chosen; those before are swept from the store, and what is sent is not', async () => {
    const [image = ''] = await templateWith('image')
    await choose(app, ana, file())
    const first = await chosen(image)
    const lossy = testApp({ now: app.now(), channel, db: losingAnswers() })
    const second = await chooseHeaderFile(lossy, ana, { templateId: image, ...file() })
    expect(await standing(image)).toEqual([second.id])
    const third = await chosen(image)
    expect([await standing(image), (await standing(null)).length]).toEqual([[third.id], 1])
    expect(await sending(filling(image, { uploadId: first.id }))).toBe('invalid media media')
    await sending(filling(image, { uploadId: third.id }))
    expect(await inStore()).toBe(4)
    await forgetOldUploads(app)
    expect([await inStore(), (await standing(null)).length, await standing(image)]).toEqual([2, 1, []])
  })

  it.each([
    ['image', PDF, 'file_type'],
    ['video', PNG, 'file_type'],
    ['document', PDF, null],
    ['document', PNG, null],
  ] as const)('of the kind %s is that alone, by its bytes', async (format, content, refusal) => {
    const [id = ''] = await templateWith(format)
    const outcome = await chosen(id, content as Uint8Array<ArrayBuffer>).then(({ kind }) => kind, codeOf)
    expect(outcome).toBe(refusal ?? format)
    expect(await inStore()).toBe(refusal ? 0 : 1)
  })

  it('is no larger than the channel takes, and none where the header has words, or who asks sees nothing', async () => {
    const [image = '', text = ''] = await templateWith('image', 'text')
    const large = new Uint8Array(5 * 1024 * 1024 + 1)
    large.set(PNG)
    await expect(chosen(image, large)).rejects.toMatchObject({ code: 'file_too_large', details: { limit: '5 MB' } })
    await expect(chosen(text)).rejects.toThrow('not_supported')
    await change(sql`UPDATE conversations SET department_id = ${shop.suporte} WHERE id = ${written.conversationId}`)
    await expect(chosen(image, PNG, await scopeOf(shop.people.Carla))).rejects.toThrow('not_found')
    expect(await inStore()).toBe(0)
  })
})

describe('a template with a file in its header', () => {
  it('becomes one message with it, however often it is submitted at once and whatever answers are lost', async () => {
    const [image = ''] = await templateWith('image')
    const upload = await chosen(image)
    const submit = filling(image, { uploadId: upload.id })
    const lossy = testApp({ now: app.now(), channel, db: losingAnswers() })
    const all = await Promise.all([app, lossy, app, lossy, app].map((by) => sending(submit, by)))
    const [message, ...others] = await ours()
    expect([others, new Set(all.map((one) => (typeof one === 'string' ? one : one.id)))]).toEqual([
      [],
      new Set([message?.id]),
    ])
    expect(message).toMatchObject({
      type: 'template',
      attachments: [{ id: upload.id, kind: 'image', width: 1, height: 2 }],
    })
    expect(await standing(image)).toEqual([])
    expect(await sending(submit)).toEqual({ isNew: false, id: message?.id })
    expect(await sending({ ...submit, uploadId: crypto.randomUUID() })).toBe('already_sent')
    expect(await sending(filling(image, { uploadId: upload.id }))).toBe('invalid media media')

    await pass()
    await pass()
    expect(channel.sent).toMatchObject([
      {
        ...{ type: 'template', text: 'Olá!', replyTo: null, content: { template: { name: 'com_image' } } },
        media: { kind: 'image', mimeType: 'image/png', fileName: 'a.png', bytes: PNG.length },
      },
    ])
    const body = await channel.sent[0]?.media?.open()
    expect([...new Uint8Array(await new Response(body).arrayBuffer())]).toEqual([...PNG])
    expect(await brokenRules(shop.workspaceId)).toEqual([])
  })

  it('sends a file once, from however many tabs', async () => {
    const [image = ''] = await templateWith('image')
    const upload: Upload = await chosen(image)
    const all = await Promise.all(Array.from({ length: 4 }, () => sending(filling(image, { uploadId: upload.id }))))
    expect(all.filter((one) => typeof one !== 'string')).toHaveLength(1)
    expect(await ours()).toHaveLength(1)
  })

  it('is refused without one, and where its header has become another since', async () => {
    const [image = ''] = await templateWith('image')
    const upload = await chosen(image)
    expect(await sending(filling(image))).toBe('invalid media media')
    await change(
      sql`UPDATE templates SET components = ${JSON.stringify([{ type: 'header', format: 'video' }])} WHERE id = ${image}`,
    )
    expect(await sending(filling(image, { uploadId: upload.id }))).toBe('invalid media media')
    expect([await ours(), await standing(image)]).toEqual([[], [upload.id]])
  })
})

describe('a template with a place in its header', () => {
  it('goes out with it, and shows it in the thread', async () => {
    const [placed = ''] = await templateWith('location')
    expect(await sending(filling(placed, { place: PLACE }))).toMatchObject({ isNew: true })
    await pass()
    expect(channel.sent).toMatchObject([{ type: 'template', media: null, content: { location: PLACE } }])
    expect(await ours()).toMatchObject([{ content: { location: PLACE, template: { name: 'com_location' } } }])
  })

  it.each([
    [null, 'invalid where coordinates'],
    [{ ...PLACE, latitude: 91 }, 'invalid latitude coordinates'],
    [{ ...PLACE, name: ' ' }, 'invalid name empty'],
    [{ ...PLACE, address: '' }, 'invalid address empty'],
  ])('is refused with %j', async (place, expected) => {
    const [placed = ''] = await templateWith('location')
    expect(await sending(filling(placed, { place }))).toBe(expected)
  })

  it('is the same message for the same place alone', async () => {
    const [placed = ''] = await templateWith('location')
    const submit = filling(placed, { place: PLACE })
    await sending(submit)
    expect(await sending(submit)).toMatchObject({ isNew: false })
    expect(await sending({ ...submit, place: { ...PLACE, latitude: 1 } })).toBe('already_sent')
    expect(
      await rowOf<{ n: number }>(
        sql`SELECT count(*) AS n FROM send_attempts WHERE conversation_id = ${written.conversationId}`,
      ),
    ).toEqual({ n: 1 })
  })
})
