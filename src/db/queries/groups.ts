/** Groups: contacts put together by hand. */
import { type SQL, sql } from 'drizzle-orm'
import { query } from '../client.ts'
import type { Group } from '../contact-records.ts'
import type { Scope } from '../records.ts'
import { contactStands } from './contacts.ts'
import { seesEverything, stillAllowed, visibleContact } from './visibility.ts'

/** Beyond this a count only says "more". */
export const COUNTED = 100
export const COUNTED_FOR_REMOVAL = 1_000

/** `g`: a group. Of whom the viewer sees, no more than are counted. */
const people = (scope: Scope, limit: number) => sql`(SELECT count(*) FROM (
  SELECT 1 FROM contact_groups m ${
    seesEverything(scope)
      ? sql``
      : sql`JOIN contacts k ON k.workspace_id = m.workspace_id AND k.id = m.contact_id AND ${visibleContact(scope)}`
  } WHERE m.workspace_id = g.workspace_id AND m.group_id = g.id LIMIT ${limit + 1}))`

export const groupsOf = (scope: Scope) =>
  query<Group>(sql`SELECT g.id, g.name, g.version, ${people(scope, COUNTED)} AS people FROM groups g
    WHERE g.workspace_id = ${scope.workspaceId} ORDER BY g.name_key, g.id LIMIT 500`)

export const groupOf = (scope: Scope, id: string) =>
  query<Group>(sql`SELECT g.id, g.name, g.version, ${people(scope, COUNTED_FOR_REMOVAL)} AS people FROM groups g
    WHERE g.workspace_id = ${scope.workspaceId} AND g.id = ${id}`)

/** All groups by name, and which of them the contact is in. */
export interface GroupChoice {
  id: string
  name: string
  member: number
}

export const groupChoices = (scope: Scope, contactId: string | SQL) =>
  query<GroupChoice>(sql`SELECT g.id, g.name, EXISTS (SELECT 1 FROM contact_groups m
      WHERE m.workspace_id = g.workspace_id AND m.contact_id = ${contactId} AND m.group_id = g.id) AS member
    FROM groups g WHERE g.workspace_id = ${scope.workspaceId} ORDER BY g.name_key, g.id LIMIT 500`)

export const groupNamed = (scope: Scope, nameKey: string) =>
  query<{ id: string }>(sql`SELECT id FROM groups WHERE workspace_id = ${scope.workspaceId} AND name_key = ${nameKey}`)

export const joinGroup = (scope: Scope, contactId: string, groupId: string, now: number) => sql`
  INSERT INTO contact_groups (workspace_id, contact_id, group_id, author_id, created_at)
  SELECT ${scope.workspaceId}, ${contactId}, id, ${scope.agentId}, ${now} FROM groups
  WHERE workspace_id = ${scope.workspaceId} AND id = ${groupId} AND ${contactStands(scope, contactId)} ON CONFLICT DO NOTHING`

export const leaveGroup = (scope: Scope, contactId: string, groupId: string) => sql`
  DELETE FROM contact_groups WHERE workspace_id = ${scope.workspaceId} AND contact_id = ${contactId} AND group_id = ${groupId}
    AND ${contactStands(scope, contactId)}`

export interface GroupName {
  name: string
  nameKey: string
}

export const storeGroup = (scope: Scope, id: string, { name, nameKey }: GroupName, now: number) => sql`
  INSERT INTO groups (workspace_id, id, name, name_key, created_at)
  SELECT ${scope.workspaceId}, ${id}, ${name}, ${nameKey}, ${now} WHERE ${stillAllowed(scope)} ON CONFLICT DO NOTHING`

/** Guard: the group is as the page showed it, and no other has the name that it is to have. */
export const mayRenameGroup = (
  scope: Scope,
  id: string,
  version: number,
  nameKey: string,
) => sql`(${stillAllowed(scope)}
  AND EXISTS (SELECT 1 FROM groups WHERE workspace_id = ${scope.workspaceId} AND id = ${id} AND version = ${version})
  AND NOT EXISTS (SELECT 1 FROM groups WHERE workspace_id = ${scope.workspaceId} AND name_key = ${nameKey} AND id <> ${id}))`

export const renameGroup = (scope: Scope, id: string, { name, nameKey }: GroupName, guard: SQL) => sql`
  UPDATE groups SET name = ${name}, name_key = ${nameKey}, version = version + 1
  WHERE workspace_id = ${scope.workspaceId} AND id = ${id} AND ${guard}`

export const groupStands = (scope: Scope, id: string) => sql`(${stillAllowed(scope)}
  AND EXISTS (SELECT 1 FROM groups WHERE workspace_id = ${scope.workspaceId} AND id = ${id}))`

/** The people stay; that they were together does not. */
export const removeGroup = (scope: Scope, id: string): SQL[] => [
  sql`DELETE FROM contact_groups WHERE workspace_id = ${scope.workspaceId} AND group_id = ${id} AND ${stillAllowed(scope)}`,
  sql`DELETE FROM groups WHERE workspace_id = ${scope.workspaceId} AND id = ${id} AND ${stillAllowed(scope)}`,
]
