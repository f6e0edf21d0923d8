/** Blocking a person: the question, the mark wherever they are named, and the way back. */
import type { Contact } from '../db/contact-records.ts'
import type { I18n } from '../i18n/index.ts'
import type { Place } from './contact-place.ts'
import { DialogDismissal, DialogLink, DialogPage, postsFromDialog } from './dialog.tsx'
import { Act, Override } from './forms.tsx'
import { Icon } from './icon.tsx'

export const blockPath = ({ contactId, conversationId }: Place) =>
  `/contacts/${contactId}/block${conversationId ? `?conversation=${conversationId}` : ''}`

/** What blocks and what unblocks take each other's place, and the focus with it. */
const BLOCKING = 'contact-blocking'

/** Where there is room for a word. */
export const BlockedChip = ({ i18n: { t } }: { i18n: I18n }) => (
  <span class="chip chip--blocked">
    <Icon name="ban" />
    {t.blocking.blocked}
  </span>
)

/** Where there is none. */
export const BlockedSign = ({ i18n: { t } }: { i18n: I18n }) => <Icon name="ban" label={t.blocking.blocked} />

export function Unblock({ i18n: { t }, id, ...place }: Place & { i18n: I18n; id?: string }) {
  return (
    <Act action={blockPath(place)} method="DELETE">
      <button type="submit" id={id} class="button button--small">
        {t.blocking.unblock}
      </button>
    </Act>
  )
}

/** Since when and by whom, with the way back. */
export function BlockedNotice({
  i18n,
  contact,
  conversationId,
}: {
  i18n: I18n
  contact: Contact & { blockedAt: number }
  conversationId: string | null
}) {
  const { t, fill } = i18n
  const at = i18n.dateTime(contact.blockedAt)
  return (
    <div class="merged" role="status">
      <p>
        <bdi hx-ignore>
          {contact.blockedByName
            ? fill(t.blocking.by, { name: contact.blockedByName, at })
            : fill(t.blocking.since, { at })}
        </bdi>{' '}
        {t.blocking.hint}
      </p>
      <Unblock i18n={i18n} id={BLOCKING} contactId={contact.id} conversationId={conversationId} />
    </div>
  )
}

export const BlockLink = ({ i18n: { t }, ...place }: Place & { i18n: I18n }) => (
  <DialogLink id={BLOCKING} class="button" href={blockPath(place)}>
    {t.blocking.block}
  </DialogLink>
)

interface BlockDialogProps extends Place {
  i18n: I18n
  name: string
  /** How many conversations it ends. */
  open: number
  /** It would end what others have open: nothing can be done here. */
  busy: boolean
  back: string
}

export function BlockDialog({ i18n, name, open, busy, back, ...place }: BlockDialogProps) {
  const { t, fill, count } = i18n
  return (
    <DialogPage i18n={i18n} title={t.blocking.block} back={back}>
      <form {...postsFromDialog(blockPath(place))} class="stack">
        <Override method="PUT" />
        <p>
          <strong>
            <bdi hx-ignore>{fill(t.blocking.question, { name })}</bdi>
          </strong>
        </p>
        {busy ? (
          <p class="field-problem" role="alert">
            {t.blocking.busy}
          </p>
        ) : (
          <>
            <p>{t.blocking.what}</p>
            {open > 0 && <p>{count(t.blocking.closes, open)}</p>}
            <p class="faint">{t.blocking.everywhere}</p>
          </>
        )}
        <div class="dialog-acts">
          <DialogDismissal back={back}>{t.dialog.cancel}</DialogDismissal>
          {!busy && (
            <button type="submit" class="button button--primary">
              {t.blocking.submit}
            </button>
          )}
        </div>
      </form>
    </DialogPage>
  )
}
