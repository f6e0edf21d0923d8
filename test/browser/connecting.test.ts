/** A number is connected from start: what the provider is to be told, the check, a first message, and an answer to its tick. */
import { afterEach, expect, it } from 'vitest'
import { DEMO_APP_ID, DEMO_SECRETS } from '../../scripts/demo.ts'
import { eventually, listening, reaches, stage } from './stage.ts'

const prosa = stage()

afterEach(() => prosa.simulator.calm())

interface Connected {
  channel: string
  /** Among the channels to choose from. */
  choice: RegExp
  accountId: string
  /** What only this channel asks for, by its label. */
  own: Record<string, string>
  /** How far our answer is said to have come before it is read. */
  arrives: string
}

const CONNECTED: Connected[] = [
  {
    channel: 'whatsapp',
    choice: /WhatsApp.*API oficial/,
    accountId: '100000000000077',
    own: { 'ID do número de telefone': '100000000000077', 'ID da conta do WhatsApp Business': '100000000000177' },
    arrives: 'delivered',
  },
  {
    channel: 'messenger',
    choice: /^Messenger/,
    accountId: '200000000000077',
    own: { 'ID da página': '200000000000077' },
    arrives: 'delivered',
  },
  {
    channel: 'instagram',
    choice: /^Instagram/,
    accountId: '17841400000000077',
    own: { 'ID da conta do Instagram': '17841400000000077' },
    arrives: 'sent',
  },
]

it.each(CONNECTED)(
  '$channel: from its fields to the answer that was read',
  async ({ channel, choice, accountId, own, arrives }) => {
    const name = `Loja do centro, ${channel}`
    const ana = await prosa.page('ana', { at: '/settings/inboxes' })
    await ana.getByRole('link', { name: 'Conectar um número' }).click()
    await ana.locator('.choice').filter({ hasText: choice }).click()
    await ana.getByLabel('Nome do número no Prosa').fill(name)
    for (const [label, value] of Object.entries(own)) await ana.getByLabel(label).fill(value)
    await ana.getByLabel('Token de acesso').fill(`${DEMO_SECRETS.accessToken}-${accountId}`)
    await ana.getByLabel('Chave secreta do app').fill(DEMO_SECRETS.appSecret)
    await ana.getByLabel('ID do app').fill(DEMO_APP_ID)
    await ana.getByRole('button', { name: 'Conectar', exact: true }).click()

    await ana.getByRole('heading', { name: `Conexão de ${name}` }).waitFor()
    const address = await ana.getByLabel('Endereço do webhook', { exact: true }).inputValue()
    expect(address.startsWith(`${prosa.url}/webhooks/${channel}/`)).toBe(true)
    expect(await ana.getByLabel('Token de verificação', { exact: true }).inputValue()).not.toBe('')
    const key = address.split('/').at(-1) ?? ''
    const businessAccountId = own['ID da conta do WhatsApp Business']
    await prosa.simulator.newAccount({
      ...{ key, channel, accountId, name, address: '+55 11 90000-0077' },
      ...(businessAccountId ? { businessAccountId } : {}),
    })
    await prosa.simulator.forgets(key)

    await ana.getByRole('button', { name: 'Verificar agora' }).click()
    await ana.getByText('O provedor não nos avisava das mensagens').waitFor()
    await ana.locator('[data-check="token"][data-ok="true"]').waitFor()
    expect(await ana.locator('[data-check][data-ok="false"]').allInnerTexts()).toEqual([])

    await ana.getByText('Escreva de outro celular para este número').waitFor()
    const gil = await prosa.customerOf(key, `Gil ${channel}`, 'Este número é de vocês?')
    await ana.getByText(`Última mensagem recebida: de ${gil.name}`).waitFor()
    await ana.getByRole('button', { name: 'Responder com uma mensagem de teste' }).click()
    await ana.locator('#thread-title', { hasText: gil.name }).waitFor()
    await listening(ana)
    const test = 'Mensagem de teste: esta conversa já chega à nossa equipe.'
    await reaches(ana, test, arrives)
    await eventually(async () => (await gil.received()).map(({ text }) => text)).toEqual([test])
    await eventually(async () => (await gil.received()).map(({ state }) => state)).toEqual(['delivered'])
    await gil.reads()
    await reaches(ana, test, 'read')
  },
)
