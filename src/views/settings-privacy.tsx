/** What is kept of people, and how it goes. */
import type { StoredErasure } from '../db/queries/erasures.ts'
import type { Viewer } from '../db/records.ts'
import type { I18n } from '../i18n/index.ts'
import { type Counts, TakenList } from './erasure.tsx'
import { Retention } from './retention.tsx'
import { SettingsPage } from './settings-page.tsx'

const PATH = '/settings/privacy'

interface PrivacyPageProps {
  i18n: I18n
  viewer: Viewer
  erasures: StoredErasure[]
  /** For how many days what was said is kept, and what else it could be; 0 is for ever. */
  retention: number
  choices: readonly number[]
}

export function PrivacyPage({ i18n, viewer, erasures, retention, choices }: PrivacyPageProps) {
  const { privacy } = i18n.t
  return (
    <SettingsPage i18n={i18n} viewer={viewer} here="/privacy" title={privacy.title}>
      <Retention i18n={i18n} now={retention} choices={choices} />
      <section class="stack" aria-labelledby="erasures-title">
        <h2 id="erasures-title">{privacy.erasures}</h2>
        <p class="faint">{privacy.erasuresHint}</p>
        <ul class="people">
          {erasures.length === 0 && <li class="faint">{privacy.noErasures}</li>}
          {erasures.map((one) => (
            <ErasureItem i18n={i18n} erasure={one} />
          ))}
        </ul>
      </section>
    </SettingsPage>
  )
}

function ErasureItem({ i18n, erasure }: { i18n: I18n; erasure: StoredErasure }) {
  const { t, fill, dateTime } = i18n
  return (
    <li class="person" data-erasure-id={erasure.id}>
      <div class="person-who">
        <p class="person-name">
          <a href={`${PATH}/erasures/${erasure.id}`}>
            {fill(t.privacy.erasure, { at: dateTime(erasure.requested_at) })}
          </a>
        </p>
        <p class="faint">
          <Asked i18n={i18n} erasure={erasure} />
        </p>
      </div>
    </li>
  )
}

const Asked = ({ i18n: { t, fill, dateTime }, erasure }: { i18n: I18n; erasure: StoredErasure }) => (
  <bdi hx-ignore>
    {fill(t.privacy.askedBy, {
      name: erasure.requested_by ?? t.comments.someone,
      at: dateTime(erasure.requested_at),
    })}
  </bdi>
)

interface ErasurePageProps {
  i18n: I18n
  viewer: Viewer
  erasure: StoredErasure
}

export function ErasurePage({ i18n, viewer, erasure }: ErasurePageProps) {
  const title = i18n.fill(i18n.t.privacy.erasure, { at: i18n.dateTime(erasure.requested_at) })
  return (
    <SettingsPage i18n={i18n} viewer={viewer} here="/privacy" title={title}>
      <ErasureNow i18n={i18n} erasure={erasure} />
    </SettingsPage>
  )
}

/** Asks again by itself until it is done. */
export function ErasureNow({ i18n, erasure }: Omit<ErasurePageProps, 'viewer'>) {
  const { t, fill, dateTime } = i18n
  const path = `${PATH}/erasures/${erasure.id}`
  const { finished_at: at } = erasure
  const asks = {
    'hx-get': `${path}/standing`,
    'hx-trigger': 'every 1s',
    'hx-swap': 'outerHTML',
    'hx-sync': 'this:drop',
  }
  return (
    <div id="erasure" class="stack" data-done={at === null ? 'false' : 'true'} {...(at === null ? asks : {})}>
      <p class="faint">
        <Asked i18n={i18n} erasure={erasure} />
      </p>
      <p role="status">{at === null ? t.privacy.going : fill(t.privacy.done, { at: dateTime(at) })}</p>
      {at !== null && (
        <>
          <TakenList i18n={i18n} title={t.privacy.proof} counts={JSON.parse(erasure.counts) as Counts} />
          <p>
            <a class="button" href={`${path}/proof`} download hx-boost="false">
              {t.privacy.download}
            </a>
          </p>
        </>
      )}
    </div>
  )
}
