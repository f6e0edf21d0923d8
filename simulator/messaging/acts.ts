/** What happens on Messenger and Instagram beside messages: links, other tools, the platform itself. */
import { written } from '../meta/bodies.ts'
import type { Elsewhere, Menu, Simulation, Told } from '../provider.ts'
import { type Customer, type Inbox, newMessage } from '../state.ts'
import { attachmentOf } from './kinds.ts'
import { newMid, scopedId, usernameOf } from './people.ts'
import { echoRow, envelope, OUR_APP, rowOf, told } from './rows.ts'

export const MESSENGER_DOES: Menu = { referral: 'Segue um link m.me', optin: 'Aceita avisos' }
export const INSTAGRAM_DOES: Menu = { referral: 'Segue um link ig.me' }

export const ELSEWHERE: Menu = { text: 'Resposta pela Meta Business Suite', image: 'Foto pela Meta Business Suite' }

export const MESSENGER_NEWS: Menu = {
  policy_warning: 'Aviso de política',
  policy_block: 'Página bloqueada',
  policy_unblock: 'Página liberada',
  pass_thread: 'Conversa passada a outro app',
  take_thread: 'Conversa tomada por outro app',
  feed: 'Comentário na página',
}
export const INSTAGRAM_NEWS: Menu = {
  pass_thread: 'Conversa passada a outro app',
  comment: 'Comentário numa publicação',
  self_test: 'Mensagem a si mesmo',
}

export function does(inbox: Inbox, customer: Customer, act: string): Told[] {
  if (act === 'optin') {
    const optin = { type: 'notification_messages', payload: 'novidades', notification_messages_token: 'demo' }
    return [rowOf(act, inbox, customer, { optin })]
  }
  const source = inbox.channel === 'messenger' ? 'SHORTLINK' : 'https://ig.me/m/prosa.demo?ref=bio-link'
  return [rowOf(act, inbox, customer, { referral: { ref: 'bio-link', source, type: 'OPEN_THREAD' } })]
}

/** By a person, in another tool: it stands on the phone, and comes to us as an echo. */
export function elsewhere(of: Simulation, inbox: Inbox, customer: Customer, { kind, text }: Elsewhere): Told[] {
  const file = kind === 'image' ? of.files.asset('photo-2') : null
  const message = newMessage({
    id: newMid(inbox.channel),
    from: 'business',
    state: 'delivered',
    kind,
    text: file ? '' : (text ?? 'Oi! Respondi pela página.'),
    files: file ? [file] : [],
    mark: 'Pela Meta Business Suite',
    wire: file ? { attachments: [attachmentOf(of, file, 'image')] } : {},
  })
  of.world.addMessage(of.world.chat(customer.id, inbox.key), message)
  return [echoRow(inbox, customer, message, false)]
}

const POLICY: Record<string, string> = {
  policy_warning: 'warning',
  policy_block: 'block',
  policy_unblock: 'unblock',
}

export function news({ world }: Simulation, inbox: Inbox, customer: Customer | null, what: string): Told[] {
  const action = POLICY[what]
  if (action) {
    const policy_enforcement = { action, reason: 'The bot violated our Platform Policies.' }
    return [told(what, inbox, { recipient: { id: inbox.accountId }, timestamp: Date.now(), policy_enforcement })]
  }
  const person = customer ?? world.customers[0]
  return person ? [newsOf(inbox, person, what)] : []
}

function newsOf(inbox: Inbox, person: Customer, what: string): Told {
  switch (what) {
    case 'pass_thread':
      return rowOf(what, inbox, person, {
        pass_thread_control: {
          previous_owner_app_id: String(OUR_APP),
          new_owner_app_id: '263902037430900',
          metadata: '',
        },
      })
    case 'take_thread':
      return rowOf(what, inbox, person, {
        take_thread_control: { previous_owner_app_id: String(OUR_APP), metadata: '' },
      })
    case 'self_test': {
      const message = { mid: newMid(inbox.channel), text: 'teste', is_echo: true, is_self: true }
      const self = { id: inbox.accountId }
      return told(what, inbox, { sender: self, recipient: self, timestamp: Date.now(), message })
    }
    default: {
      const from = { id: scopedId(person, inbox), username: usernameOf(person) }
      const value =
        what === 'feed'
          ? {
              item: 'comment',
              verb: 'add',
              from: { id: from.id, name: person.name },
              message: 'Quanto custa?',
              post_id: '1_2',
            }
          : {
              id: '17900000000000002',
              from,
              text: 'Quanto custa?',
              media: { id: '18000000000000009', media_product_type: 'FEED' },
            }
      const changes = [{ field: what === 'feed' ? 'feed' : 'comments', value }]
      return { about: what, body: written(envelope(inbox, { changes })) }
    }
  }
}
