import { sql } from 'drizzle-orm'
import { foreignKey, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { id, workspaceId } from './columns.ts'
import { inboxes } from './inboxes.ts'

export const contacts = sqliteTable(
  'contacts',
  {
    workspaceId: workspaceId(),
    id: id(),
    /** What the team calls the person; beats the profile name for ever. */
    name: text('name'),
    /** What the person calls themselves, as the provider last said. */
    profileName: text('profile_name'),
    profileNameAt: integer('profile_name_at').notNull().default(0),
    /** The name that is shown, folded (domain/text.ts): the order of the page of contacts. */
    nameKey: text('name_key').notNull().default(''),
    /** E.164 with Brazil's ninth digit in place; matching and display only, never an address. */
    phone: text('phone'),
    /** JSON: how many tags the person has, and the first three as chips show them. Kept by triggers. */
    tagChips: text('tag_chips'),
    mergedIntoId: text('merged_into_id'),
    /** Their picture in our store, and when it was fetched. */
    pictureKey: text('picture_key'),
    pictureAt: integer('picture_at'),
    /** Their messages are kept and disturb nobody. */
    blockedAt: integer('blocked_at'),
    blockedById: text('blocked_by_id'),
    authorId: text('author_id'),
    clientKey: text('client_key'),
    version: integer('version').notNull().default(1),
    /** From when on nothing is kept about the person, and nobody adds anything. */
    erasedAt: integer('erased_at'),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    index('contacts_name').on(t.workspaceId, t.nameKey, t.id).where(sql`merged_into_id IS NULL`), // the page of contacts
    // The same page, of those who are blocked.
    index('contacts_blocked')
      .on(t.workspaceId, t.nameKey, t.id)
      .where(sql`blocked_at IS NOT NULL AND merged_into_id IS NULL`),
    index('contacts_merged').on(t.workspaceId, t.mergedIntoId).where(sql`merged_into_id IS NOT NULL`), // who came along
    uniqueIndex('contacts_phone').on(t.workspaceId, t.phone).where(sql`phone IS NOT NULL`),
    uniqueIndex('contacts_client_key').on(t.workspaceId, t.authorId, t.clientKey).where(sql`client_key IS NOT NULL`),
  ],
)

/**
 * What a contact is found by: each word of their names and each spelling of their numbers, every one of them behind the
 * workspace's id, so that a search touches no other workspace's entries. Kept by triggers; the full-text index
 * `contact_search` reads its content from here.
 */
export const contactTexts = sqliteTable(
  'contact_texts',
  {
    id: integer('id').primaryKey(),
    workspaceId: workspaceId(),
    contactId: text('contact_id').notNull(),
    terms: text('terms').notNull(),
  },
  (t) => [
    uniqueIndex('contact_texts_contact').on(t.workspaceId, t.contactId),
    foreignKey({ columns: [t.workspaceId, t.contactId], foreignColumns: [contacts.workspaceId, contacts.id] }),
  ],
)

/**
 * An address of a person in one inbox. A person may have several there (a phone with and without the ninth digit, a
 * business-scoped id): all of them point to the first, the principal, which is what conversations hang on.
 */
export const identities = sqliteTable(
  'identities',
  {
    workspaceId: workspaceId(),
    id: id(),
    contactId: text('contact_id').notNull(),
    inboxId: text('inbox_id').notNull(),
    principalId: text('principal_id').notNull(),
    externalId: text('external_id').notNull(),
    phone: text('phone'),
    /** How the person is called in the channel, without its `@`. */
    username: text('username'),
    /** When the provider was last asked who this is. */
    profileAt: integer('profile_at'),
    createdAt: integer('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    uniqueIndex('identities_external').on(t.inboxId, t.externalId),
    index('identities_phone').on(t.inboxId, t.phone).where(sql`phone IS NOT NULL`), // the ninth digit: one person, two forms
    index('identities_contact').on(t.workspaceId, t.contactId), // a contact's panel, merge
    index('identities_principal').on(t.workspaceId, t.principalId), // the addresses to answer to
    foreignKey({ columns: [t.workspaceId, t.contactId], foreignColumns: [contacts.workspaceId, contacts.id] }),
    foreignKey({ columns: [t.workspaceId, t.inboxId], foreignColumns: [inboxes.workspaceId, inboxes.id] }),
  ],
)

/** Two people who turned out to be one: what it takes to make them two again, for ten minutes. */
export const contactMerges = sqliteTable(
  'contact_merges',
  {
    workspaceId: workspaceId(),
    id: id(),
    keptId: text('kept_id').notNull(),
    mergedId: text('merged_id').notNull(),
    /** JSON: every row that the merge touches, as it was before. */
    before: text('before').notNull(),
    authorId: text('author_id').notNull(),
    mergedAt: integer('merged_at').notNull(),
    undoneAt: integer('undone_at'),
  },
  (t) => [
    primaryKey({ columns: [t.workspaceId, t.id] }),
    index('contact_merges_kept').on(t.workspaceId, t.keptId, t.mergedAt), // what can be undone, on the contact's page
  ],
)
