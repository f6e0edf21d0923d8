import { sql } from 'drizzle-orm'
import { foreignKey, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { id, workspaceId } from './columns.ts'

export const ROLES = ['owner', 'admin', 'supervisor', 'agent'] as const

export const LOCALES = ['pt-BR', 'en', 'es'] as const

export const workspaces = sqliteTable('workspaces', {
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  locale: text('locale', { enum: LOCALES }).notNull().default('pt-BR'),
  timeZone: text('time_zone').notNull().default('America/Sao_Paulo'),
  /** How many days the content of a closed conversation is kept; null: for ever. */
  retentionDays: integer('retention_days'),
  /** Set where it was put back from a backup of then, until what was erased since is erased again: before, nothing comes in. */
  restoredFrom: integer('restored_from'),
  createdAt: integer('created_at').notNull(),
})

/** What the inbox shows of a person who signs in; `user_id` is the sign-in's own id for them. */
export const agents = sqliteTable(
  'agents',
  {
    workspaceId: workspaceId(),
    id: id(),
    userId: text('user_id').notNull(),
    name: text('name').notNull(),
    email: text('email').notNull(),
    role: text('role', { enum: ROLES }).notNull(),
    locale: text('locale', { enum: LOCALES }),
    theme: text('theme', { enum: ['system', 'light', 'dark'] })
      .notNull()
      .default('system'),
    /** The list's filters as they were last chosen: a query string. */
    listFilters: text('list_filters').notNull().default(''),
    /** Bumped by whatever changes what this agent may do or see. */
    authzVersion: integer('authz_version').notNull().default(1),
    deactivatedAt: integer('deactivated_at'),
    deactivatedById: text('deactivated_by_id'),
    /** Who gets what a deactivated agent had; none: the queue. */
    successorId: text('successor_id'),
    /** Since when they may answer less than before: until they have nothing out of reach. */
    handBackSince: integer('hand_back_since'),
    /** Who saw to that. */
    handBackById: text('hand_back_by_id'),
    /** Their own, where it is not the workspace's. */
    timeZone: text('time_zone'),
    /** JSON: what they want to hear, and how loud (db/sounds.ts). */
    sounds: text('sounds'),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    uniqueIndex('agents_user').on(t.userId), // who is signed in: session → agent
    // The sweep, which asks whether they still have something.
    index('agents_deactivated').on(t.workspaceId, t.id).where(sql`deactivated_at IS NOT NULL`),
    // The same of those who work here, and were taken out of somewhere.
    index('agents_hand_back').on(t.handBackSince).where(sql`hand_back_since IS NOT NULL AND deactivated_at IS NULL`),
  ],
)

/** A link that lets one person in, once. Only its hash is kept: the link itself is shown to whoever made it, and to nobody else. */
export const invitations = sqliteTable(
  'invitations',
  {
    workspaceId: workspaceId(),
    id: id(),
    tokenHash: text('token_hash').notNull(),
    role: text('role', { enum: ROLES }).notNull(),
    /** JSON: the ids of what they will belong to, and of the numbers that they may use. */
    departmentIds: text('department_ids').notNull(),
    inboxIds: text('inbox_ids').notNull(),
    invitedBy: text('invited_by').notNull(),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    revokedAt: integer('revoked_at'),
    /** The agent that it became. */
    usedBy: text('used_by'),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    uniqueIndex('invitations_token').on(t.tokenHash), // whoever opens a link
  ],
)

/** A link that lets a colleague choose a new password, once. Kept by its hash, as an invitation is. */
export const passwordResets = sqliteTable(
  'password_resets',
  {
    workspaceId: workspaceId(),
    id: id(),
    agentId: text('agent_id').notNull(),
    tokenHash: text('token_hash').notNull(),
    madeBy: text('made_by').notNull(),
    createdAt: integer('created_at').notNull(),
    expiresAt: integer('expires_at').notNull(),
    usedAt: integer('used_at'),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    uniqueIndex('password_resets_token').on(t.tokenHash), // whoever opens a link
    index('password_resets_agent').on(t.workspaceId, t.agentId), // a newer link ends the older ones
    foreignKey({ columns: [t.workspaceId, t.agentId], foreignColumns: [agents.workspaceId, agents.id] }),
  ],
)

export const departments = sqliteTable(
  'departments',
  {
    workspaceId: workspaceId(),
    id: id(),
    name: text('name').notNull(),
    nameKey: text('name_key').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.id] }), uniqueIndex('departments_name').on(t.workspaceId, t.nameKey)],
)

export const departmentMembers = sqliteTable(
  'department_members',
  {
    workspaceId: workspaceId(),
    agentId: text('agent_id').notNull(),
    departmentId: text('department_id').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.agentId, t.departmentId] }),
    foreignKey({ columns: [t.workspaceId, t.agentId], foreignColumns: [agents.workspaceId, agents.id] }),
    foreignKey({ columns: [t.workspaceId, t.departmentId], foreignColumns: [departments.workspaceId, departments.id] }),
  ],
)
