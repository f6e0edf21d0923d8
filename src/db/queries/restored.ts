/** A workspace that was put back from a backup: nothing comes in until what was erased since is erased again. */
import { sql } from 'drizzle-orm'
import { query } from '../client.ts'

export interface RestoredWorkspace {
  id: string
  /** When the backup was made. */
  restored_from: number
}

export const restoredWorkspaces = query<RestoredWorkspace>(
  sql`SELECT id, restored_from FROM workspaces WHERE restored_from IS NOT NULL`,
)

export const storeErasedAgain = ({ id, restored_from }: RestoredWorkspace) =>
  sql`UPDATE workspaces SET restored_from = NULL WHERE id = ${id} AND restored_from = ${restored_from}`

/** In a batch that stores what came in: where the workspace was put back, the row that this doubles refuses the whole batch. */
export const refuseRestored = (workspaceId: string) =>
  sql`INSERT INTO workspaces (id, name, created_at)
    SELECT id, name, created_at FROM workspaces WHERE id = ${workspaceId} AND restored_from IS NOT NULL`

/** No row: it is not there, or not there in full. */
export const isWhole = (workspaceId: string) =>
  query<{ whole: 1 }>(sql`SELECT 1 AS whole FROM workspaces WHERE id = ${workspaceId} AND restored_from IS NULL`)

/** Which of these people are there again. */
export const thereAgain = (workspaceId: string, contactIds: string[]) =>
  query<{ id: string; merged_into_id: string | null }>(sql`SELECT id, merged_into_id FROM contacts
    WHERE workspace_id = ${workspaceId} AND id IN (SELECT value FROM json_each(${JSON.stringify(contactIds)})) AND erased_at IS NULL`)

/** One of these people who is part of somebody else again, or somebody else who is part of one of them. */
export const tangled = (workspaceId: string, contactIds: string[]) => {
  const theirs = sql`(SELECT value FROM json_each(${JSON.stringify(contactIds)}))`
  return query<{ id: string; merged_into_id: string }>(sql`
    SELECT id, merged_into_id FROM contacts WHERE workspace_id = ${workspaceId} AND id IN ${theirs} AND erased_at IS NULL
      AND merged_into_id IS NOT NULL AND merged_into_id NOT IN ${theirs}
    UNION ALL SELECT id, merged_into_id FROM contacts WHERE workspace_id = ${workspaceId} AND merged_into_id IN ${theirs}
      AND erased_at IS NULL AND id NOT IN ${theirs} LIMIT 1`)
}

/** Guard: they are there again, and nobody else's part. */
export const isThereAgain = (workspaceId: string, contactId: string) =>
  sql`EXISTS (SELECT 1 FROM contacts WHERE workspace_id = ${workspaceId} AND id = ${contactId} AND merged_into_id IS NULL AND erased_at IS NULL)`

/** Nothing of theirs came back; that they were erased is still to be proved. */
export const storeDoneErasure = (
  workspaceId: string,
  erasure: { id: string; contactId: string; requestedById: string; requestedAt: number; counts: string },
  finishedAt: number,
) => sql`INSERT INTO erasures (workspace_id, id, contact_id, requested_by_id, requested_at, step, counts, finished_at)
  VALUES (${workspaceId}, ${erasure.id}, ${erasure.contactId}, ${erasure.requestedById}, ${erasure.requestedAt}, 'done', ${erasure.counts}, ${finishedAt})
  ON CONFLICT DO NOTHING`
