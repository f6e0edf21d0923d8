/** @jsxImportSource hono/jsx */
import { expect, it } from 'vitest'
import { CloseReasonRemovalPage, CloseReasonsPage } from './settings-close-reasons.tsx'
import { DepartmentPage, DepartmentRemovalPage, DepartmentsPage } from './settings-departments.tsx'
import { type InboxEntry, InboxesPage, InboxPage } from './settings-inboxes.tsx'
import type { MemberEntry } from './settings-members.tsx'
import { ana, i18n, NOON } from './test-cast.ts'

const diego = { ...ana, agentId: 'diego', role: 'supervisor' as const }
const bia = { ...ana, agentId: 'bia', role: 'admin' as const }
const suporte = { id: 'd1', name: 'Suporte' }

const inbox = (over: Partial<InboxEntry> = {}): InboxEntry => ({
  id: 'i1',
  channel: 'whatsapp',
  name: 'WhatsApp 1',
  address: '+55 11 90000-0001',
  status: 'active',
  statusReason: null,
  departmentId: null,
  departmentName: null,
  agents: 1,
  version: 3,
  link: null,
  accessEndsAt: null,
  outbox: { queued: 0, queuedAt: null, unknown: 0, failed: 0, most: 100 },
  health: {
    pending: 0,
    waiting: 0,
    dead: 0,
    orphans: 0,
    erased: 0,
    oldestAt: null,
    lagMs: null,
    refused: false,
    lastInAt: null,
    lastOutAt: null,
  },
  ...over,
})

const member = (over: Partial<MemberEntry> = {}): MemberEntry => ({
  id: 'bruno',
  name: 'Bruno Alves',
  email: 'bruno@prosa.test',
  role: 'agent',
  deactivated: false,
  departments: ['Suporte'],
  ...over,
})

const inboxes = (over: Partial<InboxEntry>) => String(<InboxesPage i18n={i18n} viewer={ana} inboxes={[inbox(over)]} />)

it('a number says what its gateway has left to do, or that it could not be asked', () => {
  expect(inboxes({})).toContain('Fila de entrada: Em dia')
  const link = { state: 'closed', since: NOON, downSince: null, code: '401' } as const
  expect(inboxes({ link, status: 'needs_reauth', statusReason: '401' })).toContain('Desconectado desde')
  expect(inboxes({ link: { ...link, state: 'waiting' } })).toContain('Aguardando o QR code')
  expect(inboxes({ health: null })).toContain('Não deu para perguntar agora.')
  const { health } = inbox()
  const busy = inboxes({ health: health && { ...health, pending: 2, dead: 1, orphans: 3, oldestAt: NOON } })
  for (const told of [
    '1 evento não pôde ser aplicado',
    '2 eventos esperando',
    'O mais antigo chegou em 20/11/2026 12:00',
    '3 eventos de mensagens desconhecidas',
  ]) {
    expect(busy).toContain(told)
  }
  expect(inboxes({ status: 'needs_reauth', statusReason: '190' })).toContain('Código do provedor: 190')
})

it('a number whose access ends soon says when', () => {
  expect(inboxes({})).not.toContain('O acesso vence')
  expect(inboxes({ accessEndsAt: NOON })).toContain('O acesso vence em 20/11/2026 12:00')
})

it('an administrator is offered nothing that would be refused of an owner', () => {
  const members = [member(), member({ id: 'otto', name: 'Otto', role: 'owner' })]
  const page = (viewer: typeof ana | typeof bia) =>
    String(<InboxPage i18n={i18n} viewer={viewer} inbox={inbox()} departments={[]} members={members} others={[]} />)
  expect(page(ana)).toContain('Remover Otto de WhatsApp 1')
  expect(page(bia)).not.toContain('Remover Otto')
  expect(page(bia)).toContain('Remover Bruno Alves de WhatsApp 1')
})

it('a supervisor is offered nothing to change', () => {
  const html = String(
    <>
      <DepartmentsPage i18n={i18n} viewer={diego} departments={[{ ...suporte, members: 2, open: 1 }]} newId="n1" />
      <DepartmentPage i18n={i18n} viewer={diego} department={suporte} members={[member()]} others={[member()]} />
    </>,
  )
  expect(html).toContain('2 pessoas · 1 atendimento aberto')
  expect(html).not.toMatch(/<form|<button|<input/)
  expect(html).not.toContain('/settings/inboxes')
})

it('what uses a department is said before it is removed, and where it was going is kept', () => {
  const uses = { open: 1, closed: 10_001, mostCounted: 10_000, members: 2, inboxes: ['WhatsApp 1', 'Loja'] }
  const html = String(
    <DepartmentRemovalPage
      i18n={i18n}
      department={suporte}
      uses={uses}
      others={[{ id: 'd2', name: 'Vendas' }]}
      going={{ to: 'd2', left: 4 }}
    />,
  )
  for (const use of [
    '1 atendimento aberto',
    'mais de 10000 atendimentos encerrados',
    '2 números: WhatsApp 1, Loja',
    '2 pessoas',
    'Faltam 4 atendimentos.',
    '<option value="d2" selected="">Vendas</option>',
  ]) {
    expect(html).toContain(use)
  }
})

it('reasons keep what was typed beside what is wrong with it, and say how often they were given', () => {
  const refused = { form: 'r1', problem: { code: 'invalid', details: { why: 'taken' } }, value: 'Spam' } as const
  const html = String(
    <CloseReasonsPage i18n={i18n} viewer={ana} reasons={[{ id: 'r1', name: 'Dúvida' }]} newId="n1" refused={refused} />,
  )
  expect(html).toContain('value="Spam"')
  expect(html).toContain('Já existe um com este nome.')
  expect(html).toContain('value="Dúvida"')
  const removal = (uses: number) =>
    String(<CloseReasonRemovalPage i18n={i18n} reason={{ id: 'r1', name: 'Dúvida' }} uses={uses} mostCounted={100} />)
  expect(removal(0)).toContain('Nenhum atendimento foi encerrado com este motivo.')
  expect(removal(2)).toContain('2 atendimentos foram encerrados')
  expect(removal(101)).toContain('Mais de 100 atendimentos')
})
