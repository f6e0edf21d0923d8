/** @jsxImportSource hono/jsx */
import { describe, expect, it } from 'vitest'
import { Composer, ComposerProblem, ComposerReset } from './composer.tsx'
import { rowFrame, threadFrame } from './live.tsx'
import { conversation, i18n, incoming, NOON, outgoing, tagsOf, threadOf } from './test-cast.ts'
import { CatchUp, Messages, OlderMessages, Thread } from './thread.tsx'
import { ThreadHead } from './thread-head.tsx'

const DAY = 86_400_000
const ordersOf = (html: string) => Array.from(html.matchAll(/data-order="([^"]+)"/g), (match) => match[1] ?? '')
const idsOf = (html: string) => Array.from(html.matchAll(/<article id="([^"]+)"/g), (match) => match[1])

describe('a thread', () => {
  it('shows its messages in their order, whatever order they came in', () => {
    const html = String(<Thread {...threadOf([incoming(3), incoming(1), outgoing(2)])} />)
    expect(idsOf(html)).toEqual(['m-m1', 'm-m2', 'm-m3'])
  })

  it('has a separator for each day, with a key that sorts before all of the day and after all before it', () => {
    const html = String(<Thread {...threadOf([incoming(1), incoming(2), incoming(3, { occurredAt: NOON + DAY })])} />)
    expect(html.match(/class="day"/g)).toHaveLength(2)
    const orders = ordersOf(html.slice(0, html.indexOf('<template')))
    const sorted = orders.toSorted((a, b) => a.localeCompare(b, undefined, { numeric: true }))
    expect(orders).toEqual(sorted)
  })

  it('puts the divider once, before the first message that nobody has read', () => {
    const html = String(<Thread {...threadOf([incoming(1), outgoing(2), incoming(3), incoming(4)], { unread: 2 })} />)
    expect(html.indexOf('Novas mensagens')).toBeGreaterThan(html.indexOf('m-m2'))
    expect(html.indexOf('Novas mensagens')).toBeLessThan(html.indexOf('m-m3'))
    expect(html.match(/id="first-unread"/g)).toHaveLength(1)
    expect(String(<Thread {...threadOf([incoming(1)])} />)).not.toContain('first-unread')
  })

  it('knows how far it has come, listens, and loads what is older', () => {
    const html = String(<Thread {...threadOf([incoming(1)])} olderHref="/conversations/c1/messages?before=1-1" />)
    expect(html).toContain('<data id="cursor-c1" value="7" data-seq="7">')
    expect(html).toContain('hx-ws:connect="/rooms/conversations/c1"')
    expect(html).toContain('hx-get="/conversations/c1/messages?before=1-1"')
    const page = String(<Thread {...threadOf([incoming(1)])} newerHref="/conversations/c1/messages?after=1-1" />)
    expect(page).not.toContain('hx-ws:connect')
    expect(page).toContain('href="/conversations/c1/messages?after=1-1"')
  })

  it('says so when the number is paused or cut off', () => {
    expect(String(<Thread {...threadOf([], { inboxStatus: 'paused' })} />)).toContain(
      'O número WhatsApp 1 está pausado',
    )
    expect(String(<Thread {...threadOf([], { inboxStatus: 'needs_reauth' })} />)).toContain(
      'foi desconectado pelo provedor',
    )
  })
})

describe('what changed', () => {
  it('is addressed to the list it belongs to, as an upsert in its order', () => {
    const html = String(<Messages i18n={i18n} of="c1" messages={[incoming(2), incoming(1)]} />)
    expect(html).toMatch(/^<hx-partial hx-target="#messages-c1" hx-swap="upsert key:data-order">/)
    expect(idsOf(html)).toEqual(['m-m1', 'm-m2'])
  })

  it('takes away the bubble that another took the place of', () => {
    const html = String(<Messages i18n={i18n} of="c1" messages={[outgoing(1, { supersededById: 'm2' })]} />)
    expect(html).toBe('<hx-partial hx-target="#m-m1" hx-swap="delete"></hx-partial>')
  })

  it('brings the page to the number it was asked for', () => {
    const html = String(<CatchUp i18n={i18n} conversation={conversation({ seq: 12 })} messages={[]} />)
    expect(html).toContain('<hx-partial hx-target="#thread-head-c1" hx-swap="outerMorph">')
    expect(html).toContain(
      '<hx-partial hx-target="#cursor" hx-swap="upsert"><data id="cursor-c1" value="12" data-seq="12"></data></hx-partial>',
    )
  })

  it('leads on to the page before, until there is none', () => {
    const older = (href: string | null) =>
      String(<OlderMessages i18n={i18n} conversationId="c1" messages={[incoming(1)]} olderHref={href} />)
    expect(older('/x')).toMatch(/^<p id="older-c1" class="more"><a href="\/x" hx-get="\/x"/)
    expect(older(null)).toMatch(/^<p id="older-c1" class="more" hidden="">/)
    expect(older(null).split('</p>')[0]).not.toContain('hx-get')
  })

  it('is drawn live as it is drawn in the page', () => {
    const bubble = String(<Messages i18n={i18n} of="c1" messages={[incoming(1)]} />)
    const head = String(<ThreadHead i18n={i18n} conversation={conversation()} />)
    expect(threadFrame(i18n, conversation(), [incoming(1)])).toContain(bubble)
    expect(threadFrame(i18n, conversation(), [])).toContain(
      `<hx-partial hx-target="#thread-head-c1" hx-swap="outerMorph">${head}</hx-partial>`,
    )
    expect(rowFrame(i18n, conversation(), NOON)).toMatch(
      /^<hx-partial hx-target="#conversation-list" hx-swap="place"><li id="conversation-c1"/,
    )
  })
})

describe('the composer', () => {
  const composer = (over: Partial<Parameters<typeof Composer>[0]> = {}) =>
    String(<Composer {...threadOf([])} {...over} />)

  it('posts the text once under its key, with or without script', () => {
    const html = composer()
    expect(html).toContain('method="post" action="/conversations/c1/messages" hx-post="/conversations/c1/messages"')
    expect(html).toContain('name="clientKey" value="0b9f4d0e-4a64-4d6e-8d57-6b8f0e6a2f11"')
    expect(html).toContain('hx-sync="this:drop"')
    expect(html).toMatch(/<label class="visually-hidden" for="composer-text">Responder<\/label>/)
  })

  it('keeps a draft to the letter, also one that begins with an empty line', () => {
    const html = composer({ draft: { body: '\n</textarea> olá', replyToId: 'm1' } })
    expect(html).toMatch(/<textarea[^>]*>\n\n&lt;\/textarea&gt; olá<\/textarea>/)
    expect(html).toContain('name="replyToId" value="m1"')
  })

  it('gives way to a sentence where nothing can be written', () => {
    expect(composer({ shut: 'window' })).toContain('A janela de 24 h fechou. Envie um modelo aprovado para retomar.')
    expect(composer({ shut: 'window' })).not.toContain('<textarea')
    expect(composer({ shut: 'channel' })).toContain('Ainda não é possível responder por este canal.')
    expect(composer({ conversation: conversation({ status: 'closed' }) })).toContain('Este atendimento foi encerrado')
  })

  it('says of somebody who is blocked that they are, with the way back in its place', () => {
    const shut = threadOf([], { blocked: true, status: 'closed', contactId: 'maria' })
    const html = String(<Thread {...shut} draft={{ body: 'Quase pronto', replyToId: null }} />)
    expect(html).toContain('data-shut="blocked"')
    expect(html).toContain('Este contato está bloqueado')
    expect(html).toContain('action="/contacts/maria/block?conversation=c1"')
    expect(html).toContain('Quase pronto')
    expect(html).not.toContain('<textarea')
    expect(html).not.toContain(i18n.t.acts.reopen)
  })

  it('has the reason beside the field, and the text as it was', () => {
    const problem = { code: 'too_long', details: { limit: 4096 } } as const
    const html = composer({ problem, draft: { body: 'longo', replyToId: null } })
    expect(html).toContain('O texto passa do limite de 4096 caracteres')
    expect(html).toContain('aria-invalid="true"')
    expect(html).toContain('longo</textarea>')
    expect(String(<ComposerProblem i18n={i18n} problem={{ code: 'invalid', details: { field: 'text' } }} />)).toContain(
      'Escreva uma mensagem antes de enviar.',
    )
  })

  it('gets a new key after each message that was stored', () => {
    expect(String(<ComposerReset conversationId="c1" clientKey="next" />)).toBe(
      '<hx-partial hx-target="#client-key-c1" hx-swap="outerHTML"><input type="hidden" id="client-key-c1" name="clientKey" value="next" autocomplete="off"/></hx-partial>',
    )
  })
})

it('text from outside adds no element and no attribute, wherever it is shown', () => {
  const evil = `"><img src=x onerror=alert(1)><hx-partial hx-target="#main">' onfocus='x`
  const plain = String(
    <Thread
      {...threadOf([incoming(1, { body: 'x' }), outgoing(2, { authorName: 'x' })], {
        contactName: 'x',
        inboxName: 'x',
      })}
    />,
  )
  const hostile = String(
    <Thread
      {...threadOf([incoming(1, { body: evil }), outgoing(2, { authorName: evil })], {
        contactName: evil,
        inboxName: evil,
      })}
    />,
  )
  const names = (html: string) => tagsOf(html.replaceAll(/="[^"]*"/g, ''))
  expect(names(hostile)).toEqual(names(plain))
})
