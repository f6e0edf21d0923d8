/** The fake provider's other half of the Cloud API: files that come and go, and templates. */
import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'

export interface ProviderFile {
  id: string
  mimeType: string
  bytes: Uint8Array
}

/** Templates as the API lists them. */
export type ProviderTemplates = readonly Record<string, unknown>[]

export interface ProviderFiles {
  /** As a customer's: asked for by this id. */
  serve(file: { mimeType: string; bytes: Uint8Array }): ProviderFile
  /** What Prosa uploaded, in order. */
  uploads: readonly ProviderFile[]
  /** How often any file's bytes were handed out. */
  fetches: number
  templates: ProviderTemplates
  /** Whether it answered: else the call is for a message. */
  answer(request: IncomingMessage, response: ServerResponse, body: Buffer, url: string): Promise<boolean>
}

const UPLOAD = /\/\d+\/media$/
const TEMPLATES = /\/\d+\/message_templates$/
const BYTES = /^\/bytes\/(\d+)$/
const MEDIA = /\/v[\d.]+\/(\d+)$|^\/(\d+)$/

export function providerFiles(): ProviderFiles {
  const files = new Map<string, ProviderFile>()
  const uploads: ProviderFile[] = []
  const put = (file: Omit<ProviderFile, 'id'>): ProviderFile => {
    const kept = { ...file, id: `900000000000${String(files.size + 1).padStart(4, '0')}` }
    files.set(kept.id, kept)
    return kept
  }

  const self: ProviderFiles = {
    serve: put,
    uploads,
    fetches: 0,
    templates: [],
    async answer(request, response, body, url) {
      const path = new URL(request.url ?? '/', url).pathname
      if (request.method === 'POST' && UPLOAD.test(path)) {
        const file = put(await uploadedIn(request, body))
        uploads.push(file)
        return json(response, 200, { id: file.id })
      }
      return request.method === 'GET' && answerGet(path, request, response, url)
    },
  }

  function answerGet(path: string, request: IncomingMessage, response: ServerResponse, url: string): boolean {
    if (TEMPLATES.test(path)) return json(response, 200, { data: self.templates, paging: { cursors: { after: '' } } })
    const asked = files.get(BYTES.exec(path)?.[1] ?? '')
    if (asked) return handOut(asked, request, response)
    const [, versioned, plain] = MEDIA.exec(path) ?? []
    const file = files.get(versioned ?? plain ?? '')
    return file ? json(response, 200, described(file, url)) : false
  }

  function handOut({ mimeType, bytes }: ProviderFile, { headers }: IncomingMessage, response: ServerResponse): true {
    if (!headers.authorization?.startsWith('Bearer ')) return json(response, 401, { error: { code: 190 } })
    self.fetches += 1
    response.writeHead(200, { 'content-type': mimeType, 'content-length': bytes.length }).end(bytes)
    return true
  }

  return self
}

const described = ({ id, mimeType, bytes }: ProviderFile, url: string) => ({
  messaging_product: 'whatsapp',
  url: `${url}/bytes/${id}`,
  mime_type: mimeType,
  sha256: createHash('sha256').update(bytes).digest('hex'),
  file_size: String(bytes.length),
  id,
})

async function uploadedIn(request: IncomingMessage, body: Buffer): Promise<Omit<ProviderFile, 'id'>> {
  const headers = { 'content-type': request.headers['content-type'] ?? '' }
  const form = await new Response(new Uint8Array(body), { headers }).formData()
  const file = form.get('file')
  if (!(file instanceof File)) return { mimeType: String(form.get('type')), bytes: new Uint8Array() }
  return { mimeType: file.type, bytes: new Uint8Array(await file.arrayBuffer()) }
}

function json(response: ServerResponse, status: number, body: unknown): true {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  return true
}
