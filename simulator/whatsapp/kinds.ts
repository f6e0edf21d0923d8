/** What a customer can say on WhatsApp, each kind with something to say. */
import type { AssetName, Files } from '../files.ts'
import type { Menu, Said, Saying } from '../provider.ts'
import type { File } from '../state.ts'

export const SAYS: Menu = {
  text: 'Texto',
  image: 'Foto',
  video: 'Vídeo',
  voice: 'Mensagem de voz',
  audio: 'Áudio (arquivo)',
  document: 'Documento',
  sticker: 'Figurinha',
  animated_sticker: 'Figurinha animada',
  location: 'Lugar',
  current_location: 'Localização atual',
  contacts: 'Cartão de contato',
  contact_shared: 'O próprio número',
  order: 'Pedido do catálogo',
  product: 'Pergunta sobre um produto',
  ad: 'Vindo de um anúncio',
  button_reply: 'Resposta por botão',
  list_reply: 'Resposta por lista',
  flow: 'Formulário preenchido',
  template_button: 'Botão de um modelo',
  lost_media: 'Arquivo grande demais',
  unsupported: 'Tipo não suportado',
  poll: 'Enquete (não suportada)',
}

const FILES: Record<string, { asset: AssetName; type: string; text?: string }> = {
  image: { asset: 'photo', type: 'image' },
  video: { asset: 'video', type: 'video' },
  voice: { asset: 'voice', type: 'audio' },
  audio: { asset: 'song', type: 'audio' },
  document: { asset: 'document', type: 'document' },
  sticker: { asset: 'sticker', type: 'sticker' },
  animated_sticker: { asset: 'sticker-animated', type: 'sticker' },
}

export function say(files: Files, saying: Saying): Said {
  const said = saidBy(files, saying)
  const forwarded = { once: { forwarded: true }, often: { frequently_forwarded: true } }
  if (saying.forwarded === null) return said
  const context = forwarded[saying.forwarded]
  return { ...said, mark: 'Encaminhada', wire: { ...wireOf(said, saying), context } }
}

/** A forwarded text needs its own words among the provider's, as the others have them. */
const wireOf = ({ wire }: Said, { text }: Saying) => wire ?? { type: 'text', text: { body: text ?? '' } }

function saidBy(files: Files, { kind, text, file }: Saying): Said {
  const known = FILES[kind]
  if (!known) return cardOf(kind, text)
  const chosen = file ?? files.asset(known.asset)
  const sent = { ...chosen, voice: kind === 'voice' }
  const captioned = text !== null && known.type !== 'audio' && known.type !== 'sticker'
  return {
    kind,
    text: captioned ? text : '',
    files: [sent],
    wire: { type: known.type, [known.type]: fileWire(sent, captioned ? text : null) },
  }
}

function fileWire(file: File, caption: string | null) {
  return {
    ...(caption === null ? {} : { caption }),
    ...(file.kind === 'document' && file.name !== null ? { filename: file.name } : {}),
    mime_type: file.mimeType,
    sha256: file.sha256,
    id: file.id,
    ...(file.kind === 'audio' ? { voice: file.voice } : {}),
    ...(file.kind === 'sticker' ? { animated: file.animated } : {}),
  }
}

const PLACE = {
  latitude: -23.561414,
  longitude: -46.655881,
  name: 'MASP',
  address: 'Av. Paulista, 1578, São Paulo',
  url: 'https://masp.org.br',
}
const CARD = {
  name: { formatted_name: 'Rita Moura', first_name: 'Rita', last_name: 'Moura' },
  phones: [{ phone: '+55 11 99999-0042', type: 'CELL', wa_id: '5511999990042' }],
  emails: [{ email: 'rita@exemplo.test', type: 'WORK' }],
  org: { company: 'Moura Cerâmica' },
}
const ITEMS = [
  { product_retailer_id: 'vaso-azul', quantity: 2, item_price: 89.9, currency: 'BRL' },
  { product_retailer_id: 'prato-raso', quantity: 1, item_price: 45, currency: 'BRL' },
]
const FORM = { flow_token: 'demo', nome: 'Mariana', nota: '5', comentario: 'Tudo certo!' }
const unknownType = {
  code: 131051,
  title: 'Message type unknown',
  message: 'Message type unknown',
  error_data: { details: 'Message type is currently not supported.' },
}
const tooLarge = {
  code: 131052,
  title: 'Media download error',
  message: 'Media download error',
  error_data: { details: 'Media file size too big. Max allowed is 100MB.' },
}
const AD = {
  source_url: 'https://fb.me/exemplo0001',
  source_id: '120000000000000001',
  source_type: 'ad',
  headline: 'Vasos de inverno',
  body: 'Fale com a gente e ganhe 10%',
  media_type: 'image',
  image_url: 'https://scontent.example/ad.jpg',
  thumbnail_url: 'https://scontent.example/ad_t.jpg',
  ctwa_clid: 'ARAkLkA8rmlFeiCktEJQ0001',
}

type Card = (text: string | null) => Said

const words =
  (usual: string, of: Partial<Said>, wire: Record<string, unknown>): Card =>
  (text) => ({
    ...of,
    text: text ?? usual,
    wire: { type: 'text', text: { body: text ?? usual }, ...wire },
  })

const card =
  (lines: string[], wire: Record<string, unknown>): Card =>
  () => ({ text: '', lines, wire })

const CARDS: Record<string, Card> = {
  location: card([PLACE.name, PLACE.address], { type: 'location', location: PLACE }),
  current_location: card(['Localização atual'], {
    type: 'location',
    location: { latitude: -19.924501, longitude: -43.935238 },
  }),
  contacts: card(['Rita Moura', '+55 11 99999-0042', 'Moura Cerâmica'], { type: 'contacts', contacts: [CARD] }),
  contact_shared: card(['Número compartilhado'], {
    type: 'contacts',
    contacts: [{ origin: 'contact_request', phones: CARD.phones }],
  }),
  order: (text) => ({
    text: text ?? '',
    lines: ['Pedido do catálogo', '2 × vaso-azul', '1 × prato-raso'],
    wire: {
      type: 'order',
      order: { catalog_id: '194836987003835', product_items: ITEMS, ...(text === null ? {} : { text }) },
    },
  }),
  product: words(
    'Ainda tem este?',
    { mark: 'Sobre um produto' },
    {
      context: { referred_product: { catalog_id: '194836987003835', product_retailer_id: 'vaso-azul' } },
    },
  ),
  ad: words('Vi o anúncio. Ainda vale?', { mark: 'Anúncio: Vasos de inverno' }, { referral: AD }),
  button_reply: (text) => ({
    text: text ?? 'Sim',
    wire: {
      type: 'interactive',
      interactive: { type: 'button_reply', button_reply: { id: 'sim', title: text ?? 'Sim' } },
    },
  }),
  list_reply: (text) => ({
    text: text ?? 'Manhã',
    wire: {
      type: 'interactive',
      interactive: {
        type: 'list_reply',
        list_reply: { id: 'manha', title: text ?? 'Manhã', description: 'Das 9h às 12h' },
      },
    },
  }),
  flow: card(['Formulário preenchido', 'nome: Mariana', 'nota: 5', 'comentario: Tudo certo!'], {
    type: 'interactive',
    interactive: { type: 'nfm_reply', nfm_reply: { response_json: JSON.stringify(FORM), body: 'Sent', name: 'flow' } },
  }),
  template_button: (text) => ({
    text: text ?? 'Quero saber mais',
    wire: { type: 'button', button: { payload: 'SABER_MAIS', text: text ?? 'Quero saber mais' } },
  }),
  lost_media: card(['Vídeo de 120 MB'], {
    type: 'video',
    video: { mime_type: 'video/mp4', sha256: 'AA==', id: '1999' },
    errors: [tooLarge],
  }),
  unsupported: card(['Mensagem de um tipo novo'], { type: 'unsupported', errors: [unknownType] }),
  poll: card(['Enquete: qual cor?'], {
    type: 'unsupported',
    errors: [unknownType],
    unsupported: { type: 'poll_creation' },
  }),
}

function cardOf(kind: string, text: string | null): Said {
  return { kind, ...(CARDS[kind]?.(text) ?? { text: text ?? '' }) }
}
