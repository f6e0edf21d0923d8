/** What a customer is told while nobody answers yet: a greeting, and that it is after hours. Each once. */
import { sql } from 'drizzle-orm'
import type { MessageEvent } from '../channels/events.ts'
import {
  type AutomaticAnswer,
  type AutomaticKind,
  type Occasion,
  occasionOf,
  storeAutomaticAnswer,
} from '../db/queries/automatic-answers.ts'
import { headForPublishing, toHead } from '../db/queries/conversations.ts'
import type { ConversationHead } from '../db/records.ts'
import { closedSince, isUnset, weekIn } from './business-hours.ts'
import { changedIn, publishChanged, readChanged } from './changed.ts'
import type { Receiving } from './receive.ts'
import { fits, windowsOf } from './reply-window.ts'
import { fillInAll, valuesFor } from './variables.ts'

/** What comes later than that was written to an hour that is over. */
const FRESH_MS = 10 * 60_000

/** A person wrote it to us, and just now: no group, no echo, no past, nothing that waited for hours. */
export const isOccasion = ({ app, receivedAt }: Receiving, event: MessageEvent) =>
  event.direction === 'incoming' &&
  !event.history &&
  !event.group &&
  app.now() - Math.min(event.occurredAt ?? receivedAt, receivedAt) <= FRESH_MS

/**
 * Says what there is to say, greeting first. A guarded batch of its own: told again of the same message, or of two at once,
 * it says nothing twice.
 */
export async function answerByItself({ app, inbox }: Receiving, externalId: string): Promise<void> {
  const { workspaceId } = inbox
  const message = sql`(SELECT conversation_id FROM messages WHERE inbox_id = ${inbox.id} AND external_id = ${externalId})`
  const [[occasion], [stored]] = await app.db.read(
    occasionOf(inbox, externalId),
    headForPublishing(workspaceId, message),
  )
  if (!occasion || !stored) return
  const conversation = toHead(stored)
  const { limits } = app.channel(conversation.channel)
  const now = Math.max(app.now(), occasion.occurred_at)
  const values = valuesFor({ ...conversation, locale: occasion.locale, agentName: null }, app.now())
  const answers = [greetingFor(occasion), outOfHoursFor(occasion, conversation, app.now())].flatMap(
    (due): AutomaticAnswer[] => {
      if (!due) return []
      const body = fillInAll(due.text, values).trim()
      if (body === '' || !fits(limits, body)) {
        app.log.warn('automatic.unfit', { workspaceId, conversationId: conversation.id, kind: due.kind })
        return []
      }
      return [
        {
          ...{
            id: app.newId(),
            attemptId: app.newId(),
            conversationId: conversation.id,
            identityId: occasion.identity_id,
          },
          ...{ kind: due.kind, period: due.period, since: due.since, body, windows: windowsOf(limits), now },
        },
      ]
    },
  )
  if (answers.length === 0) return
  const written = await app.db.write(
    ...answers.flatMap((answer) => storeAutomaticAnswer(workspaceId, answer)),
    ...answers.flatMap(({ id }) => readChanged(workspaceId, sql`${id}`)),
  )
  const told = written.slice(-2 * answers.length)
  const news = answers.flatMap((_, at) => changedIn(told.slice(2 * at, 2 * at + 2)) ?? [])
  if (news.length === 0) return
  app.later(app.gateway(conversation.webhookKey).lookAtOutbox())
  publishChanged(app, workspaceId, news)
}

interface Due {
  kind: AutomaticKind
  text: string
  period: string
  since: number | null
}

function greetingFor({ greeting, greeting_once, begins, is_first, conversation_id }: Occasion): Due | null {
  if (greeting === null || !begins || (greeting_once === 'contact' && !is_first)) return null
  return { kind: 'greeting', text: greeting, period: conversation_id, since: null }
}

/** A department's own hours and words, where it has any; else the workspace's. */
function outOfHoursFor(of: Occasion, { timeZone }: ConversationHead, now: number): Due | null {
  const text = of.answer ?? of.workspace_answer
  const week = [of.week, of.workspace_week].map((json) => json && weekIn(json)).find((one) => one && !isUnset(one))
  if (text === null || !week) return null
  const since = closedSince({ week, holidays: new Set(JSON.parse(of.holidays) as string[]), timeZone }, now)
  return since === null ? null : { kind: 'out_of_hours', text, period: String(since), since }
}
