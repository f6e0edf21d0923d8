/** @jsxImportSource hono/jsx */
import { describe, expect, it } from 'vitest'
import type { ThreadMessage } from '../db/records.ts'
import { CATALOGS, i18nFor } from '../i18n/index.ts'
import { Bubble } from './bubble.tsx'
import { attempt, i18n, incoming, NOON, outgoing } from './test-cast.ts'

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

  it('names the kind of what is not drawn yet, with its caption', () => {
    expect(drawn(incoming(1, { type: 'audio', body: null }))).toContain('Áudio: ainda não mostrado aqui')
    const image = drawn(incoming(1, { type: 'image', body: 'a caixa' }))
    expect(image).toContain('Imagem: ainda não mostrado aqui')
    expect(image).toContain('a caixa')
    expect(drawn(incoming(1, { type: 'constructor', body: null }))).toContain(
      'Mensagem não suportada (tipo constructor)',
    )
  })

  it.each([
    ['131047', 'passaram mais de 24 horas'],
    ['131026', 'não consegue entregar a este número'],
    ['131049', 'para não cansar a pessoa'],
    ['131051', 'não aceita este tipo'],
    ['131056', 'muitas mensagens seguidas'],
    ['130429', 'limite de mensagens deste número'],
    ['190', 'desconectado pelo provedor'],
    ['100', 'recusou o formato'],
    ['exhausted', 'recusou todas as tentativas'],
    ['closed', 'encerrado antes do envio'],
    ['987654', '(código 987654)'],
  ])('tells in plain words why it failed (%s), and what can be done', (errorCode, words) => {
    const failed = attempt({
      no: 2,
      state: 'failed',
      errorClass: 'permanent',
      errorCode,
      errorDetail: 'Raw <b>words</b>',
    })
    const html = drawn(outgoing(1, { state: 'failed', attempt: failed }))
    expect(html).toContain('Não foi enviada: ')
    expect(html).toContain(words)
    expect(html).toContain('Tentar novamente')
    expect(html).toContain('Copiar texto')
    expect(html).toContain('action="/conversations/c1/messages/m1/attempts"')
    expect(html).toContain('<input type="hidden" name="no" value="2"/>')
    expect(html).toContain('Raw &lt;b&gt;words&lt;/b&gt;')
  })

  it('has a reason in every language, for every class and none', () => {
    for (const locale of Object.keys(CATALOGS) as (keyof typeof CATALOGS)[]) {
      const words = i18nFor(locale, 'UTC')
      for (const errorClass of ['auth', 'throttled', 'retryable', 'permanent', 'ambiguous', null]) {
        const html = drawn(outgoing(1, { state: 'failed', attempt: attempt({ state: 'failed', errorClass }) }), words)
        expect(html).not.toMatch(/undefined|\{|\[object/)
      }
    }
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
    const html = drawn(
      outgoing(2, { replyTo: { id: 'm1', direction: 'incoming', body: 'Tem <verde>?', type: 'text' } }),
    )
    expect(html).toContain('href="#m-m1"')
    expect(html).toContain('Tem &lt;verde&gt;?')
  })

  it('is a line where nobody wrote anything: who did what, with the note that goes with it', () => {
    const done = (over: object) => drawn(outgoing(1, { kind: 'activity', authorName: 'Ana Lima', body: null, ...over }))
    expect(done({ type: 'accepted' })).toMatch(/^<div id="m-m1" class="event"/)
    expect(done({ type: 'accepted' })).not.toContain('data-message-id')
    expect(done({ type: 'closed', detail: { reason: 'Resolvido' } })).toContain('encerrou o atendimento: Resolvido')
    expect(done({ type: 'closed', detail: { reason: null } })).toMatch(/encerrou o atendimento *</)
    expect(done({ type: 'reopened' })).toContain('reabriu o atendimento')
    expect(done({ type: 'transferred', detail: { department: 'Vendas', agent: null } })).toContain(
      'transferiu para Vendas',
    )
    const handed = done({ type: 'transferred', detail: { department: 'Vendas', agent: 'Carla' }, body: 'Quer a azul' })
    expect(handed).toContain('transferiu para Carla, Vendas')
    expect(handed).toContain('Nota: Quer a azul')
  })
})
