/**
 * The whole chat area. Every table but the sign-in ones carries its workspace, and every reference repeats it, so that
 * no stored reference can cross workspaces. Times are milliseconds since the epoch, UTC. Each index names its query.
 */
export * from './answers.ts'
export * from './audit.ts'
export * from './comments.ts'
export * from './contacts.ts'
export * from './conversations.ts'
export * from './imports.ts'
export * from './inboxes.ts'
export * from './journal.ts'
export * from './marks.ts'
export * from './messages.ts'
export * from './people.ts'
export * from './privacy.ts'
