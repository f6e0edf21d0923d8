/** What came in on any number and could not be applied: found, tried again, given up. */
import { type Context, Hono } from 'hono'
import * as z from 'zod'
import { limited } from '../auth/limit.ts'
import type { AuditAction } from '../db/audit-actions.ts'
import { audited } from '../db/queries/audit.ts'
import { type InboxRow, inboxRows } from '../db/queries/inboxes.ts'
import { readAs } from '../db/read-as.ts'
import { entryOf } from '../domain/administration.ts'
import { AppError } from '../domain/errors.ts'
import { gatewayOf } from '../gateways/address.ts'
import type { Gateway } from '../gateways/gateway.ts'
import { AllLettersPage, type LetterOfInbox } from '../views/settings-letters.tsx'
import { lettersOf } from './inbox-health.ts'
import type { RouteEnv } from './route-env.ts'
import { trailOf } from './session.ts'
import { forAdministrators, shownAgain } from './settings-form.ts'
import { valid } from './valid.ts'

const inbox = z.uuid().or(z.literal('')).default('')
const why = z.string().max(200).default('')
const LettersQuery = z.object({ inbox, reason: why })
/** `<number>:<event>` */
const id = z.string().regex(/^[0-9a-f-]{36}:[1-9]\d{0,14}$/)
const ids = z.union([id, z.array(id).max(1_000)]).transform((given) => [given].flat())
const ReplayForm = z.strictObject({ id: ids, inbox, why })
const DiscardForm = z.strictObject({ id: ids, inbox, why, reason: z.string().trim().min(3).max(200) })

interface Chosen {
  inbox: string
  reason: string
}

export const settingsLetters = new Hono<RouteEnv>()
  .use(forAdministrators)

  .get('/', valid('query', LettersQuery), (c) => drawLetters(c, c.req.valid('query')))

  .post('/replay', valid('form', ReplayForm), async (c) => {
    const form = c.req.valid('form')
    await limited(c.env, 'replay', c.var.viewer.agentId)
    await atEach(c, form.id, 'inbox.events_replayed', {}, (gateway, ofIt) => gateway.replay(ofIt))
    const chosen = { inbox: form.inbox, reason: form.why }
    return shownAgain(c, hrefOf(chosen), () => drawLetters(c, chosen))
  })

  .post(
    '/discard',
    valid('form', DiscardForm, (c, sent, problems) => {
      if (problems.some(({ path }) => path[0] !== 'reason')) throw new AppError('invalid')
      c.status(422)
      return drawLetters(c, { inbox: String(sent.inbox ?? ''), reason: String(sent.why ?? '') }, true)
    }),
    async (c) => {
      const form = c.req.valid('form')
      const { reason } = form
      await atEach(c, form.id, 'inbox.events_discarded', { reason }, (gateway, ofIt) => gateway.discard(ofIt))
      const chosen = { inbox: form.inbox, reason: form.why }
      return shownAgain(c, hrefOf(chosen), () => drawLetters(c, chosen))
    },
  )

const hrefOf = ({ inbox, reason }: Chosen) => `/settings/letters?${new URLSearchParams({ inbox, reason })}`

/** At the gateway of each number that is the workspace's; what was done there is written down for it. */
async function atEach(
  c: Context<RouteEnv>,
  given: string[],
  action: AuditAction,
  detail: Record<string, string>,
  act: (gateway: DurableObjectStub<Gateway>, ids: number[]) => Promise<number[]>,
): Promise<void> {
  const { app, viewer } = c.var
  const [rows] = await readAs(app.db, viewer, inboxRows(viewer))
  for (const row of rows) {
    const ofIt = given.flatMap((one) => (one.startsWith(`${row.id}:`) ? [Number(one.slice(row.id.length + 1))] : []))
    if (ofIt.length === 0) continue
    const done = await act(gatewayOf(c.env, row.webhook_key), ofIt)
    const entry = { ...entryOf(app, viewer, await trailOf(c)), action, target: { type: 'inbox', id: row.id } }
    await app.db.write(audited({ ...entry, detail: { count: done.length, ...detail } }))
  }
}

async function drawLetters(c: Context<RouteEnv>, chosen: Chosen, withoutReason = false) {
  const { app, i18n, viewer } = c.var
  const [rows] = await readAs(app.db, viewer, inboxRows(viewer))
  const asked = rows.filter((row) => chosen.inbox === '' || row.id === chosen.inbox)
  const told = await lettersOf(
    c.env,
    asked.map((row) => row.webhook_key),
  )
  const all = asked.flatMap((row) => (told.get(row.webhook_key) ?? []).map((letter) => of(row, letter)))
  const reasons = [
    ...new Set([...all.flatMap(({ reason }) => reason ?? []), ...(chosen.reason ? [chosen.reason] : [])]),
  ]
  return c.render(
    <AllLettersPage
      i18n={i18n}
      viewer={viewer}
      inboxes={rows.map(({ id, name }) => ({ id, name }))}
      letters={all
        .filter(({ reason }) => chosen.reason === '' || reason === chosen.reason)
        .toSorted((a, b) => b.receivedAt - a.receivedAt)
        .slice(0, MOST_SHOWN)}
      reasons={reasons.toSorted()}
      chosen={chosen}
      unheard={asked.flatMap((row) => (told.has(row.webhook_key) ? [] : [row.name]))}
      withoutReason={withoutReason}
    />,
    { title: i18n.t.letters.title },
  )
}

/** A page of forms: the rest is there once these are dealt with. */
const MOST_SHOWN = 200

const of = ({ id, name }: InboxRow, letter: Omit<LetterOfInbox, 'inbox'>): LetterOfInbox => ({
  ...letter,
  inbox: { id, name },
})
