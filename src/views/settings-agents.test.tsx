/** @jsxImportSource hono/jsx */
import { describe, expect, it } from 'vitest'
import { describePages } from '../../test/support/pages.tsx'
import { type AgentEntry, AgentPage, AgentsPage } from './settings-agents.tsx'
import { DeactivationPage } from './settings-deactivation.tsx'
import { ana, i18n, NOON } from './test-cast.ts'

const agent = (over: Partial<AgentEntry>): AgentEntry => ({
  id: 'bruno',
  name: 'Bruno Alves',
  email: 'bruno@prosa.test',
  role: 'agent',
  deactivatedAt: null,
  departments: ['Suporte'],
  twoFactor: false,
  ...over,
})

describePages({
  agents: (
    <AgentsPage
      i18n={i18n}
      viewer={ana}
      agents={[agent({}), agent({ id: 'x', deactivatedAt: NOON })]}
      inviting={{
        id: 'i1',
        open: [{ id: 'i0', role: 'agent', departments: '["Suporte"]', invited_by: 'Ana', expires_at: NOON }],
        places: [
          { kind: 'department', id: 'd1', name: 'Suporte' },
          { kind: 'inbox', id: 'n1', name: 'Loja' },
        ],
        link: 'http://localhost:8787/invite/0f',
      }}
    />
  ),
  'a colleague': (
    <AgentPage
      i18n={i18n}
      viewer={ana}
      agent={agent({ role: 'supervisor', twoFactor: true })}
      places={[
        { kind: 'department', id: 'd1', name: 'Suporte', inside: true },
        { kind: 'inbox', id: 'n1', name: 'Loja', inside: false },
      ]}
      link="http://localhost:8787/reset/0f"
    />
  ),
  deactivation: (
    <DeactivationPage
      i18n={i18n}
      agent={agent({})}
      open={3}
      successors={[
        { id: 'diego', name: 'Diego', open: 1, takes: 3 },
        { id: 'carla', name: 'Carla', open: 0, takes: 2 },
      ]}
      refused={{ form: 'deactivation', problem: { code: 'invalid', details: { why: 'gone' } }, value: 'carla' }}
    />
  ),
})

describe('the agents', () => {
  const shown = (role: 'owner' | 'admin' | 'agent', entry: Partial<AgentEntry>) =>
    String(<AgentsPage i18n={i18n} viewer={{ ...ana, role }} agents={[agent(entry)]} />)

  it('can be let out and in by who may', () => {
    expect(shown('owner', {})).toContain('aria-label="Desativar Bruno Alves"')
    expect(shown('owner', {})).toContain('href="/settings/agents/bruno/deactivation"')
    expect(shown('owner', { deactivatedAt: NOON })).toContain('name="_method" value="DELETE"')
  })

  it('cannot be by others, nor by themselves', () => {
    expect(shown('agent', {})).not.toContain('/deactivation')
    expect(shown('admin', { role: 'owner' })).not.toContain('/deactivation')
    expect(shown('owner', { id: 'ana' })).not.toContain('/deactivation')
    expect(shown('admin', { role: 'owner', deactivatedAt: NOON })).not.toContain('/deactivation')
  })
})
