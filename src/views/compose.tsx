/** The dialogs in which a place, a card, buttons or a list are put together. */
import type { Limits } from '../channels/limits.ts'
import type { I18n } from '../i18n/index.ts'
import { contactNameOf } from './conversation-row.tsx'
import { DialogDismissal, DialogLink, DialogPage, postsFromDialog } from './dialog.tsx'
import { readablePhone } from './phone.ts'
import { COMPOSE_FORM, LivePreview, type Previewed } from './preview.tsx'
import { QuotedLine, type QuotedMessage } from './quoted.tsx'

export const COMPOSED = ['location', 'card', 'buttons', 'list'] as const
export type Composed = (typeof COMPOSED)[number]

/** Where the composer keeps which message is answered. */
export const QUOTED_FIELD = '#reply-to'

export const composePath = (conversationId: string, kind: Composed) =>
  `/conversations/${conversationId}/messages/new?kind=${kind}`

export interface ComposeProps {
  i18n: I18n
  conversationId: string
  kind: Composed
  limits: Limits
  /** What was typed, by the names of the fields. */
  typed: Readonly<Record<string, string>>
  clientKey: string
  problem: FieldProblem | null
  said: Previewed | null
  now: number
  people: { id: string; name: string | null; phone: string | null }[]
  /** Why nobody was looked for. */
  refused: string | null
  /** The message that is answered. */
  quoted: QuotedMessage | null
}

export interface FieldProblem {
  field: string
  text: string
}

export function ComposeDialog(props: ComposeProps) {
  const { i18n, conversationId, kind, clientKey, problem, said, quoted } = props
  const back = `/conversations/${conversationId}`
  return (
    <DialogPage i18n={i18n} title={i18n.t.compose[kind]} back={back}>
      {kind === 'card' && <CardSearch {...props} />}
      <form {...postsFromDialog(`${back}/messages/new`)} id={COMPOSE_FORM} class="stack">
        <input type="hidden" name="kind" value={kind} />
        <input type="hidden" name="clientKey" value={clientKey} />
        <input type="hidden" name="replyToId" value={quoted?.id ?? ''} />
        {quoted && (
          <div class="composer-quote">
            <QuotedLine i18n={i18n} quoted={quoted} />
          </div>
        )}
        {problem && (
          <p id="compose-problem" class="field-problem" role="alert">
            {problem.text}
          </p>
        )}
        <Fields {...props} />
        <LivePreview i18n={i18n} said={said} now={props.now} href={`${back}/messages/preview`} />
        <div class="dialog-acts">
          <DialogDismissal back={back}>{i18n.t.dialog.cancel}</DialogDismissal>
          <button type="submit" class="button button--primary">
            {i18n.t.compose.send}
          </button>
        </div>
      </form>
    </DialogPage>
  )
}

function Fields(props: ComposeProps) {
  switch (props.kind) {
    case 'location':
      return <PlaceFields {...props} />
    case 'card':
      return <CardFields {...props} />
    case 'buttons':
      return <ButtonFields {...props} />
    case 'list':
      return <ListFields {...props} />
  }
}

/** `whole`: nothing of it may be left out. */
export function PlaceFields({ whole = false, first = true, ...props }: PlaceFieldsProps) {
  const { compose } = props.i18n.t
  return (
    <>
      <Field {...props} name="where" label={compose.where} hint={compose.whereHint} first={first} />
      <Field {...props} name="name" label={compose.placeName} optional={!whole} />
      <Field {...props} name="address" label={compose.address} optional={!whole} />
    </>
  )
}

interface PlaceFieldsProps extends Pick<ComposeProps, 'i18n' | 'typed' | 'problem'> {
  whole?: boolean
  first?: boolean
}

function CardFields(props: ComposeProps) {
  const { compose, newContact } = props.i18n.t
  return (
    <>
      <Field {...props} name="name" label={compose.cardName} />
      <Field {...props} name="phone" label={compose.cardPhone} hint={newContact.phoneHint} type="tel" />
    </>
  )
}

function ButtonFields(props: ComposeProps) {
  const { i18n, limits } = props
  const { compose } = i18n.t
  const limit = limits.buttons
  if (!limit) return null
  return (
    <>
      <Field {...props} name="body" label={compose.body} most={limit.body.length} lines first />
      <div class="compose-choices">
        {numbers(limit.most).map((n) => (
          <div class="compose-choice">
            <Field
              {...props}
              name={`title${n}`}
              about="titles"
              label={i18n.fill(compose.buttonTitle, { n })}
              most={limit.title.length}
              optional={n > 1}
            />
          </div>
        ))}
      </div>
      {limit.footer && <Field {...props} name="footer" label={compose.footer} most={limit.footer.length} optional />}
    </>
  )
}

function ListFields(props: ComposeProps) {
  const { i18n, limits } = props
  const { compose } = i18n.t
  const limit = limits.list
  if (!limit) return null
  return (
    <>
      <Field {...props} name="body" label={compose.body} most={limit.body.length} lines first />
      <Field {...props} name="button" label={compose.opener} most={limit.button.length} />
      <div class="compose-choices">
        {numbers(limit.mostRows).map((n) => (
          <div class="compose-choice compose-choice--pair">
            <Field
              {...props}
              name={`title${n}`}
              about="rows"
              label={i18n.fill(compose.rowTitle, { n })}
              most={limit.title.length}
              optional={n > 1}
            />
            <Field
              {...props}
              name={`description${n}`}
              label={i18n.fill(compose.rowDescription, { n })}
              most={limit.description.length}
              optional
            />
          </div>
        ))}
      </div>
      <Field {...props} name="footer" label={compose.footer} most={limit.footer.length} optional />
    </>
  )
}

const numbers = (most: number) => Array.from({ length: most }, (_, at) => at + 1)

interface FieldProps extends Pick<ComposeProps, 'i18n' | 'typed' | 'problem'> {
  name: string
  label: string
  /** The field that a refusal names, where it stands for several. */
  about?: string
  hint?: string
  /** How long it may be; the provider's unit is the server's to count. */
  most?: number
  type?: 'text' | 'tel'
  lines?: boolean
  optional?: boolean
  first?: boolean
}

/** What is wrong is said above the form, and the field that it concerns is marked. */
export function Field({ i18n: { t, fill }, typed, problem, ...field }: FieldProps) {
  const { name, label, about = name, hint, most, type = 'text', lines, optional, first } = field
  const id = `compose-${name}`
  const wrong = problem?.field === about
  const notes = [...(wrong ? ['compose-problem'] : []), ...(hint ? [`${id}-hint`] : [])].join(' ')
  const asides = [...(optional ? [t.compose.optional] : []), ...(most ? [fill(t.compose.upTo, { limit: most })] : [])]
  const common = {
    ...{ id, name, placeholder: ' ', required: !optional, autofocus: first },
    ...{ 'aria-invalid': wrong ? ('true' as const) : undefined, 'aria-describedby': notes || undefined },
  }
  return (
    <div class="field">
      <label for={id}>
        {label} {asides.length > 0 && <span class="faint">({asides.join(', ')})</span>}
      </label>
      {lines ? (
        <textarea {...common} rows={3} dir="auto">
          {`\n${typed[name] ?? ''}`}
        </textarea>
      ) : (
        <input {...common} type={type} dir="auto" value={typed[name] ?? ''} maxlength={4_000} />
      )}
      {hint && (
        <span id={`${id}-hint`} class="faint">
          {hint}
        </span>
      )}
    </div>
  )
}

/** People of the workspace whose card can be sent; chosen, they fill in the fields. */
function CardSearch({ i18n, conversationId, typed, people, quoted, refused }: ComposeProps) {
  const { t } = i18n
  return (
    <>
      <form
        method="get"
        action={`/conversations/${conversationId}/messages/new`}
        class="field"
        hx-get={`/conversations/${conversationId}/messages/new`}
        hx-trigger="submit, input delay:200ms"
        hx-sync="this:replace"
        hx-target="#cards-found"
        hx-select="#cards-found"
        hx-swap="outerHTML"
      >
        <input type="hidden" name="kind" value="card" />
        <input type="hidden" name="replyToId" value={quoted?.id ?? ''} />
        <label for="card-sought">{t.compose.cardSearch}</label>
        <input
          type="search"
          id="card-sought"
          name="q"
          value={typed.q ?? ''}
          maxlength={200}
          placeholder={t.newConversation.searchHint}
          autocomplete="off"
          autofocus
        />
      </form>
      <section id="cards-found" class="found-few" aria-label={t.compose.cardFound} aria-live="polite">
        {people.map(({ id, name, phone }) => (
          <DialogLink
            class="found-line"
            href={`${composePath(conversationId, 'card')}&contact=${id}&replyToId=${quoted?.id ?? ''}`}
          >
            <bdi hx-ignore>{contactNameOf(i18n, { contactName: name, contactPhone: phone })}</bdi>
            {name && phone && <span class="faint">{readablePhone(phone)}</span>}
          </DialogLink>
        ))}
        {refused && <p class="field-problem">{refused}</p>}
        {people.length === 0 && !refused && <p class="faint">{t.compose.cardNone}</p>}
      </section>
    </>
  )
}
