/** How far a gateway got with what came in, as the settings show it. */
import type { GatewayHealth } from '../domain/gateway-health.ts'
import type { Journal } from './journal.ts'
import type { GatewaySettings } from './settings.ts'

const HOUR_MS = 3_600_000

/** Of a key that no inbox has: there is no journal to ask. */
const NOTHING: GatewayHealth = {
  ...{ pending: 0, waiting: 0, dead: 0, orphans: 0, erased: 0, oldestAt: null, lagMs: null },
  ...{ refused: false, lastInAt: null, lastOutAt: null },
}

export function healthOf(settings: GatewaySettings | null, journal: Journal): GatewayHealth {
  if (!settings) return NOTHING
  return {
    ...journal.backlog,
    lagMs: journal.lagSince(Date.now() - HOUR_MS),
    refused: settings.status === 'needs_reauth',
    lastInAt: journal.lastAt('in'),
    lastOutAt: journal.lastAt('out'),
  }
}
