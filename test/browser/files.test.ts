import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterEach, expect, it } from 'vitest'
import { composerOf, eventually, open, reaches, stage } from './stage.ts'

const prosa = stage()
const ASSETS = join(import.meta.dirname, '..', '..', 'simulator', 'assets')

afterEach(() => prosa.simulator.calm())

const chosen = (page: Page) => page.locator('.chosen-file[data-upload]')
const pictures = (page: Page, direction: string) =>
  page.locator(`article[data-direction="${direction}"] .media--image img`)

const drop = (page: Page, name: string, type: string, bytes: Buffer) =>
  page.evaluate(`dropFile(${[name, type, bytes.toString('base64')].map((text) => JSON.stringify(text)).join()})`)

interface Picture {
  reserved: number[]
  drawn: number[]
  loaded: boolean
}

const pictureOf = (page: Page, direction: string) =>
  page.evaluate<Picture | null>(`pictureOf(${JSON.stringify(direction)})`)
const isLoaded = async (page: Page, direction: string) => (await pictureOf(page, direction))?.loaded

it('a photo of the customer comes into its box, and over the page at a click', async () => {
  const ana = await prosa.page('ana')
  const iris = await prosa.customer('Íris Fotógrafa')
  await open(ana, iris)
  await iris.says('image')

  await pictures(ana, 'incoming').waitFor()
  await eventually(() => isLoaded(ana, 'incoming')).toBe(true)
  const shown = await pictureOf(ana, 'incoming')
  expect(shown?.drawn).toEqual(shown?.reserved)

  await pictures(ana, 'incoming').click()
  await ana.locator('dialog.lightbox img').waitFor()
  await ana.keyboard.press('Escape')
  await eventually(() => ana.locator('dialog.lightbox').count()).toBe(0)
})

it('a photo that is dropped on the thread waits in the composer, on every device, and leaves with its words', async () => {
  const ana = await prosa.page('ana')
  const leo = await prosa.customer('Leo Recebe')
  await open(ana, leo)
  await drop(ana, 'vitrine.jpg', 'image/jpeg', await readFile(join(ASSETS, 'photo.jpg')))
  await chosen(ana).filter({ hasText: 'vitrine.jpg' }).waitFor()

  const elsewhere = await prosa.page('ana', { at: new URL(ana.url()).pathname })
  await chosen(elsewhere).filter({ hasText: 'vitrine.jpg' }).waitFor()

  await composerOf(ana).fill('A vitrine de hoje')
  await composerOf(ana).press('Enter')
  await reaches(ana, 'A vitrine de hoje', 'delivered')
  await eventually(() => isLoaded(ana, 'outgoing')).toBe(true)
  expect(await chosen(ana).count()).toBe(0)
  await reaches(elsewhere, 'A vitrine de hoje', 'delivered')
  await elsewhere.reload()
  expect(await chosen(elsewhere).count()).toBe(0)
})

it('what the channel does not take is said before it is sent, beside the file, with the limit', async () => {
  const ana = await prosa.page('ana')
  await open(ana, await prosa.customer('Rita Grande'))
  await ana.locator('#attach-input').setInputFiles([
    { name: 'enorme.png', mimeType: 'image/png', buffer: Buffer.alloc(6 * 1024 * 1024) },
    { name: 'nota.pdf', mimeType: 'application/pdf', buffer: await readFile(join(ASSETS, 'document.pdf')) },
  ])
  await ana.locator('.chosen-file', { hasText: 'enorme.png' }).getByText('5 MB').waitFor()
  await chosen(ana).filter({ hasText: 'nota.pdf' }).waitFor()

  const forgotten = ana.waitForResponse((response) => response.request().method() === 'DELETE')
  await chosen(ana).locator('[data-unchoose]').click()
  await eventually(() => chosen(ana).count()).toBe(0)
  expect((await forgotten).ok()).toBe(true)
  await ana.reload()
  expect(await chosen(ana).count()).toBe(0)
})

it('a voice note is recorded, turned into Ogg with Opus, and sent as one', async () => {
  const ana = await prosa.page('ana')
  const noa = await prosa.customer('Noa Ouve')
  await open(ana, noa)
  const loaded: string[] = []
  ana.on('request', (request) => void (request.url().includes('/recorder.') && loaded.push(request.url())))
  expect(loaded).toEqual([])
  await ana.locator('#record').click()
  const recorder = ana.locator('.recorder')
  await eventually(() => recorder.locator('time').textContent()).toMatch(/^0:(0[1-9]|[1-5]\d)$/)
  expect(loaded).toHaveLength(1)
  await recorder.getByRole('button', { name: 'Enviar mensagem de voz' }).click()

  const bubble = ana.locator('article[data-direction="outgoing"]', { has: ana.locator('[data-voice]') })
  await bubble.and(ana.locator('[data-state="delivered"]')).waitFor()
  const address = (await bubble.locator('audio').getAttribute('src')) ?? ''
  const answer = await ana.context().request.get(`${prosa.url}${address}`)
  expect(answer.headers()['content-type']).toBe('audio/ogg')
  const pages = oggPages(await answer.body())
  expect(pages[0]?.body.subarray(0, 8).toString()).toBe('OpusHead')
  expect(pages[0]?.body[9], 'one channel').toBe(1)
  expect(pages[1]?.body.subarray(0, 8).toString()).toBe('OpusTags')
  const seconds = Number(pages.at(-1)?.granule ?? 0n) / 48_000
  expect(seconds).toBeGreaterThan(0.8)
  expect(seconds).toBeLessThan(60)
  expect(pages.map(({ sequence }) => sequence)).toEqual(pages.map((_, at) => at))

  // Thrown away, nothing is sent.
  await ana.locator('#record').click()
  await recorder.getByRole('button', { name: 'Descartar' }).click()
  await eventually(() => recorder.count()).toBe(0)
  expect(await ana.locator('article[data-direction="outgoing"]').count()).toBe(1)
})

it('without script a file is added by a form, and leaves with the answer', async () => {
  const noa = await prosa.customer('Noa Sem Script')
  const scripted = await prosa.page('ana')
  await open(scripted, noa)
  const ana = await prosa.page('ana', { javaScriptEnabled: false, at: new URL(scripted.url()).pathname })
  await ana.locator('.plain-upload input[type=file]').setInputFiles(join(ASSETS, 'photo.jpg'))
  await ana.locator('.plain-upload button').click()
  await chosen(ana).filter({ hasText: 'photo.jpg' }).waitFor()
  await composerOf(ana).fill('Sem script')
  await ana.locator('.composer-send').click()
  await ana.locator('article', { hasText: 'Sem script' }).locator('.media--image').waitFor()
  expect(await chosen(ana).count()).toBe(0)
})

interface OggPage {
  granule: bigint
  sequence: number
  body: Buffer
}

/** Every page of an Ogg stream; anything between or behind them is no Ogg. */
function oggPages(bytes: Buffer): OggPage[] {
  const pages: OggPage[] = []
  for (let at = 0; at < bytes.length; ) {
    expect(bytes.subarray(at, at + 4).toString()).toBe('OggS')
    const segments = bytes[at + 26] ?? 0
    const lengths = bytes.subarray(at + 27, at + 27 + segments)
    const from = at + 27 + segments
    const to = from + lengths.reduce((sum, length) => sum + length, 0)
    pages.push({
      granule: bytes.readBigInt64LE(at + 6),
      sequence: bytes.readUInt32LE(at + 18),
      body: bytes.subarray(from, to),
    })
    at = to
  }
  return pages
}
