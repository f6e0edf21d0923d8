import { describe, expect, it } from 'vitest'
import { multipart } from './multipart.ts'

const MB = 1024 * 1024
const CHUNK = 64 * 1024

/** A file that is said to have so many bytes, and has so many. */
function formOf(said: number, has = said, name = 'foto.png') {
  const progress = { made: 0 }
  const stream = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (progress.made >= has) return controller.close()
      progress.made += CHUNK
      controller.enqueue(new Uint8Array(CHUNK))
    },
  })
  const file = { field: 'filedata', name, mimeType: 'image/png', bytes: said, stream }
  return { progress, ...multipart('prosa-0001', { message: '{"a":1}' }, file) }
}

const requestOf = ({ contentType, body }: { contentType: string; body: ReadableStream<Uint8Array> }) =>
  new Request('https://graph.example/upload', { method: 'POST', headers: { 'content-type': contentType }, body })

describe('a form with a file', () => {
  it('is read as what it is', async () => {
    const form = await requestOf(formOf(CHUNK)).formData()
    const file = form.get('filedata') as unknown as File
    expect(form.get('message')).toBe('{"a":1}')
    expect([file.name, file.type, file.size]).toEqual(['foto.png', 'image/png', CHUNK])
  })

  it('streams, whatever its size', async () => {
    const { progress, ...form } = formOf(25 * MB)
    let read = 0
    let mostHeld = 0
    for await (const chunk of requestOf(form).body ?? []) {
      mostHeld = Math.max(mostHeld, progress.made - read)
      read += chunk.length
    }
    expect(read).toBeGreaterThan(25 * MB)
    expect(mostHeld).toBeLessThan(MB)
  })

  it.each([
    ['shorter', MB - CHUNK],
    ['longer', MB + CHUNK],
  ])('breaks where the file is %s than it was said to be', async (_, has) => {
    await expect(requestOf(formOf(MB, has)).arrayBuffer()).rejects.toThrow()
  })

  it('lets no name out of its quotes', async () => {
    const name = 'a"; name="message"\r\n\r\nevil.png'
    const form = await requestOf(formOf(CHUNK, CHUNK, name)).formData()
    expect([...form.keys()]).toEqual(['message', 'filedata'])
    expect((form.get('filedata') as unknown as File).name).not.toContain('"')
  })
})
