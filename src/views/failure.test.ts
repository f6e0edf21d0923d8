import { describe, expect, it } from 'vitest'
import type { ChannelName } from '../db/records.ts'
import { CATALOGS, i18nFor } from '../i18n/index.ts'
import { explainFailure } from './failure.ts'
import { attempt, i18n } from './test-cast.ts'

const failed = (channel: ChannelName, errorCode: string | null, over: object = {}) => ({
  channel,
  attempt: attempt({ state: 'failed', errorClass: 'permanent', errorCode, ...over }),
})

/** What each provider may answer, and what a person is told. */
const REASONS: [ChannelName, string, string][] = [
  ['whatsapp', '131047', 'passaram mais de 24 horas'],
  ['whatsapp', '470', 'passaram mais de 24 horas'],
  ['whatsapp', '131026', 'não consegue entregar a este número'],
  ['whatsapp', '137000', 'não consegue entregar a este número'],
  ['whatsapp', '131049', 'para não cansar a pessoa'],
  ['whatsapp', '131050', 'parou de receber mensagens de marketing'],
  ['whatsapp', '131051', 'não aceita este tipo'],
  ['whatsapp', '131053', 'o arquivo não pôde ser processado'],
  ['whatsapp', '131056', 'muitas mensagens seguidas'],
  ['whatsapp', '130429', 'limite de mensagens deste número'],
  ['whatsapp', '131031', 'a conta do WhatsApp tem uma pendência'],
  ['whatsapp', '132001', 'o modelo não foi aceito'],
  ['whatsapp', '190', 'desconectado pelo provedor'],
  ['whatsapp', '200', 'falta uma permissão da Meta'],
  ['whatsapp', '100', 'recusou o formato'],
  ['whatsapp', 'exhausted', 'recusou todas as tentativas'],
  ['whatsapp', 'closed', 'encerrado antes do envio'],
  ['whatsapp', '987654', '(código 987654)'],
  ['messenger', '10/2018278', 'passou o prazo que o Messenger dá'],
  ['messenger', '100/2018300', 'passou o prazo que o Messenger dá'],
  ['messenger', '551/1545041', 'o Messenger não consegue entregar a esta pessoa'],
  ['messenger', '551', 'o Messenger não consegue entregar a esta pessoa'],
  ['messenger', '100/2018001', 'o Messenger não consegue entregar a esta pessoa'],
  ['messenger', '10/1893063', 'a conta do Messenger tem uma pendência'],
  ['messenger', '100/2018008', 'o arquivo não pôde ser processado'],
  ['messenger', '230', 'ainda não aceitou receber'],
  ['messenger', '613', 'limite de mensagens deste número'],
  ['messenger', '1200', 'o provedor está com problemas'],
  ['messenger', '10', 'falta uma permissão da Meta'],
  ['messenger', '190/463', 'desconectado pelo provedor'],
  ['messenger', 'window_closed', 'passou o prazo que o Messenger dá'],
  ['instagram', '10/2534022', 'passou o prazo que o Instagram dá'],
  ['instagram', '551', 'o Instagram não consegue entregar a esta pessoa'],
  ['instagram', '100/2534037', 'recusou o formato'],
  ['instagram', '368', 'a conta do Instagram tem uma pendência'],
]

describe('why it failed', () => {
  it.each(REASONS)('%s %s: %s', (channel, code, words) => {
    expect(explainFailure(i18n, failed(channel, code)).reason).toContain(words)
  })

  it('knows the window by its word where the code alone says something else', () => {
    const said = { errorDetail: 'This message is sent outside of allowed window.' }
    expect(explainFailure(i18n, failed('instagram', '10', said)).reason).toContain('passou o prazo')
    const owned = { errorDetail: 'Another app is controlling this thread now.' }
    expect(explainFailure(i18n, failed('messenger', '10', owned)).reason).toContain('outro aplicativo')
    expect(explainFailure(i18n, failed('whatsapp', '10', said)).reason).toContain('falta uma permissão')
  })

  it('names the right channel, in every language, and leaves no sentence open', () => {
    for (const locale of Object.keys(CATALOGS) as (keyof typeof CATALOGS)[]) {
      const words = i18nFor(locale, 'UTC')
      for (const [channel, code] of REASONS) {
        for (const errorClass of ['auth', 'throttled', 'retryable', 'permanent', 'ambiguous', null]) {
          const { reason, hint } = explainFailure(words, failed(channel, code, { errorClass }))
          expect(`${reason} ${hint}`).not.toMatch(/undefined|[{}]|\[object/)
          if (channel !== 'whatsapp') expect(`${reason} ${hint}`).not.toContain('WhatsApp')
        }
      }
    }
  })
})
