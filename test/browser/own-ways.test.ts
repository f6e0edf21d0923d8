/** What somebody set for themselves, as their pages keep it while things happen. */
import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { eventually, open, rowOf, stage } from './stage.ts'

const prosa = stage()

/** How many notes have been played in this page. */
const COUNT_NOTES = `globalThis.notes = 0
const note = AudioContext.prototype.createOscillator
AudioContext.prototype.createOscillator = function () { globalThis.notes += 1; return note.call(this) }`

const IS_CONNECTED = "document.querySelector('#workspace-socket')._htmx?.ws?.connection?.socket?.readyState === 1"

const notesIn = async (tabs: Page[]) =>
  (await Promise.all(tabs.map((tab) => tab.evaluate<number>('globalThis.notes')))).reduce((sum, n) => sum + n, 0)

it('of several tabs one says that a customer of mine wrote, as loud as I want it', async () => {
  const bruno = await prosa.page('bruno', { at: '/settings/profile' })
  await bruno.addInitScript(COUNT_NOTES)
  await bruno.getByLabel('Volume').fill('20')
  await bruno.getByRole('button', { name: 'Usar estes sons' }).click()
  await bruno.getByText('Sons salvos.').waitFor()
  await bruno.getByRole('button', { name: 'Testar o som' }).click()
  await eventually(() => notesIn([bruno])).toBe(2)

  const [sonia, nobody] = [await prosa.customer('Sônia Sonora'), await prosa.customer('Ninguém Atende')]
  await bruno.goto(`${prosa.url}/conversations`)
  await open(bruno, sonia)
  await bruno.keyboard.press('i')
  await bruno.locator('.thread-head').getByText('Bruno Alves').waitFor()

  const other = await bruno.context().newPage()
  await other.addInitScript(COUNT_NOTES)
  for (const tab of [bruno, other]) {
    await tab.goto(`${prosa.url}/conversations`)
    await tab.getByText('Clique na página para ligar os sons.').waitFor()
    await tab.locator('.rail-who').click()
    await tab.getByText('Clique na página').waitFor({ state: 'detached' })
    await eventually(() => tab.evaluate(IS_CONNECTED)).toBe(true)
  }
  // Waits in the queue, of which nobody wanted to hear.
  await nobody.writes('Ainda não')
  await sonia.writes('Primeira')
  for (const tab of [bruno, other]) await rowOf(tab, sonia).getByText('Primeira').waitFor()
  await eventually(() => notesIn([bruno, other])).toBe(2)
  await sonia.writes('Segunda')
  for (const tab of [bruno, other]) await rowOf(tab, sonia).getByText('Segunda').waitFor()
  await eventually(() => notesIn([bruno, other])).toBe(4)
  await other.close()
})

it('whoever keeps another time reads it in what arrives as in what was there', async () => {
  const carla = await prosa.page('carla', { at: '/settings/profile' })
  await carla.getByLabel('Fuso horário').selectOption('Asia/Tokyo')
  await carla.getByRole('button', { name: 'Salvar', exact: true }).click()
  await carla.locator('body[data-time-zone="Asia/Tokyo"]').waitFor()
  await carla.goto(`${prosa.url}/conversations`)
  await carla.locator('#conversation-list .row-link').first().waitFor()
  const tamiko = await prosa.customer('Tamiko Longe')
  const shown = rowOf(carla, tamiko).locator('.row-time')
  await shown.waitFor()
  const at = Date.parse((await shown.getAttribute('datetime')) ?? '')
  const here = new Intl.DateTimeFormat('pt-BR', {
    timeZone: 'Asia/Tokyo',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  await eventually(() => shown.textContent()).toBe(here.format(at))
  await carla.reload()
  expect(await shown.textContent()).toBe(here.format(at))
})
