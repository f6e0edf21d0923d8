/** The files that go over the wire: the simulator's own small ones, and what it was sent. */
import { createHash, createHmac, randomInt } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { seenIn } from './sniff.ts'
import type { File } from './state.ts'
import type { World } from './world.ts'

/** What a customer's gallery holds. */
const ASSETS = {
  photo: { file: 'photo.jpg', kind: 'image', mimeType: 'image/jpeg', name: null },
  'photo-2': { file: 'photo-2.jpg', kind: 'image', mimeType: 'image/jpeg', name: null },
  picture: { file: 'picture.png', kind: 'image', mimeType: 'image/png', name: null },
  avatar: { file: 'avatar.jpg', kind: 'image', mimeType: 'image/jpeg', name: null },
  story: { file: 'story.jpg', kind: 'image', mimeType: 'image/jpeg', name: null },
  video: { file: 'video.mp4', kind: 'video', mimeType: 'video/mp4', name: null },
  song: { file: 'song.mp3', kind: 'audio', mimeType: 'audio/mpeg', name: null },
  voice: { file: 'voice.ogg', kind: 'audio', mimeType: 'audio/ogg; codecs=opus', name: null },
  'voice-m4a': { file: 'voice.m4a', kind: 'audio', mimeType: 'audio/mp4', name: null },
  document: { file: 'document.pdf', kind: 'document', mimeType: 'application/pdf', name: 'pedido-1042.pdf' },
  sticker: { file: 'sticker.webp', kind: 'sticker', mimeType: 'image/webp', name: null },
  'sticker-animated': { file: 'sticker-animated.webp', kind: 'sticker', mimeType: 'image/webp', name: null },
  'sticker-png': { file: 'sticker.png', kind: 'sticker', mimeType: 'image/png', name: null },
} as const
export type AssetName = keyof typeof ASSETS

/** The same after a restart: links that were told must hold. */
const LINK_KEY = 'the links of the simulator'

/** In memory where there is no folder. */
const KEPT_IN_MEMORY = 256 * 1024 * 1024

export class Files {
  readonly #folder: string | null
  readonly #world: World
  readonly #memory = new Map<string, Buffer>()

  constructor(world: World, folder: string | null) {
    this.#world = world
    this.#folder = folder
  }

  /** As a file of its own each time, as it is for a provider. */
  asset(asset: AssetName): File {
    const { kind, mimeType, name } = ASSETS[asset]
    return this.#add(assetBytes(asset), { kind, mimeType, name, voice: asset.startsWith('voice'), asset })
  }

  keep(bytes: Buffer, of: Pick<File, 'kind' | 'mimeType' | 'name'> & Partial<File>): File {
    const file = this.#add(bytes, { asset: null, ...of })
    if (this.#folder === null) this.#remember(file.id, bytes)
    else {
      mkdirSync(this.#folder, { recursive: true })
      writeFileSync(join(this.#folder, file.id), bytes)
    }
    return file
  }

  /** Null: it is not kept any more. */
  bytes({ id, asset }: File): Buffer | null {
    if (asset !== null && Object.hasOwn(ASSETS, asset)) return assetBytes(asset as AssetName)
    if (this.#folder === null) return this.#memory.get(id) ?? null
    try {
      return readFileSync(join(this.#folder, id))
    } catch {
      return null
    }
  }

  /** What proves that we made this link, and until when it holds. */
  proof(id: string, expires: string): string {
    return createHmac('sha256', LINK_KEY).update(`${id} ${expires}`).digest('base64url')
  }

  #add(bytes: Buffer, of: Pick<File, 'kind' | 'mimeType' | 'name' | 'asset'> & Partial<File>): File {
    const file: File = {
      id: `1${String(randomInt(1e12)).padStart(12, '0')}${String(Date.now()).slice(-3)}`,
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('base64'),
      voice: false,
      animated: seenIn(bytes).animated,
      at: Date.now(),
      ...of,
    }
    this.#world.addFile(file)
    return file
  }

  #remember(id: string, bytes: Buffer): void {
    this.#memory.set(id, bytes)
    let total = [...this.#memory.values()].reduce((sum, { length }) => sum + length, 0)
    for (const [oldest, { length }] of this.#memory) {
      if (total <= KEPT_IN_MEMORY) break
      this.#memory.delete(oldest)
      total -= length
    }
  }
}

const assetBytes = (asset: AssetName): Buffer =>
  readFileSync(new URL(`./assets/${ASSETS[asset].file}`, import.meta.url))
