/** @jsxImportSource hono/jsx */
import { describe, expect, it } from 'vitest'
import { EventLine } from './activity.tsx'
import { Row } from './conversations.tsx'
import { conversation, i18n, incoming, NOON } from './test-cast.ts'
import { ThreadHead } from './thread-head.tsx'

const line = (type: string, over: { was?: string; by?: string | null } = {}) => {
  const { was = 'open', by = 'Ana' } = over
  const message = incoming(1, { kind: 'activity', type, body: null, authorName: by, detail: { was } })
  return String(<EventLine i18n={i18n} message={message} />).replaceAll(/<[^>]*>/g, '')
}

describe('somebody who is blocked', () => {
  it('is marked in the list and in the head of the thread, for eyes and ears', () => {
    const blocked = conversation({ blocked: true, status: 'closed' })
    expect(String(<Row i18n={i18n} row={blocked} now={NOON} />)).toMatch(
      /<svg[^>]*role="img"[^>]*aria-label="Bloqueado"/,
    )
    expect(String(<ThreadHead i18n={i18n} conversation={blocked} />)).toMatch(/data-blocked.*chip--blocked.*Bloqueado/s)
  })

  it('and nobody else is', () => {
    expect(String(<Row i18n={i18n} row={conversation()} now={NOON} />)).not.toContain('Bloqueado')
    expect(String(<ThreadHead i18n={i18n} conversation={conversation()} />)).not.toContain('locked')
  })

  it('has it in the thread who did it, what it ended, and when nobody did', () => {
    expect(line('contact_blocked')).toContain('Ana bloqueou este contato e encerrou o atendimento')
    expect(line('contact_blocked', { was: 'closed' })).toMatch(/Ana bloqueou este contato \s*\d/)
    expect(line('contact_blocked', { by: null })).toContain('Este contato está bloqueado: o atendimento foi encerrado')
    expect(line('contact_unblocked')).toContain('Ana desbloqueou este contato')
  })
})
