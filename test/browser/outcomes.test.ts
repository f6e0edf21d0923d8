import type { Page } from 'playwright-core'
import { afterEach, expect, it } from 'vitest'
import { answer, bubbleOf, eventually, open, reaches, stage } from './stage.ts'

const prosa = stage()

afterEach(() => prosa.simulator.calm())

/** The Cloud API's own codes. */
const NO_WHATSAPP = 131026
const TOO_MANY_TO_ONE_PERSON = 131056
const TOKEN_EXPIRED = 190

const act = (page: Page, text: string, name: string) => bubbleOf(page, text).getByRole('button', { name, exact: true })

it('a refused answer says why in words, and goes out when it is tried again', async () => {
  const [ana, bruno] = [await prosa.page('ana'), await prosa.page('bruno')]
  const vera = await prosa.customer('Vera Pinto')
  for (const page of [ana, bruno]) await open(page, vera)

  await prosa.simulator.fault({ kind: 'code', code: NO_WHATSAPP, as: 'status' })
  await answer(ana, 'Ainda não chega')
  for (const page of [ana, bruno]) {
    await reaches(page, 'Ainda não chega', 'failed')
    const standing = await bubbleOf(page, 'Ainda não chega').locator('.standing').textContent()
    expect(standing).toContain('Não foi enviada: o WhatsApp não consegue entregar a este número.')
    expect(standing).not.toContain('{')
  }
  await bubbleOf(ana, 'Ainda não chega').getByText('Detalhes').click()
  await bubbleOf(ana, 'Ainda não chega').getByText(String(NO_WHATSAPP)).waitFor()

  await act(ana, 'Ainda não chega', 'Tentar novamente').dblclick()
  for (const page of [ana, bruno]) await reaches(page, 'Ainda não chega', 'delivered')
  expect((await vera.received()).filter(({ state }) => state === 'delivered').length).toBe(1)
})

it('what was never confirmed is sent again only after a question, and may be marked as sent', async () => {
  const diego = await prosa.page('diego')
  const elisa = await prosa.customer('Elisa Brum')
  await open(diego, elisa)

  await prosa.simulator.fault({ kind: 'http_502', count: 2 })
  await answer(diego, 'Chegou ou não?')
  await reaches(diego, 'Chegou ou não?', 'unknown')
  await bubbleOf(diego, 'Chegou ou não?').getByText('Envio não confirmado').first().waitFor()
  await answer(diego, 'E esta?')
  await reaches(diego, 'E esta?', 'unknown')

  const question = diego.getByRole('dialog', { name: 'duas vezes' })
  await act(diego, 'Chegou ou não?', 'Reenviar').click()
  await question.getByRole('button', { name: 'Cancelar' }).click()
  await question.waitFor({ state: 'hidden' })
  expect(await bubbleOf(diego, 'Chegou ou não?').getAttribute('data-state')).toBe('unknown')
  expect(await elisa.received()).toEqual([])

  await act(diego, 'Chegou ou não?', 'Reenviar').click()
  await question.getByRole('button', { name: 'Reenviar' }).click()
  await reaches(diego, 'Chegou ou não?', 'delivered')

  await act(diego, 'E esta?', 'Marcar como enviada').click()
  await reaches(diego, 'E esta?', 'sent')
  expect((await elisa.received()).map(({ text }) => text)).toEqual(['Chegou ou não?'])
})

it('proof that comes late settles what was not confirmed', async () => {
  const carla = await prosa.page('carla')
  const fabio = await prosa.customer('Fábio Leal')
  await open(carla, fabio)
  await prosa.simulator.behave({ statusDelayMs: 1_500 })
  await prosa.simulator.fault({ kind: 'http_502', accepted: true })
  await answer(carla, 'Só a resposta se perdeu')
  await reaches(carla, 'Só a resposta se perdeu', 'unknown')
  await reaches(carla, 'Só a resposta se perdeu', 'delivered')
  expect((await fabio.received()).length).toBe(1)
})

it('what waits for its turn says until when, and can be taken back', async () => {
  const bruno = await prosa.page('bruno')
  const gilda = await prosa.customer('Gilda Sá')
  await open(bruno, gilda)
  await prosa.simulator.fault({ kind: 'code', code: TOO_MANY_TO_ONE_PERSON, retryAfter: '3600' })
  await answer(bruno, 'Devagar, por favor')
  await reaches(bruno, 'Devagar, por favor', 'queued')
  await bubbleOf(bruno, 'Devagar, por favor').getByText('Na fila: foram muitas mensagens seguidas').waitFor()
  await bubbleOf(bruno, 'Devagar, por favor').getByText('Nova tentativa às').waitFor()

  await act(bruno, 'Devagar, por favor', 'Cancelar').click()
  await reaches(bruno, 'Devagar, por favor', 'failed')
  await bubbleOf(bruno, 'Devagar, por favor').getByText('o envio foi cancelado').waitFor()
  await eventually(() => gilda.received()).toEqual([])
})

it('a number whose token has expired says so, and what waited goes out once, in order, when it is connected again', async () => {
  const [ana, bruno] = [await prosa.page('ana'), await prosa.page('bruno')]
  const hugo = await prosa.customer('Hugo Melo')
  for (const page of [ana, bruno]) await open(page, hugo)
  expect(await ana.locator('.banner').count()).toBe(0)
  await prosa.simulator.fault({ kind: 'code', code: TOKEN_EXPIRED })
  await answer(ana, 'O token venceu')
  await reaches(ana, 'O token venceu', 'queued')
  await bubbleOf(ana, 'O token venceu').getByText('o número foi desconectado pelo provedor').waitFor()
  await answer(bruno, 'E esta espera')
  await reaches(ana, 'E esta espera', 'queued')
  const notice = (page: Page) => page.getByRole('status').filter({ hasText: 'O número WhatsApp 1 foi desconectado' })
  const way = (page: Page) => page.getByRole('link', { name: 'Conexão e saúde' })
  for (const page of [ana, bruno]) await notice(page).waitFor()
  await eventually(async () => {
    await bruno.reload()
    return notice(bruno).count()
  }).toBe(1)
  expect(await way(bruno).count(), 'who cannot mend it is not sent there').toBe(0)
  expect((await hugo.received()).length).toBe(0)

  await way(ana).click()
  await ana.getByRole('button', { name: 'Salvar e reconectar' }).click()
  await ana.locator('.inbox-state[data-status="active"]').waitFor()
  for (const text of ['O token venceu', 'E esta espera']) await reaches(bruno, text, 'delivered')
  await notice(bruno).waitFor({ state: 'hidden' })
  expect((await hugo.received()).map(({ text }) => text)).toEqual(['O token venceu', 'E esta espera'])
})
