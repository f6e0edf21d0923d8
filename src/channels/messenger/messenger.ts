/** Messenger: the conversations of a Facebook page. */
import { metaMessaging } from '../meta/messaging.ts'
import { graphUrl } from '../meta/place.ts'
import { APP_FIELDS, HUMAN_AGENT_FIELD } from '../meta/words.ts'
import { MESSENGER_WORDS } from './words.ts'

const MB = 1024 * 1024

/** What a page has to subscribe to, its Instagram account's conversations included. */
export const PAGE_FIELDS = [
  ...['messages', 'messaging_postbacks', 'message_deliveries', 'message_reads', 'message_reactions', 'message_echoes'],
  ...['message_edits', 'messaging_referrals', 'messaging_optins', 'messaging_handovers', 'standby'],
  'messaging_policy_enforcement',
]

export const messenger = metaMessaging({
  name: 'messenger',
  words: MESSENGER_WORDS,
  fields: [{ name: 'accountId', kind: 'id', required: true }, ...APP_FIELDS, HUMAN_AGENT_FIELD],
  baseUrl: (urls) => graphUrl(urls),
  object: 'page',
  site: 'https://www.facebook.com',
  audioIsVoice: false,
  files: 'uploaded',
  namesItsAnswers: true,
  reactionNames: new Map(),
  node: ({ accountId }) => accountId,
  subscribedFields: () => PAGE_FIELDS,
  account: ({ accountId }) => ({ node: accountId, fields: ['id', 'name', 'username'] }),
  prolongs: () => false,
  profileFields: ['first_name', 'last_name', 'profile_pic'],
  limits: {
    textLength: 2000,
    textUnit: 'utf16',
    caption: null,
    replyWindowHours: 24,
    adWindowHours: null,
    humanAgentHours: 7 * 24,
    begins: false,
    outsideWindow: 'nothing',
    // The provider allows ten files and three hundred texts a second: below the first, on the whole.
    rates: { account: { burst: 40, perSecond: 10 }, recipient: { burst: 10, perSecond: 1 } },
    files: {
      image: { types: ['image/jpeg', 'image/png', 'image/gif'], bytes: 25 * MB },
      video: { types: ['video/mp4'], bytes: 25 * MB },
      audio: { types: ['audio/mp4', 'audio/mpeg', 'audio/aac', 'audio/wav'], bytes: 25 * MB },
      document: { types: ['*/*'], bytes: 25 * MB },
      sticker: null,
    },
    voice: null,
    reply: true,
    reactions: null,
    edit: null,
    unsend: null,
    location: false,
    contacts: false,
    buttons: {
      most: 13,
      title: { length: 20, unit: 'utf16' },
      body: { length: 2000, unit: 'utf16' },
      footer: null,
    },
    list: null,
    templates: false,
    receipts: { delivered: true, read: true },
    markRead: true,
    typing: true,
    history: 'any_time',
  },
})
