import { describe, expect, it } from 'vitest'
import { mediaOf, messageOf, providerAnswering } from '../test-provider.ts'
import { whatsapp } from './whatsapp.ts'

const MB = 1024 * 1024
const CHUNK = 64 * 1024
const video = mediaOf({ kind: 'video', mimeType: 'video/mp4', bytes: 16 * MB })

/** Sends a video that has so many bytes in truth, to a provider that reads it bit by bit. */
async function sent(size: number) {
  const { reach } = providerAnswering()
  let made = 0
  let mostHeld = 0
  let handed: object | null = null
  const open = async () =>
    new ReadableStream<Uint8Array>({
      pull(controller) {
        if (made >= size) return controller.close()
        made += CHUNK
        controller.enqueue(new Uint8Array(CHUNK))
      },
    })
  reach.fetch = async (input, init) => {
    if (!String(input).endsWith('/media')) return Response.json({ messages: [{ id: 'wamid.SENT' }] })
    const request = new Request(input, init)
    const chunks: Uint8Array[] = []
    let read = 0
    for await (const chunk of request.body ?? []) {
      mostHeld = Math.max(mostHeld, made - read)
      read += chunk.length
      chunks.push(chunk)
    }
    const form = await new Response(new Blob(chunks), { headers: request.headers }).formData()
    const file = form.get('file') as unknown as File
    handed = { type: form.get('type'), of: file.type, size: file.size }
    return Response.json({ id: '900000000000001' })
  }
  const message = messageOf({ type: 'video', text: null, media: { ...video, open } })
  const answer: unknown = await whatsapp.send(reach, message).catch((error: unknown) => error)
  return { answer, mostHeld, handed }
}

describe('an upload in the runtime of Workers', () => {
  it('streams, and is of the length that it says', async () => {
    const { answer, mostHeld, handed } = await sent(16 * MB)
    expect(answer).toMatchObject({ externalId: 'wamid.SENT' })
    expect(handed).toEqual({ type: 'video/mp4', of: 'video/mp4', size: 16 * MB })
    expect(mostHeld).toBeGreaterThan(0)
    expect(mostHeld).toBeLessThan(MB)
  })

  it('of a file that is shorter than it was said to be is surely not sent', async () => {
    const { answer, handed } = await sent(15 * MB)
    expect(answer).toMatchObject({ class: 'retryable', code: 'network' })
    expect(handed).toBeNull()
  })
})
