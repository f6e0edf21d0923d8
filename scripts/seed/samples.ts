/** What the demo's files hold: small real ones, which the simulator's customers send as well. */
import { readFileSync } from 'node:fs'
import type { MediaKind } from '../../src/channels/content.ts'

export interface Sample {
  /** In simulator/assets. */
  name: string
  width?: number
  height?: number
  /** Seconds. */
  duration?: number
}

const SAMPLES: Record<MediaKind | 'voice', [Sample, ...Sample[]]> = {
  image: [
    { name: 'photo.jpg', width: 320, height: 240 },
    { name: 'photo-2.jpg', width: 240, height: 320 },
  ],
  video: [{ name: 'video.mp4', width: 176, height: 144, duration: 2 }],
  audio: [{ name: 'song.mp3', duration: 3 }],
  voice: [{ name: 'voice.ogg', duration: 3 }],
  document: [{ name: 'document.pdf' }],
  sticker: [{ name: 'sticker.webp', width: 512, height: 512 }],
}

/** The nth of its kind; they come round again. */
export function sampleOf(kind: MediaKind, { voice = false, n = 0 } = {}): Sample {
  const samples = SAMPLES[voice ? 'voice' : kind]
  return samples[n % samples.length] ?? samples[0]
}

export const bytesOf = ({ name }: Sample): Buffer =>
  readFileSync(new URL(`../../simulator/assets/${name}`, import.meta.url))
