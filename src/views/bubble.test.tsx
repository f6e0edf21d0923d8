/** @jsxImportSource hono/jsx */
import { describe, expect, it } from 'vitest'
import type { ThreadMessage } from '../db/records.ts'
import { Bubble } from './bubble.tsx'
import { attachment, attempt, glimpse, i18n, incoming, NOON, outgoing } from './test-cast.ts'

const drawn = (message: ThreadMessage, words = i18n) => String(<Bubble i18n={words} message={message} />)

describe('a bubble', () => {
  it('says what it is to whoever looks for it', () => {
    const html = drawn(incoming(3, { seq: 9 }))
    expect(html).toMatch(
      /^<article id="m-m3" class="bubble" data-message-id="m3" data-direction="incoming" data-state="received" data-seq="9" data-order="\d{13}-000003">/,
    )
    expect(html).toContain('<bdi class="bubble-text" dir="auto" hx-ignore="true">Mensagem 3</bdi>')
    expect(html).toContain('12:03')
  })

  it.each(['queued', 'sending', 'unknown', 'sent', 'delivered', 'read', 'failed'] as const)(
    'says %s in words, not by its icon alone',
    (state) => {
      const html = drawn(outgoing(1, { state }))
      expect(html).toContain(`data-state="${state}"`)
      expect(html).toContain(`<span class="visually-hidden">${i18n.t.messageState[state]}</span>`)
    },
  )

  it('says when it was changed', () => {
    const html = drawn(incoming(1, { editedAt: NOON + 5 * 60_000 }))
    expect(html).toContain('<span title="20/11/2026 12:05">editada às 12:05</span>')
  })

  it('leaves nothing of what was taken back, nor a way to answer it', () => {
    const gone = {
      deletedAt: NOON,
      editedAt: NOON,
      type: 'image',
      body: 'segredo',
      content: { share: { kind: 'link', title: 'segredo' }, forwarded: 'once' },
      attachments: [attachment({ fileName: 'segredo.jpg' })],
      reactions: [{ side: 'customer', emoji: 'segredo', state: 'received' }],
      replyTo: { id: 'm0', ...glimpse({ body: 'segredo' }) },
    } satisfies Partial<ThreadMessage>
    const theirs = drawn(incoming(1, gone))
    const ours = drawn(outgoing(1, { ...gone, state: 'failed', attempt: attempt({ state: 'failed' }) }))
    expect(theirs).toContain('O cliente apagou esta mensagem')
    expect(ours).toContain('Mensagem apagada')
    for (const html of [theirs, ours]) {
      expect(html).not.toContain('segredo')
      expect(html).not.toContain('<button')
      expect(html).not.toContain('editada')
    }
  })

  it('shows who reacted how, in words as well, and what became of a reaction of ours', () => {
    const html = drawn(
      outgoing(1, {
        reactions: [
          { side: 'customer', emoji: '❤️', state: 'received' },
          { side: 'team', emoji: '👍', state: 'failed' },
        ],
      }),
    )
    expect(html).toContain('<ul class="reactions" aria-label="Reações">')
    expect(html).toContain('Cliente reagiu com ❤️')
    expect(html).toContain('Equipe reagiu com 👍')
    expect(html).toContain('A reação 👍 não foi enviada.')
    const waits = drawn(incoming(1, { reactions: [{ side: 'team', emoji: '👍', state: 'queued' }] }))
    expect(waits).toContain('Equipe reagiu com 👍 (a caminho)')
    expect(waits).not.toContain('não foi enviada')
    expect(drawn(incoming(1))).not.toContain('reactions')
  })

  it('tells in plain words why it failed, what can be done, and what the provider said', () => {
    const failed = attempt({
      no: 2,
      state: 'failed',
      errorClass: 'permanent',
      errorCode: '131026',
      errorDetail: 'Raw <b>',
    })
    const html = drawn(outgoing(1, { state: 'failed', attempt: failed }))
    expect(html).toContain('Não foi enviada: o WhatsApp não consegue entregar a este número.')
    expect(html).toContain('Tentar novamente')
    expect(html).toContain('Copiar texto')
    expect(html).toContain('action="/conversations/c1/messages/m1/attempts"')
    expect(html).toContain('<input type="hidden" name="no" value="2"/>')
    expect(html).toContain('Código do provedor: 131026')
    expect(html).toContain('Raw &lt;b&gt;')
  })

  it('shows a canceled answer as failed, for that reason', () => {
    expect(drawn(outgoing(1, { state: 'failed', attempt: attempt({ state: 'canceled' }) }))).toContain(
      'o envio foi cancelado',
    )
    const closed = attempt({ state: 'canceled', errorCode: 'closed' })
    expect(drawn(outgoing(1, { state: 'failed', attempt: closed }))).toContain('encerrado antes do envio')
  })

  it('says why an answer waits and until when, and lets it be taken back', () => {
    const waits = attempt({
      state: 'queued',
      errorClass: 'throttled',
      errorCode: '131056',
      notBefore: NOON + 10 * 60_000,
    })
    const html = drawn(outgoing(1, { state: 'queued', attempt: waits }))
    expect(html).toContain('Na fila: foram muitas mensagens seguidas')
    expect(html).toContain('Nova tentativa às 12:10.')
    expect(html).toContain('action="/conversations/c1/messages/m1/cancellation"')
    expect(html).toContain('Cancelar')
    expect(drawn(outgoing(1, { state: 'queued', attempt: attempt({ state: 'queued' }) }))).not.toContain('Cancelar')
  })

  it('asks before it sends again what may have arrived', () => {
    const html = drawn(
      outgoing(1, { state: 'unknown', attempt: attempt({ state: 'unknown', errorClass: 'ambiguous' }) }),
    )
    expect(html).toContain('Envio não confirmado')
    expect(html).toContain('hx-confirm="Se a primeira mensagem chegou')
    expect(html).toContain('Reenviar')
    expect(html).toContain('Marcar como enviada')
    expect(html).toContain('<input type="hidden" name="_method" value="PUT"/>')
  })

  it('marks what the customer may have twice', () => {
    expect(drawn(outgoing(1, { possiblyDoubled: true }))).toContain('Possível duplicidade')
  })

  it('quotes what it answers, and links to it', () => {
    const html = drawn(outgoing(2, { replyTo: { id: 'm1', ...glimpse({ body: 'Tem <verde>?' }) } }))
    expect(html).toContain('href="#m-m1"')
    expect(html).toContain('Tem &lt;verde&gt;?')
  })

  it.each([
    [{ deleted: true, body: null }, 'O cliente apagou esta mensagem'],
    [{ type: 'audio', voice: true }, 'Mensagem de voz'],
    [{ type: 'document', label: 'nota.pdf' }, 'nota.pdf'],
    [{ type: 'location', label: 'Barra Funda' }, 'Localização: Barra Funda'],
    [{ type: 'image', body: 'a *caixa*' }, 'a caixa'],
    [{ type: 'unsupported', label: 'poll' }, 'Mensagem não suportada (tipo poll)'],
  ])('quotes %o in words', (over, words) => {
    const html = drawn(outgoing(2, { replyTo: { id: 'm1', ...glimpse(over) } }))
    expect(html).toMatch(new RegExp(`class="quote-text">.*${words.replaceAll(/[()]/g, '\\$&')}.*</a>`))
  })
})
