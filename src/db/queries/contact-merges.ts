/**
 * Two contacts that turn out to be one person, and the way back. The row of `contact_merges` is written first and carries
 * all that the way back needs; every other statement hangs on it, and the last one makes their guard false.
 */
import { type SQL, sql } from 'drizzle-orm'
import { query } from '../client.ts'
import type { Merge } from '../contact-records.ts'
import type { Scope } from '../records.ts'
import { isBlocked, shutOut } from './contact-blocks.ts'
import { contactStands } from './contacts.ts'
import { namedAtOf } from './inbound-people.ts'
import { visibleContact } from './visibility.ts'

export interface Pair {
  /** Of the merge. */
  id: string
  keptId: string
  mergedId: string
}

const MARKS = ['tag', 'group'] as const
const tableOf = { tag: sql`contact_tags`, group: sql`contact_groups` }
const columnOf = { tag: sql`tag_id`, group: sql`group_id` }

/**
 * Guard: both are there, apart, and before the agent's eyes; both are blocked or neither is, for whether they are to be
 * heard is for somebody to say; and the id has named no merge yet.
 */
export const mayMerge = (scope: Scope, { id, keptId, mergedId }: Pair) =>
  sql`(${contactStands(scope, keptId)} AND ${contactStands(scope, mergedId)} AND ${keptId} <> ${mergedId}
    AND ${isBlocked(scope, keptId)} = ${isBlocked(scope, mergedId)}
    AND NOT EXISTS (SELECT 1 FROM contact_merges WHERE workspace_id = ${scope.workspaceId} AND id = ${id}))`

/** Everything of the one becomes the other's; conversations stay what they are. */
export const mergeContacts = (scope: Scope, pair: Pair, now: number): SQL[] => [
  storeMerge(scope.workspaceId, pair, scope.agentId, mayMerge(scope, pair), now),
  ...becomeOne(scope.workspaceId, pair),
]

/** Whose word it was that two are one, where it was the provider's: no agent's, and no agent's to undo. */
const PROVIDER = ''

/** What the provider's word leaves behind: the lines where a conversation is closed by it, and when. */
export interface OnWord {
  lineIds: string[]
  now: number
}

/**
 * The provider says that two are one. They are called what they last called themselves, by either address; and it was the
 * person who was blocked, not one of their addresses.
 */
export const mergeOnWord = (workspaceId: string, pair: Pair, guard: SQL, { lineIds, now }: OnWord): SQL[] => [
  storeMerge(workspaceId, pair, PROVIDER, sql`${guard} AND ${apart(workspaceId, pair)}`, now),
  sql`UPDATE contacts AS k SET profile_name = m.profile_name, profile_name_at = m.said_at,
      name_key = CASE WHEN k.name IS NULL THEN m.name_key ELSE k.name_key END
    FROM (SELECT profile_name, name_key, ${namedAtOf(sql`o`)} AS said_at FROM contacts o
      WHERE o.workspace_id = ${workspaceId} AND o.id = ${pair.mergedId} AND o.profile_name IS NOT NULL) m
    WHERE k.workspace_id = ${workspaceId} AND k.id = ${pair.keptId} AND ${isGoing(workspaceId, pair)}
      AND (m.said_at, m.profile_name) > (${namedAtOf(sql`k`)}, coalesce(k.profile_name, ''))`,
  sql`UPDATE contacts AS k SET blocked_at = m.blocked_at, blocked_by_id = m.blocked_by_id
    FROM (SELECT blocked_at, blocked_by_id FROM contacts WHERE workspace_id = ${workspaceId} AND id = ${pair.mergedId}) m
    WHERE k.workspace_id = ${workspaceId} AND k.id = ${pair.keptId} AND k.blocked_at IS NULL AND ${isGoing(workspaceId, pair)}`,
  ...becomeOne(workspaceId, pair),
  ...shutOut(
    workspaceId,
    { contactId: pair.keptId, authorId: null, lineIds, now },
    isBlocked({ workspaceId }, pair.keptId),
  ),
]

const apart = (workspaceId: string, { id, keptId, mergedId }: Pair) => sql`(${keptId} <> ${mergedId}
  AND (SELECT count(*) FROM contacts WHERE workspace_id = ${workspaceId} AND id IN (${keptId}, ${mergedId}) AND merged_into_id IS NULL) = 2
  AND NOT EXISTS (SELECT 1 FROM contact_merges WHERE workspace_id = ${workspaceId} AND id = ${id}))`

const storeMerge = (workspaceId: string, pair: Pair, authorId: string, guard: SQL, now: number) =>
  sql`INSERT INTO contact_merges (workspace_id, id, kept_id, merged_id, before, author_id, merged_at)
    SELECT ${workspaceId}, ${pair.id}, ${pair.keptId}, ${pair.mergedId}, ${asItIs(workspaceId, pair)}, ${authorId}, ${now}
    WHERE ${guard} ON CONFLICT DO NOTHING`

const isGoing = (workspaceId: string, { id, keptId, mergedId }: Pair) =>
  sql`(EXISTS (SELECT 1 FROM contact_merges WHERE workspace_id = ${workspaceId} AND id = ${id} AND kept_id = ${keptId}
      AND merged_id = ${mergedId} AND undone_at IS NULL)
    AND EXISTS (SELECT 1 FROM contacts WHERE workspace_id = ${workspaceId} AND id = ${mergedId} AND merged_into_id IS NULL))`

function becomeOne(workspaceId: string, pair: Pair): SQL[] {
  const { keptId, mergedId } = pair
  const going = isGoing(workspaceId, pair)
  const move = (table: SQL) =>
    sql`UPDATE ${table} SET contact_id = ${keptId} WHERE workspace_id = ${workspaceId} AND contact_id = ${mergedId} AND ${going}`
  const merged = (path: string) => before(workspaceId, pair.id, `$.merged.${path}`)
  return [
    move(sql`identities`),
    move(sql`conversations`),
    move(sql`comments`),
    ...MARKS.flatMap((mark) => [
      sql`INSERT INTO ${tableOf[mark]} (workspace_id, contact_id, ${columnOf[mark]}, author_id, created_at)
        SELECT workspace_id, ${keptId}, ${columnOf[mark]}, author_id, created_at FROM ${tableOf[mark]}
        WHERE workspace_id = ${workspaceId} AND contact_id = ${mergedId} AND ${going} ON CONFLICT DO NOTHING`,
      sql`DELETE FROM ${tableOf[mark]} WHERE workspace_id = ${workspaceId} AND contact_id = ${mergedId} AND ${going}`,
    ]),
    // What is known of the one alone is known of both; what is known of both is what is known of the one that stays.
    sql`INSERT INTO contact_field_values (workspace_id, contact_id, field_id, value, value_key, author_id, updated_at)
      SELECT workspace_id, ${keptId}, field_id, value, value_key, author_id, updated_at FROM contact_field_values
      WHERE workspace_id = ${workspaceId} AND contact_id = ${mergedId} AND ${going} ON CONFLICT DO NOTHING`,
    sql`UPDATE contacts SET merged_into_id = ${keptId} WHERE workspace_id = ${workspaceId} AND merged_into_id = ${mergedId} AND ${going}`,
    // A number belongs to one contact: it moves where the other has none.
    sql`UPDATE contacts SET phone = NULL WHERE workspace_id = ${workspaceId} AND id = ${mergedId} AND ${going}
      AND EXISTS (SELECT 1 FROM contacts WHERE workspace_id = ${workspaceId} AND id = ${keptId} AND phone IS NULL)`,
    sql`UPDATE contacts SET version = version + 1, name = coalesce(name, ${merged('name')}), phone = coalesce(phone, ${merged('phone')}),
        profile_name_at = CASE WHEN profile_name IS NULL THEN ${merged('profileNameAt')} ELSE profile_name_at END,
        profile_name = coalesce(profile_name, ${merged('profileName')}),
        name_key = CASE WHEN name IS NULL AND (${merged('name')} IS NOT NULL OR profile_name IS NULL AND ${merged('profileName')} IS NOT NULL)
          OR name_key = '' THEN ${merged('nameKey')} ELSE name_key END
      WHERE workspace_id = ${workspaceId} AND id = ${keptId} AND ${going}`,
    sql`UPDATE contacts SET merged_into_id = ${keptId}, version = version + 1
      WHERE workspace_id = ${workspaceId} AND id = ${mergedId} AND ${going}`,
  ]
}

/** Every row that the merge touches, as it is now. */
function asItIs(workspaceId: string, { keptId, mergedId }: Pair): SQL {
  const contact = (
    id: string,
  ) => sql`(SELECT json_object('name', name, 'profileName', profile_name, 'profileNameAt', profile_name_at,
    'nameKey', name_key, 'phone', phone, 'version', version) FROM contacts WHERE workspace_id = ${workspaceId} AND id = ${id})`
  const idsIn = (table: SQL, column = sql`contact_id`) =>
    sql`(SELECT json_group_array(id) FROM ${table} WHERE workspace_id = ${workspaceId} AND ${column} = ${mergedId})`
  const marks = (mark: (typeof MARKS)[number]) =>
    sql`(SELECT json_group_array(json_object('id', o.${columnOf[mark]}, 'authorId', o.author_id, 'createdAt', o.created_at, 'both', EXISTS (
        SELECT 1 FROM ${tableOf[mark]} x WHERE x.workspace_id = o.workspace_id AND x.contact_id = ${keptId} AND x.${columnOf[mark]} = o.${columnOf[mark]})))
      FROM ${tableOf[mark]} o WHERE o.workspace_id = ${workspaceId} AND o.contact_id = ${mergedId})`
  const lent = sql`(SELECT json_group_array(f.field_id) FROM contact_field_values f WHERE f.workspace_id = ${workspaceId}
    AND f.contact_id = ${mergedId} AND NOT EXISTS (SELECT 1 FROM contact_field_values x WHERE x.workspace_id = f.workspace_id
      AND x.contact_id = ${keptId} AND x.field_id = f.field_id))`
  return sql`json_object('kept', json(${contact(keptId)}), 'merged', json(${contact(mergedId)}),
    'chained', json(${idsIn(sql`contacts`, sql`merged_into_id`)}), 'identities', json(${idsIn(sql`identities`)}),
    'conversations', json(${idsIn(sql`conversations`)}), 'comments', json(${idsIn(sql`comments`)}),
    'tags', json(${marks('tag')}), 'groups', json(${marks('group')}), 'fields', json(${lent}))`
}

const before = (workspaceId: string, mergeId: string, path: string) =>
  sql`(SELECT json_extract(before, ${path}) FROM contact_merges WHERE workspace_id = ${workspaceId} AND id = ${mergeId})`

/** Guard: it was merged so lately, has not been undone, and the one it went into stands by itself. */
export const mayUndo = (
  scope: Scope,
  { id, keptId, mergedId }: Pair,
  since: number,
) => sql`(${contactStands(scope, keptId)}
  AND EXISTS (SELECT 1 FROM contact_merges WHERE workspace_id = ${scope.workspaceId} AND id = ${id} AND kept_id = ${keptId}
    AND merged_id = ${mergedId} AND undone_at IS NULL AND merged_at > ${since} AND author_id <> ${PROVIDER})
  AND EXISTS (SELECT 1 FROM contacts WHERE workspace_id = ${scope.workspaceId} AND id = ${mergedId} AND merged_into_id = ${keptId}))`

/**
 * The newest merge that still holds by which the one became part of the other, by itself or along with whom it was part of
 * by then; whoever said so.
 */
export const mergeInto = (workspaceId: string, { keptId, mergedId }: Omit<Pair, 'id'>) =>
  query<{ id: string; merged_id: string }>(sql`SELECT m.id, m.merged_id FROM contact_merges m
    JOIN contacts k ON k.workspace_id = m.workspace_id AND k.id = m.merged_id AND k.merged_into_id = m.kept_id
    WHERE m.workspace_id = ${workspaceId} AND m.kept_id = ${keptId} AND m.undone_at IS NULL
      AND (m.merged_id = ${mergedId} OR EXISTS (SELECT 1 FROM json_each(m.before, '$.chained') WHERE value = ${mergedId}))
    ORDER BY m.merged_at DESC LIMIT 1`)

/** Guard: by this merge they are one, and nothing has told them apart. */
export const isOfTwo = (workspaceId: string, { id, keptId, mergedId }: Pair) =>
  sql`(EXISTS (SELECT 1 FROM contact_merges WHERE workspace_id = ${workspaceId} AND id = ${id} AND undone_at IS NULL)
    AND EXISTS (SELECT 1 FROM contacts WHERE workspace_id = ${workspaceId} AND id = ${mergedId} AND merged_into_id = ${keptId}))`

/**
 * Each row is again what it was; what came since goes with the address or conversation that it belongs to. Who may is asked
 * once, at the start: on the way the contact may pass out of the agent's sight.
 */
export function unmergeContacts(workspaceId: string, pair: Pair, guard: SQL, now: number): SQL[] {
  const { keptId, mergedId } = pair
  const going = sql`(EXISTS (SELECT 1 FROM contact_merges WHERE workspace_id = ${workspaceId} AND id = ${pair.id} AND undone_at = ${now})
    AND EXISTS (SELECT 1 FROM contacts WHERE workspace_id = ${workspaceId} AND id = ${mergedId} AND merged_into_id = ${keptId}))`
  const was = (path: string) => before(workspaceId, pair.id, path)
  const among = (path: string) => sql`(SELECT value FROM json_each(${was(path)}))`
  const theirs = (table: SQL) =>
    sql`(SELECT id FROM ${table} WHERE workspace_id = ${workspaceId} AND contact_id = ${mergedId})`
  const back = (table: SQL, which: SQL) =>
    sql`UPDATE ${table} SET contact_id = ${mergedId} WHERE workspace_id = ${workspaceId} AND contact_id = ${keptId} AND (${which}) AND ${going}`
  return [
    sql`UPDATE contact_merges SET undone_at = ${now} WHERE workspace_id = ${workspaceId} AND id = ${pair.id} AND ${guard}`,
    back(sql`identities`, sql`id IN ${among('$.identities')} OR principal_id IN ${among('$.identities')}`),
    back(sql`conversations`, sql`id IN ${among('$.conversations')} OR identity_id IN ${theirs(sql`identities`)}`),
    back(sql`comments`, sql`id IN ${among('$.comments')} OR conversation_id IN ${theirs(sql`conversations`)}`),
    ...MARKS.flatMap((mark) => [
      sql`DELETE FROM ${tableOf[mark]} WHERE workspace_id = ${workspaceId} AND contact_id = ${keptId} AND ${columnOf[mark]} IN (
        SELECT value ->> 'id' FROM json_each(${was(`$.${mark}s`)}) WHERE value ->> 'both' = 0) AND ${going}`,
      sql`INSERT INTO ${tableOf[mark]} (workspace_id, contact_id, ${columnOf[mark]}, author_id, created_at)
        SELECT ${workspaceId}, ${mergedId}, value ->> 'id', value ->> 'authorId', value ->> 'createdAt' FROM json_each(${was(`$.${mark}s`)})
        WHERE EXISTS (SELECT 1 FROM ${sql.raw(`${mark}s`)} t WHERE t.workspace_id = ${workspaceId} AND t.id = value ->> 'id') AND ${going}
        ON CONFLICT DO NOTHING`,
    ]),
    sql`DELETE FROM contact_field_values WHERE workspace_id = ${workspaceId} AND contact_id = ${keptId} AND field_id IN ${among('$.fields')}
      AND value = (SELECT m.value FROM contact_field_values m WHERE m.workspace_id = ${workspaceId} AND m.contact_id = ${mergedId}
        AND m.field_id = contact_field_values.field_id) AND ${going}`,
    sql`UPDATE contacts SET merged_into_id = ${mergedId} WHERE workspace_id = ${workspaceId} AND merged_into_id = ${keptId}
      AND id IN ${among('$.chained')} AND ${going}`,
    keepAsItWas(workspaceId, pair, was, going),
    // Blocked or not is what they were together.
    sql`UPDATE contacts AS k SET merged_into_id = NULL, phone = ${was('$.merged.phone')}, version = ${was('$.merged.version')},
        (blocked_at, blocked_by_id) = (SELECT o.blocked_at, o.blocked_by_id FROM contacts o WHERE o.workspace_id = k.workspace_id AND o.id = ${keptId})
      WHERE workspace_id = ${workspaceId} AND id = ${mergedId} AND ${going}`,
  ]
}

/** What was changed since by somebody is theirs to have changed. */
function keepAsItWas(workspaceId: string, { keptId }: Pair, was: (path: string) => SQL, going: SQL): SQL {
  const untouched = sql`version = ${was('$.kept.version')} + 1`
  const lentProfile = sql`${was('$.kept.profileName')} IS NULL AND profile_name_at = ${was('$.merged.profileNameAt')}`
  return sql`UPDATE contacts SET
      phone = CASE WHEN ${was('$.kept.phone')} IS NULL AND phone = ${was('$.merged.phone')} THEN NULL ELSE phone END,
      profile_name = CASE WHEN ${lentProfile} THEN NULL ELSE profile_name END,
      profile_name_at = CASE WHEN ${lentProfile} THEN ${was('$.kept.profileNameAt')} ELSE profile_name_at END,
      name = CASE WHEN ${untouched} THEN ${was('$.kept.name')} ELSE name END,
      name_key = CASE WHEN ${untouched} THEN ${was('$.kept.nameKey')} ELSE name_key END,
      version = CASE WHEN ${untouched} THEN ${was('$.kept.version')} ELSE version END
    WHERE workspace_id = ${workspaceId} AND id = ${keptId} AND ${going}`
}

export interface StoredMerge {
  id: string
  merged_id: string
  merged_name: string | null
  merged_phone: string | null
  author_name: string | null
  merged_at: number
}

/** What can still be undone of those that became part of this contact. */
export const undoableMerges = (scope: Scope, keptId: string | SQL, since: number) =>
  query<StoredMerge>(sql`SELECT x.id, x.merged_id, coalesce(json_extract(x.before, '$.merged.name'), json_extract(x.before, '$.merged.profileName')) AS merged_name,
      json_extract(x.before, '$.merged.phone') AS merged_phone, a.name AS author_name, x.merged_at
    FROM contact_merges x
    JOIN contacts m ON m.workspace_id = x.workspace_id AND m.id = x.merged_id AND m.merged_into_id = x.kept_id
    LEFT JOIN agents a ON a.workspace_id = x.workspace_id AND a.id = x.author_id
    WHERE x.workspace_id = ${scope.workspaceId} AND x.kept_id = ${keptId} AND x.merged_at > ${since} AND x.undone_at IS NULL
      AND x.author_id <> ${PROVIDER}
      AND EXISTS (SELECT 1 FROM contacts k WHERE k.id = x.kept_id AND ${visibleContact(scope)})
    ORDER BY x.merged_at DESC`)

export const toMerge = (row: StoredMerge): Merge => ({
  id: row.id,
  mergedName: row.merged_name,
  mergedPhone: row.merged_phone,
  authorName: row.author_name,
  mergedAt: row.merged_at,
})
