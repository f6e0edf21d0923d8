/** Places, people, orders and forms that came with a message. */
import type { Content } from '../channels/content.ts'
import type { I18n } from '../i18n/index.ts'
import { Card, OutsideLink, Words } from './card.tsx'
import { DialogLink } from './dialog.tsx'
import { Icon } from './icon.tsx'
import { readablePhone } from './phone.ts'

type Part<Name extends keyof Content> = NonNullable<Content[Name]>

const DIGITS_SHOWN = 5

export function Place({ i18n: { t }, place }: { i18n: I18n; place: Part<'location'> }) {
  const { latitude, longitude, name, address, live } = place
  const kind = live ? t.content.live : t.kind.location
  return (
    <Card icon="map-pin" label={t.kind.location} title={name ? <Words>{name}</Words> : kind}>
      {address && (
        <p>
          <Words>{address}</Words>
        </p>
      )}
      <p class="card-facts">
        {latitude.toFixed(DIGITS_SHOWN)}, {longitude.toFixed(DIGITS_SHOWN)}
      </p>
      <OutsideLink url={`https://www.google.com/maps/search/?api=1&query=${latitude},${longitude}`}>
        {t.content.map}
      </OutsideLink>
    </Card>
  )
}

type Person = Part<'contacts'>[number]

export function People({ i18n, people }: { i18n: I18n; people: Person[] }) {
  return (
    <>
      {people.map((person) => (
        <Card icon="user-round" label={i18n.t.kind.contacts} title={<PersonName i18n={i18n} person={person} />}>
          {person.organization && (
            <p>
              <Words>{person.organization}</Words>
            </p>
          )}
          <ul class="card-list">
            {person.phones.map((phone) => (
              <Phone i18n={i18n} name={person.name} phone={phone} />
            ))}
            {person.emails?.map((email) => (
              <li>
                <Email email={email} />
              </li>
            ))}
          </ul>
        </Card>
      ))}
    </>
  )
}

/** A number stands below; it is no name. */
function PersonName({ i18n: { t }, person: { name, phones } }: { i18n: I18n; person: Person }) {
  return <Words>{phones.some(({ number }) => number === name) ? t.kind.contacts : name}</Words>
}

/** What people write between the digits of a number. */
const WRITTEN_NUMBER = /^\+?[\d\s().-]{8,30}$/
const E164 = /^\+\d{8,15}$/

function Phone({ i18n, name, phone }: { i18n: I18n; name: string; phone: Person['phones'][number] }) {
  const { t, fill } = i18n
  const number = E164.test(phone.number) ? readablePhone(phone.number) : phone.number
  const label = phone.label && labelOf(i18n, phone.label)
  return (
    <li class="card-phone">
      <span>
        <Words>{number}</Words>{' '}
        {label && (
          <span class="card-facts">
            <Words>{label}</Words>
          </span>
        )}
      </span>
      {WRITTEN_NUMBER.test(phone.number) && (
        <span class="card-acts">
          <button
            type="button"
            class="icon-button"
            data-needs-script
            data-copy-text={phone.number}
            aria-label={fill(t.content.copyNumber, { number })}
            title={fill(t.content.copyNumber, { number })}
          >
            <Icon name="copy" />
          </button>
          <DialogLink
            class="icon-button"
            href={`/contacts/new?${new URLSearchParams({ phone: phone.number, name })}`}
            aria-label={fill(t.content.startWith, { number })}
            title={fill(t.content.startWith, { number })}
          >
            <Icon name="square-pen" />
          </DialogLink>
        </span>
      )}
    </li>
  )
}

function labelOf({ t }: I18n, label: string): string {
  const known: Record<string, string> = t.content.phoneLabel
  const key = label.toLowerCase()
  return Object.hasOwn(known, key) ? (known[key] ?? label) : label
}

/** Nothing in it may be read as a header of the letter. */
const ADDRESS = /^[^\s@?&%<>",;:]+@[^\s@?&%<>",;:]+$/

function Email({ email }: { email: string }) {
  const words = <Words>{email}</Words>
  return ADDRESS.test(email) && email.isWellFormed() ? <a href={`mailto:${email}`}>{words}</a> : words
}

export function PollCard({ i18n: { t }, poll: { question, options } }: { i18n: I18n; poll: Part<'poll'> }) {
  return (
    <Card icon="clipboard-list" label={t.kind.poll} title={<Words>{question}</Words>}>
      <ul class="card-list">
        {options.map((option) => (
          <li>
            <Words>{option}</Words>
          </li>
        ))}
      </ul>
    </Card>
  )
}

export function OrderCard({ i18n, order }: { i18n: I18n; order: Part<'order'> }) {
  const { t } = i18n
  const pieces = sum(order.items.map(({ quantity }) => quantity))
  const total = totalOf(order)
  return (
    <Card
      icon="shopping-bag"
      label={t.kind.order}
      title={Number.isSafeInteger(pieces) ? i18n.count(t.content.order, pieces) : t.kind.order}
    >
      <ul class="card-list">
        {order.items.map(({ id, quantity, price, currency }) => (
          <li class="card-row">
            <span>
              {i18n.number(quantity)} × <Words>{id}</Words>
              {price !== undefined && quantity !== 1 && (
                <span class="card-facts"> {i18n.money(price, currency ?? null)}</span>
              )}
            </span>
            {price !== undefined && <span>{i18n.money(price * quantity, currency ?? null)}</span>}
          </li>
        ))}
      </ul>
      {total && (
        <p class="card-row card-total">
          <span>{t.content.total}</span>
          <strong>{i18n.money(total.amount, total.currency)}</strong>
        </p>
      )}
    </Card>
  )
}

/** Null where a price is missing, or prices are of several currencies: half a sum says something wrong. */
function totalOf({ items }: Part<'order'>): { amount: number; currency: string | null } | null {
  const currencies = new Set(items.map(({ currency }) => currency ?? null))
  const prices = items.flatMap(({ price, quantity }) => (price === undefined ? [] : price * quantity))
  const [currency = null] = currencies
  const amount = sum(prices)
  if (items.length < 2 || prices.length < items.length || currencies.size > 1 || !Number.isFinite(amount)) return null
  return { amount, currency }
}

const sum = (numbers: number[]) => numbers.reduce((total, one) => total + one, 0)

/** What a form carries for its own sake. */
const NOT_AN_ANSWER = new Set(['flow_token', 'flow_id', 'flow_name', 'wa_flow_response_params'])
const IDENTIFIER = /^\w+$/

export function FormCard({ i18n: { t }, form }: { i18n: I18n; form: Part<'form'> }) {
  const fields = form.fields.filter(({ name }) => !NOT_AN_ANSWER.has(name))
  return (
    <Card icon="clipboard-list" title={t.content.form}>
      {fields.length > 0 && (
        <dl class="card-fields">
          {fields.map(({ name, value }) => (
            <div>
              <dt>
                <Words>{IDENTIFIER.test(name) ? name.replaceAll('_', ' ') : name || t.content.answer}</Words>
              </dt>
              <dd>{value ? <Words>{value}</Words> : t.content.noAnswer}</dd>
            </div>
          ))}
        </dl>
      )}
    </Card>
  )
}
