/** A number as a whole: resting, going on, and its end, with what that takes along said first. */
import type { InboxStatus } from '../db/records.ts'
import type { Forms, I18n } from '../i18n/index.ts'
import { DialogDismissal, DialogLink, DialogPage, postsFromDialog } from './dialog.tsx'
import { Override } from './forms.tsx'
import { describedBy, drawsPage, Field, type Refused } from './settings-page.tsx'

interface OfInbox {
  i18n: I18n
  inbox: { id: string; name: string; status: InboxStatus }
}

export function InboxStanding({ i18n: { t, fill }, inbox: { id, name, status } }: OfInbox) {
  const path = `/settings/inboxes/${id}`
  const paused = status === 'paused'
  return (
    <>
      <h2>{t.inboxes.standing}</h2>
      <form {...drawsPage(`${path}/pause`)} class="stack">
        <Override method={paused ? 'DELETE' : 'PUT'} />
        <button type="submit" class="button" aria-describedby="inbox-pause-hint">
          {paused ? t.inboxes.resume : t.inboxes.pause}
        </button>
        <p id="inbox-pause-hint" class="faint">
          {paused ? t.inboxes.resumeHint : t.inboxes.pauseHint}
        </p>
      </form>
      <p class="settings-line">
        <DialogLink class="button" href={`${path}/removal`}>
          {fill(t.settings.removeNamed, { name })}
        </DialogLink>
        <a href={`/settings/audit?target=${id}`}>{fill(t.audit.aboutNamed, { name })}</a>
      </p>
    </>
  )
}

export interface InboxUsesEntry {
  open: number
  closed: number
  contacts: number
  messages: number
  /** Above it, "more than" is said. */
  mostCounted: number
  siblings: string[]
}

interface InboxRemovalProps extends OfInbox {
  uses: InboxUsesEntry
  refused?: Refused | undefined
}

export function InboxRemovalPage({ i18n, inbox, uses, refused }: InboxRemovalProps) {
  const { t, fill, list } = i18n
  const path = `/settings/inboxes/${inbox.id}`
  const some = (words: Forms, n: number) =>
    n <= uses.mostCounted
      ? i18n.count(words, n)
      : fill(words.other, { n: fill(t.inboxes.moreThan, { n: uses.mostCounted }) })
  return (
    <DialogPage i18n={i18n} title={fill(t.inboxes.removal, { name: inbox.name })} back={path}>
      <form {...postsFromDialog(path)} class="stack">
        <Override method="DELETE" />
        <div>
          <p>{t.inboxes.removalTakes}</p>
          <ul class="settings-uses">
            <li>{some(t.inboxes.removalOpen, uses.open)}</li>
            <li>{t.inboxes.removalQueued}</li>
            <li>{t.inboxes.removalSecrets}</li>
            <li>{t.inboxes.removalPeople}</li>
          </ul>
        </div>
        <div>
          <p>{t.inboxes.removalKeeps}</p>
          <ul class="settings-uses">
            <li>{some(t.inboxes.removalClosed, uses.closed)}</li>
            <li>{some(t.inboxes.removalContacts, uses.contacts)}</li>
            <li>{some(t.inboxes.removalMessages, uses.messages)}</li>
          </ul>
        </div>
        {uses.siblings.length > 0 && (
          <p class="channel-notice">
            <bdi hx-ignore>{fill(t.inboxes.removalSiblings, { names: list(uses.siblings) })}</bdi>
          </p>
        )}
        <Field
          i18n={i18n}
          id="removal-name"
          label={fill(t.inboxes.removalName, { name: inbox.name })}
          refused={refused}
        >
          <input
            name="name"
            value={refused?.value ?? ''}
            maxlength={240}
            required
            spellcheck={false}
            {...describedBy('removal-name', refused)}
          />
        </Field>
        <div class="dialog-acts">
          <DialogDismissal back={path}>{t.dialog.cancel}</DialogDismissal>
          <button type="submit" class="button button--primary">
            {t.inboxes.removeIt}
          </button>
        </div>
      </form>
    </DialogPage>
  )
}
