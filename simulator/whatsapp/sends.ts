/** What Prosa may send, each kind checked as the provider does, and how it looks on the customer's phone. */
import * as z from 'zod'
import { fetched } from '../meta/links.ts'
import type { Simulation } from '../provider.ts'
import type { Chat, File, Message } from '../state.ts'
import { readInteractive } from './interactive.ts'
import { fits, largestOf, typesOf } from './media-rules.ts'
import { Refused, shaped } from './refused.ts'
import type { Templates } from './templates.ts'

/** How it looks; `late`: the code of what is only found out afterwards. */
export interface Shown {
  message: Partial<Message>
  late?: number
}

const LONGEST_TEXT = 4096
const LONGEST_CAPTION = 1024

export interface Place {
  simulation: Simulation
  templates: Templates
  account: string
  /** Null: nobody has that number. */
  chat: Chat | null
}

export async function readSend(type: string, part: unknown, place: Place): Promise<Shown> {
  switch (type) {
    case 'text':
      return readText(part)
    case 'image':
    case 'video':
    case 'audio':
    case 'document':
    case 'sticker':
      return readFile(type, part, place)
    case 'location':
      return readLocation(part)
    case 'contacts':
      return readContacts(part)
    case 'interactive':
      return { message: readInteractive(part, place.simulation) }
    case 'template':
      return { message: place.templates.read(place.account, part, place.simulation) }
    default:
      throw new Refused(131051, `The message type ${type} is not supported.`)
  }
}

const Text = z.object({ body: z.string().min(1), preview_url: z.boolean().optional() })

function readText(part: unknown): Shown {
  if (part === undefined) throw new Refused(131008, 'text.body is missing.')
  const { body } = shaped(Text, part, 'text')
  if (body.length > LONGEST_TEXT)
    throw new Refused(100, `Param text['body'] must be at most ${LONGEST_TEXT} characters long.`)
  return { message: { text: body } }
}

const FilePart = z.object({
  id: z.string().optional(),
  link: z.string().max(2048).optional(),
  caption: z.string().optional(),
  filename: z.string().max(240).optional(),
  voice: z.boolean().optional(),
})

async function readFile(type: File['kind'], part: unknown, { simulation }: Place): Promise<Shown> {
  const { id, link, caption, filename, voice } = shaped(FilePart, part, type)
  if ((id === undefined) === (link === undefined))
    throw new Refused(100, `${type}: exactly one of id and link is needed.`)
  if (caption !== undefined && (type === 'audio' || type === 'sticker'))
    throw new Refused(100, `Param ${type}['caption'] is not allowed.`)
  if ((caption?.length ?? 0) > LONGEST_CAPTION)
    throw new Refused(100, `Param ${type}['caption'] must be at most ${LONGEST_CAPTION} characters long.`)

  const shown = { kind: voice ? 'voice' : type, text: caption ?? '' }
  const file = id === undefined ? await byLink(simulation, type, link ?? '') : byId(simulation, type, id)
  if (!file) return { message: shown, late: 131053 }
  const sent = { ...file, kind: type, name: filename ?? file.name, voice: voice ?? false }
  const good = fits(sent, simulation.files.bytes(file))
  return { message: { ...shown, files: [sent] }, ...(good ? {} : { late: 131053 }) }
}

/** Of a header too. */
export function byId({ world }: Simulation, type: string, id: string): File {
  const file = world.fileOf(id)
  if (!file) throw new Refused(100, `Param ${type}['id'] is not a valid whatsapp business account media attachment ID`)
  return file
}

/** Whatever is wrong with it is told later. */
async function byLink({ files }: Simulation, kind: File['kind'], link: string): Promise<File | null> {
  const got = await fetched(link)
  const [mimeType = ''] = got?.mimeType.split(';') ?? []
  if (!got || got.bytes.length > largestOf(kind) || !typesOf(kind).some((type) => type === '*/*' || type === mimeType))
    return null
  return files.keep(got.bytes, { kind, mimeType, name: null })
}

const Location = z.object({
  latitude: z.coerce.number().min(-90).max(90),
  longitude: z.coerce.number().min(-180).max(180),
  name: z.string().max(1000).optional(),
  address: z.string().max(1000).optional(),
})

function readLocation(part: unknown): Shown {
  const { latitude, longitude, name, address } = shaped(Location, part, 'location')
  const lines = [name, address].filter((line) => line !== undefined)
  return { message: { kind: 'location', lines: lines.length > 0 ? lines : [`${latitude}, ${longitude}`] } }
}

const Contacts = z
  .array(
    z.object({
      name: z
        .object({ formatted_name: z.string().min(1) })
        .catchall(z.string())
        .refine((name) => Object.keys(name).length > 1, 'one more name component is needed'),
      phones: z.array(z.object({ phone: z.string().optional(), wa_id: z.string().optional() })).optional(),
      emails: z.array(z.object({ email: z.string().optional() })).optional(),
      org: z.object({ company: z.string().optional() }).optional(),
    }),
  )
  .min(1)
  .max(257)

function readContacts(part: unknown): Shown {
  const lines = shaped(Contacts, part, 'contacts').flatMap(({ name, phones, org }) =>
    [name.formatted_name, ...(phones ?? []).map(({ phone }) => phone), org?.company].filter(
      (line) => line !== undefined,
    ),
  )
  return { message: { kind: 'contacts', lines } }
}

const Reaction = z.object({ message_id: z.string().min(1), emoji: z.string().optional() })
const LONGEST_AGO_MS = 30 * 24 * 3_600_000

/** Not to what is gone, not to what is old; the empty one takes it back. */
export function readReaction(
  part: unknown,
  chat: Chat | null,
  hasUnknownPast: boolean,
): { message: Message | null; emoji: string | null } {
  const { message_id, emoji } = shaped(Reaction, part, 'reaction')
  if (emoji && !/^\p{RGI_Emoji}$/v.test(emoji)) throw new Refused(100, 'reaction.emoji: not one emoji')
  const message = chat?.messages.find(({ id }) => id === message_id)
  if (!message && hasUnknownPast) return { message: null, emoji: emoji || null }
  if (!message || message.deleted || Date.now() - message.at > LONGEST_AGO_MS)
    throw new Refused(131009, 'The message to react to does not exist, was deleted, or is older than 30 days.')
  return { message, emoji: emoji || null }
}
