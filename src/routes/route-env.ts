import type { Viewer } from '../db/records.ts'
import type { App } from '../domain/app.ts'
import type { Env } from '../env.ts'
import type { I18n } from '../i18n/index.ts'

/** What every route finds in its context. `viewer` is set by `signedIn` alone: routes behind it may rely on it. */
export interface RouteEnv {
  Bindings: Env
  Variables: { app: App; i18n: I18n; requestId: string; viewer: Viewer }
}
