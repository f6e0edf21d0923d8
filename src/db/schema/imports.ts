import { sql } from 'drizzle-orm'
import { foreignKey, index, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { id, workspaceId } from './columns.ts'
import { agents } from './people.ts'

export const IMPORT_STATES = ['mapping', 'checking', 'checked', 'importing', 'done', 'refused'] as const

/** A file of contacts on its way in. The file itself stands in the store, as UTF-8, for some days. */
export const contactImports = sqliteTable(
  'contact_imports',
  {
    workspaceId: workspaceId(),
    id: id(),
    authorId: text('author_id').notNull(),
    fileName: text('file_name'),
    /** Null once the file is gone. */
    objectKey: text('object_key'),
    delimiter: text('delimiter').notNull(),
    /** JSON: what each column is (domain/import-lines.ts); null: nobody has said yet. */
    mapping: text('mapping'),
    /** Of numbers that are written without one. */
    country: text('country').notNull(),
    /** What the file says beats what is known already. */
    overwrites: integer('overwrites', { mode: 'boolean' }).notNull().default(false),
    state: text('state', { enum: IMPORT_STATES }).notNull().default('mapping'),
    /** Why the whole of it was refused. */
    refusal: text('refusal'),
    /** Lines with somebody in them; those that are in already. */
    total: integer('total').notNull().default(0),
    cursor: integer('cursor').notNull().default(0),
    created: integer('created').notNull().default(0),
    matched: integer('matched').notNull().default(0),
    problems: integer('problems').notNull().default(0),
    newTags: integer('new_tags').notNull().default(0),
    newGroups: integer('new_groups').notNull().default(0),
    createdAt: integer('created_at').notNull(),
    updatedAt: integer('updated_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    index('contact_imports_recent').on(t.workspaceId, t.createdAt), // the page of imports
    index('contact_imports_working').on(t.updatedAt).where(sql`state IN ('checking', 'importing')`), // the sweep: what stands still
    index('contact_imports_kept').on(t.createdAt).where(sql`object_key IS NOT NULL`), // the sweep: files that are to go
    foreignKey({ columns: [t.workspaceId, t.authorId], foreignColumns: [agents.workspaceId, agents.id] }),
  ],
)

/** Which lines of a file were left out, and why; what they say stands in the file alone. */
export const contactImportProblems = sqliteTable(
  'contact_import_problems',
  {
    workspaceId: workspaceId(),
    importId: text('import_id').notNull(),
    line: integer('line').notNull(),
    code: text('code').notNull(),
    detail: text('detail'),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.importId, t.line] }),
    foreignKey({
      columns: [t.workspaceId, t.importId],
      foreignColumns: [contactImports.workspaceId, contactImports.id],
    }),
  ],
)
