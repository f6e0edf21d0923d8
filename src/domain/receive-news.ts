/** What the provider tells beside messages: a call, a template that was decided on, news of the account. */
import { sql } from 'drizzle-orm'
import type { AccountEvent, KeptEvent, NoteEvent, TemplateEvent } from '../channels/events.ts'
import { storeDisconnected, storeKept, storeNote, storeTemplate } from '../db/queries/inbound-news.ts'
import { storeLink } from '../db/queries/links.ts'
import { changedIn, readChanged } from './changed.ts'
import { stateIn } from './links.ts'
import type { Plan, Receiving, Result } from './receive.ts'
import { contentJson } from './receive-content.ts'
import { clamp } from './receive-time.ts'
import { nameText } from './text.ts'

const applied = (): Result => ({ outcome: 'applied', news: [] })

export function notePlan({ app, inbox, receivedAt }: Receiving, event: NoteEvent): Plan {
  const id = app.newId()
  const note = {
    ...{ id, dedupeKey: event.dedupeKey, what: event.what, detail: null },
    content: contentJson(event.content),
    at: clamp(event.occurredAt, receivedAt),
    opensWindow: event.what === 'call',
  }
  return {
    statements: [...storeNote(inbox, event.peer, note, app.now()), ...readChanged(inbox.workspaceId, sql`${id}`)],
    outcome: (written) => ({ outcome: 'applied', news: [changedIn(written.slice(-2))] }),
  }
}

export function templatePlan({ app, inbox, receivedAt }: Receiving, event: TemplateEvent): Plan {
  const { externalId, businessAccountId } = event
  const template = {
    ...{ id: app.newId(), externalId, businessAccountId: businessAccountId ?? null },
    name: nameText(event.name) ?? '',
    language: nameText(event.language) ?? '',
    status: nameText(event.status) ?? '',
    reason: nameText(event.reason),
    at: clamp(event.occurredAt, receivedAt),
  }
  return { statements: [storeTemplate(inbox, template)], outcome: applied }
}

/** All of it is kept for the page of the inbox's health; what cuts the account off stops the inbox as well. */
export function accountPlan(to: Receiving, event: AccountEvent): Plan {
  const { dedupeKey, businessAccountId = null } = event
  const reason = nameText(event.code) ?? nameText(event.detail) ?? event.what
  const stopped =
    event.what === 'disconnected' ? [storeDisconnected(to.inbox, { dedupeKey, businessAccountId, reason })] : []
  const state = stateIn(event)
  const linked =
    to.inbox.linked && state !== null ? storeLink(to.inbox, { state, code: event.code, at: to.receivedAt }) : []
  // What a connection goes through on its way is no news that anybody looks for later.
  const passing = state === 'connecting' || state === 'waiting'
  const kept = passing ? [] : [storeKept(to.inbox, keptOf(to, 'account', dedupeKey, event))]
  return { statements: [...stopped, ...linked, ...kept], outcome: applied }
}

export const keptPlan = (to: Receiving, event: KeptEvent): Plan => ({
  statements: [storeKept(to.inbox, keptOf(to, event.what, event.dedupeKey, event.raw))],
  outcome: applied,
})

const keptOf = ({ receivedAt }: Receiving, kind: string, dedupeKey: string, payload: unknown) => ({
  ...{ dedupeKey, kind, receivedAt },
  payload: JSON.stringify(payload ?? null),
})
