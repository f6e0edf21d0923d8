import { foreignKey, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { id, workspaceId } from './columns.ts'
import { contacts } from './contacts.ts'

/** Names of colours; what they look like is the stylesheet's to say. */
export const TAG_COLORS = ['sea', 'leaf', 'amber', 'clay', 'rose', 'plum', 'sky', 'ash'] as const

export const FIELD_KINDS = ['text', 'number', 'date', 'choice'] as const

export const tags = sqliteTable(
  'tags',
  {
    workspaceId: workspaceId(),
    id: id(),
    name: text('name').notNull(),
    nameKey: text('name_key').notNull(),
    color: text('color', { enum: TAG_COLORS }).notNull().default('sea'),
    /** How many contacts have it. Kept by triggers. */
    uses: integer('uses').notNull().default(0),
    version: integer('version').notNull().default(1),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.id] }), uniqueIndex('tags_name').on(t.workspaceId, t.nameKey)],
)

export const contactTags = sqliteTable(
  'contact_tags',
  {
    workspaceId: workspaceId(),
    contactId: text('contact_id').notNull(),
    tagId: text('tag_id').notNull(),
    authorId: text('author_id'),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.contactId, t.tagId] }),
    index('contact_tags_tag').on(t.workspaceId, t.tagId), // filter by tag, a tag's uses
    foreignKey({ columns: [t.workspaceId, t.contactId], foreignColumns: [contacts.workspaceId, contacts.id] }),
    foreignKey({ columns: [t.workspaceId, t.tagId], foreignColumns: [tags.workspaceId, tags.id] }),
  ],
)

export const groups = sqliteTable(
  'groups',
  {
    workspaceId: workspaceId(),
    id: id(),
    name: text('name').notNull(),
    nameKey: text('name_key').notNull(),
    version: integer('version').notNull().default(1),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.workspaceId, t.id] }), uniqueIndex('groups_name').on(t.workspaceId, t.nameKey)],
)

export const contactGroups = sqliteTable(
  'contact_groups',
  {
    workspaceId: workspaceId(),
    contactId: text('contact_id').notNull(),
    groupId: text('group_id').notNull(),
    authorId: text('author_id'),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.contactId, t.groupId] }),
    index('contact_groups_group').on(t.workspaceId, t.groupId), // a group's members
    foreignKey({ columns: [t.workspaceId, t.contactId], foreignColumns: [contacts.workspaceId, contacts.id] }),
    foreignKey({ columns: [t.workspaceId, t.groupId], foreignColumns: [groups.workspaceId, groups.id] }),
  ],
)

/** What the workspace wants to know of its contacts, beside their name and number. */
export const customFields = sqliteTable(
  'custom_fields',
  {
    workspaceId: workspaceId(),
    id: id(),
    name: text('name').notNull(),
    nameKey: text('name_key').notNull(),
    kind: text('kind', { enum: FIELD_KINDS }).notNull(),
    /** JSON: what a choice is made of; empty for the other kinds. */
    choices: text('choices').notNull().default('[]'),
    position: integer('position').notNull(),
    version: integer('version').notNull().default(1),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    uniqueIndex('custom_fields_name').on(t.workspaceId, t.nameKey),
  ],
)

/** What is known of one contact in one field. A number is written with a point, a date as 2026-11-20. */
export const contactFieldValues = sqliteTable(
  'contact_field_values',
  {
    workspaceId: workspaceId(),
    contactId: text('contact_id').notNull(),
    fieldId: text('field_id').notNull(),
    value: text('value').notNull(),
    /** Folded (domain/text.ts): what the contact is found by. */
    valueKey: text('value_key').notNull(),
    authorId: text('author_id'),
    updatedAt: integer('updated_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.contactId, t.fieldId] }),
    index('contact_field_values_field').on(t.workspaceId, t.fieldId), // a field's uses
    foreignKey({ columns: [t.workspaceId, t.contactId], foreignColumns: [contacts.workspaceId, contacts.id] }),
    foreignKey({ columns: [t.workspaceId, t.fieldId], foreignColumns: [customFields.workspaceId, customFields.id] }),
  ],
)
