/** Links to files: ours, which die, and Prosa's, which are fetched as the providers do. */
import type { Answer, Call, Simulation } from '../provider.ts'
import type { File } from '../state.ts'
import { isLocal } from './callback.ts'
import { faulty } from './faulty.ts'

const UNAVAILABLE = { status: 503, headers: { 'content-type': 'text/plain' }, body: 'Service Unavailable' }
const FETCH_MS = 20_000
const CDN = /^\/cdn\/(\d{1,20})\/[\w.-]{1,60}$/

/** Open to whoever has it, until it dies. */
export function cdnUrl({ files, behaviour, origin }: Simulation, file: File): string {
  const expires = Math.floor(Date.now() / 1000 + behaviour().linkSeconds).toString(16)
  return `${origin()}/cdn/${file.id}/${nameOf(file)}?oe=${expires}&oh=${files.proof(file.id, expires)}`
}

/** Null: this is no link of ours. */
export function answerCdn(simulation: Simulation, { method, path, query }: Call): Answer | null {
  const [, id = ''] = CDN.exec(path) ?? []
  if (id === '' || method !== 'GET') return null
  const { outage } = simulation.behaviour()
  if (outage !== 'off') return outage === 'unreachable' ? 'reset' : UNAVAILABLE
  const fault = simulation.faults.take(null, 'file')
  if (fault) return faulty(fault, () => UNAVAILABLE)
  const expires = query.get('oe') ?? ''
  const file = simulation.world.fileOf(id)
  const good = file !== undefined && query.get('oh') === simulation.files.proof(id, expires)
  if (!good || Number.parseInt(expires, 16) * 1000 < Date.now()) return { status: 403, body: 'URL signature expired' }
  return served(simulation, file)
}

/** The bytes, unless the provider has lost them for now. */
export function served({ files, behaviour }: Simulation, file: File): Answer {
  const bytes = behaviour().files === 'lost' ? null : files.bytes(file)
  if (!bytes) return { status: 404, headers: { 'content-type': 'text/plain' }, body: 'Not Found' }
  return {
    status: 200,
    headers: { 'content-type': file.mimeType, 'content-length': String(bytes.length) },
    body: bytes,
  }
}

/** What stands at an address that Prosa gave us; null: it could not be had. Nobody outside this machine is called. */
export async function fetched(link: string): Promise<{ bytes: Buffer; mimeType: string } | null> {
  if (!URL.canParse(link) || !isLocal(new URL(link))) return null
  try {
    const response = await fetch(link, { redirect: 'manual', signal: AbortSignal.timeout(FETCH_MS) })
    if (response.status !== 200) return null
    const mimeType = response.headers.get('content-type') ?? 'application/octet-stream'
    return { bytes: Buffer.from(await response.arrayBuffer()), mimeType }
  } catch {
    return null
  }
}

const EXTENSIONS: Record<string, string> = { 'audio/mpeg': 'mp3', 'video/quicktime': 'mov' }

export function nameOf({ name, kind, mimeType }: File): string {
  if (name !== null) return name.replace(/[^\w.-]+/g, '_').slice(-60)
  const [type = ''] = mimeType.split(';')
  return `${kind}.${EXTENSIONS[type] ?? type.split('/')[1] ?? 'bin'}`
}
