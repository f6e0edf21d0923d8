/** @jsxImportSource hono/jsx */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Contact, ContactImport, CustomField } from '../db/contact-records.ts'
import type { ErrorCode } from '../domain/errors.ts'
import { i18nFor } from '../i18n/index.ts'
import { BlockDialog } from './blocking.tsx'
import { FillIn } from './contact-fields.tsx'
import { ImportPage, ImportsPage } from './contact-imports.tsx'
import { ContactPage } from './contact-panel.tsx'
import { ConversationList, ConversationsPage, Counts, Row } from './conversations.tsx'
import { ErasureDialog } from './erasure.tsx'
import { ErrorPage, Notice } from './errors.tsx'
import { ICONS } from './icon.tsx'
import { InvitationOverPage, JoinPage } from './invitation.tsx'
import { Layout } from './layout.tsx'
import { ResetOverPage, ResetPage } from './password-reset.tsx'
import { ExportDialog, FileOverPage, FilePage } from './person-export.tsx'
import { QuickReplyChoicePage } from './quick-replies.tsx'
import { RetentionDialog } from './retention.tsx'
import { SecondStepPage } from './second-step.tsx'
import { type AgentEntry, AgentPage, AgentsPage } from './settings-agents.tsx'
import { AuditPage } from './settings-audit.tsx'
import { FieldPage, FieldRemovalPage, FieldsPage } from './settings-contact-fields.tsx'
import { DeactivationPage } from './settings-deactivation.tsx'
import { GreetingPage, HoursOfPage, HoursPage } from './settings-hours.tsx'
import { InboxRemovalPage } from './settings-inbox-states.tsx'
import { AllLettersPage } from './settings-letters.tsx'
import { ErasurePage, PrivacyPage } from './settings-privacy.tsx'
import { ProfilePage } from './settings-profile.tsx'
import { QuickRepliesPage, QuickReplyPage, QuickReplyRemovalPage } from './settings-quick-replies.tsx'
import { StartPage } from './settings-start.tsx'
import { StatusPage } from './settings-status.tsx'
import { SetupPage } from './setup.tsx'
import { SignInPage } from './sign-in.tsx'
import { ana, attempt, conversation, glimpse, i18n, incoming, NOON, outgoing, threadOf } from './test-cast.ts'
import { BeginPage, ConfirmPage, OnPage, RecoveryCodesPage } from './two-factor.tsx'

const agent = (over: Partial<AgentEntry>): AgentEntry => ({
  id: 'bruno',
  name: 'Bruno Alves',
  email: 'bruno@prosa.test',
  role: 'agent',
  deactivatedAt: null,
  departments: ['Suporte'],
  twoFactor: false,
  ...over,
})

const everyState = [
  incoming(1),
  incoming(2, { type: 'image' }),
  outgoing(3, { state: 'failed', attempt: attempt({ state: 'failed', errorCode: '131026' }) }),
  outgoing(4, { state: 'unknown', attempt: attempt({ state: 'unknown' }) }),
  outgoing(5, {
    state: 'queued',
    attempt: attempt({ state: 'queued', errorClass: 'throttled', notBefore: NOON + 1e7 }),
  }),
]
const quickReply = {
  ...{ id: 'q1', scope: 'department' as const, departmentName: 'Suporte', shortcut: 'oi', body: 'Olá, {{nome}}!' },
  ...{ uses: 3, files: 1, mayChange: true },
} as const
const offered = { ...quickReply, text: 'Olá, Maria!' }
const filter = {
  view: 'all' as const,
  inboxId: null,
  departmentId: null,
  agentId: null,
  status: null,
  tagIds: [],
  groupId: null,
  viewerId: 'ana',
  query: '',
  remembered: '',
}
const head = {
  views: (['mine', 'queue', 'all', 'closed'] as const).map((view) => ({
    view,
    href: `/conversations?view=${view}`,
    active: view === 'all',
    count: view === 'queue' ? 120 : 0,
  })),
  numbers: [
    {
      id: null,
      name: 'Todos os números',
      detail: null,
      channel: null,
      state: null,
      href: '/a',
      active: true,
      unread: 0,
    },
    {
      id: 'w',
      name: 'WhatsApp 1',
      detail: '+55 11 90000-0001',
      channel: 'whatsapp' as const,
      state: 'needs_reauth' as const,
      href: '/b',
      active: false,
      unread: 2,
    },
  ],
  chips: [{ name: 'Suporte', hrefWithout: '/conversations?view=all' }],
  clearHref: '/conversations?view=all',
  filtersHref: '/conversations/filters?view=all',
}
const list = {
  filter,
  rows: [conversation({ unread: 3 })],
  now: NOON,
  older: '/conversations?before=1-a',
  newer: '/conversations?after=1-a',
}

const file = (over: Partial<ContactImport>): ContactImport => ({
  ...{ id: 'f1', authorId: 'ana', authorName: 'Ana', fileName: 'clientes.csv', objectKey: 'k', delimiter: ';' },
  ...{ mapping: ['phone'], country: 'BR', overwrites: false, state: 'checked', refusal: null, createdAt: NOON },
  ...{ total: 9, cursor: 3, created: 4, matched: 2, problems: 3, newTags: 1, newGroups: 2, ...over },
})
const importing = (over: Partial<ContactImport>) => (
  <ImportPage
    i18n={i18n}
    file={file(over)}
    columns={[{ name: 'column.0', heading: '', examples: ['11 91234-5678'], is: 'phone' }]}
    fields={[{ id: 'c', name: 'Cidade', nameKey: 'cidade', kind: 'text', choices: [], version: 1 }]}
    countries={[{ code: 'BR', calling: '55' }]}
    problems={[{ line: 4, code: 'double', detail: '2' }]}
    problem={{ code: 'invalid', details: { why: 'noPhone' } }}
  />
)
const ERASURE = {
  ...{ id: 'e1', contact_id: 'c1', requested_by_id: 'a1', requested_by: 'Ana', requested_at: NOON, step: 'done' },
  ...{ cursor: '', subject: null, counts: '{"messages":9,"comments":1}', finished_at: NOON },
}
const OTP_URI = 'otpauth://totp/Prosa:ana%40prosa.test?secret=JBSWY3DPEHPK3PXP&issuer=Prosa&digits=6&period=30'

const fields: CustomField[] = [
  { id: 'f1', name: 'Cidade', nameKey: 'cidade', kind: 'text', choices: [], version: 1 },
  { id: 'f2', name: 'Plano', nameKey: 'plano', kind: 'choice', choices: ['Ouro', 'Prata'], version: 2 },
]
const ofField = { problem: { code: 'invalid', details: { why: 'noChoices' } }, name: 'x', choices: '' } as const

const BLOCKED: Contact = {
  ...{ id: 'c1', name: 'Mariana', profileName: null, phone: '+5511999990001', version: 1, mergedIntoId: null },
  ...{ erasedAt: null, blockedAt: NOON, blockedByName: 'Ana', createdAt: NOON },
}

const PAGES = {
  'block dialog': (
    <BlockDialog
      i18n={i18n}
      contactId="c1"
      conversationId="v1"
      name="Mariana"
      open={2}
      busy={false}
      back="/contacts/c1"
    />
  ),
  'block dialog of somebody busy': (
    <BlockDialog i18n={i18n} contactId="c1" conversationId={null} name="Mariana" open={1} busy back="/contacts/c1" />
  ),
  'contact who is blocked': (
    <ContactPage
      i18n={i18n}
      contact={BLOCKED}
      conversationId={null}
      content={{ tab: 'data', tags: [], addresses: [], merges: [], mayErase: true, values: [] }}
      asked
    />
  ),
  'thread of somebody blocked': (
    <ConversationsPage
      i18n={i18n}
      head={head}
      list={{ ...list, rows: [conversation({ blocked: true, status: 'closed' })] }}
      thread={threadOf([incoming(1)], { blocked: true, status: 'closed' })}
    />
  ),
  fields: <FieldsPage i18n={i18n} viewer={ana} fields={fields} newId="f3" refused={ofField} />,
  field: <FieldPage i18n={i18n} field={fields[1] as CustomField} refused={null} />,
  'field to remove': <FieldRemovalPage i18n={i18n} field={fields[0] as CustomField} uses={2} mostCounted={100} />,
  'details to fill in': (
    <FillIn
      i18n={i18n}
      contactId="c1"
      name="Maria"
      values={fields.map((field) => ({ field, value: 'Ouro', typed: undefined }))}
      problem={{ code: 'invalid', details: { field: 'f1', why: 'fieldLong' } }}
    />
  ),
  imports: (
    <ImportsPage
      i18n={i18n}
      newId="f2"
      imports={[file({}), file({ id: 'f3', fileName: null, state: 'done' })]}
      limits={{ lines: 20_000, megabytes: 5 }}
      problem={{ code: 'invalid', details: { why: 'notATable', line: 7 } }}
    />
  ),
  'import to map': importing({ state: 'mapping' }),
  'import tried out': importing({}),
  'import at work': importing({ state: 'importing' }),
  'import done': importing({ state: 'done', objectKey: null }),
  'import refused': importing({ state: 'refused', refusal: 'notATable:12' }),
  'sign-in': <SignInPage i18n={i18n} email="" next="/conversations" />,
  list: <ConversationsPage i18n={i18n} head={head} list={list} thread={null} />,
  thread: (
    <ConversationsPage
      i18n={i18n}
      head={head}
      list={list}
      thread={threadOf(everyState, { unread: 1, inboxStatus: 'paused' })}
    />
  ),
  'closed thread': (
    <ConversationsPage i18n={i18n} head={head} list={list} thread={threadOf([], { status: 'closed' })} />
  ),
  agents: (
    <AgentsPage
      i18n={i18n}
      viewer={ana}
      agents={[agent({}), agent({ id: 'x', deactivatedAt: NOON })]}
      inviting={{
        id: 'i1',
        open: [{ id: 'i0', role: 'agent', departments: '["Suporte"]', invited_by: 'Ana', expires_at: NOON }],
        places: [
          { kind: 'department', id: 'd1', name: 'Suporte' },
          { kind: 'inbox', id: 'n1', name: 'Loja' },
        ],
        link: 'http://localhost:8787/invite/0f',
      }}
    />
  ),
  'quick replies': (
    <QuickRepliesPage i18n={i18n} viewer={ana} replies={[quickReply, { ...quickReply, id: 'q2' }]} words="oi" more />
  ),
  'no quick reply': <QuickRepliesPage i18n={i18n} viewer={ana} replies={[]} words="" more={false} />,
  'a quick reply': (
    <QuickReplyPage
      i18n={i18n}
      viewer={ana}
      reply={{ ...quickReply, version: 1 }}
      newId=""
      typed={{ shortcut: 'oi', body: '', owner: '' }}
      departments={[]}
      files={[{ id: 'f1', mime_type: 'text/plain', file_name: 'tabela.txt', size: 12, object_key: 'k' }]}
      mostFiles={5}
      problem={{ code: 'invalid', details: { field: 'body', why: 'blank' } }}
    />
  ),
  'a new quick reply': (
    <QuickReplyPage
      i18n={i18n}
      viewer={ana}
      reply={null}
      newId="q3"
      typed={{ shortcut: '', body: '', owner: 'personal' }}
      departments={[{ id: 'd1', name: 'Suporte' }]}
      files={[]}
      mostFiles={5}
    />
  ),
  'choosing a quick reply': (
    <QuickReplyChoicePage i18n={i18n} conversationId="c1" replies={[offered]} words="" contactName="Maria Souza" />
  ),
  'removing a quick reply': <QuickReplyRemovalPage i18n={i18n} reply={{ id: 'q1', shortcut: 'oi' }} />,
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
  start: (
    <StartPage
      i18n={i18n}
      viewer={ana}
      started={{ departments: 2, inboxes: 0, people: 1, quickReplies: 0 }}
      demonstration={{ loaded: 0, offered: 1, conversations: 0 }}
    />
  ),
  'start with a demonstration': (
    <StartPage
      i18n={i18n}
      viewer={ana}
      started={{ departments: 1, inboxes: 0, people: 1, quickReplies: 0 }}
      demonstration={{ loaded: 1, offered: 0, conversations: 14 }}
    />
  ),
  privacy: <PrivacyPage i18n={i18n} viewer={ana} erasures={[ERASURE]} retention={90} choices={[0, 90, 180]} />,
  erasure: <ErasurePage i18n={i18n} viewer={ana} erasure={ERASURE} />,
  'export dialog': <ExportDialog i18n={i18n} contactId="c1" name="Mariana" link="http://localhost:8787/exports/0f" />,
  'export file': <FilePage i18n={i18n} token="0f" />,
  'export over': <FileOverPage i18n={i18n} />,
  'retention dialog': (
    <RetentionDialog
      i18n={i18n}
      days={90}
      was={0}
      going={{ conversations: 2, messages: 10_001, files: 0 }}
      mostCounted={10_000}
      changed
    />
  ),
  'erasure dialog': (
    <ErasureDialog
      i18n={i18n}
      contactId="c1"
      name="Mariana"
      taken={{ conversations: 2, messages: 9, files: 1, comments: 1, tags: 0, groups: 0, addresses: 1 }}
      typed="Maria"
    />
  ),
  audit: (
    <AuditPage
      i18n={i18n}
      viewer={ana}
      fields={{ who: 'system', what: 'session.refused', from: '2026-11-20', until: '', target: 'bruno' }}
      entries={[
        {
          id: 'l1',
          at: NOON,
          actor: { id: 'ana', name: 'Ana' },
          action: 'agent.role_changed',
          target: { type: 'agent', id: 'bruno', name: 'Bruno', role: 'agent', placeId: null },
          detail: { from: 'agent', to: 'admin' },
        },
        { id: 'l2', at: NOON, actor: null, action: 'access.denied', target: null, detail: { method: 'GET' } },
      ]}
      actors={[{ id: 'bruno', name: 'Bruno' }]}
      names={new Map()}
      older="/settings/audit?before=1-a"
      isLater
    />
  ),
  status: (
    <StatusPage
      i18n={i18n}
      viewer={ana}
      inboxes={[
        {
          ...{ id: 'n1', channel: 'whatsapp', name: 'Loja', address: '+55', status: 'active', statusReason: null },
          ...{ departmentId: null, departmentName: null, agents: 1, version: 1, link: null, accessEndsAt: NOON },
          health: {
            ...{ pending: 3, waiting: 2, dead: 1, orphans: 4, erased: 5, oldestAt: NOON, lagMs: 90_000 },
            ...{ refused: false, lastInAt: NOON, lastOutAt: null },
          },
          outbox: { queued: 1, queuedAt: NOON, unknown: 2, failed: 0, most: 100 },
        },
      ]}
      files={{ files: 3, bytes: 4_000_000_000 }}
      database={{ pages: 12, bytes: 49_152 }}
      dumps={[
        { at: NOON + 1, key: 'dumps/w/2', rows: 2_345, bytes: 0, sha256: '', failed: null, isWhole: false },
        { at: NOON, key: null, rows: 0, bytes: 0, sha256: '', failed: 'cut_off', isWhole: false },
        { at: NOON - 1e8, key: 'dumps/w/1', rows: 12_345, bytes: 49_152, sha256: 'ab12', failed: null, isWhole: true },
      ]}
      build={{ version: '1.0.0', commit: 'abc', compatibilityDate: '2026-10-20' }}
      schema={{ known: '0013_accounts', newest: '0013_accounts' }}
      now={NOON}
    />
  ),
  letters: (
    <AllLettersPage
      i18n={i18n}
      viewer={ana}
      inboxes={[{ id: 'n1', name: 'Loja' }]}
      letters={[
        { id: 1, kind: 'status', receivedAt: NOON, tries: 8, reason: 'TypeError', inbox: { id: 'n1', name: 'Loja' } },
      ]}
      reasons={['TypeError']}
      chosen={{ inbox: '', reason: 'TypeError' }}
      unheard={['Loja']}
      withoutReason
    />
  ),
  removal: (
    <InboxRemovalPage
      i18n={i18n}
      inbox={{ id: 'n1', name: 'Loja', status: 'active' }}
      uses={{ open: 1, closed: 10_001, contacts: 2, messages: 3, mostCounted: 10_000, siblings: ['Outra'] }}
    />
  ),
  setup: (
    <SetupPage
      i18n={i18n}
      open
      timeZones={['America/Sao_Paulo']}
      given={{}}
      problems={{ code: 'O código não confere.' }}
    />
  ),
  join: (
    <JoinPage
      i18n={i18n}
      token="0f"
      offered={{ id: 'i0', workspace_id: 'w', workspace_name: 'Padaria', role: 'agent', invited_by: 'Ana' }}
      given={{ name: 'Nina' }}
      problems={{ email: 'Confira o e-mail.' }}
    />
  ),
  invitationOver: <InvitationOverPage i18n={i18n} />,
  deactivation: (
    <DeactivationPage
      i18n={i18n}
      agent={agent({})}
      open={3}
      successors={[
        { id: 'diego', name: 'Diego', open: 1, takes: 3 },
        { id: 'carla', name: 'Carla', open: 0, takes: 2 },
      ]}
      refused={{ form: 'deactivation', problem: { code: 'invalid', details: { why: 'gone' } }, value: 'carla' }}
    />
  ),
  profile: (
    <ProfilePage
      i18n={i18n}
      viewer={ana}
      sessions={[
        { id: 's', createdAt: NOON, lastSeenAt: NOON, current: true, userAgent: null },
        { id: 'r', createdAt: NOON, lastSeenAt: NOON, current: false, userAgent: 'Fox <7>' },
      ]}
      twoFactor={false}
      done="password"
      refused={{ form: 'next', problem: { code: 'invalid', details: { why: 'common' } }, value: '' }}
    />
  ),
  'two-factor off': <BeginPage i18n={i18n} viewer={ana} wrong />,
  'two-factor begun': <ConfirmPage i18n={i18n} viewer={ana} uri={OTP_URI} setup="x.y" wrong />,
  'two-factor on': <OnPage i18n={i18n} viewer={ana} left={1} wrong="codes" />,
  'recovery codes': <RecoveryCodesPage i18n={i18n} viewer={ana} codes={['aB3dE-fG5hJ', 'kL7mN-pQ9rS']} />,
  'a new password': (
    <ResetPage i18n={i18n} token="0f" email="ana@prosa.test" problem="A senha precisa ter de 12 a 256 caracteres." />
  ),
  'a link that is over': <ResetOverPage i18n={i18n} />,
  'a colleague': (
    <AgentPage
      i18n={i18n}
      viewer={ana}
      agent={agent({ role: 'supervisor', twoFactor: true })}
      places={[
        { kind: 'department', id: 'd1', name: 'Suporte', inside: true },
        { kind: 'inbox', id: 'n1', name: 'Loja', inside: false },
      ]}
      link="http://localhost:8787/reset/0f"
    />
  ),
  'second step': <SecondStepPage i18n={i18n} next="/conversations" problem={{ code: 'unauthenticated' }} />,
  error: <ErrorPage i18n={i18n} code="not_found" requestId="r1" />,
  notice: <Notice i18n={i18n} code="forbidden" requestId="r1" />,
}

describe.each(Object.entries(PAGES))('the page %s', (_, page) => {
  const html = String(
    <Layout i18n={i18n} title="Título" viewer={ana}>
      {page}
    </Layout>,
  )

  it('holds nothing that the content policy would have to allow', () => {
    expect(html).not.toMatch(/\shx-on|["\s]js:|javascript:|\sstyle=|\shx-live|hx-trigger="[^"]*\[/)
    expect(html.match(/<script[^>]*>/g)).toEqual([expect.stringMatching(/^<script src="\/assets\/[\w.-]+" defer="">$/)])
    expect(html).not.toMatch(/<style|\son[a-z]+=/)
  })

  it('gives every id once', () => {
    const ids = Array.from(html.matchAll(/\sid="([^"]+)"/g), (match) => match[1])
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([])
  })

  it('has one heading of the first order', () => {
    expect(html.match(/<h1/g) ?? []).toHaveLength(page === PAGES.notice ? 0 : 1)
  })

  it('leaves no value out of a sentence', () => {
    const shown = html.replace(/content="[^"]*"/g, '').replace(/\sdata-[\w-]+="[^"]*"/g, '')
    expect(shown).not.toMatch(/(?<!\{)\{[a-z]+\}|undefined|\[object|NaN/)
  })
})

describe('the document', () => {
  const drawn = (theme: 'system' | 'dark', locale: 'pt-BR' | 'es') =>
    String(<Layout i18n={i18nFor(locale, 'UTC')} title="Conversas" viewer={{ ...ana, theme, locale }} unread={4} />)

  it('speaks the language and wears the theme that the person chose', () => {
    expect(drawn('dark', 'es')).toMatch(/^<html lang="es" data-theme="dark">/)
    expect(drawn('system', 'pt-BR')).toMatch(/^<html lang="pt-BR">/)
    expect(drawn('system', 'pt-BR')).toContain('4 não lidas')
  })

  it('keeps what must outlive a navigation outside of what is swapped', () => {
    const html = drawn('system', 'pt-BR')
    const main = html.slice(html.indexOf('<main'), html.indexOf('</main>'))
    for (const id of ['workspace-socket', 'toasts', 'announcer', 'connection', 'confirm', 'counts']) {
      expect(html).toContain(`id="${id}"`)
      expect(main).not.toContain(`id="${id}"`)
    }
    expect(html).toContain('hx-boost:inherited="target:#main select:#main swap:outerHTML"')
  })

  it('opens no socket for somebody who is not signed in', () => {
    const html = String(<Layout i18n={i18n} title="Entrar" />)
    expect(html).not.toContain('hx-ws:connect')
    expect(html).not.toContain('/sign-out')
  })
})

describe('the list', () => {
  it('has a row for each conversation, with all that a viewer needs to be told apart', () => {
    const html = String(
      <Row
        i18n={i18n}
        row={conversation({ unread: 3, assigneeId: 'ana', assigneeName: 'Ana Lima' })}
        now={NOON}
        active
      />,
    )
    expect(html).toMatch(
      /^<li id="conversation-c1" class="row" data-conversation-id="c1" data-seq="7" data-order="\d{15}-c1" data-status="open" data-unread="3" data-assignee-id="ana"[^>]* data-identity-id="[^"]+"/,
    )
    expect(html).toContain('href="/conversations/c1" hx-get="/conversations/c1" hx-target="#thread"')
    expect(html).toContain('aria-current="true"')
    expect(html).toContain('3 não lidas')
    expect(html).toContain('>12:00<')
  })

  it('waits for nobody once it is over', () => {
    const drawn = (of: object) =>
      String(<Row i18n={i18n} row={conversation({ assigneeName: null, ...of })} now={NOON} active />)
    expect(drawn({ status: 'open' })).toContain('Aguardando')
    expect(drawn({ status: 'closed' })).not.toContain('Aguardando')
    expect(drawn({ status: 'closed' })).toContain('Encerrado')
  })

  it('calls somebody without a name by their number, as people read numbers', () => {
    const row = conversation({ contactName: null, contactPhone: '+5581988881000' })
    expect(String(<Row i18n={i18n} row={row} now={NOON} />)).toContain('+55 81 98888-1000')
  })

  it('shows the date of what is not of today', () => {
    expect(String(<Row i18n={i18n} row={conversation()} now={NOON + 86_400_000} />)).toContain('>20/11<')
  })

  it('says who wrote last, and what it was', () => {
    const last = (over: object) =>
      String(
        <Row
          i18n={i18n}
          row={conversation({
            last: {
              ...glimpse({ direction: 'outgoing', body: 'Até logo' }),
              kind: 'message',
              state: 'failed',
              ...over,
            },
          })}
          now={NOON}
        />,
      )
    expect(last({})).toContain('você: ')
    expect(last({})).toContain('aria-label="falhou"')
    expect(last({ type: 'audio', body: null, direction: 'incoming', state: 'received' })).toContain('Áudio')
  })

  it('goes on by a link that also works without script', () => {
    const html = String(
      <ConversationList i18n={i18n} filter={filter} rows={[]} now={NOON} older="/conversations?before=1-a" />,
    )
    expect(html).toContain('<a href="/conversations?before=1-a" hx-get="/conversations?before=1-a"')
    expect(html).toContain('Nenhuma conversa por aqui ainda.')
  })

  it('says what an empty list means, and what to do about it', () => {
    const empty = (over: Partial<typeof filter> | { view: 'mine' | 'queue' }) =>
      String(<ConversationList i18n={i18n} filter={{ ...filter, ...over }} rows={[]} now={NOON} />)
    expect(empty({ view: 'mine' })).toContain('Nada por aqui. Pegue o próximo da fila.')
    expect(empty({ view: 'mine' })).toContain('<a href="/conversations?view=queue">Ir para a Fila</a>')
    expect(empty({ view: 'queue' })).toContain('Fila vazia. Bom trabalho!')
    expect(empty({ tagIds: ['vip'] as never })).toContain('Nenhuma conversa com estes filtros.')
  })

  it('says above it which view, number and filter are on, with a way out of each', () => {
    const html = String(<ConversationsPage i18n={i18n} head={head} list={list} thread={null} />)
    expect(html).toMatch(/aria-current="page">Todas/)
    expect(html).toContain('id="count-queue" class="view-count">99+')
    expect(html).toContain('desconectado')
    expect(html).toContain('aria-label="Remover filtro: Suporte"')
    expect(html).toContain('Limpar filtros')
  })

  it('counts what waits to be read', () => {
    expect(String(<Counts i18n={i18n} unread={0} />)).toContain('hidden')
    expect(String(<Counts i18n={i18n} unread={120} />)).toContain('99+')
  })
})

describe('signing in', () => {
  it('says the same whatever was wrong', () => {
    const told = (['unauthenticated', 'not_found', 'forbidden', 'invalid'] as ErrorCode[]).map((code) =>
      String(<SignInPage i18n={i18n} email="a@b.c" next="/" problem={{ code }} />),
    )
    expect(new Set(told).size).toBe(1)
    expect(told[0]).toContain('E-mail ou senha incorretos')
  })

  it('says when it was tried too often', () => {
    const html = String(
      <SignInPage i18n={i18n} email="" next="/" problem={{ code: 'too_many_requests', details: { retryAfter: 90 } }} />,
    )
    expect(html).toContain('90 segundos')
  })
})

describe('the agents', () => {
  const shown = (role: 'owner' | 'admin' | 'agent', entry: Partial<AgentEntry>) =>
    String(<AgentsPage i18n={i18n} viewer={{ ...ana, role }} agents={[agent(entry)]} />)

  it('can be let out and in by who may', () => {
    expect(shown('owner', {})).toContain('aria-label="Desativar Bruno Alves"')
    expect(shown('owner', {})).toContain('href="/settings/agents/bruno/deactivation"')
    expect(shown('owner', { deactivatedAt: NOON })).toContain('name="_method" value="DELETE"')
  })

  it('cannot be by others, nor by themselves', () => {
    expect(shown('agent', {})).not.toContain('/deactivation')
    expect(shown('admin', { role: 'owner' })).not.toContain('/deactivation')
    expect(shown('owner', { id: 'ana' })).not.toContain('/deactivation')
    expect(shown('admin', { role: 'owner', deactivatedAt: NOON })).not.toContain('/deactivation')
  })
})

it('the sprite holds the icons that the pages use', () => {
  const listed = JSON.parse(readFileSync(new URL('../assets/icons/icons.json', import.meta.url), 'utf8'))
  expect(listed).toEqual([...ICONS])
})
