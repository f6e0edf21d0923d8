/** A channel of Meta's messaging platform, whichever of its two doors it stands behind. */
import type { Channel } from '../channel.ts'
import { accessEnds, prolongAccess } from './access.ts'
import { checkAccount, profileOf, subscribeTo } from './messaging-account.ts'
import type { Dialect } from './messaging-dialect.ts'
import { judgeMessaging } from './messaging-errors.ts'
import { parseMessaging } from './messaging-events.ts'
import { historyPage } from './messaging-history.ts'
import { fetchMedia } from './messaging-media.ts'
import { sendMessage, tell } from './messaging-send.ts'
import { handshake, verify } from './meta.ts'
import { META_FILE_HOSTS } from './place.ts'
import { reasonOfMessaging } from './reasons.ts'

export const metaMessaging = (dialect: Dialect): Channel => ({
  name: dialect.name,
  sign: dialect.name,
  words: dialect.words,
  connection: { fields: dialect.fields },
  fileHosts: META_FILE_HOSTS,
  baseUrl: dialect.baseUrl,
  limits: dialect.limits,
  handshake,
  verify,
  parse: (rawBody, accountId) => parseMessaging(dialect, rawBody, accountId),
  reasonOf: reasonOfMessaging,
  send: (reach, message) => sendMessage(dialect, reach, message),
  markRead: (reach, of) => tell(dialect, reach, of, 'mark_seen'),
  showTyping: (reach, of) => tell(dialect, reach, of, 'typing_on'),
  media: fetchMedia,
  history: (reach, of) => historyPage(dialect, reach, of),
  profile: (reach, externalId) => profileOf(dialect, reach, externalId),
  check: (reach) => checkAccount(dialect, reach),
  accessEnds: async (reach) =>
    dialect.prolongs(reach.settings) ? (reach.credentials.accessEndsAt ?? null) : accessEnds(reach, judgeMessaging),
  prolongAccess: async (reach) => (dialect.prolongs(reach.settings) ? prolongAccess(reach, judgeMessaging) : null),
  subscribe: (reach) => subscribeTo(dialect, reach),
})
