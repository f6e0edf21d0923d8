import { foreignKey, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { id, workspaceId } from './columns.ts'
import { contacts } from './contacts.ts'
import { conversations } from './conversations.ts'
import { agents } from './people.ts'

/** What agents write about a contact: in every conversation of theirs, or in one alone. Never sent to a customer. */
export const comments = sqliteTable(
  'comments',
  {
    workspaceId: workspaceId(),
    id: id(),
    contactId: text('contact_id').notNull(),
    /** Null: shown in all conversations of the contact. */
    conversationId: text('conversation_id'),
    authorId: text('author_id').notNull(),
    clientKey: text('client_key').notNull(),
    body: text('body').notNull(),
    pinnedAt: integer('pinned_at'),
    pinnedById: text('pinned_by_id'),
    editedAt: integer('edited_at'),
    deletedAt: integer('deleted_at'),
    deletedById: text('deleted_by_id'),
    version: integer('version').notNull().default(1),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    uniqueIndex('comments_client_key').on(t.workspaceId, t.authorId, t.clientKey),
    index('comments_contact').on(t.workspaceId, t.contactId, t.createdAt), // the panel, newest first
    foreignKey({ columns: [t.workspaceId, t.contactId], foreignColumns: [contacts.workspaceId, contacts.id] }),
    foreignKey({
      columns: [t.workspaceId, t.conversationId],
      foreignColumns: [conversations.workspaceId, conversations.id],
    }),
    foreignKey({ columns: [t.workspaceId, t.authorId], foreignColumns: [agents.workspaceId, agents.id] }),
  ],
)

/** Whom a comment names. */
export const commentMentions = sqliteTable(
  'comment_mentions',
  {
    workspaceId: workspaceId(),
    commentId: text('comment_id').notNull(),
    agentId: text('agent_id').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.commentId, t.agentId] }),
    foreignKey({ columns: [t.workspaceId, t.commentId], foreignColumns: [comments.workspaceId, comments.id] }),
    foreignKey({ columns: [t.workspaceId, t.agentId], foreignColumns: [agents.workspaceId, agents.id] }),
  ],
)

/** What a comment said before each edit. */
export const commentVersions = sqliteTable(
  'comment_versions',
  {
    workspaceId: workspaceId(),
    commentId: text('comment_id').notNull(),
    version: integer('version').notNull(),
    body: text('body').notNull(),
    authorId: text('author_id').notNull(),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.commentId, t.version] }),
    foreignKey({ columns: [t.workspaceId, t.commentId], foreignColumns: [comments.workspaceId, comments.id] }),
  ],
)
