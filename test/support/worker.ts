/** Types of what tests inside workerd find: `import { env } from 'cloudflare:workers'` is the Worker's own Env. */
import type { Env as WorkerEnv } from '../../src/env.ts'

declare global {
  namespace Cloudflare {
    interface Env extends WorkerEnv {}
  }
}
