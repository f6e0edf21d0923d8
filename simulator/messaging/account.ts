/** A page or profile as who connects it sees it: what it is called, who writes to it, what is told of it. */
import { DEMO_SECRETS } from '../../scripts/demo.ts'
import { SUCCESS } from '../meta/bodies.ts'
import { cdnUrl } from '../meta/links.ts'
import type { Answer, Simulation } from '../provider.ts'
import type { File, Inbox } from '../state.ts'
import { Refused } from './errors.ts'
import { type Met, scopedId, usernameOf } from './people.ts'
import { OUR_APP } from './rows.ts'

const SIXTY_DAYS_S = 60 * 86_400

const FIELDS: Record<string, string> = {
  messenger:
    'messages,messaging_postbacks,message_deliveries,message_reads,message_reactions,message_echoes,message_edits,messaging_referrals,messaging_optins,messaging_handovers,standby,messaging_policy_enforcement',
  instagram:
    'messages,message_reactions,messaging_postbacks,messaging_seen,messaging_referral,message_edit,message_echoes,standby,messaging_handover',
}

const listed = (fields: string | null) => (fields ?? '').split(',').filter((field) => field !== '')

export function accountOf(inbox: Inbox, linked: Inbox | undefined, query: URLSearchParams): Answer {
  const { accountId, name, address, channel } = inbox
  const known: Record<string, unknown> = {
    id: accountId,
    user_id: accountId,
    name: channel === 'messenger' ? address : name,
    username: address.replace('@', '').toLowerCase().replace(/\s+/g, '.'),
    account_type: 'BUSINESS',
    ...(linked ? { instagram_business_account: { id: linked.accountId } } : {}),
  }
  const fields = ['id', ...listed(query.get('fields') ?? 'name')]
  return {
    status: 200,
    body: Object.fromEntries(fields.flatMap((field) => (field in known ? [[field, known[field]]] : []))),
  }
}

/** `GET /me/accounts`: the pages that somebody may connect. */
export function pages({ world }: Simulation): Answer {
  const [linked] = world.inboxesOf('instagram')
  const data = world.inboxesOf('messenger').map(({ accountId, address }) => ({
    id: accountId,
    name: address,
    access_token: DEMO_SECRETS.accessToken,
    tasks: ['MESSAGING', 'MODERATE', 'MANAGE'],
    ...(linked ? { instagram_business_account: { id: linked.accountId } } : {}),
  }))
  return { status: 200, body: { data } }
}

const pictures = new Map<string, File>()

/** Whoever hides the number shows no profile either. */
export function profileOf(of: Simulation, { customer, inbox }: Met): Answer {
  if (customer.hidesNumber) {
    if (inbox.channel === 'instagram') throw new Refused(230)
    throw new Refused(100, '(#100) Profile is not available', 2018218)
  }
  const [first = '', ...rest] = customer.name.split(' ')
  const picture = pictureOf(of, scopedId(customer, inbox))
  const id = scopedId(customer, inbox)
  const body =
    inbox.channel === 'messenger'
      ? { first_name: first, last_name: rest.join(' '), profile_pic: picture, id }
      : {
          name: customer.name,
          username: usernameOf(customer),
          profile_pic: picture,
          follower_count: 321,
          is_user_follow_business: true,
          is_business_follow_user: false,
          is_verified_user: false,
          id,
        }
  return { status: 200, body }
}

function pictureOf(of: Simulation, id: string): string {
  const kept = pictures.get(id)
  const picture = kept && of.world.fileOf(kept.id) ? kept : of.files.asset('avatar')
  pictures.set(id, picture)
  return cdnUrl(of, picture)
}

export function subscriptions({ world }: Simulation, { accountId, channel }: Inbox): Answer {
  const { subscribed, fields } = world.account(accountId)
  const told = fields ?? listed(FIELDS[channel] ?? '')
  const app = { id: String(OUR_APP), name: 'Prosa', link: 'https://prosa.example', subscribed_fields: told }
  return { status: 200, body: { data: subscribed ? [app] : [] } }
}

export function subscribe({ world }: Simulation, { accountId }: Inbox, fields: string | null): Answer {
  const wanted = listed(fields)
  if (wanted.length === 0) throw new Refused(100, '(#100) param subscribed_fields must be non-empty.')
  Object.assign(world.account(accountId), { subscribed: true, fields: wanted })
  world.changed()
  return SUCCESS
}

export function unsubscribe({ world }: Simulation, { accountId }: Inbox): Answer {
  world.account(accountId).subscribed = false
  world.changed()
  return SUCCESS
}

/** Another sixty days; the token stays, since everything here knows this one. */
export function refreshed(query: URLSearchParams): Answer {
  if (query.get('grant_type') !== 'ig_refresh_token') throw new Refused(100, '(#100) grant_type is not known')
  return {
    status: 200,
    body: { access_token: query.get('access_token'), token_type: 'bearer', expires_in: SIXTY_DAYS_S },
  }
}
