import { sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { change, type Person, rowsOf, workspaceWith } from '../../../test/support/people.ts'
import type { Scope } from '../records.ts'
import { mayBeDeactivated } from './agents.ts'

const scopeOf = ({ workspaceId, agentId }: Person): Scope => ({
  workspaceId,
  agentId,
  role: 'owner',
  departmentIds: [],
  authzVersion: 1,
})

const mayGo = async (actor: Person, agent: Person) => {
  const [row] = await rowsOf<{ may: number }>(sql`SELECT ${mayBeDeactivated(scopeOf(actor), agent.agentId)} AS may`)
  return row?.may === 1
}

it('the last owner who works here cannot be spared, whoever asks', async () => {
  const { Ana, Otto, Bia } = await workspaceWith({ Ana: 'owner', Otto: 'owner', Bia: 'admin' })
  expect(await mayGo(Bia, Ana)).toBe(true)
  await change(sql`UPDATE agents SET deactivated_at = 1 WHERE id = ${Otto.agentId}`)
  expect(await mayGo(Bia, Ana)).toBe(false)
  expect(await mayGo(Ana, Bia)).toBe(true)
})

it('who was shut out, or lost the version they acted under, decides nothing any more', async () => {
  const { Ana, Bia, Bruno } = await workspaceWith({ Ana: 'owner', Bia: 'admin', Bruno: 'agent' })
  await change(
    sql`UPDATE agents SET deactivated_at = 1 WHERE id = ${Ana.agentId}`,
    sql`UPDATE agents SET authz_version = 2 WHERE id = ${Bia.agentId}`,
  )
  expect(await mayGo(Ana, Bruno)).toBe(false)
  expect(await mayGo(Bia, Bruno)).toBe(false)
})

it('nobody decides about an agent of another workspace', async () => {
  const { Ana } = await workspaceWith({ Ana: 'owner' })
  const { Edu } = await workspaceWith({ Edu: 'agent' })
  expect(await mayGo(Ana, Edu)).toBe(false)
})
