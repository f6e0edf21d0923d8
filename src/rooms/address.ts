/** Names → rooms. */
import type { Env } from '../env.ts'

export const workspaceRoomName = (workspaceId: string) => workspaceId
export const conversationRoomName = (workspaceId: string, conversationId: string) => `${workspaceId}:${conversationId}`

export const roomNamed = (env: Env, name: string) => env.ROOMS.get(env.ROOMS.idFromName(name))

export const agentSocketsOf = (env: Env, workspaceId: string, agentId: string) =>
  env.AGENT_SOCKETS.get(env.AGENT_SOCKETS.idFromName(`${workspaceId}:${agentId}`))
