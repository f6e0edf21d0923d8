/** docs/channels.md: what each channel takes, shows and tells, written out of the limits that the product itself obeys. */
import type { Channel } from '../../src/channels/channel.ts'
import { channels } from '../../src/channels/index.ts'
import type { FileLimit, Length, Limits, Within } from '../../src/channels/limits.ts'

type Row = [what: string, cell: (limits: Limits) => string]

const NO = '–'
const YES = 'yes'
const UNIT = { utf16: 'UTF-16 units', code_points: 'characters', bytes: 'bytes' } as const

const length = (of: Length) => `${of.length} ${UNIT[of.unit]}`
const lengthOr = (of: Length | null, otherwise = NO) => (of ? length(of) : otherwise)
const whether = (it: boolean) => (it ? YES : NO)
const hours = (n: number | null, otherwise: string) =>
  n === null ? otherwise : n <= 72 || n % 24 ? `${n} h` : `${n / 24} days`

const within = ({ withinMinutes: minutes }: Within) =>
  minutes === null ? 'at any time' : minutes % 60 ? `for ${minutes} min` : `for ${hours(minutes / 60, NO)}`

const KB = 1024

function size(bytes: number): string {
  return bytes >= KB * KB ? `${Math.round((bytes / KB / KB) * 10) / 10} MB` : `${Math.round(bytes / KB)} KB`
}

const file = (limit: FileLimit | null) =>
  limit
    ? `${limit.types.includes('*/*') ? 'any type' : limit.types.join(', ')}; ${size(limit.bytes)}${limit.bare ? ', without words' : ''}`
    : NO

const TABLES: [title: string, rows: Row[]][] = [
  [
    'Words',
    [
      ['text', (limits) => length({ length: limits.textLength, unit: limits.textUnit })],
      ['words under a file', ({ caption }) => lengthOr(caption, 'a message of their own')],
      [
        'bold, italic, struck',
        ({ marks }) =>
          marks
            ? Object.values(marks)
                .map((mark) => `\`${mark}\``)
                .join(' ')
            : NO,
      ],
      ['quote', ({ reply }) => whether(reply)],
      ['reactions', ({ reactions }) => (reactions === 'any' ? 'any emoji' : (reactions?.join(' ') ?? NO))],
      [
        'edited after it was sent',
        ({ edit }) => (edit ? `${within(edit)}${edit.captions ? '' : ', words of a text alone'}` : NO),
      ],
      ['taken back for everyone', ({ unsend }) => (unsend ? within(unsend) : NO)],
    ],
  ],
  [
    'Reply windows',
    [
      ['after the customer’s last message', ({ replyWindowHours }) => hours(replyWindowHours, 'always')],
      ['after one that came from an ad', ({ adWindowHours }) => hours(adWindowHours, 'as any other')],
      ['with the human-agent permission', ({ humanAgentHours }) => hours(humanAgentHours, NO)],
      ['outside of it', (limits) => outside(limits)],
    ],
  ],
  [
    'Files',
    [
      ['image', ({ files }) => file(files.image)],
      ['video', ({ files }) => file(files.video)],
      ['audio', ({ files }) => file(files.audio)],
      ['voice note', ({ voice }) => (voice ? file(voice) : 'as an audio file')],
      ['document', ({ files }) => file(files.document)],
      ['sticker', ({ files }) => file(files.sticker)],
    ],
  ],
  [
    'More than words',
    [
      ['location', ({ location }) => whether(location)],
      ['contact card', ({ contacts }) => whether(contacts)],
      ['buttons', ({ buttons }) => (buttons ? `${buttons.most} of ${length(buttons.title)}` : NO)],
      ['text above buttons', ({ buttons }) => lengthOr(buttons?.body ?? null)],
      ['footer under buttons', ({ buttons }) => lengthOr(buttons?.footer ?? null)],
      ['list', ({ list }) => (list ? `${list.mostRows} rows of ${length(list.title)}` : NO)],
      ['a row’s description', ({ list }) => lengthOr(list?.description ?? null)],
      ['text above a list', ({ list }) => lengthOr(list?.body ?? null)],
      ['button that opens a list', ({ list }) => lengthOr(list?.button ?? null)],
      ['templates', ({ templates }) => whether(templates)],
    ],
  ],
  [
    'What is told, and how fast we go',
    [
      ['delivered', ({ receipts }) => whether(receipts.delivered)],
      ['read', ({ receipts }) => whether(receipts.read)],
      ['the customer sees that we read', ({ markRead }) => whether(markRead)],
      ['the customer sees that we write', ({ typing }) => whether(typing)],
      [
        'past messages',
        ({ history }) => ({ any_time: 'at any time', once: 'once, when connected', never: NO })[history],
      ],
      ['messages in all', ({ rates }) => rate(rates.account)],
      ['messages to one person', ({ rates }) => rate(rates.recipient)],
    ],
  ],
]

const outside = ({ replyWindowHours, outsideWindow }: Limits) =>
  replyWindowHours === null
    ? NO
    : outsideWindow === 'template'
      ? 'an approved template'
      : 'nothing: the customer writes first'

const rate = ({ burst, perSecond }: Limits['rates']['account']) =>
  perSecond >= 1 ? `${perSecond} a second` : `one every ${Math.round(1 / perSecond)} s after ${burst}`

export function channelsPage(built: Channel[] = Object.values(channels)): string {
  const columns = built.map(({ words }) => words['pt-BR'].label)
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  const table = (rows: Row[]) =>
    [
      line(['', ...columns]),
      line(['---', ...columns.map(() => '---')]),
      ...rows.map(([what, cell]) => line([what, ...built.map(({ limits }) => cell(limits))])),
    ].join('\n')
  return [
    '# Channels',
    'What may be sent, how much of it, and what comes back. Written by `npm run docs` out of the limits that drive the composer\nand its checks (`limits` of each adapter in `src/channels/`): change them there.',
    ...TABLES.flatMap(([title, rows]) => [`## ${title}`, table(rows)]),
    '',
  ]
    .join('\n\n')
    .trimEnd()
    .concat('\n')
}
