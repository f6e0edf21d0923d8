/** Instagram: the direct messages of a professional account, by its own login or by the page that it is linked to. */
import type { Reach } from '../channel.ts'
import { PAGE_FIELDS } from '../messenger/messenger.ts'
import { metaMessaging } from '../meta/messaging.ts'
import { graphUrl } from '../meta/place.ts'
import { APP_FIELDS, HUMAN_AGENT_FIELD } from '../meta/words.ts'
import { INSTAGRAM_WORDS } from './words.ts'

const MB = 1024 * 1024

const ACCOUNT_FIELDS = [
  ...['messages', 'message_reactions', 'messaging_postbacks', 'messaging_seen', 'messaging_referral', 'message_edit'],
  ...['message_echoes', 'standby', 'messaging_handover'],
]

/** What the provider calls a reaction; the heart in both of its spellings, and what people take for the same face. */
const REACTION_NAMES = new Map([
  ['❤️', 'love'],
  ['❤', 'love'],
  ['😆', 'laugh'],
  ['😂', 'laugh'],
  ['😮', 'wow'],
  ['😢', 'sad'],
  ['😠', 'angry'],
  ['😡', 'angry'],
  ['👍', 'like'],
])

const byPage = ({ settings }: Pick<Reach, 'settings'>) => settings.login === 'facebook'

export const instagram = metaMessaging({
  name: 'instagram',
  words: INSTAGRAM_WORDS,
  fields: [
    { name: 'login', kind: 'choice', required: true, options: ['instagram', 'facebook'] },
    { name: 'accountId', kind: 'id', required: true },
    { name: 'pageId', kind: 'id', required: true, when: { field: 'login', is: 'facebook' } },
    ...APP_FIELDS,
    HUMAN_AGENT_FIELD,
  ],
  // An account that was connected by its page is reached where the page is.
  baseUrl: (urls, settings) => graphUrl(urls, byPage({ settings }) ? urls.GRAPH_API_URL : urls.INSTAGRAM_API_URL),
  object: 'instagram',
  site: 'https://www.instagram.com',
  audioIsVoice: true,
  files: 'fetched',
  namesItsAnswers: false,
  reactionNames: REACTION_NAMES,
  node: (reach) => (byPage(reach) ? reach.settings.pageId : undefined) ?? 'me',
  subscribedFields: (settings) => (byPage({ settings }) ? PAGE_FIELDS : ACCOUNT_FIELDS),
  account: (reach) =>
    byPage(reach)
      ? { node: reach.accountId, fields: ['id', 'username', 'name'] }
      : { node: 'me', fields: ['user_id', 'username', 'name'] },
  prolongs: (settings) => !byPage({ settings }),
  profileFields: ['name', 'username', 'profile_pic'],
  limits: {
    textLength: 1000,
    textUnit: 'bytes',
    caption: null,
    replyWindowHours: 24,
    adWindowHours: null,
    humanAgentHours: 7 * 24,
    begins: false,
    outsideWindow: 'nothing',
    // The provider allows ten files and three hundred texts a second: below the first, on the whole.
    rates: { account: { burst: 40, perSecond: 10 }, recipient: { burst: 10, perSecond: 1 } },
    files: {
      image: { types: ['image/jpeg', 'image/png', 'image/gif'], bytes: 8 * MB },
      video: {
        types: ['video/mp4', 'video/quicktime', 'video/webm', 'video/ogg', 'video/x-msvideo'],
        bytes: 25 * MB,
      },
      audio: { types: ['audio/mp4', 'audio/aac', 'audio/x-m4a', 'audio/wav'], bytes: 25 * MB },
      document: { types: ['application/pdf'], bytes: 25 * MB },
      sticker: null,
    },
    voice: null,
    reply: true,
    reactions: ['❤️', '😆', '😮', '😢', '😠', '👍'],
    edit: null,
    unsend: null,
    location: false,
    contacts: false,
    buttons: {
      most: 13,
      title: { length: 20, unit: 'utf16' },
      body: { length: 1000, unit: 'bytes' },
      footer: null,
    },
    list: null,
    templates: false,
    receipts: { delivered: false, read: true },
    markRead: true,
    typing: true,
    history: 'any_time',
  },
})
