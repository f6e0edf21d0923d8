/** @jsxImportSource hono/jsx */

import { describePages } from '../../test/support/pages.tsx'
import { GreetingPage, HoursOfPage, HoursPage } from './settings-hours.tsx'
import { ana, i18n } from './test-cast.ts'

describePages({
  hours: (
    <HoursPage
      i18n={i18n}
      viewer={ana}
      timeZone="America/Sao_Paulo"
      hours={[
        { id: 'workspace', name: null, answer: 'Voltamos às 8h.', days: ['', ...Array(6).fill('08:00-18:00')] },
        { id: 'd1', name: 'Suporte', answer: null, days: Array(7).fill('') },
      ]}
      holidays={[
        { day: '12-25', name: 'Natal', next: '2026-12-25' },
        { day: '2026-01-02', name: 'Ponte', next: null },
      ]}
      greetings={[
        { id: 'i1', name: 'WhatsApp 1', body: 'Olá!', once: 'contact' },
        { id: 'i2', name: 'Loja', body: null, once: null },
      ]}
      typed={{ name: '', day: 'x', yearly: true, problem: { code: 'invalid', details: { field: 'day', why: 'day' } } }}
    />
  ),
  'hours of a department': (
    <HoursOfPage
      i18n={i18n}
      viewer={ana}
      of={{ id: 'd1', name: 'Suporte', version: 0 }}
      days={Array(7).fill('8-')}
      answer="Voltamos"
      preview="Voltamos"
      problem={{ code: 'invalid', details: { field: 'day1', why: 'hours' } }}
    />
  ),
  'a greeting': (
    <GreetingPage
      i18n={i18n}
      viewer={ana}
      inbox={{ id: 'i1', name: 'WhatsApp 1', version: 1 }}
      body="Olá, {{valor}}"
      once="conversation"
      preview=""
      problem={{ code: 'invalid', details: { field: 'body', why: 'blank', blank: '{{valor}}' } }}
    />
  ),
})
