/** Files on their way: asked for by id, fetched by a link that dies, uploaded, deleted. */

import { fieldsOf, isAuthorized, SUCCESS } from '../meta/bodies.ts'
import { faulty } from '../meta/faulty.ts'
import { served } from '../meta/links.ts'
import type { Answer, Call, Simulation } from '../provider.ts'
import type { File as Kept } from '../state.ts'
import { refusal } from './errors.ts'
import { kindOf, largestOf, uploadTypes } from './media-rules.ts'
import { Refused } from './refused.ts'

const ATTACHMENTS = '/whatsapp_business/attachments/'

/** `GET /{media_id}`: where it is for the next minutes. */
export function mediaOf({ files, behaviour, origin }: Simulation, file: Kept): Answer {
  const expires = String(Math.floor(Date.now() / 1000) + behaviour().linkSeconds)
  const query = new URLSearchParams({ mid: file.id, ext: expires, hash: files.proof(file.id, expires) })
  return {
    status: 200,
    body: {
      messaging_product: 'whatsapp',
      url: `${origin()}${ATTACHMENTS}?${query}`,
      mime_type: file.mimeType,
      sha256: Buffer.from(file.sha256, 'base64').toString('hex'),
      file_size: String(file.bytes),
      id: file.id,
    },
  }
}

/** Null: this is no link to a file of WhatsApp's. Without the token there is nothing. */
export function answerAttachment(simulation: Simulation, call: Call): Answer | null {
  if (call.path !== ATTACHMENTS || call.method !== 'GET') return null
  const { outage } = simulation.behaviour()
  if (outage !== 'off') return outage === 'unreachable' ? 'reset' : refusal(2)
  const fault = simulation.faults.take('whatsapp', 'file')
  if (fault) return faulty(fault, (code, of) => refusal(code ?? 131000, of))
  if (!isAuthorized(call)) return refusal(190)
  const { query } = call
  const expires = query.get('ext') ?? ''
  const file = simulation.world.fileOf(query.get('mid') ?? '')
  const good = file && query.get('hash') === simulation.files.proof(file.id, expires)
  if (!good || Number(expires) * 1000 < Date.now()) return { status: 404, body: 'Not Found' }
  return served(simulation, file)
}

/** `POST /{phone_number_id}/media`. */
export async function upload({ files, faults }: Simulation, call: Call): Promise<Answer> {
  const fault = faults.take('whatsapp', 'upload')
  if (fault) return faulty(fault, (code, of) => refusal(code ?? 131000, of))
  const fields = await fieldsOf(call)
  if (fields?.['messaging_product'] !== 'whatsapp')
    throw new Refused(100, 'The parameter messaging_product is required.')
  const file = fields['file']
  if (!(file instanceof File)) throw new Refused(100, 'Param file must be a file.')
  const mimeType = file.type || String(fields['type'] ?? '')
  const kind = kindOf(mimeType)
  if (kind === null)
    throw new Refused(
      100,
      `Param file must be a file with one of the following types: ${uploadTypes.join(', ')}. Received file of type '${mimeType}'.`,
    )
  if (file.size > largestOf(kind)) throw new Refused(100, `The file is larger than ${largestOf(kind)} bytes.`)
  const bytes = Buffer.from(await file.arrayBuffer())
  const { id } = files.keep(bytes, { kind, mimeType, name: kind === 'document' ? file.name : null })
  return { status: 200, body: { id } }
}

export function remove({ world }: Simulation, file: Kept): Answer {
  world.removeFile(file.id)
  return SUCCESS
}
