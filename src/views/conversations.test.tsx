/** @jsxImportSource hono/jsx */
import { describe, expect, it } from 'vitest'
import { describePages } from '../../test/support/pages.tsx'
import { ConversationList, ConversationsPage, Counts, Row } from './conversations.tsx'
import { attempt, conversation, glimpse, i18n, incoming, NOON, outgoing, threadOf } from './test-cast.ts'

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

describePages({
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
  'thread of somebody blocked': (
    <ConversationsPage
      i18n={i18n}
      head={head}
      list={{ ...list, rows: [conversation({ blocked: true, status: 'closed' })] }}
      thread={threadOf([incoming(1)], { blocked: true, status: 'closed' })}
    />
  ),
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
