import { text } from 'drizzle-orm/sqlite-core'

export const workspaceId = () => text('workspace_id').notNull()
export const id = () => text('id').notNull()
