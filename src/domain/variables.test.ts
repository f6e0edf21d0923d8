import { describe, expect, it } from 'vitest'
import { blanksByHand, fillIn, fillInAll, firstBlank, protocolOf, type Values, valuesFor } from './variables.ts'

const values: Values = {
  name: 'Maria Souza',
  firstName: 'Maria',
  agent: 'Bruno Alves',
  protocol: '20261120-ABC123',
  number: '+55 11 90000-0001',
  department: null,
  greeting: 'boa tarde',
}

describe('blanks', () => {
  it.each([
    ['{{saudacao}}, {{primeiro_nome}}!', 'Boa tarde, Maria!'],
    ['{{ Saudação }}, {{NOME}}!', 'Boa tarde, Maria Souza!'],
    ['{{greeting}}, {{first_name}}: {{saludo}}, {{nombre}}', 'Boa tarde, Maria: boa tarde, Maria Souza'],
    [
      'Sou {{agente}}, protocolo {{protocolo}}, {{numero}}',
      'Sou Bruno Alves, protocolo 20261120-ABC123, +55 11 90000-0001',
    ],
    ['Custa {{valor}} no {{departamento}}', 'Custa {{valor}} no {{departamento}}'],
    ['{nome} {{7*7}} {{}} {{a b}} $& $1', '{nome} {{7*7}} {{}} {{a b}} $& $1'],
    ['{{constructor}} {{__proto__}}', '{{constructor}} {{__proto__}}'],
  ])('%s becomes %s', (text, filled) => {
    expect(fillIn(text, values)).toBe(filled)
  })

  it('are never looked for in what was filled in', () => {
    expect(fillIn('{{nome}}', { ...values, name: '{{agente}}' })).toBe('{{agente}}')
  })

  it('are found where one is left', () => {
    expect(firstBlank('Olá {{ valor }} e {{outro}}')).toBe('{{ valor }}')
    expect(firstBlank('Use chaves { assim } ou {{7*7}}')).toBeNull()
  })

  it.each([
    ['Olá, {{nome}}!', 'Olá!'],
    ['Olá {{nome}}, tudo bem?', 'Olá, tudo bem?'],
    ['{{saudacao}}, {{nome}}.', 'Boa tarde.'],
    ['Oi! *{{saudacao}}*.\n👋 {{saudacao}}', 'Oi! *Boa tarde*.\n👋 Boa tarde'],
    ['Maria, {{saudacao}}', 'Maria, boa tarde'],
  ])('of whom nobody knows the name go with the comma before them: %s', (text, filled) => {
    expect(fillInAll(text, { ...values, name: null })).toBe(filled)
  })

  it('that only a person can fill in are told apart', () => {
    expect(blanksByHand('{{nome}} {{agente}} {{valor}}')).toEqual(['{{agente}}', '{{valor}}'])
  })
})

describe('what is filled in', () => {
  const of = {
    id: '019a9f00-0000-7000-8000-0000001a2b3c',
    contactName: 'Maria Souza',
    inboxAddress: '+55 11 90000-0001',
    departmentName: 'Suporte',
    agentName: 'Bruno',
  } as const

  it.each([
    ['America/Sao_Paulo', 8, 'bom dia'],
    ['America/Sao_Paulo', 14, 'bom dia'],
    ['America/Sao_Paulo', 15, 'boa tarde'],
    ['America/Sao_Paulo', 21, 'boa noite'],
    ['America/Sao_Paulo', 7, 'boa noite'],
    ['America/Manaus', 15, 'bom dia'],
  ])('in %s at %i UTC one says %s', (timeZone, hour, greeting) => {
    const now = Date.UTC(2026, 10, 20, hour)
    expect(valuesFor({ ...of, timeZone, locale: 'pt-BR' }, now).greeting).toBe(greeting)
  })

  it('names a conversation by the end of its id', () => {
    expect(protocolOf(of.id)).toBe('001A-2B3C')
  })
})
