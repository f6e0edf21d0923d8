/** A new number: which kind, and what its provider asks for. */
import type { ConnectionField, FieldWords } from '../channels/connection.ts'
import { type ChannelName, channelNamed } from '../channels/index.ts'
import type { Viewer } from '../db/records.ts'
import type { ConnectionForm } from '../domain/connections.ts'
import type { I18n } from '../i18n/index.ts'
import { ChannelSign, channelLabel, wordsOf } from './channel-sign.tsx'
import type { Problem } from './errors.tsx'
import { Icon } from './icon.tsx'
import { drawsPage, ExplainedField, fieldProblem, SettingsPage } from './settings-page.tsx'

interface ChannelChoiceProps {
  i18n: I18n
  viewer: Viewer
  channels: ChannelName[]
}

export function ChannelChoicePage({ i18n, viewer, channels }: ChannelChoiceProps) {
  const { t } = i18n
  return (
    <SettingsPage i18n={i18n} viewer={viewer} here="/inboxes" title={t.connecting.title}>
      <p>{t.connecting.choose}</p>
      <ul class="choices">
        {channels.map((channel) => (
          <li>
            <a class="choice" href={`/settings/inboxes/new/${channel}`}>
              <ChannelSign i18n={i18n} channel={channel} />
              <strong>{channelLabel(i18n, channel)}</strong>
              <span class="faint">{wordsOf(i18n, channel)?.about}</span>
            </a>
          </li>
        ))}
      </ul>
    </SettingsPage>
  )
}

export interface Refusal {
  form: ConnectionForm
  problem: Problem
}

interface ConnectPageProps {
  i18n: I18n
  viewer: Viewer
  channel: ChannelName
  /** The id that the inbox will have: submitted twice, it is one. */
  newId: string
  refused?: Refusal | undefined
}

export function ConnectPage({ i18n, viewer, channel, newId, refused }: ConnectPageProps) {
  const { t, fill } = i18n
  return (
    <SettingsPage
      i18n={i18n}
      viewer={viewer}
      here="/inboxes"
      title={fill(t.connecting.connectOne, { channel: channelLabel(i18n, channel) })}
    >
      <p>{wordsOf(i18n, channel)?.about}</p>
      <Notice i18n={i18n} channel={channel} />
      <form {...drawsPage('/settings/inboxes')} class="stack" novalidate>
        <input type="hidden" name="id" value={newId} />
        <input type="hidden" name="channel" value={channel} />
        <ExplainedField
          id="connection-name"
          label={t.connecting.name}
          hint={t.connecting.nameHint}
          problem={refused?.problem.details?.field === 'name' ? connectionProblem(i18n, refused.problem) : null}
        >
          <input
            name="name"
            value={refused?.form.name ?? ''}
            maxlength={120}
            required
            {...described('connection-name', refused, 'name')}
          />
        </ExplainedField>
        <ConnectionFields i18n={i18n} channel={channel} given={refused?.form ?? {}} refused={refused} />
        <button type="submit" class="button button--primary">
          {t.connecting.connect}
        </button>
      </form>
    </SettingsPage>
  )
}

/** What an administrator has to know of this way: a risk, a licence. */
export function Notice({ i18n, channel }: { i18n: I18n; channel: ChannelName }) {
  const notice = wordsOf(i18n, channel)?.notice
  if (!notice) return null
  return (
    <p class="channel-notice">
      <Icon name="circle-alert" /> <span>{notice}</span>
    </p>
  )
}

interface ConnectionFieldsProps {
  i18n: I18n
  channel: ChannelName
  given: Partial<ConnectionForm>
  /** Secrets are known: left empty they stay, and what names the account cannot change. */
  again?: boolean
  refused?: Refusal | undefined
}

export function ConnectionFields({ i18n, channel, given, again = false, refused }: ConnectionFieldsProps) {
  const words = wordsOf(i18n, channel)
  const asked = channelNamed(channel)?.connection.fields ?? []
  const fields = asked.filter(({ name }) => !(again && name === 'accountId'))
  return (
    <>
      {fields.map((field) => {
        const of = { i18n, field, given, again, refused, words: words?.fields[field.name], options: words?.options }
        return field.kind === 'switch' ? <Switch {...of} /> : <Entry {...of} />
      })}
    </>
  )
}

interface AskedProps extends Omit<ConnectionFieldsProps, 'channel'> {
  field: ConnectionField
  words: FieldWords | undefined
  options: Record<string, string> | undefined
}

function Switch({ field: { name }, given, refused, words }: AskedProps) {
  const id = `connection-${name}`
  return (
    <div class="settings-field">
      <label class="check" for={id}>
        <input
          type="checkbox"
          name={name}
          value="on"
          checked={given[name] === 'on'}
          {...described(id, refused, name)}
        />
        <span>{words?.label}</span>
      </label>
      <p id={`${id}-hint`} class="faint settings-hint">
        {words?.hint}
      </p>
    </div>
  )
}

function Entry({ i18n, field, given, again = false, refused, words, options }: AskedProps) {
  const { t } = i18n
  const id = `connection-${field.name}`
  const attributes = { ...described(id, refused, field.name), name: field.name }
  const problem = refused?.problem.details?.field === field.name ? refused.problem : undefined
  const secret = field.kind === 'secret'
  return (
    <ExplainedField
      id={id}
      label={words?.label ?? field.name}
      hint={again && secret ? t.connecting.secretKept : (words?.hint ?? '')}
      problem={problem && connectionProblem(i18n, problem)}
    >
      {field.kind === 'choice' ? (
        <select {...attributes}>
          {field.options?.map((option) => (
            <option value={option} selected={given[field.name] === option}>
              {options?.[option] ?? option}
            </option>
          ))}
        </select>
      ) : (
        <input
          {...(secret ? SECRET : PLAIN)}
          value={secret ? '' : (given[field.name] ?? '')}
          spellcheck={false}
          maxlength={1_024}
          required={field.required && !field.when && !(again && secret)}
          {...attributes}
        />
      )}
    </ExplainedField>
  )
}

/** Asked for and never shown, not even to who typed it a moment ago. */
const SECRET = { type: 'password', autocomplete: 'new-password' } as const
const PLAIN = { type: 'text', autocomplete: 'off' } as const

const described = (id: string, refused: Refusal | undefined, field: string) =>
  ({
    id,
    'aria-describedby': `${id}-hint ${id}-problem`,
    'aria-invalid': refused?.problem.details?.field === field ? 'true' : undefined,
  }) as const

function connectionProblem(i18n: I18n, problem: Problem): string {
  const { problems } = i18n.t.connecting
  const why = problem.details?.why
  return typeof why === 'string' && Object.hasOwn(problems, why)
    ? problems[why as keyof typeof problems]
    : fieldProblem(i18n, problem)
}
