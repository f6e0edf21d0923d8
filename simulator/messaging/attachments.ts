/** Files that Prosa sends: by an address that is fetched at once, or uploaded before. */
import * as z from 'zod'
import { fieldsOf } from '../meta/bodies.ts'
import { fetched } from '../meta/links.ts'
import type { Answer, Call, Simulation } from '../provider.ts'
import { seenIn } from '../sniff.ts'
import type { File as Kept } from '../state.ts'
import { Refused } from './errors.ts'

const MB = 1024 * 1024
const ANY = ['*/*']
const IMAGES = ['image/jpeg', 'image/png', 'image/gif']

interface Rule {
  kind: Kept['kind']
  types: readonly string[]
  largest: number
}

const RULES: Record<string, Record<string, Rule>> = {
  messenger: {
    image: { kind: 'image', types: [...IMAGES, 'image/webp'], largest: 25 * MB },
    video: { kind: 'video', types: ['video/mp4', 'video/quicktime', 'video/webm'], largest: 25 * MB },
    audio: {
      kind: 'audio',
      types: ['audio/mpeg', 'audio/mp4', 'video/mp4', 'audio/aac', 'audio/wav'],
      largest: 25 * MB,
    },
    file: { kind: 'document', types: ANY, largest: 25 * MB },
  },
  instagram: {
    image: { kind: 'image', types: IMAGES, largest: 8 * MB },
    video: { kind: 'video', types: ['video/mp4', 'video/quicktime', 'video/webm', 'audio/ogg'], largest: 25 * MB },
    audio: { kind: 'audio', types: ['audio/mp4', 'video/mp4', 'audio/aac', 'audio/wav'], largest: 25 * MB },
    file: { kind: 'document', types: ['application/pdf'], largest: 25 * MB },
  },
}

const NOT_FETCHED = '(#100) Failed to fetch the file from the url'
const NOT_TAKEN = '(#100) Upload attachment failure.'

/** Looked at from the inside: what somebody calls it counts for nothing. */
export function keep(
  { files }: Simulation,
  channel: string,
  type: string,
  bytes: Buffer,
  of: { name: string | null; mimeType: string },
): Kept {
  const rule = RULES[channel]?.[type]
  if (!rule) throw new Refused(100, `(#100) The attachment type ${type} is not supported`)
  const seen = seenIn(bytes).mimeType ?? of.mimeType
  if (bytes.length > rule.largest || !(rule.types === ANY || rule.types.includes(seen)))
    throw new Refused(100, NOT_TAKEN, 2018047)
  return files.keep(bytes, { kind: rule.kind, mimeType: of.mimeType, name: of.name })
}

export async function byUrl(of: Simulation, channel: string, type: string, url: string): Promise<Kept> {
  const got = await fetched(url)
  if (!got) throw new Refused(100, NOT_FETCHED, 2018008)
  const name = type === 'file' ? (new URL(url).pathname.split('/').at(-1) ?? null) : null
  return keep(of, channel, type, got.bytes, { name, mimeType: got.mimeType })
}

export function byId({ world }: Simulation, id: string): Kept {
  const file = world.fileOf(id)
  if (!file) throw new Refused(100, '(#100) The attachment id is not known', 2018074)
  return file
}

const Upload = z.object({
  attachment: z.object({
    type: z.string(),
    payload: z.object({ url: z.string().optional(), is_reusable: z.boolean().optional() }).optional(),
  }),
})

/** `POST /{page}/message_attachments`: multipart with the bytes, or the address of them. */
export async function upload(of: Simulation, channel: string, call: Call): Promise<Answer> {
  const fields = await fieldsOf(call)
  const given = fields?.['message']
  const message = Upload.safeParse(typeof given === 'string' ? parsed(given) : given).data
  if (!message) throw new Refused(100, '(#100) param message must be non-empty.')
  const { type, payload } = message.attachment
  const data = fields?.['filedata']
  const file =
    data instanceof File
      ? keep(of, channel, type, Buffer.from(await data.arrayBuffer()), { name: data.name, mimeType: data.type })
      : await byUrl(of, channel, type, payload?.url ?? '')
  return { status: 200, body: { attachment_id: file.id } }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
