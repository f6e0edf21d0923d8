/** What a customer can say on WhatsApp's own network, each kind with something to say. */
import type { AssetName } from '../files.ts'
import { cdnUrl } from '../meta/links.ts'
import type { Menu, Said, Saying, Simulation } from '../provider.ts'
import type { File } from '../state.ts'

export const SAYS: Menu = {
  text: 'Texto',
  image: 'Foto',
  once: 'Foto de ver uma vez',
  video: 'Vídeo',
  round_video: 'Vídeo redondo',
  voice: 'Mensagem de voz',
  audio: 'Áudio (arquivo)',
  document: 'Documento',
  sticker: 'Figurinha',
  animated_sticker: 'Figurinha animada',
  location: 'Lugar',
  live_location: 'Localização em tempo real',
  contacts: 'Cartão de contato',
  two_contacts: 'Dois cartões',
  list_reply: 'Resposta por lista',
  button_reply: 'Resposta por botão',
  template_button: 'Botão de um modelo',
  ad: 'Vindo de um anúncio',
  story_reply: 'Resposta ao status',
  vanishing: 'Texto que some',
  group: 'No grupo Condomínio',
  poll: 'Enquete (não suportada)',
}

const FILES: Record<string, { asset: AssetName; type: string }> = {
  image: { asset: 'photo', type: 'imageMessage' },
  once: { asset: 'photo-2', type: 'imageMessage' },
  video: { asset: 'video', type: 'videoMessage' },
  round_video: { asset: 'video', type: 'ptvMessage' },
  voice: { asset: 'voice', type: 'audioMessage' },
  audio: { asset: 'song', type: 'audioMessage' },
  document: { asset: 'document', type: 'documentMessage' },
  sticker: { asset: 'sticker', type: 'stickerMessage' },
  animated_sticker: { asset: 'sticker-animated', type: 'stickerMessage' },
}
const BARE = new Set(['ptvMessage', 'audioMessage', 'stickerMessage'])

export function say(of: Simulation, saying: Saying): Said {
  const said = saidBy(of, saying)
  if (saying.forwarded === null) return said
  const contextInfo = { isForwarded: true, forwardingScore: saying.forwarded === 'often' ? 5 : 1 }
  const plain = { messageType: 'conversation', conversation: said.text ?? '' }
  return { ...said, mark: 'Encaminhada', wire: { ...(said.wire ?? plain), contextInfo } }
}

function saidBy(of: Simulation, { kind, text, file }: Saying): Said {
  const known = FILES[kind]
  if (!known) return { kind, ...(CARDS[kind]?.(text) ?? { text: text ?? '' }) }
  const sent = { ...(file ?? of.files.asset(known.asset)), voice: kind === 'voice' }
  const caption = BARE.has(known.type) ? null : text
  return { kind, text: caption ?? '', files: [sent], wire: wireOf(of, kind, known.type, sent, caption) }
}

/** The address in it is encrypted; where a company keeps files of its own, another stands beside it. */
function wireOf(of: Simulation, kind: string, messageType: string, file: File, caption: string | null) {
  const said = {
    ...{ url: 'https://mmg.whatsapp.example/v/t62/x.enc', mimetype: file.mimeType, fileSha256: file.sha256 },
    ...{ fileLength: String(file.bytes), mediaKey: 'BBBB=' },
    ...(caption === null ? {} : { caption }),
    ...(file.kind === 'document' ? { fileName: file.name, title: file.name } : {}),
    ...(messageType === 'audioMessage' ? { ptt: file.voice, seconds: 3 } : {}),
    ...(messageType === 'stickerMessage' ? { isAnimated: kind === 'animated_sticker' } : {}),
  }
  if (kind === 'once')
    return {
      messageType: 'viewOnceMessageV2',
      viewOnceMessageV2: { message: { [messageType]: { ...said, viewOnce: true } } },
    }
  const beside = kind === 'document' ? { mediaUrl: cdnUrl(of, file) } : {}
  return { messageType, [messageType]: said, ...beside }
}

type Card = (text: string | null) => Said

const words =
  (usual: string, wire: (text: string) => Record<string, unknown>, mark: string | null = null): Card =>
  (text) => ({ text: text ?? usual, mark, wire: wire(text ?? usual) })

const vcard = (name: string, digits: string, number: string) => ({
  displayName: name,
  vcard: `BEGIN:VCARD\nVERSION:3.0\nFN:${name}\nTEL;type=CELL;waid=${digits}:${number}\nEND:VCARD`,
})
const RITA = vcard('Rita Moura', '5511999990042', '+55 11 99999-0042')
const PLACE = { degreesLatitude: -23.561414, degreesLongitude: -46.655881, name: 'MASP', address: 'Av. Paulista, 1578' }
const AD = {
  ...{ title: 'Vasos de inverno', body: 'Fale com a gente e ganhe 10%', sourceUrl: 'https://fb.me/exemplo0001' },
  ...{ sourceId: '120000000000000001', sourceType: 'ad', ctwaClid: 'ARAkLkA8rmlFeiCktEJQ0001' },
}
const conversation = (text: string) => ({ messageType: 'conversation', conversation: text })

const CARDS: Record<string, Card> = {
  location: () => ({
    lines: [PLACE.name, PLACE.address],
    wire: { messageType: 'locationMessage', locationMessage: PLACE },
  }),
  live_location: (text) => ({
    text: text ?? '',
    lines: ['Localização em tempo real'],
    wire: {
      messageType: 'liveLocationMessage',
      liveLocationMessage: {
        degreesLatitude: -19.924501,
        degreesLongitude: -43.935238,
        ...(text ? { caption: text } : {}),
      },
    },
  }),
  contacts: () => ({
    lines: ['Rita Moura', '+55 11 99999-0042'],
    wire: { messageType: 'contactMessage', contactMessage: RITA },
  }),
  two_contacts: () => ({
    lines: ['Rita Moura', 'Davi Prado'],
    wire: {
      messageType: 'contactsArrayMessage',
      contactsArrayMessage: { contacts: [RITA, vcard('Davi Prado', '5511999990043', '+55 11 99999-0043')] },
    },
  }),
  list_reply: words('Segunda via', (title) => ({
    messageType: 'listResponseMessage',
    listResponseMessage: { title, listType: 'SINGLE_SELECT', singleSelectReply: { selectedRowId: 'boleto' } },
  })),
  button_reply: words('Sim', (selectedDisplayText) => ({
    messageType: 'buttonsResponseMessage',
    buttonsResponseMessage: { selectedButtonId: 'sim', selectedDisplayText },
  })),
  template_button: words('Confirmo', (selectedDisplayText) => ({
    messageType: 'templateButtonReplyMessage',
    templateButtonReplyMessage: { selectedId: 'CONFIRMA', selectedDisplayText },
  })),
  ad: words(
    'Vi o anúncio. Ainda vale?',
    (text) => ({ ...conversation(text), contextInfo: { externalAdReply: AD } }),
    'Anúncio: Vasos de inverno',
  ),
  story_reply: words(
    'Que lindo!',
    (text) => ({ ...conversation(text), contextInfo: { stanzaId: '3EB0STATUS', remoteJid: 'status@broadcast' } }),
    'Sobre o status da empresa',
  ),
  vanishing: words('Isto some em 24 horas', (text) => ({
    messageType: 'ephemeralMessage',
    ephemeralMessage: { message: { extendedTextMessage: { text } } },
  })),
  group: words('Alguém recebeu a nota?', conversation, 'Grupo Condomínio'),
  poll: () => ({
    lines: ['Enquete: qual cor?'],
    wire: {
      messageType: 'pollCreationMessageV3',
      pollCreationMessageV3: { name: 'Qual cor?', options: [{ optionName: 'Azul' }, { optionName: 'Verde' }] },
    },
  }),
}
