/** Who sits at a socket: made by the route that let them in, kept with the socket through hibernation. */
import * as z from 'zod'

export const Claims = z.object({
  workspaceId: z.string(),
  agentId: z.string(),
  name: z.string(),
  role: z.enum(['owner', 'admin', 'supervisor', 'agent']),
  departmentIds: z.array(z.string()),
  inboxIds: z.array(z.string()),
  authzVersion: z.number(),
  sessionHash: z.string(),
  locale: z.enum(['pt-BR', 'en', 'es']),
  /** The room's own name, and the conversation it is for; none: the workspace's. */
  room: z.string(),
  conversationId: z.string().nullable(),
})
export type Claims = z.infer<typeof Claims>
