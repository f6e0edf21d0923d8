/** What a customer can say on Messenger and Instagram, each kind with something to say. */
import type { AssetName } from '../files.ts'
import { cdnUrl } from '../meta/links.ts'
import type { Menu, Said, Saying, Simulation } from '../provider.ts'
import type { File } from '../state.ts'

export const MESSENGER_SAYS: Menu = {
  text: 'Texto',
  image: 'Foto',
  images: 'Duas fotos de uma vez',
  video: 'Vídeo',
  voice: 'Áudio',
  document: 'Arquivo',
  sticker: 'Figurinha',
  like: 'Joinha',
  link: 'Link com prévia',
  post: 'Publicação',
  reel: 'Reel',
  location: 'Lugar',
  quick_reply: 'Resposta rápida',
  postback: 'Botão do menu',
  get_started: 'Começar',
  ad: 'Vindo de um anúncio',
  standby: 'Com outro app atendendo',
  unsupported: 'Tipo não suportado',
}

export const INSTAGRAM_SAYS: Menu = {
  text: 'Texto',
  image: 'Foto',
  images: 'Foto e vídeo de uma vez',
  video: 'Vídeo',
  voice: 'Mensagem de voz',
  document: 'PDF',
  heart: 'Coração',
  story_mention: 'Menção no story',
  story_reply: 'Resposta ao story',
  post: 'Publicação',
  reel: 'Reel',
  share: 'Publicação (antiga)',
  quick_reply: 'Resposta rápida',
  postback: 'Pergunta pronta',
  ad: 'Vindo de um anúncio',
  product: 'Pergunta sobre um produto',
  ephemeral: 'Foto que some',
  standby: 'Com outro app atendendo',
  unsupported: 'Tipo não suportado',
}

const LIKE = 369239263222822
const SMILE = 767226160478561

const FILES: Record<string, { assets: AssetName[]; type: string }> = {
  image: { assets: ['photo'], type: 'image' },
  images: { assets: ['photo', 'photo-2'], type: 'image' },
  video: { assets: ['video'], type: 'video' },
  voice: { assets: ['voice-m4a'], type: 'audio' },
  document: { assets: ['document'], type: 'file' },
}

export function say(of: Simulation, channel: string, saying: Saying): Said {
  const { kind, text, file } = saying
  const known = FILES[kind]
  if (!known) return { kind, ...(CARDS[kind]?.(of, channel, text) ?? { text: text ?? '' }) }
  const assets: AssetName[] = kind === 'images' && channel === 'instagram' ? ['photo', 'video'] : known.assets
  const files = file ? [file] : assets.map((asset) => of.files.asset(asset))
  const attachments = files.map((one) => attachmentOf(of, one, assets.length > 1 ? one.kind : known.type))
  return { kind, text: text ?? '', files, wire: { attachments } }
}

export const attachmentOf = (of: Simulation, file: File, type: string) => ({ type, payload: { url: cdnUrl(of, file) } })

type Card = (of: Simulation, channel: string, text: string | null) => Said

const words =
  (usual: string, wire: Record<string, unknown>, rest: Said = {}): Card =>
  (_of, _channel, text) => ({ text: text ?? usual, wire, ...rest })

const attached =
  (lines: string[], ...attachments: object[]): Card =>
  (_of, _channel, text) => ({ text: text ?? '', lines, wire: { attachments } })

function sticker(id: number): Card {
  return (of) => {
    const file = of.files.asset('sticker-png')
    const payload = { url: cdnUrl(of, file), sticker_id: id }
    // For a while both forms came together; whoever shows one shows it once.
    return {
      files: [file],
      wire: {
        attachments: [
          { type: 'image', payload },
          { type: 'sticker', payload },
        ],
      },
    }
  }
}

const withStory =
  (wireOf: (url: string) => Record<string, unknown>, mark: string, usual: string): Card =>
  (of, _channel, text) => {
    const file = of.files.asset('story')
    return { text: text ?? usual, mark, files: [file], wire: wireOf(cdnUrl(of, file)) }
  }

const AD = {
  ref: 'camp-7',
  ad_id: '120200000000000001',
  source: 'ADS',
  type: 'OPEN_THREAD',
  ads_context_data: { ad_title: 'Vasos de inverno', photo_url: 'https://scontent.example/ad.jpg', post_id: '99' },
}
const isMessenger = (channel: string) => channel === 'messenger'

const CARDS: Record<string, Card> = {
  sticker: sticker(SMILE),
  like: sticker(LIKE),
  heart: () => ({ lines: ['❤️'], wire: { attachments: [{ type: 'like_heart' }] } }),
  link: words('Quero isto: https://youtu.be/exemplo', {
    attachments: [{ type: 'fallback', payload: { url: 'https://youtu.be/exemplo', title: 'Vídeo de exemplo' } }],
  }),
  post: (_of, channel) => ({
    lines: ['Publicação', 'Vaso azul'],
    wire: {
      attachments: [
        isMessenger(channel)
          ? {
              type: 'post',
              payload: { url: 'https://www.facebook.com/permalink/1', title: 'Vaso azul', id: 123450000000001 },
            }
          : {
              type: 'ig_post',
              payload: {
                url: 'https://www.instagram.com/p/exemplo/',
                title: 'Vaso azul',
                ig_post_media_id: '18000000000000001',
              },
            },
      ],
    },
  }),
  reel: (_of, channel) => ({
    lines: ['Reel', 'Como nasce um vaso'],
    wire: {
      attachments: [
        {
          type: isMessenger(channel) ? 'reel' : 'ig_reel',
          payload: {
            url: isMessenger(channel) ? '/reel/1' : 'https://www.instagram.com/reel/exemplo/',
            title: 'Como nasce um vaso',
            reel_video_id: isMessenger(channel) ? 18000000000000002 : '18000000000000002',
          },
        },
      ],
    },
  }),
  share: attached(['Publicação'], { type: 'share', payload: { url: 'https://www.instagram.com/p/exemplo/' } }),
  location: attached(['MASP'], {
    type: 'location',
    title: 'MASP',
    payload: { coordinates: { lat: -23.561414, long: -46.655881 } },
  }),
  story_mention: (of) => {
    const file = of.files.asset('story')
    const attachments = [{ type: 'story_mention', payload: { url: cdnUrl(of, file) } }]
    return { mark: 'Mencionou a empresa no story', files: [file], wire: { attachments } }
  },
  story_reply: withStory(
    (url) => ({ reply_to: { story: { url, id: '18000000000000003' } } }),
    'Respondeu ao story',
    'Amei!',
  ),
  quick_reply: words('Azul', { quick_reply: { payload: 'COR_AZUL' } }),
  postback: words('Falar com atendente', {
    postback: { title: 'Falar com atendente', payload: 'FALAR_ATENDENTE' },
  }),
  get_started: words('Começar', {
    postback: {
      title: 'Começar',
      payload: 'GET_STARTED',
      referral: { ref: 'camp-7', source: 'SHORTLINK', type: 'OPEN_THREAD' },
    },
  }),
  ad: words('Vi o anúncio', { referral: AD }, { mark: 'Anúncio: Vasos de inverno' }),
  product: words('Ainda tem?', { referral: { product: { id: '555' } } }, { mark: 'Sobre um produto' }),
  ephemeral: attached(['Foto que some'], { type: 'ephemeral' }),
  standby: words('Estou falando com outro app', { standby: true }, { mark: 'Outro app atende' }),
  unsupported: (_of, channel) => ({
    lines: ['Algo de um tipo novo'],
    wire: isMessenger(channel) ? { attachments: [{ type: 'hologram', payload: {} }] } : { is_unsupported: true },
  }),
}
