import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { measure } from './measure.ts'
import { opensInline } from './media-types.ts'
import { typeOf } from './sniff.ts'

const bytes = (...parts: (string | number[])[]) =>
  Uint8Array.from(
    parts.flatMap((part) => (typeof part === 'string' ? [...part].map((char) => char.charCodeAt(0)) : part)),
  )
const NONE = new Uint8Array()
const zeros = (n: number) => Array<number>(n).fill(0)

const PNG = bytes([0x89], 'PNG\r\n', [0x1a, 0x0a], [0, 0, 0, 13], 'IHDR', [0, 0, 0x06, 0x40, 0, 0, 0x04, 0xb0], [8, 6])
const GIF = bytes('GIF89a', [0x2c, 0x01, 0xc8, 0x00], zeros(4))
const WEBP = bytes('RIFF', zeros(4), 'WEBPVP8X', [10, 0, 0, 0], [0x10, 0, 0, 0], [0xff, 0x01, 0], [0xff, 0x00, 0])
const EXIF = bytes(
  'Exif',
  [0, 0],
  'MM',
  [0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0],
)
const FRAME = [0xff, 0xc0, 0, 17, 8, 0x04, 0xb0, 0x06, 0x40, 3, ...zeros(12)]
const JPEG = bytes([0xff, 0xd8, 0xff, 0xe0, 0, 16], 'JFIF', zeros(10), FRAME)
const TURNED = bytes([0xff, 0xd8, 0xff, 0xe1, 0, EXIF.length + 2], [...EXIF], FRAME)
const opusPage = (granule: number[], body: (string | number[])[]) =>
  bytes('OggS', [0, 4], granule, zeros(12), [1, 19], ...body)
const OGG = opusPage(zeros(8), ['OpusHead', [1, 1, 0x38, 0x01], zeros(7)])
const LAST = opusPage([0x38, 0xee, 0x02, 0, 0, 0, 0, 0], [zeros(19)])
const film = (units: number[]) =>
  bytes([0, 0, 0, 20], 'ftypisom', zeros(8), [0, 0, 0, 108], 'mvhd', zeros(12), [0, 0, 0x03, 0xe8], units, zeros(80))
const MP4 = film([0, 0, 0x30, 0x39])

describe('what a file is', () => {
  it.each([
    ['image/png', PNG],
    ['image/jpeg', JPEG],
    ['image/gif', GIF],
    ['image/webp', WEBP],
    ['audio/ogg', OGG],
    ['video/mp4', MP4],
    ['audio/mp4', bytes([0, 0, 0, 20], 'ftypM4A ')],
    ['video/3gpp', bytes([0, 0, 0, 20], 'ftyp3gp4')],
    ['video/quicktime', bytes([0, 0, 0, 20], 'ftypqt  ')],
    ['audio/mpeg', bytes('ID3', [3, 0])],
    ['audio/mpeg', bytes([0xff, 0xfb, 0x90, 0x64])],
    ['audio/aac', bytes([0xff, 0xf1, 0x50, 0x80])],
    ['audio/amr', bytes('#!AMR\n')],
    ['audio/wav', bytes('RIFF', zeros(4), 'WAVE')],
    ['video/x-msvideo', bytes('RIFF', zeros(4), 'AVI ')],
    ['video/webm', bytes([0x1a, 0x45, 0xdf, 0xa3])],
    ['application/pdf', bytes('%PDF-1.7')],
    ['application/zip', bytes('PK', [3, 4])],
    ['audio/ogg; codecs=vorbis', bytes('OggS', [0, 2], zeros(20), [1, 30], [1], 'vorbis')],
  ])('%s, whatever was claimed', (type, head) => {
    expect(typeOf(head, 'text/html')).toBe(type)
    expect(typeOf(head, null)).toBe(type)
  })

  it('is what was claimed where the bytes leave that open', () => {
    expect(typeOf(MP4, 'audio/mp4')).toBe('audio/mp4')
    expect(typeOf(bytes([0x1a, 0x45, 0xdf, 0xa3]), 'audio/webm;codecs=opus')).toBe('audio/webm')
    const docx = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'
    expect(typeOf(bytes('PK', [3, 4]), docx)).toBe(docx)
    expect(typeOf(bytes('Oi'), 'text/plain; charset=utf-8')).toBe('text/plain')
    expect(typeOf(bytes('Oi'), null)).toBe('application/octet-stream')
  })

  it('never opens in a browser on a claim alone', () => {
    const Head = fc.uint8Array({ maxLength: 64 }).filter((head) => !opensInline(typeOf(head, null)))
    const Claim = fc.constantFrom(
      'image/jpeg',
      'image/png',
      'audio/ogg',
      'video/mp4',
      'image/svg+xml',
      'text/html',
      ' IMAGE/GIF ;a=b',
    )
    fc.assert(
      fc.property(Head, Claim, (head, claim) => {
        expect(opensInline(typeOf(head, claim))).toBe(false)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('how large it is, and how long', () => {
  const measured = (type: string, head: Uint8Array, tail = NONE) => {
    const { width, height, duration } = measure(type, head, tail)
    return [width, height, duration]
  }

  /** A picture may claim any size that its four bytes hold. */
  const isUnbelievable = (value: number | null | undefined, at: number) =>
    value !== null && !(Number(value) >= 0 && Number(value) <= (at === 2 ? 86_400 : 0xffff_ffff))

  it('is read from the head of a picture, upright', () => {
    expect(measured('image/png', PNG)).toEqual([1600, 1200, null])
    expect(measured('image/jpeg', JPEG)).toEqual([1600, 1200, null])
    expect(measured('image/jpeg', TURNED)).toEqual([1200, 1600, null])
    expect(measured('image/gif', GIF)).toEqual([300, 200, null])
    expect(measured('image/webp', WEBP)).toEqual([512, 256, null])
  })

  it('is read from the end of a voice note and the head of a film', () => {
    expect(measured('audio/ogg', OGG, LAST)).toEqual([null, null, 4])
    expect(measured('video/mp4', MP4)[2]).toBe(12)
  })

  it('is not known of what was recorded in parts, which says none in its head', () => {
    expect(measured('audio/mp4', film(zeros(4)))[2]).toBeNull()
  })

  it('is not known of what is broken, and no bytes break it', () => {
    for (const head of [PNG, JPEG, TURNED, GIF, WEBP, OGG, MP4]) {
      const Broken = fc.record({ cut: fc.nat(head.length), at: fc.nat(head.length), byte: fc.nat(255) })
      fc.assert(
        fc.property(Broken, ({ cut, at, byte }) => {
          const broken = head.slice(0, cut)
          if (at < cut) broken[at] = byte
          for (const type of ['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'audio/ogg', 'video/mp4']) {
            expect(measured(type, broken, broken).filter(isUnbelievable)).toEqual([])
          }
        }),
        { numRuns: 500 },
      )
    }
  })
})
