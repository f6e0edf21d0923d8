/** A workspace → its caretaker. */
import type { Env } from '../env.ts'

export const caretakerOf = (env: Env, workspaceId: string) => env.CARETAKERS.get(env.CARETAKERS.idFromName(workspaceId))
