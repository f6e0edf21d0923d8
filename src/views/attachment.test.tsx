/** @jsxImportSource hono/jsx */
import { describe, expect, it } from 'vitest'
import type { Attachment } from '../db/records.ts'
import { Attachments, sizeOf } from './attachment.tsx'
import { i18n, incoming } from './test-cast.ts'

const file = (over: Partial<Attachment> = {}): Attachment => ({
  id: 'f1',
  kind: 'image',
  mimeType: 'image/jpeg',
  fileName: null,
  size: 1_468_006,
  width: 1_600,
  height: 1_200,
  duration: null,
  voice: false,
  animated: false,
  state: 'stored',
  errorCode: null,
  ...over,
})
const drawn = (over: Partial<Attachment> = {}) =>
  String(<Attachments i18n={i18n} message={incoming(1, { attachments: [file(over)] })} />)

describe('a file of a message', () => {
  it('reserves the box of a picture, in its own shape, before a byte of it has come', () => {
    const html = drawn()
    expect(html).toContain('<img src="/media/f1" alt="Imagem" loading="lazy" decoding="async" width="320" height="240"')
    expect(drawn({ width: 600, height: 1_200 })).toContain('width="160" height="320"')
    expect(drawn({ width: 40, height: 30 })).toContain('width="40" height="30"')
    expect(drawn({ width: null, height: null })).toContain('width="240" height="180"')
  })

  it('is a link where there is no script, and opened over the page where there is', () => {
    expect(drawn()).toMatch(
      /<a class="media media--image" href="\/media\/f1" target="_blank" rel="noopener" data-lightbox="Fechar"/,
    )
  })

  it('loads no sound and no film before somebody plays it', () => {
    expect(drawn({ kind: 'video', mimeType: 'video/mp4' })).toContain('preload="none" width="320" height="240"')
    const voice = drawn({ kind: 'audio', mimeType: 'audio/ogg; codecs=opus', voice: true, duration: 75 })
    expect(voice).toContain('<audio src="/media/f1" aria-label="Mensagem de voz" controls')
    expect(voice).toContain('preload="none"')
    expect(voice).toContain('1:15')
  })

  it('names a song, which nobody could tell from another otherwise', () => {
    const song = drawn({ kind: 'audio', mimeType: 'audio/mpeg', fileName: 'jingle.mp3' })
    expect(song).toMatch(/<bdi class="media-name media-title"[^>]*>jingle\.mp3<\/bdi>/)
  })

  it('is only ever downloaded where a browser must not open it in our name', () => {
    for (const mimeType of ['image/svg+xml', 'text/html', 'application/pdf', null]) {
      const html = drawn({ mimeType, fileName: 'nota <b>.svg' })
      expect(html).toContain('href="/media/f1?download" download')
      expect(html).not.toContain('<img')
      expect(html).toContain('nota &lt;b&gt;.svg')
      expect(html).toContain('1,4 MB')
    }
  })

  it('is only ever downloaded where drawing it would take a browser down', () => {
    for (const size of [
      { width: 10_000, height: 5_001 },
      { width: 100_000, height: 100_000 },
    ]) {
      expect(drawn(size)).toContain('href="/media/f1?download" download')
      expect(drawn(size)).not.toContain('<img')
    }
    expect(drawn({ width: 10_000, height: 5_000 })).toContain('<img')
  })

  it('says that it is on its way, that it cannot be had, and leaves nothing once it was taken back', () => {
    expect(drawn({ state: 'pending' })).toContain('Buscando o arquivo...')
    const missing = drawn({ state: 'failed' })
    expect(missing).toContain('Mídia indisponível')
    expect(missing).toContain('Tentar buscar de novo')
    expect(missing).toContain('action="/conversations/c1/messages/m1/attachments/f1/attempts"')
    expect(drawn({ state: 'deleted' })).toBe('')
  })
})

it('tells sizes as people read them', () => {
  expect([900, 2_048, 15_000, 26_214_400].map((bytes) => sizeOf(i18n, bytes))).toEqual([
    '900 B',
    '2 KB',
    '15 KB',
    '25 MB',
  ])
})
