/** Handing out all that is kept about one person: the link for whoever asked, and what it leads to. */
import type { I18n } from '../i18n/index.ts'
import { DialogDismissal, DialogPage, postsFromDialog } from './dialog.tsx'
import { Copied } from './settings-page.tsx'
import { Wordmark } from './wordmark.tsx'

interface DialogProps {
  i18n: I18n
  contactId: string
  name: string
  /** Of the one that was made a moment ago: shown this once. */
  link?: string
}

export function ExportDialog({ i18n, contactId, name, link }: DialogProps) {
  const { t } = i18n
  const back = `/contacts/${contactId}?tab=data`
  return (
    <DialogPage i18n={i18n} title={t.privacy.exportTitle} back={back}>
      <p>
        <strong>
          <bdi hx-ignore>{name}</bdi>
        </strong>
      </p>
      <p>{t.privacy.exportHint}</p>
      <p class="faint" role="status">
        {t.privacy.exportOnce}
      </p>
      {link ? (
        <Copied i18n={i18n} id="export-link" label={t.privacy.exportLink} value={link} />
      ) : (
        <form {...postsFromDialog(`/contacts/${contactId}/export`)}>
          <div class="dialog-acts">
            <DialogDismissal back={back}>{t.dialog.cancel}</DialogDismissal>
            <button type="submit" class="button button--primary">
              {t.privacy.exportCreate}
            </button>
          </div>
        </form>
      )}
    </DialogPage>
  )
}

/** What the link opens: looking takes nothing, so that whatever looks ahead does not use it up. */
export function FilePage({ i18n: { t }, token }: { i18n: I18n; token: string }) {
  return (
    <section class="sheet sheet--narrow sign-in">
      <Wordmark />
      <h1>{t.privacy.fileTitle}</h1>
      <p>{t.privacy.fileHint}</p>
      <form method="post" action={`/exports/${token}`} hx-boost="false">
        <button type="submit" class="button button--primary">
          {t.privacy.fileTake}
        </button>
      </form>
    </section>
  )
}

export function FileOverPage({ i18n: { t } }: { i18n: I18n }) {
  return (
    <section class="sheet sheet--narrow sign-in">
      <Wordmark />
      <h1>{t.privacy.overTitle}</h1>
      <p>{t.privacy.over}</p>
    </section>
  )
}
