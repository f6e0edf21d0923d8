import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { objectKey } from '../db/object-keys.ts'
import { storeOn } from '../store.ts'
import { TooLarge } from './store.ts'
import { takeIn } from './take-in.ts'

const MB = 1024 * 1024
const store = storeOn(env.MEDIA)
const anyKey = () => objectKey('w', crypto.randomUUID())

/** So many bytes of a film, in chunks as a network brings them; `breaksAt`: where the line goes dead. */
function film(length: number, breaksAt = Number.POSITIVE_INFINITY): ReadableStream<Uint8Array> {
  let at = 0
  return new ReadableStream(
    {
      pull(into) {
        if (at >= breaksAt) return into.error(new Error('The line went dead.'))
        if (at >= length) return into.close()
        const chunk = new Uint8Array(Math.min(60_000, length - at)).map((_, offset) => (at + offset) % 251)
        if (at === 0) chunk.set([0, 0, 0, 20, ...new TextEncoder().encode('ftypisom')])
        at += chunk.length
        into.enqueue(chunk)
      },
    },
    { highWaterMark: 0 },
  )
}

const bytesOf = async (stream: ReadableStream | null) => new Uint8Array(await new Response(stream).arrayBuffer())

describe('a file on its way into the store', () => {
  it.each([13, 300_000, 5 * MB, 5 * MB + 1, 11 * MB])('is the same there, of %i bytes', async (length) => {
    const key = anyKey()
    const taken = await takeIn(store, key, film(length), 'text/html', () => 25 * MB)
    expect(taken).toMatchObject({ mimeType: 'video/mp4', size: length })
    const [there, sent] = [await bytesOf(await store.get(key)), await bytesOf(film(length))]
    expect(there.length).toBe(length)
    expect(there.every((byte, at) => byte === sent[at])).toBe(true)
    const part = await bytesOf(await store.get(key, { offset: length - 5, length: 5 }))
    expect([...part]).toEqual([...sent.slice(-5)])
  })

  it('leaves nothing where it is too large, or breaks off', async () => {
    const [large, broken] = [anyKey(), anyKey()]
    await expect(takeIn(store, large, film(8 * MB), null, () => 7 * MB)).rejects.toThrow(TooLarge)
    await expect(takeIn(store, broken, film(8 * MB, 6 * MB), null, () => 25 * MB)).rejects.toThrow('dead')
    expect(await store.get(large)).toBeNull()
    expect(await store.get(broken)).toBeNull()
  })

  it('is refused by its type before a byte of it is stored', async () => {
    const key = anyKey()
    const refuse = (type: string): number => {
      throw new Error(`not ${type}`)
    }
    await expect(takeIn(store, key, film(1_000), null, refuse)).rejects.toThrow('not video/mp4')
    expect(await store.get(key)).toBeNull()
  })

  it('goes from there once it is not wanted any more', async () => {
    const key = anyKey()
    await takeIn(store, key, film(1_000), null, () => MB)
    await store.delete([key, anyKey()])
    expect(await store.get(key)).toBeNull()
  })
})
