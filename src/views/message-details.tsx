/** The way of one message, step by step: what is known of each, and when it was. */
import type { SendState } from '../db/records.ts'
import type { I18n } from '../i18n/index.ts'
import { DialogPage } from './dialog.tsx'

/** What a provider told of it, as its gateway still has it. */
export interface Told {
  what: 'message' | 'sent' | 'delivered' | 'read' | 'failed'
  /** The provider's time; null: it gave none. */
  occurredAt: number | null
  receivedAt: number
  code: string | null
}

export interface Way {
  direction: 'incoming' | 'outgoing'
  authorName: string | null
  providerAt: number | null
  storedAt: number
  editedAt: number | null
  deletedAt: number | null
  /** Its id at the provider, covered; null: it has none yet. */
  externalId: string | null
  attempts: {
    of: 'message' | 'edit' | 'delete'
    no: number
    state: SendState
    tries: number
    queuedAt: number
    sentAt: number | null
    notBefore: number
    code: string | null
    detail: string | null
  }[]
  /** By the watermark: known to be so, not since when. */
  reached: 'delivered' | 'read' | null
  /** Null: the gateway could not be asked. */
  told: Told[] | null
}

interface Step {
  /** Null: known to have been, not when. */
  at: number | null
  what: string
  more?: string | undefined
  state?: string
}

export function MessageDetailsPage({ i18n, way, back }: { i18n: I18n; way: Way; back: string }) {
  const { t } = i18n
  return (
    <DialogPage i18n={i18n} title={t.details.title} back={back}>
      <ol class="timeline">
        {stepsOf(i18n, way).map(({ at, what, more, state }) => (
          <li class="timeline-step" data-state={state}>
            <p>{what}</p>
            <p class="faint">
              {at === null ? t.details.noTime : <time datetime={new Date(at).toISOString()}>{i18n.moment(at)}</time>}
              {more && (
                <>
                  {' · '}
                  <bdi hx-ignore>{more}</bdi>
                </>
              )}
            </p>
          </li>
        ))}
      </ol>
      {way.told === null && <p role="status">{t.details.unheard}</p>}
      {way.externalId && <p class="faint">{i18n.fill(t.details.externalId, { id: way.externalId })}</p>}
    </DialogPage>
  )
}

/** In the order of what happened; what has no time stands where it belongs. */
export function stepsOf(i18n: I18n, way: Way): Step[] {
  const steps = way.direction === 'incoming' ? incoming(i18n, way) : outgoing(i18n, way)
  let last = 0
  return steps
    .map((step, at) => {
      last = step.at ?? last
      return { step, place: last, at }
    })
    .toSorted((a, b) => a.place - b.place || a.at - b.at)
    .map(({ step }) => step)
}

function incoming({ t }: I18n, { providerAt, storedAt, told, editedAt, deletedAt }: Way): Step[] {
  return [
    ...(providerAt === null ? [] : [{ at: providerAt, what: t.details.said }]),
    ...(told ?? []).flatMap(({ what, receivedAt }) =>
      what === 'message' ? [{ at: receivedAt, what: t.details.received }] : [],
    ),
    { at: storedAt, what: t.details.stored },
    ...afterwards(t, { editedAt, deletedAt }),
  ]
}

const afterwards = (t: I18n['t'], { editedAt, deletedAt }: Pick<Way, 'editedAt' | 'deletedAt'>): Step[] => [
  ...(editedAt === null ? [] : [{ at: editedAt, what: t.details.edited }]),
  ...(deletedAt === null ? [] : [{ at: deletedAt, what: t.details.deleted }]),
]

function outgoing(i18n: I18n, way: Way): Step[] {
  const { t, fill } = i18n
  const { attempts, authorName, storedAt, providerAt, told, reached } = way
  const ours = attempts.length > 0
  const first: Step = ours
    ? { at: storedAt, what: fill(t.details.queued, { name: authorName ?? t.thread.team }) }
    : { at: providerAt, what: t.details.echoed }
  const heard = (told ?? []).flatMap(({ what, occurredAt, receivedAt, code }): Step[] => {
    if (what === 'message') return []
    const more = code === null ? undefined : fill(t.bubble.providerCode, { code })
    return [{ at: occurredAt ?? receivedAt, what: t.details.told[what], more, state: what }]
  })
  const untold = reached !== null && !heard.some(({ state }) => state === reached)
  return [
    first,
    ...(ours ? [] : [{ at: storedAt, what: t.details.stored }]),
    ...attempts.flatMap((attempt) => stepsOfAttempt(i18n, attempt)),
    ...heard,
    ...(untold ? [{ at: null, what: t.details.told[reached], state: reached }] : []),
    ...afterwards(t, way),
  ]
}

function stepsOfAttempt(i18n: I18n, attempt: Way['attempts'][number]): Step[] {
  const { t, fill } = i18n
  const { of, no, state, tries, queuedAt, sentAt, notBefore, code, detail } = attempt
  const begun = { at: queuedAt, what: fill(t.details.attempt[of], { no }) }
  const waits = state === 'queued' && notBefore > queuedAt
  const more = [
    tries > 1 && i18n.count(t.details.tries, tries),
    code !== null && fill(t.bubble.providerCode, { code }),
    detail,
    waits && fill(t.bubble.waitingUntil, { at: i18n.moment(notBefore) }),
  ].filter((part) => part !== false && part !== null && part !== '')
  return [begun, { at: sentAt, what: t.details.state[state], more: more.join(' · ') || undefined, state }]
}
