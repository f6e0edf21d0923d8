/** What a number that stays on its phone takes, whichever gateway links it. */
import type { Limits } from '../limits.ts'

const MB = 1024 * 1024

export const LINKED_LIMITS = {
  // The network's own limit is far beyond; this is what the official channel takes.
  textLength: 4096,
  textUnit: 'utf16',
  caption: { length: 1024, unit: 'utf16' },
  replyWindowHours: null,
  adWindowHours: null,
  humanAgentHours: null,
  begins: true,
  outsideWindow: 'nothing',
  // At a person's pace: who writes faster than people do is taken for a machine, and the number is banned.
  rates: { account: { burst: 5, perSecond: 1 / 2 }, recipient: { burst: 3, perSecond: 1 / 2 } },
  files: {
    image: { types: ['image/jpeg', 'image/png'], bytes: 16 * MB },
    video: { types: ['video/mp4', 'video/3gpp'], bytes: 64 * MB },
    audio: { types: ['audio/ogg', 'audio/mpeg', 'audio/mp4', 'audio/aac', 'audio/amr'], bytes: 16 * MB, bare: true },
    document: { types: ['*/*'], bytes: 100 * MB },
    sticker: { types: ['image/webp'], bytes: 500 * 1024, bare: true },
  },
  // The server makes a voice note of whatever it is given.
  voice: { types: ['audio/ogg', 'audio/mp4', 'audio/mpeg', 'audio/aac', 'audio/amr'], bytes: 16 * MB },
  marks: { bold: '*', italic: '_', strike: '~' },
  reply: true,
  reactions: 'any',
  edit: { withinMinutes: 15, captions: true },
  unsend: { withinMinutes: null },
  location: true,
  contacts: true,
  buttons: null,
  list: null,
  templates: false,
  receipts: { delivered: true, read: true },
  markRead: true,
  typing: true,
  history: 'any_time',
} as const satisfies Limits
