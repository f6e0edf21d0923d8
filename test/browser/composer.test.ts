import { afterEach, expect, it } from 'vitest'
import {
  answer,
  bubbleOf,
  composerOf,
  eventually,
  listening,
  open,
  pendingBubbles,
  reaches,
  rowOf,
  stage,
} from './stage.ts'

const prosa = stage()

/** What the browser says of a network that is not there. */
const OFFLINE = [/ERR_INTERNET_DISCONNECTED/, /Failed to fetch/]

afterEach(() => prosa.simulator.calm())

it('Enter sends, Shift+Enter breaks the line, and Enter within a composition does neither', async () => {
  const ana = await prosa.page('ana')
  const iris = await prosa.customer('Íris Campos')
  await open(ana, iris)

  const composer = composerOf(ana)
  await composer.pressSequentially('primeira linha')
  await composer.press('Shift+Enter')
  await composer.pressSequentially('segunda linha')
  expect(await composer.inputValue()).toBe('primeira linha\nsegunda linha')

  const keyboard = await ana.context().newCDPSession(ana)
  await keyboard.send('Input.imeSetComposition', { text: 'に', selectionStart: 1, selectionEnd: 1 })
  await composer.dispatchEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true })
  await composer.dispatchEvent('keydown', { key: 'Enter', keyCode: 229, bubbles: true, cancelable: true })
  await keyboard.send('Input.insertText', { text: '' })
  expect(await bubbleOf(ana, 'primeira linha').count()).toBe(0)
  expect(await pendingBubbles(ana).count()).toBe(0)

  await composer.fill('primeira linha\nsegunda linha')
  await composer.press('Enter')
  await reaches(ana, 'segunda linha', 'delivered')
  expect(await bubbleOf(ana, 'primeira linha').locator('.bubble-text').textContent()).toBe(
    'primeira linha\nsegunda linha',
  )
  await eventually(() => composer.inputValue()).toBe('')
})

it('is submitted once, however impatient the hand', async () => {
  const diego = await prosa.page('diego')
  const paula = await prosa.customer('Paula Neri')
  await open(diego, paula)

  await composerOf(diego).fill('Dois toques no Enter')
  await composerOf(diego).press('Enter')
  await composerOf(diego).press('Enter')
  await reaches(diego, 'Dois toques no Enter', 'delivered')

  await composerOf(diego).fill('Dois cliques')
  await diego.getByRole('button', { name: 'Enviar' }).dblclick()
  await reaches(diego, 'Dois cliques', 'delivered')

  await composerOf(diego).fill('Vinte de uma vez')
  await diego.evaluate("for (let i = 0; i < 20; i++) document.getElementById('composer').requestSubmit()")
  await reaches(diego, 'Vinte de uma vez', 'delivered')
  await eventually(async () => (await paula.received()).map(({ text }) => text)).toEqual([
    'Dois toques no Enter',
    'Dois cliques',
    'Vinte de uma vez',
  ])
  expect(await diego.locator('.bubble[data-direction=outgoing]').count()).toBe(3)
})

it('goes out again under the same key when the answer was lost, and is one bubble', async () => {
  const bruno = await prosa.page('bruno')
  prosa.expectComplaints(bruno, /ERR_FAILED|Failed to fetch/)
  const nara = await prosa.customer('Nara Luz')
  await open(bruno, nara)

  const keys: (string | null)[] = []
  await bruno.route('**/conversations/*/messages', async (route) => {
    keys.push(new URLSearchParams(route.request().postData() ?? '').get('clientKey'))
    if (keys.length > 1) return route.continue()
    await route.fetch()
    await route.abort()
  })
  await answer(bruno, 'A resposta se perdeu no caminho')
  await reaches(bruno, 'A resposta se perdeu no caminho', 'delivered')
  await eventually(() => keys.length).toBe(2)
  expect(new Set(keys).size).toBe(1)
  await eventually(() => pendingBubbles(bruno).count()).toBe(0)
  await bubbleOf(bruno, 'A resposta se perdeu no caminho').waitFor()
  expect((await nara.received()).length).toBe(1)
})

it('waits without a connection, in the order it was written, and goes out by itself', async () => {
  const carla = await prosa.page('carla')
  prosa.expectComplaints(carla, ...OFFLINE)
  const olga = await prosa.customer('Olga Reis')
  await open(carla, olga)

  await carla.context().setOffline(true)
  await answer(carla, 'Escrita sem conexão')
  await pendingBubbles(carla).filter({ hasText: 'Escrita sem conexão' }).waitFor()
  await eventually(() => composerOf(carla).inputValue()).toBe('')
  await answer(carla, 'E mais esta')
  await eventually(() => pendingBubbles(carla).locator('.bubble-text').allInnerTexts()).toEqual([
    'Escrita sem conexão',
    'E mais esta',
  ])
  await composerOf(carla).fill('E um rascunho')
  await carla.locator('#connection', { hasText: 'Não feche esta página' }).waitFor()

  await carla.context().setOffline(false)
  await reaches(carla, 'Escrita sem conexão', 'delivered')
  await reaches(carla, 'E mais esta', 'delivered')
  expect((await olga.received()).map(({ text }) => text)).toEqual(['Escrita sem conexão', 'E mais esta'])
  expect(await pendingBubbles(carla).count()).toBe(0)
  expect(await composerOf(carla).inputValue()).toBe('E um rascunho')
})

it('keeps a draft over a reload and on another device, with the message that it quotes', async () => {
  const desk = await prosa.page('ana')
  const bia = await prosa.customer('Bia Torres', 'Qual o prazo?')
  await open(desk, bia)
  await bubbleOf(desk, 'Qual o prazo?').hover()
  await bubbleOf(desk, 'Qual o prazo?').getByRole('button', { name: 'Responder a esta mensagem' }).click()
  await Promise.all([
    desk.waitForResponse(
      (response) => response.url().endsWith('/draft') && response.request().postData()?.includes('Cinco') === true,
    ),
    composerOf(desk).pressSequentially('Cinco dias úteis, '),
  ])

  await desk.reload()
  expect(await composerOf(desk).inputValue()).toBe('Cinco dias úteis, ')
  await desk.locator('#composer-quote', { hasText: 'Qual o prazo?' }).waitFor()

  const phone = await prosa.page('ana', { viewport: { width: 390, height: 800 }, hasTouch: true })
  await open(phone, bia)
  expect(await composerOf(phone).inputValue()).toBe('Cinco dias úteis, ')

  await answer(desk, 'Cinco dias úteis')
  await reaches(desk, 'Cinco dias úteis', 'delivered')
  await desk.reload()
  expect(await composerOf(desk).inputValue()).toBe('')
})

it('a text that is too long is refused beside the field, and stays in it', async () => {
  const diego = await prosa.page('diego')
  prosa.expectComplaints(diego, /status of 422/)
  const lia = await prosa.customer('Lia Fontes')
  await open(diego, lia)
  const text = 'a'.repeat(4_097)

  await composerOf(diego).fill(text)
  await diego.locator('#composer-count', { hasText: '1 caractere a mais' }).waitFor()
  await composerOf(diego).press('Enter')
  await diego.locator('#composer-problem', { hasText: '4096' }).waitFor()
  expect(await composerOf(diego).inputValue()).toBe(text)
  expect(await composerOf(diego).getAttribute('aria-invalid')).not.toBeNull()
  await eventually(() => pendingBubbles(diego).count()).toBe(0)
  expect(
    await composerOf(diego).evaluate((field: { matches(selector: string): boolean }) => field.matches(':focus')),
  ).toBe(true)

  await composerOf(diego).fill('Agora cabe')
  await eventually(() => diego.locator('#composer-problem').textContent()).toBe('')
  await composerOf(diego).press('Enter')
  await reaches(diego, 'Agora cabe', 'delivered')
})

it('says that the window of 24 hours has closed, and keeps what was written', async () => {
  const bruno = await prosa.page('bruno')
  prosa.expectComplaints(bruno, /status of 422/)
  const caio = await prosa.customer('Caio Vaz')
  await open(bruno, caio)
  await composerOf(bruno).fill('Escrevi tarde demais')
  await closeWindow(caio.name)
  await composerOf(bruno).press('Enter')
  const shut = bruno.locator('.composer--shut', { hasText: 'A janela de 24 h fechou' })
  const kept = shut.locator('.composer-kept', { hasText: 'Escrevi tarde demais' })
  await kept.waitFor()
  await eventually(() => pendingBubbles(bruno).count()).toBe(0)

  await bruno.reload()
  await kept.waitFor()
  await listening(bruno)
  await rowOf(bruno, caio).waitFor()
})

/** As if the customer had last written yesterday, earlier than now. */
async function closeWindow(name: string) {
  const { createClient } = await import('@libsql/client')
  const database = createClient({ url: prosa.prosa.databaseUrl })
  await database.execute({
    sql: `UPDATE conversations SET last_incoming_at = last_incoming_at - 90000000
      WHERE contact_id IN (SELECT id FROM contacts WHERE profile_name = ?)`,
    args: [name],
  })
  database.close()
}
