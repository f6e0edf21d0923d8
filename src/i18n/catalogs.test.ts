import { describe, expect, it } from 'vitest'
import { CATALOGS, fill, i18nFor, localeFrom, placeholders } from './index.ts'

/** Every sentence of a catalog by its path. */
function sentences(of: object, path = ''): Map<string, string> {
  const found = new Map<string, string>()
  for (const [key, value] of Object.entries(of)) {
    if (typeof value === 'string') found.set(`${path}${key}`, value)
    else for (const [inner, text] of sentences(value, `${path}${key}.`)) found.set(inner, text)
  }
  return found
}

const source = sentences(CATALOGS['pt-BR'])

describe.each(Object.entries(CATALOGS))('the catalog of %s', (_, catalog) => {
  const own = sentences(catalog)

  it('has the sentences of the others, and no more', () => {
    expect([...own.keys()].sort()).toEqual([...source.keys()].sort())
  })

  it('leaves no sentence empty', () => {
    expect([...own].filter(([, text]) => text.trim() === '')).toEqual([])
  })

  it('names the same values in each sentence', () => {
    for (const [path, text] of own) {
      expect([path, placeholders(text).sort()]).toEqual([path, placeholders(source.get(path) ?? '').sort()])
    }
  })

  it('counts in both forms of every plural', () => {
    for (const path of own.keys()) {
      if (!path.endsWith('.one')) continue
      expect(placeholders(own.get(path) ?? '')).toContain('n')
      expect(placeholders(own.get(path.replace(/\.one$/, '.other')) ?? '')).toContain('n')
    }
  })
})

describe('i18n', () => {
  const i18n = i18nFor('pt-BR', 'America/Sao_Paulo')
  const at = Date.UTC(2026, 10, 20, 13, 5, 30)

  it('writes times as the language does, in the time zone of the workspace', () => {
    expect(i18n.time(at)).toBe('10:05')
    expect(i18n.date(at)).toBe('20/11')
    expect(i18n.dateTime(at)).toBe('20/11/2026 10:05')
    expect(i18n.moment(at)).toBe('20/11/2026 10:05:30')
    expect(i18n.day(at)).toBe('sexta-feira, 20 de novembro de 2026')
    expect(i18nFor('en', 'America/New_York').time(at)).toBe('8:05 AM')
    expect(i18nFor('es', 'UTC').time(at)).toBe('13:05')
  })

  it('finds where a day begins, also on the days on which the clocks change', () => {
    for (const [zone, moment] of [
      ['America/Sao_Paulo', at],
      ['America/New_York', Date.UTC(2026, 2, 8, 15)],
      ['America/New_York', Date.UTC(2026, 10, 1, 20)],
      ['America/Sao_Paulo', Date.UTC(2018, 10, 4, 18)],
      ['America/Sao_Paulo', Date.UTC(2018, 10, 4, 3, 10)],
      ['Asia/Kolkata', at],
    ] as const) {
      const { dayStart, dayKey } = i18nFor('en', zone)
      const start = dayStart(moment)
      expect(dayKey(start)).toBe(dayKey(moment))
      expect(dayKey(start - 1)).not.toBe(dayKey(moment))
    }
  })

  it('says one and many apart', () => {
    const { t } = i18n
    expect(i18n.count(t.list.unread, 1)).toBe('1 não lida')
    expect(i18n.count(t.list.unread, 3)).toBe('3 não lidas')
    expect(i18n.count(t.list.unread, 0)).toBe('0 não lidas')
    expect(i18n.count(t.connection.recovered, 4)).toBe('Conectado. 4 mensagens recuperadas')
  })

  it('tells an error with its details where they are known, and plainly where not', () => {
    expect(i18n.error('already_taken', { name: 'Ana' })).toBe('Ana já aceitou este atendimento.')
    expect(i18n.error('already_taken')).toBe('Outra pessoa já aceitou este atendimento.')
    expect(i18n.error('not_found', { unused: 1 })).toContain('não existe mais')
  })

  it('says a wait in the unit that people would say it in', () => {
    const said = (retryAfter: number) => i18n.error('too_many_requests', { retryAfter })
    expect(said(1)).toContain('em 1 segundo.')
    expect(said(119)).toContain('em 119 segundos.')
    expect(said(601)).toContain('em 11 minutos.')
    expect(said(86_399)).toContain('em 24 horas.')
    expect(i18nFor('en', 'UTC').error('too_many_requests', { retryAfter: 7200 })).toContain('in 2 hours.')
    expect(i18nFor('es', 'UTC').error('too_many_requests', { retryAfter: 120 })).toContain('en 2 minutos.')
  })

  it('never reads a value as a sentence', () => {
    expect(fill('{name} e {text}', { name: '{text}', text: 'x' })).toBe('{text} e x')
  })

  it('takes the first language of the browser that it speaks', () => {
    expect(localeFrom(null)).toBe('pt-BR')
    expect(localeFrom('fr, en;q=0.8, es;q=0.9')).toBe('es')
    expect(localeFrom('pt-PT,en')).toBe('pt-BR')
    expect(localeFrom('en-GB,en;q=0.9')).toBe('en')
    expect(localeFrom('de;q=1, en;q=0')).toBe('pt-BR')
    expect(localeFrom(';;q=,,,-')).toBe('pt-BR')
  })
})
