import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { change, rowsOf } from '../../test/support/people.ts'
import { losingAnswers, NOON, type TestApp, testApp, threadOf } from '../../test/support/workerd/app.ts'
import { PNG, type Written, writtenTo } from '../../test/support/workerd/files.ts'
import { fakeGraph, reachOf } from '../../test/support/workerd/whatsapp.ts'
import { newShop, type Shop, scopeOf } from '../../test/support/workerd/workspace.ts'
import type { Outbound } from '../channels/channel.ts'
import { whatsapp } from '../channels/whatsapp/whatsapp.ts'
import type { Upload } from '../db/queries/uploads.ts'
import type { Scope } from '../db/records.ts'
import { dispatch } from './outbox.ts'
import { type SendingFiles, sendFiles } from './send-files.ts'
import { choose, chosenFiles, forgetOldUploads, unchoose } from './uploads.ts'

let shop: Shop
let written: Written
let app: TestApp
let ana: Scope

beforeEach(async () => {
  shop = await newShop()
  app = testApp()
  written = await writtenTo(shop.inbox, app)
  ana = await scopeOf(shop.people.Ana)
})

const bytes = (...parts: (string | number[])[]) =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...new TextEncoder().encode(part)] : part)))
const OGG = bytes('OggS', [0, 2], Array<number>(20).fill(0), [1, 19], 'OpusHead', [1, 1], Array<number>(9).fill(0))
const PDF = bytes('%PDF-1.7 hello')

interface File {
  content?: Uint8Array<ArrayBuffer>
  mimeType?: string
  fileName?: string
  voice?: boolean
  by?: Scope
}
const chosen = ({ content = PNG, mimeType = 'image/png', fileName = 'a.png', voice = false, by = ana }: File = {}) =>
  choose(app, by, {
    conversationId: written.conversationId,
    body: new Response(content).body as ReadableStream<Uint8Array>,
    ...{ mimeType, fileName, voice },
  })
const inStore = async ({ id }: Pick<Upload, 'id'>) => (await env.MEDIA.get(`ws/${shop.workspaceId}/${id}`)) !== null
const standing = async (by = ana) => (await chosenFiles(app, by, written.conversationId)).map(({ id }) => id)

describe('choosing a file', () => {
  it('keeps it in the composer of whoever chose it, as what its bytes say that it is', async () => {
    const upload = await chosen({ mimeType: 'image/jpeg', fileName: 'foto\u202egnp.exe' })
    expect(upload).toMatchObject({
      kind: 'image',
      mimeType: 'image/png',
      fileName: 'fotognp.exe',
      size: 29,
      voice: false,
    })
    expect(await standing()).toEqual([upload.id])
    expect(await standing(await scopeOf(shop.people.Bruno))).toEqual([])
    expect(await inStore(upload)).toBe(true)
  })

  it('is refused by the channel in words that name the limit, and leaves nothing', async () => {
    const large = new Uint8Array(5 * 1024 * 1024 + 1)
    large.set(PNG)
    await expect(chosen({ content: large })).rejects.toMatchObject({
      code: 'file_too_large',
      details: { limit: '5 MB' },
    })
    await expect(chosen({ content: new Uint8Array() })).rejects.toMatchObject({ code: 'file_empty' })
    app.channel = () => ({
      ...whatsapp,
      limits: { ...whatsapp.limits, files: { ...whatsapp.limits.files, document: null } },
    })
    await expect(chosen({ content: PDF })).rejects.toMatchObject({
      code: 'file_type',
      details: { type: 'application/pdf' },
    })
    expect(await standing()).toEqual([])
    expect((await env.MEDIA.list({ prefix: `ws/${shop.workspaceId}/` })).objects).toEqual([])
  })

  it('takes no picture of more than fifty megapixels, however few its bytes are', async () => {
    const sized = (width: number, height: number) => {
      const png = PNG.slice()
      const view = new DataView(png.buffer)
      view.setUint32(16, width)
      view.setUint32(20, height)
      return png
    }
    for (const content of [sized(10_000, 5_001), sized(100_000, 100_000)])
      await expect(chosen({ content })).rejects.toMatchObject({ code: 'image_immense', details: { limit: 50 } })
    expect((await env.MEDIA.list({ prefix: `ws/${shop.workspaceId}/` })).objects).toEqual([])
    expect(await chosen({ content: sized(10_000, 5_000) })).toMatchObject({ kind: 'image' })
  })

  it('takes at most ten, and none where the agent may not write', async () => {
    for (let n = 0; n < 10; n += 1) await chosen()
    await expect(chosen()).rejects.toMatchObject({ code: 'too_many_files', details: { limit: 10 } })
    await change(sql`UPDATE conversations SET department_id = ${shop.financeiro} WHERE id = ${written.conversationId}`)
    await expect(chosen({ by: await scopeOf(shop.people.Bruno) })).rejects.toThrow('not_found')
  })

  it('knows a voice note, and sends as a document what the channel shows no other way', async () => {
    expect(await chosen({ content: OGG, mimeType: 'audio/ogg', voice: true })).toMatchObject({
      kind: 'audio',
      voice: true,
    })
    expect(await chosen({ content: OGG, mimeType: 'audio/ogg' })).toMatchObject({ kind: 'audio', voice: false })
    const webm = bytes([0x1a, 0x45, 0xdf, 0xa3])
    expect(await chosen({ content: webm, voice: true })).toMatchObject({ kind: 'document', voice: false })
  })

  it('can be taken back, and is forgotten after a day', async () => {
    const [one, other] = [await chosen(), await chosen()]
    await unchoose(app, ana, written.conversationId, one.id)
    await unchoose(app, ana, written.conversationId, one.id)
    const bruno = await scopeOf(shop.people.Bruno)
    await unchoose(app, bruno, written.conversationId, other.id)
    expect(await standing()).toEqual([other.id])
    expect([await inStore(one), await inStore(other)]).toEqual([false, true])
    // Of the whole deployment: others' stay, for their clocks are elsewhere.
    app.clock.now = NOON + 24 * 3_600_000 + 1
    await forgetOldUploads(app)
    expect(await standing()).toEqual([])
    expect(await inStore(other)).toBe(false)
  })
})

it('a file that is sent while the old ones are removed goes out whole, or not at all', async () => {
  const old = await chosen()
  app.clock.now = NOON + 24 * 3_600_000 + 1
  await writtenTo(shop.inbox, app)
  const { delete: remove } = app.store
  const sending = { conversationId: written.conversationId, text: '', clientKey: crypto.randomUUID(), replyToId: null }
  const sent: unknown[] = []
  app.store.delete = async (keys) => {
    sent.push(await sendFiles(app, ana, { ...sending, uploadIds: [old.id] }).catch(({ code }) => code))
    await remove(keys)
  }
  await forgetOldUploads(app)
  expect(sent).toEqual(['conflict'])
  expect(await inStore(old)).toBe(false)
  expect(await rowsOf(sql`SELECT 1 FROM attachments WHERE id = ${old.id}`)).toEqual([])
  expect(await rowsOf(sql`SELECT 1 FROM uploads WHERE id = ${old.id}`)).toEqual([])
})

describe('sending chosen files', () => {
  const sending = (uploads: Upload[], over: Partial<SendingFiles> = {}): SendingFiles => ({
    conversationId: written.conversationId,
    text: '',
    clientKey: crypto.randomUUID(),
    replyToId: null,
    uploadIds: uploads.map(({ id }) => id),
    ...over,
  })
  const ours = async () =>
    (await threadOf(ana, written.conversationId)).filter(({ direction }) => direction === 'outgoing')
  const attempts = async () =>
    (await rowsOf(sql`SELECT id FROM send_attempts WHERE conversation_id = ${written.conversationId}`)).length

  it('makes a message of each in order, the words under the first', async () => {
    const uploads = [await chosen(), await chosen({ content: PDF, fileName: 'nota.pdf' })]
    const { messages, isNew } = await sendFiles(app, ana, sending(uploads, { text: ' Veja ' }))
    expect(isNew).toBe(true)
    expect(messages.map(({ type, body, attachments }) => [type, body, attachments.map(({ id }) => id)])).toEqual([
      ['image', 'Veja', [uploads[0]?.id]],
      ['document', null, [uploads[1]?.id]],
    ])
    expect(await ours()).toEqual(messages)
    expect(await standing()).toEqual([])
    expect(app.hinted).toEqual([shop.inbox.webhookKey])
    expect(app.published).toHaveLength(2) // the customer's word, and both of these at once
  })

  it('lets the words follow where the first has no caption, or they do not fit one', async () => {
    const voice = await chosen({ content: OGG, mimeType: 'audio/ogg', voice: true })
    const { messages } = await sendFiles(app, ana, sending([voice], { text: 'Ouça' }))
    expect(messages.map(({ type, body }) => [type, body])).toEqual([
      ['audio', null],
      ['text', 'Ouça'],
    ])
    const long = 'a'.repeat(1_025)
    const after = await sendFiles(app, ana, sending([await chosen()], { text: long }))
    expect(after.messages.map(({ body }) => body)).toEqual([null, long])
  })

  it('P4: k submits of one key at once, answers lost, are one set of messages', async () => {
    const uploads = [await chosen(), await chosen(), await chosen({ content: OGG, mimeType: 'audio/ogg' })]
    const submit = sending(uploads, { text: 'Veja' })
    const lossy = testApp({ db: losingAnswers() })
    const all = await Promise.all([app, lossy, app, lossy, app].map((by) => sendFiles(by, ana, submit)))
    expect(await ours()).toHaveLength(3)
    expect(await attempts()).toBe(3)
    for (const { messages } of all) expect(messages.map(({ id }) => id)).toEqual((await ours()).map(({ id }) => id))
    expect((await sendFiles(app, ana, submit)).isNew).toBe(false)
    await expect(sendFiles(app, ana, { ...submit, text: 'Outro' })).rejects.toThrow('already_sent')
  })

  it('sends a file once, from however many tabs, and nothing of it where it was taken back', async () => {
    const [one, other] = [await chosen(), await chosen()]
    const two = await Promise.allSettled([
      sendFiles(app, ana, sending([one])),
      sendFiles(app, ana, sending([one, other])),
    ])
    expect(two.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const left = await standing()
    expect((await ours()).length + left.length).toBe(2)
    const bruno = await scopeOf(shop.people.Bruno)
    const third = await chosen()
    await expect(sendFiles(app, bruno, sending([third]))).rejects.toThrow('conflict')
  })

  it('hands the bytes to the channel, and an address for one that fetches them', async () => {
    await sendFiles(app, ana, sending([await chosen({ fileName: 'foto.png' })], { text: 'Veja' }))
    const sent: Outbound[] = []
    app.channel = () => ({
      ...whatsapp,
      async send(_, message) {
        sent.push(message)
        return { externalId: `wamid.${crypto.randomUUID()}`, address: null }
      },
    })
    const reach = reachOf(shop.inbox.accountId, fakeGraph(), app.now)
    await dispatch(app, { inbox: shop.inbox, reach, admit: app.now })
    expect(sent).toMatchObject([
      {
        type: 'image',
        text: 'Veja',
        media: { kind: 'image', mimeType: 'image/png', fileName: 'foto.png', bytes: 29, voice: false },
      },
    ])
    for (let time = 0; time < 2; time += 1) {
      const body = await sent[0]?.media?.open()
      expect([...new Uint8Array(await new Response(body).arrayBuffer())]).toEqual([...PNG])
    }
    expect(await sent[0]?.media?.publicUrl()).toMatch(/^https:\/\/files\.test\//)
  })
})
