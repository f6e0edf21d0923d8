/** @jsxImportSource hono/jsx */
import { describe, expect, it } from 'vitest'
import type { ThreadMessage } from '../db/records.ts'
import { Bubble } from './bubble.tsx'
import { i18n, incoming, outgoing } from './test-cast.ts'

const drawn = (message: ThreadMessage) => String(<Bubble i18n={i18n} message={message} />)

describe('a line of the thread', () => {
  it('says who did what, with the note that goes with it', () => {
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
    const left = (agent: string | null) => done({ type: 'handed_over', detail: { from: 'Bruno <b>', agent } })
    expect(left('Carla')).toContain('passou o atendimento de Bruno &lt;b&gt; para Carla')
    expect(left(null)).toContain('devolveu à fila o atendimento de Bruno')
  })

  it.each<[string, Partial<ThreadMessage>, string]>([
    ['call', {}, 'O cliente ligou'],
    ['number_changed', {}, 'O cliente mudou de número'],
    ['number_changed', { detail: { phone: '+5511999990002' } }, 'agora é +55 11 99999-0002'],
    ['id_changed', {}, 'mudou de identificação'],
    ['security_code_changed', {}, 'código de segurança do cliente mudou'],
    ['referral', { content: { referral: { source: 'ad', title: 'Black <Friday>' } } }, 'Black &lt;Friday&gt;'],
    ['referral', { content: { referral: { source: 'link', ref: 'verao' } } }, 'abriu a conversa por um link'],
    ['something_new', {}, 'Aviso do canal (something_new)'],
  ])('says what the channel tells of the customer: %s %o', (type, over, words) => {
    const html = drawn(incoming(1, { kind: 'activity', type, body: null, ...over }))
    expect(html).toContain(words)
    expect(html).not.toContain('data-message-id')
  })
})
