/** What a customer can say on Telegram, each kind with something to say. */
import { gzipSync } from 'node:zlib'
import type { Menu, Said, Saying, Simulation } from '../provider.ts'
import type { Customer, File } from '../state.ts'
import { fileFields, type Where } from './updates.ts'

export const SAYS: Menu = {
  text: 'Texto',
  formatted: 'Texto com formatação',
  start: 'Começar por um link (/start)',
  image: 'Foto',
  album: 'Álbum de duas fotos',
  video: 'Vídeo',
  video_note: 'Vídeo redondo',
  big_video: 'Vídeo de 80 MB',
  animation: 'GIF',
  voice: 'Mensagem de voz',
  audio: 'Música',
  document: 'Arquivo',
  sticker: 'Figurinha',
  sticker_animated: 'Figurinha animada',
  location: 'Localização',
  live_location: 'Localização em tempo real',
  venue: 'Lugar',
  contact: 'Meu contato',
  contact_other: 'Contato de outra pessoa',
  poll: 'Enquete',
  dice: 'Dado',
  quote: 'Resposta a um trecho',
  external_reply: 'Resposta a outra conversa',
  story: 'Story',
  unsupported: 'Tipo não suportado',
  group: 'Mensagem no grupo',
  business: 'Mensagem à conta do dono',
}

type Card = (of: Simulation, saying: Saying, customer: Customer) => Said

const words =
  (usual: string, wire: Record<string, unknown> = {}, rest: Said = {}): Card =>
  (_of, { text }) => ({ text: text ?? usual, wire, ...rest })

const card =
  (lines: string[], wire: Record<string, unknown>): Card =>
  () => ({ text: '', lines, wire })

/** `field`: under which name the message carries the file. */
const file =
  (pick: (of: Simulation) => File, wireOf: (file: File) => Record<string, unknown>): Card =>
  (of, { text, file: own }) => {
    const kept = own ?? pick(of)
    return { text: text ?? '', files: [kept], wire: wireOf(kept) }
  }

const SIZE = { width: 320, height: 240 }

/** The smallest first, as it is told. */
const sizes = (photo: File) => [
  { ...fileFields(photo), file_id: 'AgACAgEAAx-thumb', width: 90, height: 67, file_size: 1183 },
  { ...fileFields(photo), ...SIZE },
]

const IN = (where: Where) => ({ where })
const PLACE = { latitude: -23.561414, longitude: -46.655881 }

/** A picture that moves, as Telegram alone writes it: no browser shows it. */
function movingSticker(of: Simulation): File {
  const bytes = gzipSync(JSON.stringify({ v: '5.5.2', fr: 60, ip: 0, op: 60, w: 512, h: 512, layers: [] }))
  return of.files.keep(bytes, { kind: 'sticker', mimeType: 'application/x-tgsticker', name: null, animated: true })
}

function tooBig(of: Simulation): File {
  const video = of.files.asset('video')
  video.bytes = 83_886_080
  return video
}

const CARDS: Record<string, Card> = {
  text: words('Oi!'),
  formatted: words('Veja isto: negrito, riscado, código, segredo e um link', {
    entities: [
      { type: 'bold', offset: 11, length: 7 },
      { type: 'strikethrough', offset: 20, length: 7 },
      { type: 'code', offset: 29, length: 6 },
      { type: 'spoiler', offset: 37, length: 7 },
      { type: 'text_link', offset: 47, length: 7, url: 'https://prosa.example/ajuda' },
    ],
  }),
  start: words(
    '/start campanha_42',
    { entities: [{ type: 'bot_command', offset: 0, length: 6 }] },
    { mark: 'Veio de t.me/…?start=campanha_42' },
  ),
  image: file(
    (of) => of.files.asset('photo'),
    (photo) => ({ photo: sizes(photo) }),
  ),
  video: file(
    (of) => of.files.asset('video'),
    (video) => ({
      video: { ...fileFields(video), ...SIZE, duration: 1, mime_type: 'video/mp4', file_name: 'video.mp4' },
    }),
  ),
  video_note: file(
    (of) => of.files.asset('video'),
    (video) => ({ video_note: { ...fileFields(video), duration: 1, length: 240 } }),
  ),
  big_video: file(tooBig, (video) => ({
    video: { ...fileFields(video), ...SIZE, duration: 900, mime_type: 'video/mp4' },
  })),
  animation: file(
    (of) => of.files.asset('video'),
    (gif) => {
      const document = { ...fileFields(gif), file_name: 'ola.mp4', mime_type: 'video/mp4' }
      return { animation: { ...document, ...SIZE, duration: 1 }, document }
    },
  ),
  voice: file(
    (of) => of.files.asset('voice'),
    (voice) => ({ voice: { ...fileFields(voice), duration: 2, mime_type: 'audio/ogg' } }),
  ),
  audio: file(
    (of) => of.files.asset('song'),
    (song) => ({
      audio: {
        ...fileFields(song),
        duration: 3,
        mime_type: 'audio/mpeg',
        title: 'Jingle',
        performer: 'Loja',
        file_name: 'jingle.mp3',
      },
    }),
  ),
  document: file(
    (of) => of.files.asset('document'),
    (one) => ({ document: { ...fileFields(one), file_name: one.name ?? 'arquivo.pdf', mime_type: one.mimeType } }),
  ),
  sticker: file(
    (of) => of.files.asset('sticker'),
    (one) => ({
      sticker: {
        ...fileFields(one),
        width: 512,
        height: 512,
        emoji: '👍',
        type: 'regular',
        is_animated: false,
        is_video: false,
      },
    }),
  ),
  sticker_animated: (of) => {
    const still = of.files.asset('sticker')
    const moving = movingSticker(of)
    const thumbnail = { ...fileFields(still), width: 128, height: 128 }
    return {
      text: '',
      files: [still],
      wire: {
        sticker: {
          ...fileFields(moving),
          width: 512,
          height: 512,
          emoji: '🎉',
          type: 'regular',
          is_animated: true,
          is_video: false,
          thumbnail,
        },
      },
    }
  },
  location: card(['Localização'], { location: PLACE }),
  live_location: card(['Localização em tempo real'], { location: { ...PLACE, live_period: 900 } }),
  venue: card(['Loja Centro', 'Av. Exemplo, 1000'], {
    venue: { location: PLACE, title: 'Loja Centro', address: 'Av. Exemplo, 1000' },
    location: PLACE,
  }),
  contact_other: card(['Contato de Rui'], {
    contact: { phone_number: '+5511999990077', first_name: 'Rui', last_name: 'Alves' },
  }),
  poll: card(['Qual cor?', 'Azul', 'Verde'], {
    poll: {
      id: '5330000000000000001',
      question: 'Qual cor?',
      options: [
        { text: 'Azul', voter_count: 0 },
        { text: 'Verde', voter_count: 0 },
      ],
      type: 'regular',
    },
  }),
  dice: card(['🎲 4'], { dice: { emoji: '🎲', value: 4 } }),
  quote: words(
    'sobre isto',
    { quote: { text: '3 dias', position: 13, is_manual: true } },
    { mark: 'Sobre o trecho “3 dias”' },
  ),
  external_reply: words(
    'e sobre isto?',
    {
      external_reply: { origin: { type: 'hidden_user', sender_user_name: 'Fulano', date: 1_759_980_000 } },
      quote: { text: 'aberto até as 18h', position: 0 },
    },
    { mark: 'Responde a outra conversa' },
  ),
  story: card(['Story'], { story: { id: 7, chat: { id: 8_100_000_009, type: 'private' } } }),
  unsupported: card(['Algo de um tipo novo'], { hologram: { text: 'olá' } }),
  group: words('oi pessoal', IN('group'), { mark: 'No grupo Equipe Exemplo' }),
  business: words('Oi, é da loja?', IN('business'), { mark: 'À conta do dono' }),
}

export function say(of: Simulation, customer: Customer, userId: string, saying: Saying): Said {
  const { kind, forwarded } = saying
  const said =
    kind === 'album'
      ? album(of, saying)
      : kind === 'contact'
        ? ownContact(customer, userId)
        : CARDS[kind]?.(of, saying, customer)
  const origin =
    forwarded === null
      ? {}
      : { forward_origin: { type: 'hidden_user', sender_user_name: 'Fulano', date: 1_759_980_000 } }
  const mark = forwarded === null ? (said?.mark ?? null) : 'Encaminhada'
  return { kind, ...said, mark, wire: { ...said?.wire, ...origin } }
}

/** Both stand on the phone as one; they are told one by one. */
function album(of: Simulation, { text }: Saying): Said {
  const files = [of.files.asset('photo'), of.files.asset('photo-2')]
  return { text: text ?? 'álbum', files, wire: { media_group_id: String(Date.now()), album: files.map(sizes) } }
}

const ownContact = (customer: Customer, userId: string): Said => ({
  text: '',
  lines: ['Meu contato'],
  wire: {
    contact: { phone_number: customer.number.replace('+', ''), first_name: customer.name, user_id: Number(userId) },
  },
})
