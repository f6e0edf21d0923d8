/** What the list and a quote tell of a message, on the real tables. */
import { beforeEach, expect, it } from 'vitest'
import { MINUTE, NOON, type TestApp, testApp } from '../../../test/support/workerd/app.ts'
import { aDeletion, aFile, aMessage, aReaction } from '../../../test/support/workerd/events.ts'
import { type Inbox, newEmptyWorkspace } from '../../../test/support/workerd/workspace.ts'
import type { InboundEvent, MessageEvent } from '../../channels/events.ts'
import { receive } from '../../domain/receive.ts'

let app: TestApp
let inbox: Inbox

beforeEach(async () => {
  ;[inbox] = (await newEmptyWorkspace(1)) as [Inbox]
  app = testApp()
})

async function told(event: InboundEvent) {
  await receive(app, inbox, [{ event, receivedAt: NOON }])
  const news = app.published.findLast((one) => one.type === 'thread.changed')
  return { last: news?.conversation.last, quote: news?.messages[0]?.replyTo }
}

it.each<[string, Partial<MessageEvent>, object]>([
  ['words', { text: 'Tem azul?' }, { type: 'text', body: 'Tem azul?', label: null }],
  ['a voice note', { type: 'audio', media: [aFile({ kind: 'audio', voice: true })] }, { voice: true, label: null }],
  ['a recording', { type: 'audio', media: [aFile({ kind: 'audio' })] }, { voice: false }],
  [
    'a document',
    { type: 'document', media: [aFile({ kind: 'document', fileName: 'nota.pdf' })] },
    { label: 'nota.pdf' },
  ],
  ['a picture', { type: 'image', media: [aFile({ fileName: 'IMG-2031.jpg' })] }, { label: null }],
  ['a place', { type: 'location', content: { location: { latitude: 1, longitude: 2, name: 'Sé' } } }, { label: 'Sé' }],
  ['a person', { type: 'contacts', content: { contacts: [{ name: 'Rose', phones: [] }] } }, { label: 'Rose' }],
  ['a choice', { type: 'button', content: { choice: { title: 'Sim', payload: 'p' } } }, { label: 'Sim' }],
  ['a kind of the future', { type: 'unsupported', content: { unsupported: { type: 'poll' } } }, { label: 'poll' }],
])('names %s in a line, in the list as in a quote', async (_, said, glimpse) => {
  const { last } = await told(aMessage({ id: 'mid.1', at: NOON, text: null, ...said }))
  expect(last).toMatchObject({ direction: 'incoming', deleted: false, state: 'received', ...glimpse })
  const { quote } = await told(aMessage({ id: 'mid.2', at: NOON + MINUTE, replyTo: 'mid.1' }))
  expect(quote).toMatchObject({ direction: 'incoming', deleted: false, ...glimpse })
})

it('leaves nothing of what was taken back', async () => {
  const content = { location: { latitude: 1, longitude: 2, name: 'segredo' } }
  await told(aMessage({ id: 'mid.1', at: NOON, text: 'segredo', type: 'location', content }))
  const { last } = await told(aDeletion('mid.1', NOON + MINUTE))
  expect(last).toMatchObject({ deleted: true, body: null, label: null })
  const { quote } = await told(aMessage({ id: 'mid.2', at: NOON + 2 * MINUTE, replyTo: 'mid.1' }))
  expect(quote).toMatchObject({ deleted: true, body: null, label: null })
})

it('goes on showing what was said, whatever somebody thinks of it', async () => {
  await told(aMessage({ id: 'mid.1', at: NOON, text: 'Chegou!' }))
  const { last } = await told(aReaction('mid.1', '❤️', NOON + MINUTE))
  expect(last).toMatchObject({ type: 'text', body: 'Chegou!' })
})
