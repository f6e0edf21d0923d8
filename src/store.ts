/** The object store (R2), as the verbs know it: files stream through it, and none is ever in memory whole. */
import { type Store, TooLarge } from './domain/store.ts'

/** R2 takes a stream only with its length, or in parts of one size of which none but the last is smaller than this. */
const PART = 5 * 1024 * 1024

export const storeOn = (bucket: R2Bucket): Store => ({
  async put(key, body, most, began = () => undefined) {
    const parts = new Parts(bucket, key, began)
    try {
      for await (const chunk of body) await parts.add(chunk, most)
      return await parts.done()
    } catch (error) {
      await parts.abandon()
      throw error
    }
  },

  async abandon(key, upload) {
    await bucket
      .resumeMultipartUpload(key, upload)
      .abort()
      .catch(() => undefined)
  },

  async get(key, range) {
    const object = await bucket.get(key, range ? { range } : {})
    return object && 'body' in object ? object.body : null
  },

  async delete(keys) {
    if (keys.length > 0) await bucket.delete(keys)
  },
})

/** Collects one part at a time; a file that fits into one is stored by a single call. */
class Parts {
  readonly #bucket: R2Bucket
  readonly #key: string
  readonly #began: (upload: string) => void
  #part = new Uint8Array(64 * 1024)
  #filled = 0
  #total = 0
  #upload: R2MultipartUpload | null = null
  readonly #sent: R2UploadedPart[] = []

  constructor(bucket: R2Bucket, key: string, began: (upload: string) => void) {
    this.#bucket = bucket
    this.#key = key
    this.#began = began
  }

  async add(chunk: Uint8Array, most: number): Promise<void> {
    this.#total += chunk.length
    if (this.#total > most) throw new TooLarge(most)
    for (let from = 0; from < chunk.length; ) {
      const piece = chunk.subarray(from, from + PART - this.#filled)
      this.#makeRoom(this.#filled + piece.length)
      this.#part.set(piece, this.#filled)
      this.#filled += piece.length
      from += piece.length
      if (this.#filled === PART) await this.#send()
    }
  }

  async done(): Promise<number> {
    if (!this.#upload) await this.#bucket.put(this.#key, this.#part.subarray(0, this.#filled))
    else {
      if (this.#filled > 0) await this.#send()
      await this.#upload.complete(this.#sent)
    }
    return this.#total
  }

  /** What was stored of it goes; where even that fails, the store forgets unfinished uploads by itself. */
  async abandon(): Promise<void> {
    await this.#upload?.abort().catch(() => undefined)
  }

  async #send(): Promise<void> {
    this.#upload ??= await this.#begin()
    this.#sent.push(await this.#upload.uploadPart(this.#sent.length + 1, this.#part.subarray(0, this.#filled)))
    this.#filled = 0
  }

  async #begin(): Promise<R2MultipartUpload> {
    const upload = await this.#bucket.createMultipartUpload(this.#key)
    this.#began(upload.uploadId)
    return upload
  }

  /** Most files are small: the buffer doubles up to one part. */
  #makeRoom(length: number): void {
    if (length <= this.#part.length) return
    const grown = new Uint8Array(Math.min(PART, Math.max(length, this.#part.length * 2)))
    grown.set(this.#part.subarray(0, this.#filled))
    this.#part = grown
  }
}
