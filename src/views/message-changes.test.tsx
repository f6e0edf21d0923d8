/** @jsxImportSource hono/jsx */
import { describe, expect, it } from 'vitest'
import type { Change, ThreadMessage } from '../db/records.ts'
import { i18nFor } from '../i18n/index.ts'
import { Bubble } from './bubble.tsx'
import { BubbleChoices, type Choices, MessageVersions } from './message-changes.tsx'
import { Rewording } from './rewording.tsx'
import { attempt, i18n, incoming, NOON, outgoing, tagsOf, threadOf } from './test-cast.ts'
import { Thread } from './thread.tsx'

const CHANNEL = 'evolution'
const drawn = (message: ThreadMessage, words = i18n) => String(<Bubble i18n={words} message={message} />)
const sent = (over: Partial<ThreadMessage> = {}) => outgoing(1, { channel: CHANNEL, ...over })
const MENU = '/conversations/c1/messages/m1/menu'

const change = (over: Partial<Change> = {}): Change => ({
  ...{ type: 'edit', body: 'Custa R$ 12', byName: 'Bruno', askedAt: NOON, state: 'sent' },
  attempt: attempt(),
  ...over,
})

const refused = (type: Change['type']) =>
  change({ type, state: 'failed', attempt: attempt({ state: 'failed', errorClass: 'permanent', errorCode: '400' }) })

describe('the bubble of an answer', () => {
  it.each(['sent', 'delivered', 'read'] as const)('that is %s leads to what can be done to it', (state) => {
    expect(drawn(sent({ state }))).toContain(`href="${MENU}"`)
  })

  it.each<[string, ThreadMessage]>([
    ['is still on its way', sent({ state: 'sending' })],
    ['failed', sent({ state: 'failed', attempt: attempt({ state: 'failed' }) })],
    ['was taken back', sent({ deletedAt: NOON })],
    ['is the customer’s', incoming(1, { channel: CHANNEL })],
    ['stands on a channel where it stays as it was sent', sent({ channel: 'whatsapp' })],
  ])('that %s does not', (_, message) => {
    expect(drawn(message)).not.toContain('/menu')
  })

  it('says when it was edited, and leads to what it said before', () => {
    const html = drawn(sent({ editedAt: NOON + 5 * 60_000, change: change() }))
    expect(html).toContain('editada às 12:05')
    expect(html).toContain('href="/conversations/c1/messages/m1/versions"')
    expect(html).not.toContain('standing')
  })

  it('edited elsewhere says so, and has no earlier words to show', () => {
    const html = drawn(sent({ editedAt: NOON }))
    expect(html).toContain('editada às 12:00')
    expect(html).not.toContain('/versions')
  })

  it.each([
    ['edit', 'editando…'],
    ['delete', 'apagando…'],
  ] as const)('says that its %s is on its way, and what it waits for', (type, words) => {
    expect(drawn(sent({ change: change({ type, state: 'sending' }) }))).toContain(words)
    const waits = change({
      type,
      state: 'queued',
      attempt: attempt({ state: 'queued', errorClass: 'throttled', notBefore: NOON + 60_000 }),
    })
    expect(drawn(sent({ change: waits }))).toContain('Nova tentativa às 12:01')
  })

  it('says why an edit was refused, what it was to say, and how to try again', () => {
    const html = drawn(sent({ body: 'Custa R$ 10', change: refused('edit') }))
    expect(html).toContain('A edição não foi aceita')
    expect(html).toMatch(/O novo texto era:.*Custa R\$ 12/)
    expect(html).toContain('href="/conversations/c1/messages/m1/edit"')
    expect(html).toContain('data-state="sent"')
  })

  it('says why it was not taken back, and offers it again', () => {
    const html = drawn(sent({ change: refused('delete') }))
    expect(html).toContain('Não foi apagada')
    expect(html).toContain('value="DELETE"')
  })

  it.each(['edit', 'delete'] as const)('says honestly that nobody confirmed its %s', (type) => {
    expect(drawn(sent({ change: change({ type, state: 'unknown' }) }))).toContain(i18n.t.changes.unknown[type])
  })

  it('leaves of one that was taken back who did it and when, and nothing of what was asked before', () => {
    const html = drawn(sent({ body: null, deletedAt: NOON, change: change({ type: 'delete', body: null }) }))
    expect(html).toContain('Mensagem apagada por Bruno às 12:00')
    expect(html).not.toContain('<button')
    expect(drawn(sent({ body: null, deletedAt: NOON, change: refused('edit') }))).not.toContain('Custa')
  })

  it('takes names and words from outside for text and nothing else', () => {
    const evil = '<img src=x onerror=alert(1)>'
    const usual = drawn(sent({ change: refused('edit') }))
    const html = drawn(sent({ change: { ...refused('edit'), body: evil } }))
    expect(tagsOf(html)).toEqual(tagsOf(usual))
    const trace = (byName: string) => drawn(sent({ deletedAt: NOON, change: change({ type: 'delete', byName }) }))
    expect(tagsOf(trace(evil))).toEqual(tagsOf(trace('Bruno')))
  })
})

describe('what can be done to an answer', () => {
  const offered = (choices: Choices, message = sent()) =>
    String(<BubbleChoices i18n={i18n} message={message} choices={choices} />)

  it('is said in all three languages', () => {
    for (const locale of ['pt-BR', 'en', 'es'] as const) {
      const words = i18nFor(locale, 'America/Sao_Paulo')
      const html = String(<BubbleChoices i18n={words} message={sent()} choices={{ edit: 'open', unsend: 'open' }} />)
      expect(html).toContain(words.t.changes.edit)
      expect(html).toContain(words.t.changes.unsend)
    }
  })

  it('is asked about before it is done for everyone', () => {
    expect(offered({ edit: 'none', unsend: 'open' })).toContain(`hx-confirm="${i18n.t.changes.unsendConfirm}"`)
  })

  it('names the time that is over', () => {
    const html = offered({ edit: 'late', unsend: 'open' })
    expect(html).toContain('O prazo do canal para editar acabou.')
    expect(html).not.toContain('/edit"')
    expect(html).toContain('Apagar para todos')
  })

  it('says who could, to whom may do nothing', () => {
    const html = offered({ edit: 'none', unsend: 'none' })
    expect(html).toContain(`<p class="menu-note">${i18n.t.changes.nothing}</p>`)
    expect(html.match(/ href="\/conversations[^"]+"/g)).toEqual([' href="/conversations/c1/messages/m1/details"'])
  })

  it('is offered in an open thread of a channel that has it, and nowhere else', () => {
    const thread = (changes: boolean, status: 'open' | 'closed' = 'open') =>
      String(<Thread {...threadOf([sent()], { status })} changes={changes} />)
    expect(thread(true)).toContain('id="bubble-menu"')
    expect(thread(false)).not.toContain('id="bubble-menu"')
    expect(thread(true, 'closed')).not.toContain('id="bubble-menu"')
  })
})

it('every version stands with its author and its time', () => {
  const versions = [
    { body: 'Custa R$ 12', at: NOON + 60_000, by: 'Bruno' },
    { body: 'Custa R$ 10', at: NOON, by: null },
  ]
  const html = String(<MessageVersions i18n={i18n} versions={versions} back="/conversations/c1" />)
  expect(html).toMatch(/Custa R\$ 12.*Bruno em .*12:01.*Custa R\$ 10.*Equipe em .*12:00/s)
})

it('the form keeps what was typed, a first line break too, and says what is wrong beside it', () => {
  const html = String(
    <Rewording
      {...{ i18n, message: sent(), text: '\nCusta', from: 'f'.repeat(64), clientKey: 'k' }}
      problem={{ code: 'conflict' }}
    />,
  )
  expect(html).toContain('>\n\nCusta</textarea>')
  expect(html).toContain('aria-invalid="true"')
  expect(html).toContain('Isto mudou enquanto você editava')
})
