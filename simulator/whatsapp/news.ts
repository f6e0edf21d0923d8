/** What the provider tells of the account: its past, its address book, its templates, its trouble. */
import type { Menu, Simulation, Told } from '../provider.ts'
import type { Customer, Inbox, Message } from '../state.ts'
import { businessAccountOf, digitsOf } from './addresses.ts'
import { accountPayload, contentOf, payload, personOf, seconds, told } from './payloads.ts'

export const NEWS: Menu = {
  history: 'Histórico do celular',
  history_media: 'Arquivos do histórico',
  history_declined: 'Histórico recusado',
  address_book: 'Agenda: contato novo',
  address_book_remove: 'Agenda: contato apagado',
  template_approved: 'Modelo aprovado',
  template_rejected: 'Modelo recusado',
  template_paused: 'Modelo pausado',
  partner_removed: 'Número desconectado',
  account_restricted: 'Conta restrita',
  rate_error: 'Erro da conta (130429)',
}

const TEMPLATE_EVENTS: Record<string, [event: string, reason: string]> = {
  template_approved: ['APPROVED', 'NONE'],
  template_rejected: ['REJECTED', 'INVALID_FORMAT'],
  template_paused: ['PAUSED', 'NONE'],
}

export function news(of: Simulation, inbox: Inbox, customer: Customer | null, what: string): Told[] {
  const [event, reason] = TEMPLATE_EVENTS[what] ?? []
  const body = event ? templateNews(inbox, event, reason ?? 'NONE') : (NEWS_OF[what]?.(of, inbox, customer) ?? null)
  return body === null ? [] : [told(what, body)]
}

const templateNews = (inbox: Inbox, event: string, reason: string) =>
  accountPayload(
    inbox,
    'message_template_status_update',
    {
      event,
      message_template_id: 1689556908129832,
      message_template_name: 'pedido_pronto',
      message_template_language: 'pt_BR',
      reason,
      message_template_category: 'UTILITY',
    },
    Date.now(),
  )

type NewsOf = (of: Simulation, inbox: Inbox, customer: Customer | null) => unknown

const NEWS_OF: Record<string, NewsOf> = {
  history: (of, inbox) => historyChunk(of, inbox),
  history_media: (of, inbox) => historyMedia(of, inbox),
  history_declined: (_, inbox) =>
    payload(inbox, 'history', {
      history: [
        {
          errors: [
            {
              code: 2593109,
              title: 'History sync is turned off by the business from the WhatsApp Business App',
              message: 'History sync is turned off by the business from the WhatsApp Business App',
              error_data: { details: 'History sharing is turned off by the business' },
            },
          ],
        },
      ],
    }),
  address_book: (of, inbox, customer) => addressBook(of, inbox, customer, 'add'),
  address_book_remove: (of, inbox, customer) => addressBook(of, inbox, customer, 'remove'),
  partner_removed: (_, inbox) =>
    accountPayload(
      inbox,
      'account_update',
      {
        event: 'PARTNER_REMOVED',
        waba_info: { waba_id: businessAccountOf(inbox), owner_business_id: '2329417887457253' },
        disconnection_info: { reason: 'PRIMARY_INACTIVITY', initiated_by: 'SYSTEM' },
      },
      Date.now(),
    ),
  account_restricted: (_, inbox) =>
    accountPayload(
      inbox,
      'account_update',
      {
        event: 'ACCOUNT_RESTRICTION',
        restriction_info: [
          { restriction_type: 'RESTRICTED_BIZ_INITIATED_MESSAGING', expiration: Date.now() + 86_400_000 },
        ],
      },
      Date.now(),
    ),
  rate_error: (_, inbox) =>
    payload(inbox, 'messages', {
      errors: [
        {
          code: 130429,
          title: 'Rate limit hit',
          message: 'Rate limit hit',
          error_data: { details: 'Message failed to send because there were too many messages sent in a short time.' },
        },
      ],
    }),
}

const people = ({ world }: Simulation, customer: Customer | null) => (customer ? [customer] : world.customers)

const addressBook = (of: Simulation, inbox: Inbox, customer: Customer | null, action: 'add' | 'remove') =>
  payload(inbox, 'smb_app_state_sync', {
    state_sync: people(of, customer).map(({ name, number }) => ({
      type: 'contact',
      contact: {
        ...(action === 'add' ? { full_name: `${name} (agenda)`, first_name: name.split(' ')[0] } : {}),
        phone_number: digitsOf(number),
      },
      action,
      metadata: { timestamp: seconds(Date.now()) },
    })),
  })

const MARKED_OLD_MS = 24 * 3_600_000

/** What stands on the phones from before yesterday; a file is only announced. */
function historyChunk(of: Simulation, inbox: Inbox): unknown {
  const threads = of.world.chatsWith(inbox.key).flatMap((chat) => {
    const customer = of.world.customer(chat.customerId)
    const old = chat.messages.filter(({ at, deleted }) => at < Date.now() - MARKED_OLD_MS && !deleted)
    if (!customer || old.length === 0) return []
    const waId = personOf({ ...customer, hidesNumber: false }, of.behaviour().dropNinthDigit).waId
    return [{ id: waId, messages: old.map((message) => pastOf(inbox, waId, message)) }]
  })
  return payload(inbox, 'history', {
    history: [{ metadata: { phase: 0, chunk_order: 1, progress: 100 }, threads }],
  })
}

function pastOf(inbox: Inbox, waId: string | null, message: Message) {
  const business = digitsOf(inbox.address)
  const content = message.files.length > 0 ? { type: 'media_placeholder' } : contentOf(message)
  return {
    from: message.from === 'business' ? business : waId,
    ...(message.from === 'business' ? { to: waId } : {}),
    id: message.id,
    timestamp: seconds(message.at),
    ...content,
    history_context: { status: 'READ' },
  }
}

/** The files that the chunk only announced, under the same ids. */
function historyMedia(of: Simulation, inbox: Inbox): unknown {
  const messages = of.world.chatsWith(inbox.key).flatMap((chat) => {
    const customer = of.world.customer(chat.customerId)
    const old = chat.messages.filter(({ at, files }) => at < Date.now() - MARKED_OLD_MS && files.length > 0)
    if (!customer) return []
    const { waId } = personOf({ ...customer, hidesNumber: false }, of.behaviour().dropNinthDigit)
    return old.map((message) => ({
      from: message.from === 'business' ? digitsOf(inbox.address) : waId,
      id: message.id,
      timestamp: seconds(message.at),
      ...contentOf(message),
    }))
  })
  return payload(inbox, 'history', { messages })
}
